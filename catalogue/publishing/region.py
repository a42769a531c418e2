"""What the region of the portal is called: the setting `region` chooses a row of a table, or is the name itself."""

from functools import cache

from dcat.our_languages import OUR_LANGUAGES
from dcat.vocab import table


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("region")}


def region_name(region: str, language: str) -> str:
    """The region in a language; as the setting spells it when the table has no such region."""
    row = _names().get(region)
    return row[language] if row and language in OUR_LANGUAGES else region
