"""The parts of Dutch and German compounds: `fietspaden` also says `fiets`, `Wasserqualität` also says `Wasser`.

A word is cut where a known part ends and the rest is known too, or is long enough to be a word of its own. The parts
are those that names of public data are made of, and beside another known one the names of concepts, in singular and
plural (`inkomensgarantie`, `Katastergemarkungen`); linking letters between them (`-s-`, `-en-`) are skipped.
"""

from functools import cache, lru_cache

from . import dutch
from .concept_list import listed, names
from .folding import fold

_DUTCH = """
    aanbod aandeel aantal aantallen aanvraag aanvragen abonnement adres adressen afval afvalwater akte ambtenaar
    arbeid arbeids archief armoede asiel auto autos bank bedrijf bedrijfs bedrijven begroting beheer belasting
    beleid beroep beroeps bestemming bestuur bestuurs bevolking bevolkings bewoner bewoners bezetting bezoek
    bezoekers bibliotheek binnenvaart blad bodem bomen boom boot bos bossen brand brief brug bruggen budget bus
    buurt camera cijfer cijfers college container contract criminaliteit cultuur dak daken data deel deelfiets
    deelfietsen departement dicht dichtheid dienst diensten dier dieren dossier drink drinkwater ecologie economie
    eigendom elektriciteit elektriciteits emissie emissies energie erfgoed evenement fauna feest fiets fietsen
    fietser fietsers film financien fotos functie gas gebied gebieden geboorte gebouw gebouwen gedrag gegevens geld
    geluid geluids gemeente gemeenten gerecht geschiedenis geweld gewest gezin gezins gezondheid gezondheids graad
    gras grens grenzen groei groen groep grond gronden halte haltes handel handels haven hinder historie hout huis
    huisarts huishoud huizen huur huurder huurders indeling infrastructuur inkomen inkomens inkomsten inname
    inschrijving investering inwoner inwoners jaar jeugd kaart kaarten kabel kadaster kader kamer kanaal kantoor
    kerk keuken kiezer kind kinderen klacht klachten klimaat kosten kraan kruispunten kunst kust kwaliteit
    kwaliteits laad land landbouw landschap leefmilieu leeftijd leeftijds leegstand leer leerling leerlingen
    leiding lengte lening leven leverancier licht lijn lijnen lijst locatie locaties loket loon lucht
    luchtkwaliteit luchtkwaliteits maaltijd maaltijden maat maatregel macht markt meet meting metingen metro milieu
    minister misdrijf mobiliteit mobiliteits moeder monument monumenten musea museum muziek naam namen natuur net
    nijverheid norm nummer nummers onderneming ondernemingen ondernemings onderwijs onderzoek onderzoeks ongeval
    ongevallen ontwikkeling opdracht opdrachten open openbaar opslag opvang organisatie ouderen overheid overheids
    overlast overstroming overstromings pad paden pand panden park parkeer parkeerplaats parkeerplaatsen parken
    parking passagier pensioen perceel percelen personeel personeels personen plaats plaatsen plan plannen plant
    planten plein politie pomp pont post postcode prijs prijzen product productie programma project projecten punt
    punten raad raads radar recht rechten recyclage register reis reizigers rekening rekeningen richting riolering
    rit rook route routes ruimte rust samenwerking schade schip scholen school sector slachtoffer slachtoffers
    snelheid snelheids snelweg snelwegen sociaal soort soorten speel speelplein speeltuin spel spoor sport stad
    stads stalling stallingen stand station stations statistiek statistieken steden stedenbouw steun stof straat
    straten stroom student studenten studie subsidie subsidies taal taxi techniek tegel tel telling tellingen tijd
    toegang toelage toerisme toestand toiletten tram trams trap trein treinen tuin tunnel tunnels uitgaven uitleen
    uitstoot vaart vaccinatie vak vastgoed veiligheid veiligheids verblijf verbranding verbruik verbruiks verdeling
    vereniging verenigingen vergadering vergunning vergunningen verhuur verkeer verkeers verkiezing verkiezingen
    verkiezings verkoop verlichting verlichtings vermogen vernieuwing verontreiniging verpleging vervoer vervoers
    vervuiling verwarming verwarmings verzekering vis visserij vlak vlieg vlucht voedings voedsel voertuig
    voertuigen voet voetganger voetgangers vogel vogels volk vorm vraag vracht vrachtwagen vrij vrijwilliger vuil
    vuilnis waarde waarden waarschuwing wagen water waterkwaliteit weer weg wegen welzijn werk werken
    werkgelegenheid werkloosheid werkloosheids wet wetenschap wijk wijken wind windmolen winkel winkels woning
    woningen woon zaak zaken zee zetel zieken ziekte ziektes zitting zon zone zones zonne zonnepaneel zonnepanelen
    zorg zuivering zwembad zwembaden
"""
_DUTCH_WHOLE = """
    arbeidsmarkt automaat automaten beeldhouwwerk brandstof brandstoffen brandweer brandweerkazerne databank
    databanken flitspaal flitspalen gasthuis gasthuizen grondstof grondstoffen huishouden huishoudens kunstwerk
    kunstwerken laadpaal laadpalen landgebruik luchtfoto luchthaven luchthavens luchtruim luchtvaart netwerk
    netwerken postkantoor postkantoren rechtbank rechtbanken rusthuis rusthuizen spoorweg spoorwegen standbeeld
    standbeelden standplaats standplaatsen stroomgebied stroomgebieden supermarkt supermarkten telewerk telpaal
    telpalen vliegtuig vliegtuigen vluchteling vluchtelingen vogelvlucht vrijstelling vrijstellingen waterstof
    waterweg waterwegen weerstand wetland wetlands woonerf woonerven woonwagen woonwagens ziekenhuis ziekenhuizen
"""
_DUTCH_MODEST = """
    akte auto autos bank blad brand deel dicht graad handel hout huis huizen kunst land lening leven licht maat
    macht meet natuur net norm open plaats plaatsen post punt raad recht rook rust schip spel spoor stad stand
    steun stof taal tel telling tellingen tijd vaart vak vis vlak vlieg vlucht voet volk vorm vrij weer werk werken
    woon zaak zaken zieken zonne
"""

_GERMAN = """
    abfall abgabe abgaben ablauf abschluss abstand abwasser adress adresse adressen agentur akten aktion alten
    alter ampel ampeln amt amts anlage anlagen antrag anzahl arbeit arbeits arbeitslosen archiv armut arten arzt
    aufgaben auftrag ausbildung ausgaben ausgleich auskunft auslander ausstellung ausstellungs auto baby bad bader
    bahn bau bauen baum baume bebauung bebauungs bedarf behinderten behorde behorden beleuchtung beratung bereich
    bericht beruf berufs beschaftigung besuch besucher betreuung betrieb betriebs bevolkerung bevolkerungs bezirk
    bezirke bezirks bibliothek bibliotheken bibliotheks biotop blatt boden brand brucke brucken buch bucherei
    budget bund bundes burger bus busse bussen center daten datenbank denkmal denkmaler dichte diebstahl dienst
    dienste dokument dorf eigentum einkommen einnahmen einrichtung einrichtungen einwohner eisenbahn elektro
    emission emissionen energie entsorgung entwicklung entwicklungs ereignis erhebung ernahrung erzeugung essen
    fahrer fahrplan fahrrad fahrzeug fahrzeuge familie familien feinstaub feuer feuerwehr film finanz finanzen
    fisch fischerei flache flachen flachennutzung flachennutzungs flug fluss forderung forschung forschungs forst
    frauen freizeit fuss fussganger garten gas gebaude gebiet gebiete gebuhren geburten gefahr geld gemeinde
    gemeinden gemeinderat generation geo geodaten gericht geschaft geschichte geschwindigkeit geschwindigkeits
    gesellschaft gesetz gesundheit gesundheits gewalt gewasser gewerbe grenze grenzen grun grund grundschule
    grundstuck grundwasser gruppe guter hafen halte handel handels haupt haus hauser heim heizung hilfe hitze
    hochschule hochwasser hohe hohen holz hotel hunde impfung industrie information informations infrastruktur
    insel institut investition jahr jahres jugend kanal karte karten kataster kauf kennzahlen kinder kirche kita
    kitas klima klinik kohle kontrolle kontrollen kosten kraft krankenhaus krankenhauser krankheit krankheiten
    kreis kriminalitat kultur kunst kuste ladesaule ladesaulen ladestation ladestationen land landes landschaft
    landschafts larm lauf leben lebensmittel leistung leistungen leitung licht linie linien liste lohn luft
    luftqualitat luftverschmutzung mangel markt material mauer meer meldung mess messung messungen miete mieten
    mitglieder mobilitat modell mull museen museum musik nacht name namen natur naturschutz netz netze niederschlag
    niederschlags nutzung nutzungs opfer ordnung ort orte park partei pegel personal personen pfad pflanzen pflege
    plan plane planung planungs platz platze politik polizei post preis preise produkt produktion programm projekt
    projekte prufung punkt punkte qualitat quelle quote quoten rad radar radweg radwege rat rate raten raum
    rechnung rechnungs recht regierung regierungs region register reise rente routen sammlung satzung schaden schaf
    schiff schul schule schulen schuler schutz schwimmbad see sicherheit sicherheits siedlung siedlungs solar
    sozial spiel spielplatz spielplatze sport sprach sprache staat stadt stadte stadtplan stand stande stander
    statistik statistiken staub stelle stellen steuer steuern stoff strasse strassen strom struktur studenten
    studie studierende stunde tag tages tarif taxi technik teich telefon temperatur temperaturen tier tiere
    toiletten tourismus trager trink trinkwasser tunnel uberschwemmung uberschwemmungs umwelt unfall unfalle
    universitat unternehmen unternehmens unterricht urlaub verbrauch verein vereine vergabe verkehr verkehrs
    verkehrsunfall verkehrsunfalle verleih vermessung verschmutzung versicherung versorgung versorgungs vertrag
    vertrage verwaltung verwaltungs verzeichnis vogel volk wachstum waffen wahl wahlen wald wanderung warme wasser
    wasserqualitat wasserstoff weg wege welt werk werte wetter wind windkraft wirtschaft wirtschafts wissenschaft
    wohn wohnung wohnungen wohnungs zahl zahlen zahlung zeit zeitung zentrum ziffer ziffern zone zonen zug zuge
    zulassung zulassungs zustand
"""
_GERMAN_WHOLE = """
    arbeitsmarkt autobahn autobahnen bahnhof bahnhofe bahnhofen baustelle baustellen brandenburg brandenburger
    brennstoff brennstoffe fahrbahn fahrbahnen familienstand flughafen flughafens gesetzbuch grundbuch grundbuchs
    haltestelle haltestellen handwerk haushalt haushalte haushalten haushalts jahresabschluss jahresabschlusse
    kindergarten kraftstoff kraftstoffe kraftwerk kraftwerke landkreis landkreise landwirtschaft laufbahn luftbild
    luftbilder luftbildern luftfahrt luftraum luftverkehr messstelle messstellen netzwerk netzwerke netzwerken
    netzwerks parkautomat parkautomaten parkgebuhr parkgebuhren parkhaus parkhauser parkplatz parkplatze
    parkplatzen parkraum parkverbot parkverbote parkzone parkzonen rathaus rathauser richtlinie richtlinien
    standort standorte standorten strassenbahn strassenbahnen supermarkt supermarkte wanderroute wanderrouten
    wanderweg wanderwege wanderwegen wohnort wohnorte zivilstand
"""
_GERMAN_MODEST = """
    alten alter arten auto bad bader bahn bau baum brand buch fluss fuss grun grund halte haus hauser hohe hohen
    kraft kreis kunst land lauf leben licht mauer meer natur ort orte park post punkt quote quoten rad rate raten
    raum rechnung rechnungs recht rente sprach staat stand stande stelle stellen stoff tag tages volk welt werk
    werte zahl zahlen zahlung zeit ziffer ziffern zuge
"""

_LISTS = {"nl": _DUTCH, "de": _GERMAN}
_WHOLE = {"nl": frozenset(_DUTCH_WHOLE.split()), "de": frozenset(_GERMAN_WHOLE.split())}
"""Parts that are not cut themselves, because they mean something else: a `netwerk` is no work, a `luchthaven` has
nothing to do with air, and a `laadpaal` has only the pole in common with a `telpaal`."""
_MODEST = {"nl": frozenset(_DUTCH_MODEST.split()), "de": frozenset(_GERMAN_MODEST.split())}
"""Parts that count only beside another known one: many words begin or end so by accident (`auto|matisch`,
`brand|enburg`, `voor|stelling`)."""
LANGUAGES = ("nl", "de")
"""Languages that form compounds in one word."""
_LINKS = {"nl": ("", "s", "en", "e", "n", "er"), "de": ("", "s", "es", "n", "en", "er", "e")}
_PLURALS = ("", "s", "en", "n", "er", "e", "se", "sen")
"""Endings of names in a compound, those of `-nis` among them: `Wahlergebnisse`."""
_ADJECTIVE = ("lijk", "lijke", "lijks", "lijkse")
SHORTEST_NAME = 5
"""Letters of a name of a concept that is a part: shorter ones are in many words by accident."""
SHORTEST_COMPOUND = 7
FEWEST_TO_JOIN = 3
"""Parts that a compound must have for some of them to be a name together."""
SHORTEST_REST = 5
"""Letters that an unknown rest must have; shorter ones are endings (`park|eren`)."""


@cache
def _listed(language: str) -> frozenset[str]:
    return frozenset(_LISTS[language].split()) | _WHOLE[language]


@cache
def _known(language: str) -> frozenset[str]:
    """What is a part beside another one."""
    return _listed(language) | {f"{name}{ending}" for name in _named(language) for ending in _PLURALS}


@cache
def _named(language: str) -> frozenset[str]:
    found = (fold(name) for row in listed() for name in names(row, language) if name.isalpha())
    return frozenset(name for name in found if len(name) >= SHORTEST_NAME)


@cache
def _dutch_stems() -> frozenset[str]:
    return frozenset(dutch.stem(name) for name in _named("nl"))


def _is_known(end: str, language: str) -> bool:
    """Whether a word ends in a part, also where a vowel of its plural is another: `bankkantoren`."""
    is_named = language == "nl" and len(end) >= SHORTEST_NAME and dutch.stem(end) in _dutch_stems()
    return end in _known(language) or is_named


@cache
def _known_alone(language: str) -> frozenset[str]:
    return _listed(language) - _MODEST[language]


@lru_cache(maxsize=8_192)
def parts(word: str, language: str) -> tuple[str, ...]:
    """The known parts of a folded word, in order; empty when it is no compound or the language forms none."""
    if language not in _LISTS or len(word) < SHORTEST_COMPOUND or not word.isalpha():
        return ()
    found = tuple(piece for part in _both_known(word, language) for piece in _both_known(part, language) or (part,))
    return found if found or word in _listed(language) else _one_known(word, language)


@lru_cache(maxsize=8_192)
def wholes(word: str, language: str) -> tuple[str, ...]:
    """The same, but that names of concepts among them stay whole: the `speelplein` of `speelpleinlocaties`."""
    found = parts(word, language)
    if len(found) < FEWEST_TO_JOIN:
        return found
    halves = _both_known(word, language)
    return tuple(piece for half in halves for piece in _unless_named(half, language))


def _unless_named(part: str, language: str) -> tuple[str, ...]:
    is_named = any(part.removesuffix(ending) in _named(language) for ending in _PLURALS)
    return (part,) if is_named else _both_known(part, language) or (part,)


def _both_known(word: str, language: str) -> tuple[str, ...]:
    """The longest known beginning whose rest is known, or again a compound of known parts."""
    if word in _WHOLE[language]:
        return ()
    known = _known(language)
    for end in range(len(word) - 3, 2, -1):
        head = word[:end]
        if head not in known:
            continue
        for rest in _rests(word[end:], language):
            if _is_known(rest, language):
                return head, rest
            if len(rest) >= SHORTEST_COMPOUND and (more := _both_known(rest, language)):
                return head, *more
    return ()


def _one_known(word: str, language: str) -> tuple[str, ...]:
    """The longest known beginning or end beside a rest that is long enough to be a word; an adjective such as
    `huishoudelijk` has none."""
    if language == "nl" and word.endswith(_ADJECTIVE):
        return ()
    known = _known_alone(language)
    for length in range(len(word) - SHORTEST_REST, 3, -1):
        if (head := word[:length]) in known:
            return (head,)
        if (tail := word[-length:]) in known:
            return (tail,)
    return ()


def _rests(rest: str, language: str) -> list[str]:
    return [rest[len(link) :] for link in _LINKS[language] if rest.startswith(link) and len(rest) - len(link) >= 3]
