"""Words that share a stem with the name of a concept and mean something else, folded, per language.

Snowball makes one stem of `petite` and `pétition`, of `important` and `importation`, of `national` and `nationality`.
Found by comparing the words of real catalogues with the concepts that their stems name. They mean a concept only where
they are its very name; names of several words, such as `petite enfance`, may hold them.
"""

_FRENCH = """
    arrondi associant associer assure assurer assures autorise autoriser communication communications communique
    communiques elevation encombre encombrement encombrements environ environs etudier feu feux format formats
    general generale generalement importance important importante importantes importants importe importes
    indication indications indiquant indique indiquer parle parler passage passages petite petites petits signal
    signale signales signaux station stations statut travail usage usages utilisant utilisation utilisations
    utilise utiliser utilises voir voire
"""
_DUTCH = """
    belast brandende dicht dichtst gerechtigde gerechtigden handeling handelingen ingevoerd ingevoerde jarige
    jarigen meeting meetings nationaal nationale omgezet omzetting oost reis scholing steeds uitgevoerd
    uitgevoerde uitvoerende uitvoering uitvoerings verenigde wateringen wegingen werk werken werking werkt
"""
_GERMAN = """
    and for gehaltenen minute minuten naturliche naturlichen naturlicher politik rat richt zahl zahlen zahlung
    zahlungen zugang
"""
_ENGLISH = """
    access accessed accessing accession accommodate associate associated associates attend attended attending
    bookings carefully continually continue continued continues continuing continuity elevated elevator elevators
    excellence excellent importance important inflated nation national nationally nations naturalization naturally
    occupancy occupant occupants pay petit petites plan plans product products ratings vegetable vegetables
"""

FALSE_FRIENDS: dict[str, frozenset[str]] = {
    "fr": frozenset(_FRENCH.split()),
    "nl": frozenset(_DUTCH.split()),
    "de": frozenset(_GERMAN.split()),
    "en": frozenset(_ENGLISH.split()),
}
"""The words, by language."""

ANY_FALSE_FRIEND: frozenset[str] = frozenset().union(*FALSE_FRIENDS.values())
"""Those of all languages: for a text of unknown language."""

_HOURS = "concentration concentrations donnee donnees fuseau mesure mesures moyenne moyennes pas plage plages tranche"
SILENCED: dict[str, tuple[tuple[str, str], ...]] = {
    "fr": (
        ("mode", "emploi"),
        *((before, "horaire") for before in f"{_HOURS} tranches valeur valeurs".split()),
        *((before, "radar") for before in ("donnee", "image", "mesure", "observation")),
    ),
}
"""Two words of which the second means nothing after the first, folded, per language: `mode d'emploi` is about no
employment, and `mesures horaires` are no timetable."""

NATIVE = {"de": frozenset(["art", "arten"])}
"""Words that to readers of a language are no names of another: whoever writes German asks for a kind, not for art."""
