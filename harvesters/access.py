"""Who may have access, among all that is said of rights: repositories name it in the same field as the licence."""

from collections.abc import Iterable

from dcat.model import RightsStatement
from dcat.normalise.terms import resolve
from dcat.vocab import ACCESS_RIGHTS


def told_apart(said: Iterable[RightsStatement]) -> tuple[RightsStatement | None, tuple[RightsStatement, ...]]:
    """The first statement that is a term of access (OpenAIRE, COAR, EPrints, the EU's table), and those that are none.

    https://guidelines.openaire.eu, https://vocabularies.coar-repositories.org/access_rights/
    """
    rights = tuple(said)
    terms = [one for one in rights if resolve(ACCESS_RIGHTS, one) is not None]
    return next(iter(terms), None), tuple(one for one in rights if one not in terms)
