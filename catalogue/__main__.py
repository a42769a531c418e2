"""`python -m catalogue` is the command `datastore`."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="datastore")
