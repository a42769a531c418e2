"""What an assistant asks that cannot be done."""


class BadArguments(ValueError):
    """An argument is missing, unknown or of another type."""
