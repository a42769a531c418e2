"""French plurals that Snowball keeps apart from their singular (`feux`, `travaux`, `potagers`, `vélos`), and words that
it puts together with others."""

from itertools import pairwise

WHOLE = frozenset(["aire", "foyer", "gare", "loyer", "menage", "passager", "publication", "taxi", "usager"])
"""Words that are their own stem: Snowball makes one of `aire` and `air`, `gare` and `garer`, `loyer` and `loi`, `foyer`
and `foi`, `ménage` and `ménager`, `passager` and `passage`, `publication` and `publique`, `taxi` and `taxe`, `usager`
and `usage`."""
_SINGULAR = {
    **{f"{noun}s": noun for noun in WHOLE},
    **{f"{noun}x": noun for noun in ("cheveu", "enjeu", "feu", "lieu", "milieu", "neveu", "pneu", "voeu")},
    "baux": "bail",
    "travaux": "travail",
    "vitraux": "vitrail",
}
"""Not `jeux`: texts say `ce jeu` of their data, and whoever types `jeux` wants to play."""
LONGEST_IN_IERE = 7
"""Letters up to which a word in -ière is no feminine: `rivière`, `matière`."""
_NO_PLURAL = frozenset(["divers", "envers", "gers", "tiers", "travers", "univers", "vers", "volontiers"])
"""Words in -ers that are no plurals."""


def without_jeu_de_donnees(folded: list[str]) -> list[str]:
    """Folded words without the `jeu` of `jeu de données`: every second text says it, and who types it wants to play."""
    if "jeu" not in folded and "jeux" not in folded:
        return folded
    after = pairwise([*folded[1:], "", ""])
    return [one for one, two in zip(folded, after, strict=True) if one not in _JEU or two not in _DE_DONNEES]


_JEU = frozenset(["jeu", "jeux"])
_DE_DONNEES = frozenset((de, data) for de in ("de", "des") for data in ("donnee", "donnees"))


def singular(word: str) -> str:
    """A folded word without the plural that Snowball would keep."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    if len(word) > 3 and word.endswith(("os", "is", "us")) and word != "status":  # vélos, lois, menus; no `statue`
        return word[:-1]
    if (one := word.removesuffix("s")).endswith("iere") and len(one) > LONGEST_IN_IERE:
        return f"{one[:-4]}ier"  # financière: Snowball knows it by its accent
    return word[:-1] if len(word) > 4 and word.endswith("ers") and word not in _NO_PLURAL else word
