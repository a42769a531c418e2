"""Text as it can stand on one line, in a list or a header."""


def one_line(text: str) -> str:
    """The text without signs that nobody sees and with single blanks; empty when nothing else is in it."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
