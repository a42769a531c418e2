"""French plurals that Snowball keeps apart from their singular (`feux`, `travaux`, `potagers`, `vélos`), and words that
it puts together with others."""

WHOLE = frozenset(["foyer", "loyer", "passager", "publication", "usager"])
"""Words that are their own stem: Snowball makes one of `loyer` and `loi`, `foyer` and `foi`, `passager` and `passage`,
`publication` and `publique`, `usager` and `usage`."""
_SINGULAR = {
    **{f"{noun}s": noun for noun in WHOLE},
    **{f"{noun}x": noun for noun in ("cheveu", "enjeu", "feu", "lieu", "milieu", "neveu", "pneu", "voeu")},
    "baux": "bail",
    "travaux": "travail",
    "vitraux": "vitrail",
}
"""Not `jeux`: here every second text says `jeu de données`, and whoever types `jeux` wants to play."""
_NO_PLURAL = frozenset(["divers", "envers", "gers", "tiers", "travers", "univers", "vers", "volontiers"])
"""Words in -ers that are no plurals."""


def singular(word: str) -> str:
    """A folded word without the plural that Snowball would keep."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    if len(word) > 3 and word.endswith(("os", "is", "us")):  # vélos, lois, menus
        return word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("ers") and word not in _NO_PLURAL else word
