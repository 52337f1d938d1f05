"""PostgreSQL and Valkey from wheels, started beside the program and stopped with it."""
