"""A kept value as its column says it."""

from .preview import YES_NO, Value


def typed(value: Value, type: str) -> Value:
    """The value; yes and no are kept as numbers."""
    return bool(value) if type == YES_NO and value is not None else value
