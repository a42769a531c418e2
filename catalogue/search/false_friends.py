"""Words that share a stem with the name of a concept and mean something else, folded, per language.

Snowball makes one stem of `petite` and `pétition`, of `important` and `importation`, of `national` and `nationality`.
Found by comparing the words of real catalogues with the concepts that their stems name. They mean a concept only where
they are its very name; names of several words, such as `petite enfance`, may hold them.
"""

_FRENCH = """
    arrondi assure assurer assures associant associer autorise autoriser communication communications communique
    communiques elevation environ environs etudier format formats general generale generalement importance important
    importante importantes importants importe importes indication indications indiquant indique indiquer parle parler
    petite petites petits signal signaux station stations utilisant utilisation utilisations utilise utiliser utilises
    voir voire
"""
_DUTCH = """
    belast brandende dicht dichtst gerechtigde gerechtigden handeling handelingen ingevoerd ingevoerde jarige jarigen
    meeting meetings nationaal nationale nood omgezet omzetting oost scholing steeds uitgevoerd uitgevoerde uitvoerende
    uitvoering uitvoerings verenigde wateringen wegingen werking werkt
"""
_GERMAN = """
    and for gehaltenen minute minuten naturliche naturlichen naturlicher zugang
"""
_ENGLISH = """
    access accessed accessing accession accommodate associate associated associates attend attended attending bookings
    carefully continually continue continued continues continuing continuity elevated elevator elevators excellence
    excellent importance important inflated nation national nationally nations naturalization naturally occupancy
    occupant occupants petit petites plan plans product products ratings vegetable vegetables
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
