"""Sizes, resolutions and checksums."""

import re
from functools import lru_cache

from .notes import Repair

_DIGITS = re.compile(r"\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_SIZE = re.compile(
    r"(?:~|≈|ca\.? )? ?(\d{1,3}(?:[ .,\u00a0\u202f']\d{3})+|\d{1,18})(?:[.,](\d{1,9}))?"
    r" ?(b|bytes?|octets?|o|(?:[kmgt]|kilo|m[eéÉ]ga|giga|t[eéÉ]ra)-?(?:i?[bo]|bytes?|octets?)?)?",
    re.ASCII | re.IGNORECASE,
)
_EXPONENT = re.compile(r"(\d{1,18})(?:[.,](\d{1,18}))?e\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}
_MOST_DIGITS = 18
"""Of a size: an exabyte is more than anybody serves, and more digits do not fit where readers keep them."""
_RESOLUTION = re.compile(r"(\d{1,9})(?:[.,](\d{1,6}))? ?(mm|cm|m|km|metres?|meters?|mètres?)?", re.IGNORECASE)
_METRES = {"mm": 0.001, "cm": 0.01, "km": 1000.0}
_HEX = re.compile(r"(?:[0-9a-f]{2}){4,64}", re.ASCII)

SPDX = "https://spdx.org/rdf/terms#checksumAlgorithm_"
"""In https: the official shapes want it so, although the term itself is http."""

ALGORITHMS = {
    "md2": 32, "md4": 32, "md5": 32, "md6": 0, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128,
}  # fmt: skip
"""Algorithms of SPDX with the number of hexadecimal digits of their sums (0: any)."""


@lru_cache(maxsize=8_192)
def byte_size(text: str) -> Repair:
    """A whole number of bytes: `123456`, from `1.5 MB`, `12 kilobytes`, `123456.0`, `1 234 567`, `1.2e6`."""
    bare = text.strip()
    if _DIGITS.fullmatch(bare):
        value = str(int(bare))
        return Repair(value, "" if value == text else "size-rewritten")
    if len(bare) > 40:
        return Repair(None, "size-invalid")
    size = _with_exponent(bare) or _with_unit(bare)
    return Repair(size, "size-rewritten") if size and len(size) <= _MOST_DIGITS else Repair(None, "size-invalid")


def _with_unit(text: str) -> str | None:
    if not (found := _SIZE.fullmatch(text)):
        return None
    whole, fraction, unit = re.sub(r"\D", "", found[1]), found[2] or "0", (found[3] or "b").casefold()
    factor = (1024 if unit[1:2] == "i" and unit[2:] in {"b", "o"} else 1000) ** _POWERS.get(unit[0], 0)
    return str(round(int(whole) * factor + float(f"0.{fraction}") * factor))


def _with_exponent(text: str) -> str | None:
    """What a spreadsheet or xsd:double makes of a large number: `1.2e6`, `1,2E+06`."""
    if not (found := _EXPONENT.fullmatch(text)):
        return None
    digits, power = found[1] + (found[2] or ""), int(found[3]) - len(found[2] or "")
    return str(int(digits) * 10**power if power >= 0 else round(int(digits) / 10**-power))


@lru_cache(maxsize=1_024)
def metres(text: str) -> Repair:
    """A distance in metres as xsd:decimal: `10`, from `10 m`, `0,5`, `1 km`. A scale (`1:10000`) is none."""
    bare = text.strip()
    if _DECIMAL.fullmatch(bare):
        return Repair(bare, "" if bare == text else "text-spaces")
    if len(bare) > 40 or not (found := _RESOLUTION.fullmatch(bare)):
        return Repair(None, "number-invalid")
    value = (int(found[1]) + float(f"0.{found[2] or 0}")) * _METRES.get((found[3] or "m").casefold(), 1.0)
    return Repair(f"{value:.6f}".rstrip("0").rstrip("."), "number-rewritten")


@lru_cache(maxsize=1_024)
def hexadecimal(text: str) -> Repair:
    """A checksum in lower-case hexadecimal digits, without a prefix such as `sha256:`."""
    bare = text.strip().casefold().rpartition(":")[2].removeprefix("0x").replace(" ", "")
    if len(bare) > 128 or not _HEX.fullmatch(bare):
        return Repair(None, "checksum-invalid")
    return Repair(bare, "" if bare == text else "checksum-rewritten")


@lru_cache(maxsize=256)
def algorithm(text: str) -> Repair:
    """The SPDX algorithm that a name or IRI means."""
    name = re.sub(r"[^a-z0-9]", "", text.casefold().rpartition("algorithm_")[2].rpartition("#")[2])
    if name not in ALGORITHMS:
        return Repair(None, "checksum-algorithm")
    return Repair(SPDX + name, "" if SPDX + name == text else "checksum-rewritten")


def algorithm_of_length(digits: str) -> str | None:
    """The one algorithm in use whose sums have this length."""
    name = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}.get(len(digits))
    return SPDX + name if name else None


def fits(algorithm_iri: str, digits: str) -> bool:
    """True when a sum has the length that its algorithm gives."""
    length = ALGORITHMS.get(algorithm_iri.removeprefix(SPDX), 0)
    return length in {0, len(digits)}
