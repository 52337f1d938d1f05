"""The local stand-in for the payment provider and the mail server; a process of its own.

It speaks Stripe's HTTP API strictly enough that stripe-python talks to it as it comes, keeps its
own books in SQLite, and catches mail by SMTP. It moves no money and sends nothing anywhere.
Nothing here is imported by the farm, which knows it by its address only.
"""
