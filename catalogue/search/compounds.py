"""The parts of Dutch and German compounds: `fietspaden` also says `fiets`, `Wasserqualität` also says `Wasser`.

A word is cut where a known part ends and the rest is known too, or is long enough to be a word of its own. The parts
are those that names of public data are made of; linking letters between them (`-s-`, `-en-`) are skipped.
"""

from functools import cache, lru_cache

_DUTCH = """
    aanbod aandeel aantal aantallen aanvraag aanvragen abonnement adres adressen afval afvalwater akte ambtenaar
    arbeid arbeids archief armoede asiel auto autos bank bedrijf bedrijfs bedrijven begroting beheer belasting
    beleid beroep beroeps bestemming bestuur bestuurs bevolking bevolkings bezetting bezoek bezoekers bibliotheek
    binnenvaart blad bodem bomen boom boot bos bossen brand brandweer brief brug bruggen budget bus buurt camera
    cijfer cijfers college container contract criminaliteit cultuur dak daken data databank deel deelfiets
    deelfietsen departement dicht dichtheid dienst diensten dier dieren dossier drink drinkwater ecologie economie
    eigendom elektriciteit elektriciteits emissie emissies energie erfgoed evenement fauna feest fiets fietsen
    fietser fietsers film financien fotos functie gas gasthuis gebied gebieden geboorte gebouw gebouwen gedrag
    gegevens geld geluid geluids gemeente gemeenten gerecht geschiedenis geweld gewest gezin gezins gezondheid
    gezondheids gras grens grenzen groei groen groep grond gronden halte haltes handel handels haven hinder
    historie hout huis huisarts huishoud huizen huur huurder indeling infrastructuur inkomen inkomens inname
    inschrijving investering jaar jeugd kaart kaarten kabel kadaster kader kamer kanaal kantoor kerk keuken kiezer
    kind kinderen klacht klachten klimaat kosten kraan kunst kust kwaliteit kwaliteits laad laadpaal laadpalen
    land landbouw landschap leefmilieu leer leerling leerlingen leiding lengte lening leven leverancier licht lijn
    lijnen lijst locatie locaties loket loon lucht luchthaven luchtkwaliteit maat maatregel macht markt meet
    meting metingen metro milieu minister misdrijf mobiliteit mobiliteits moeder monument monumenten musea museum
    muziek natuur net netwerk nijverheid norm nummer nummers onderneming ondernemingen ondernemings onderwijs
    onderzoek onderzoeks ongeval ongevallen ontwikkeling opdracht opdrachten open openbaar opslag opvang
    organisatie overheid overheids overlast paal pad paden palen pand panden park parkeer parkeerplaats
    parkeerplaatsen parken passagier pensioen perceel percelen personeel personeels personen plaats plaatsen plan
    plannen plant planten plein politie pomp pont post postcode prijs prijzen product productie programma project
    projecten punt punten raad raads recht rechtbank rechten recyclage register reis reizigers rekening rekeningen
    richting riolering rit rook route routes ruimte rust samenwerking schade schip scholen school sector snelheid
    snelheids sociaal soort soorten speel speelplein speeltuin spel spoor spoorweg sport stad stads stand station
    stations statistiek statistieken steden stedenbouw steun stof straat straten stroom stroomgebied student
    studenten studie subsidie subsidies taal taxi techniek tegel tel telling tellingen telpaal tijd toegang
    toelage toerisme toestand tram trap trein treinen tuin tunnel tunnels uitgaven uitleen uitstoot vaart vak
    vastgoed veiligheid veiligheids verblijf verbruik verbruiks verdeling vereniging verenigingen vergadering
    vergunning vergunningen verhuur verkeer verkeers verkiezing verkiezingen verkiezings verkoop vermogen
    vernieuwing verpleging vervoer vervoers vervuiling verzekering vis visserij vlak vlieg vliegtuig vlucht
    voedings voedsel voertuig voertuigen voet voetganger voetgangers vogel vogels volk vorm vraag vracht
    vrachtwagen vrij vrijwilliger vuil waarde waarden waarschuwing wagen water waterkwaliteit weer weg wegen
    welzijn werk werken werkgelegenheid werkloosheid werkloosheids wet wetenschap wijk wijken wind windmolen
    winkel winkels woning woningen woon zaak zaken zee zetel zieken ziekenhuis ziekenhuizen ziekte ziektes zitting
    zon zone zones zonne zonnepaneel zonnepanelen zorg zuivering zwembad zwembaden
"""

_GERMAN = """
    abfall abgabe abgaben ablauf abschluss abstand abwasser adress adresse adressen agentur akten aktion alten
    alter amt amts anlage anlagen antrag anzahl arbeit arbeits arbeitslosen archiv armut arten arzt aufgaben
    auftrag ausbildung ausgaben ausgleich auskunft auslander auto autobahn bad bader bahn bahnhof bau bauen baum
    baume baustelle baustellen bebauung bebauungs bedarf behinderten behorde behorden beratung bereich bericht
    beruf berufs beschaftigung besuch besucher betreuung betrieb betriebs bevolkerung bevolkerungs bezirk bezirke
    bezirks bibliothek bibliotheken biotop blatt boden brand brucke brucken buch bucherei budget bund bundes
    burger bus center daten datenbank denkmal denkmaler dichte dienst dienste dokument dorf eigentum einkommen
    einnahmen einrichtung einrichtungen einwohner eisenbahn elektro emission emissionen energie entsorgung
    entwicklung entwicklungs ereignis erhebung ernahrung erzeugung fahrer fahrplan fahrrad fahrzeug fahrzeuge
    familie familien feinstaub feuer feuerwehr film finanz finanzen fisch fischerei flache flachen flachennutzung
    flachennutzungs flug flughafen fluss forderung forschung forschungs forst frauen freizeit fuss fussganger
    garten gas gebaude gebiet gebiete gebuhren geburten gefahr geld gemeinde gemeinden gemeinderat generation geo
    geodaten gericht geschaft geschichte gesellschaft gesetz gesundheit gesundheits gewalt gewasser gewerbe grenze
    grenzen grun grund grundschule grundstuck grundwasser gruppe guter hafen halte haltestelle haltestellen handel
    handels handwerk haupt haus hauser haushalt haushalte haushalts heim hilfe hitze hochschule hochwasser hohe
    hohen holz hotel hunde industrie information informations infrastruktur insel institut investition jahr jahres
    jugend kanal karte karten kataster kauf kinder kirche kita kitas klima klinik kohle kosten kraft krankenhaus
    krankenhauser krankheit krankheiten kreis kriminalitat kultur kunst kuste lade ladesaule ladesaulen
    ladestation ladestationen land landes landschaft landschafts landwirtschaft larm lauf leben lebensmittel
    leistung leistungen leitung licht linie linien liste lohn luft luftqualitat luftverschmutzung mangel markt
    material mauer meer meldung mess messstelle messstellen messung messungen miete mieten mitglieder mobilitat
    modell mull museen museum musik nacht natur naturschutz netz netze nutzung nutzungs opfer ordnung ort orte
    park parkplatz parkplatze partei pegel personal personen pfad pflanzen pflege plan plane planung planungs
    platz platze politik polizei post preis preise produkt produktion programm projekt projekte prufung punkt
    punkte qualitat quelle rad radweg radwege rat raum rechnung rechnungs recht regierung regierungs region
    register reise rente richt routen sammlung satzung schaden schaf schiff schul schule schulen schuler schutz
    schwimmbad see sicherheit sicherheits siedlung siedlungs solar sozial spiel spielplatz spielplatze sport
    sprach sprache staat stadt stadte stadtplan stand stande standort standorte statistik statistiken staub stelle
    stellen steuer steuern stoff strasse strassen strom struktur studenten studie studierende stunde tag tages
    tarif taxi technik teich telefon temperatur temperaturen tier tiere tourismus trager trink trinkwasser tunnel
    umwelt unfall unfalle universitat unternehmen unternehmens unterricht urlaub verbrauch verein vereine vergabe
    verkehr verkehrs vermessung verschmutzung versicherung versorgung versorgungs vertrag vertrage verwaltung
    verwaltungs verzeichnis vogel volk wachstum waffen wahl wahlen wald wand wanderung wasser wasserqualitat weg
    wege welt werk werte wetter wind windkraft wirtschaft wirtschafts wissenschaft wohn wohnung wohnungen wohnungs
    zahl zahlen zahlung zeit zeitung zentrum zone zonen zug zuge zustand
"""

_LISTS = {"nl": _DUTCH, "de": _GERMAN}
LANGUAGES = ("nl", "de")
"""Languages that form compounds in one word."""
_LINKS = {"nl": ("", "s", "en", "e", "n", "er"), "de": ("", "s", "es", "n", "en", "er", "e")}
SHORTEST_COMPOUND = 7
SHORTEST_REST = 5
"""Letters that an unknown rest must have; shorter ones are endings (`park|eren`)."""


@cache
def _known(language: str) -> frozenset[str]:
    return frozenset(_LISTS[language].split())


@lru_cache(maxsize=200_000)
def parts(word: str, language: str) -> tuple[str, ...]:
    """The known parts of a folded word, in order; empty when it is no compound or the language forms none."""
    if language not in _LISTS or len(word) < SHORTEST_COMPOUND or not word.isalpha():
        return ()
    found = tuple(piece for part in _both_known(word, language) for piece in _both_known(part, language) or (part,))
    return found if found or word in _known(language) else _one_known(word, language)


def _both_known(word: str, language: str) -> tuple[str, ...]:
    """The longest known beginning whose rest is known, or again a compound of known parts."""
    known = _known(language)
    for end in range(len(word) - 3, 2, -1):
        head = word[:end]
        if head not in known:
            continue
        for rest in _rests(word[end:], language):
            if rest in known:
                return head, rest
            if len(rest) >= SHORTEST_COMPOUND and (more := _both_known(rest, language)):
                return head, *more
    return ()


def _one_known(word: str, language: str) -> tuple[str, ...]:
    """The longest known beginning or end beside a rest that is long enough to be a word."""
    known = _known(language)
    for length in range(len(word) - SHORTEST_REST, 3, -1):
        if (head := word[:length]) in known:
            return (head,)
        if (tail := word[-length:]) in known:
            return (tail,)
    return ()


def _rests(rest: str, language: str) -> list[str]:
    return [rest[len(link) :] for link in _LINKS[language] if rest.startswith(link) and len(rest) - len(link) >= 3]
