"""Words that share a stem with the name of a concept and mean something else, folded, per language.

Snowball makes one stem of `petite` and `pétition`, of `important` and `importation`, of `national` and `nationality`.
Found by comparing the words of real catalogues with the concepts that their stems name. They mean a concept only where
they are its very name; names of several words, such as `petite enfance`, may hold them.
"""

_FRENCH = """
    aire aires ambulant ambulants arme armes arrete arretes arrondi associant associer assure assurer assures
    autorise autoriser bien biens commun communement communication communications communique communiques communs
    concertation concertations concerter debit dec elevaient elevation encombre encombrement encombrements environ
    environnante environnantes environs etudier feu feux format formats frequemment frequent frequente frequentes
    frequents garee garees garer garez gene gener general
    generale generalement genie habitable habitables habites importance important importante importantes importants
    importe importes incidence incidences indication indications indiquant indique indiquer indiquera jete jetez
    leger legers mere moi move movement parce parle parler parquet parquets paye payes petite petites petits rare
    rarement rares rat rats refuge refuges restauration sen sens signal signale signaler signales signaux station
    stations statut terra terre terres travail utilisable utilisables utilisant utilisation utilisations utilise
    utiliser utilises utilisez vente ventes villas voir voire wave
"""
_DUTCH = """
    belast berg brandende dicht dichtst gerechtigde gerechtigden gift giften giftig handeling handelingen hoeveel
    ingevoerd ingevoerde inkomende invoeren invoering jarige jarigen leggen luiken mazen meeting meetings nationaal
    nationale omgezet omzetting oost oosten ouder overeenkomstig overeenkomstige reis scholing steeds stelle stellen
    stemming uitgevoerd uitgevoerde uitvoerbaar uitvoeren uitvoerende uitvoering uitvoerings veiling veilingen
    verenigde verkeerde wateringen weerbaarheid weging wegingen weren werk werken werking werkt zorgde
"""
_GERMAN = """
    alt alte alten altere alteren ausfuhrliche ausfuhrlichere benutzen benutzung berichtet blitz einfuhrung
    entscheidende flach for gehalten gehaltene gehaltenen gut gute gutem guten guter gutes handeln lager lak legen low
    lowe minute minuten naturlich naturliche naturlichen naturlicher naturliches nutzen politik politisch politische
    politischen politischer politisches rat reg richt richtete sicher sichere sicheren sicherer sicherlich stadtplan
    zahl zahlen zahlung zahlungen zugang
"""
_ENGLISH = """
    access accessed accessing accession accommodate associate associated associates attend attended attending
    bookings carefully continually continue continued continues continuing continuity elevated elevator elevators
    excellence excellent importance important inflated minute minutes nation national nationally nations
    naturalization naturally occupancy occupant occupants pay petit petites plan plans product products publication
    publications ratings vegetable vegetables
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
        *((before, "arret") for before in ("saisie", "saisies", "mandat", "mandats")),
        *((before, "horaire") for before in f"{_HOURS} tranches valeur valeurs".split()),
        *((before, "radar") for before in ("donnee", "image", "mesure", "observation")),
    ),
}
"""Two words of which the second means nothing after the first, folded, per language: `mode d'emploi` is about no
employment, and `mesures horaires` are no timetable."""

NATIVE = {"de": frozenset(["art", "arten"])}
"""Words that to readers of a language are no names of another: whoever writes German asks for a kind, not for art."""
