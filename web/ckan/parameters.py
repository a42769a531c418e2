"""The parameters of a call, as clients write them: texts in a query string, JSON in a body, JSON inside a text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

LONGEST = 2_000
"""Characters of a text."""


class Invalid(ValueError):
    """A parameter cannot be used: CKAN's Validation Error."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Parameters:
    """What a call gives; each method reads one parameter or raises `Invalid`."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._read = set[str]()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """What was given, as it was given."""
        return iter(self._given.items())

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def unread(self, names: Iterable[str]) -> str:
        """The first of these that was given and that nobody looked at; empty when there is none."""
        return next((name for name in names if name in self._given and name not in self._read), "")

    def text(self, name: str, default: str = "") -> str:
        """A text or number, as a text."""
        self._read.add(name)
        value = self._given.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > LONGEST:
            raise Invalid(name, f"{name} must be a text of at most {LONGEST} characters.")
        return str(value).strip()

    def needed(self, *names: str) -> str:
        """The first of these that is there; one of them must be."""
        found = next((text for name in names if (text := self.text(name))), "")
        if not found:
            raise Invalid(names[0], "Missing value")
        return found

    def whole(self, name: str, default: int, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number."""
        text = self.text(name, str(default))
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and least <= int(sign + digits) <= most):
            raise Invalid(name, f"{name} must be a whole number from {least} to {most}, not {text[:40]!r}.")
        return int(sign + digits)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false, in the ways that CKAN takes."""
        value = self._given.get(name)
        if isinstance(value, bool):
            return value
        text = self.text(name).lower()
        return text in {"true", "yes", "t", "y", "1"} if text else default

    def mapping(self, name: str) -> dict[str, Any]:
        """A JSON object, or one inside a text; nothing when there is none."""
        value = self._given.get(name) or {}
        if isinstance(value, str):
            try:
                value = msgspec.json.decode(value)
            except (msgspec.DecodeError, RecursionError):
                value = None
        if not isinstance(value, dict):
            raise Invalid(name, f"{name} must be a JSON object.")
        return value

    def texts(self, *names: str) -> list[str]:
        """A list, JSON of one inside a text, or a single text."""
        value: Any = next((self._given[name] for name in names if self._given.get(name) not in (None, "")), [])
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = msgspec.json.decode(value)
            except (msgspec.DecodeError, RecursionError):
                raise Invalid(names[0], f"{names[0]} must be a list of texts.") from None
        found = value if isinstance(value, list) else [value]
        if len(found) > 100 or not all(isinstance(one, str) and len(one) <= LONGEST for one in found):
            raise Invalid(names[0], f"{names[0]} must be a list of texts.")
        return list(found)

    def words(self, *names: str) -> set[str]:
        """The words of a list, or of a text with commas or blanks between them."""
        return {word for text in self.texts(*names) for word in text.replace(",", " ").split()}
