"""`python -m ripeday`."""

from ripeday.cli import main

if __name__ == "__main__":
    main()
