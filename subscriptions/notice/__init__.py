"""What is said in mails: facts in, letters out; put into the reader's language when they are sent.

Each kind of notice is one small function. Say what happens, then when, then what to do.
"""
