"""`profiles`: of which profile a document in RDF is to be, by the names of the profiles and those of ckanext-dcat."""

from flask import request

from catalogue.search.base import BadQuery
from catalogue.search.params import printable

RDF_PROFILES = ("dcat-ap", "geodcat-ap", "euro_dcat_ap_3", "euro_dcat_ap_2", "euro_dcat_ap")
"""Those of our RDF: what is DCAT-AP 3 is GeoDCAT-AP 3 too."""
OTHERS = ("dcat-us (/data.json)",)
"""Those that stand elsewhere, for the sentence."""


def check(known: tuple[str, ...] = RDF_PROFILES, others: tuple[str, ...] = OTHERS) -> None:
    """Raises `BadQuery` for another profile; several are divided by commas or blanks."""
    for profile in request.args.get("profiles", "").replace(",", " ").split():
        if profile not in known:
            raise BadQuery(
                "%(name)s must be one of %(known)s, not “%(value)s”.",
                "profiles",
                known=", ".join((*known, *others)),
                value=printable(profile[:40]),
            )
