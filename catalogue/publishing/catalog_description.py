"""What the catalogue says about itself."""

from datetime import datetime

from dcat import dqv, vocab
from dcat.model import Agent, Catalog, Concept, Date, Document, Iri, LicenseDocument, Text
from dcat.quality import Score

from ..settings import Settings
from .region import region_name

DESCRIPTION = {
    "de": "Offene Daten der öffentlichen Stellen: {region}.",
    "en": "Open data of the public bodies of {region}.",
    "fr": "Données ouvertes des organismes publics : {region}.",
    "nl": "Open data van de overheidsdiensten: {region}.",
}


def describe(settings: Settings, site: str, modified: datetime | None, score: Score | None = None) -> Catalog:
    """The catalogue as a dcat:Catalog, with the score of its datasets; its metadata are free for everybody (CC0).

    `site`: the public address under which everything is named.
    """
    iri = Iri(f"{site}/catalog")
    languages = sorted(settings.languages)
    title = tuple(Text(settings.title, language) for language in languages)
    return Catalog(
        iri=iri,
        title=title,
        description=tuple(
            Text(DESCRIPTION[one].format(region=region_name(settings.region, one)), one) for one in languages
        ),
        publisher=Agent(iri=Iri(f"{site}/id/catalog/publisher"), name=title),
        homepage=Document(iri=Iri(f"{site}/")),
        theme_taxonomy=(vocab.THEMES.scheme,) if vocab.THEMES.scheme else (),
        license=LicenseDocument(iri=vocab.LICENCES.by_code["CC0"].iri),
        language=tuple(sorted((_language(tag) for tag in languages), key=lambda concept: concept.iri or "")),
        modified=Date(modified.strftime("%Y-%m-%dT%H:%M:%SZ")) if modified else None,
        measurements=dqv.measurements(score, iri, iri, site) if score else (),
    )


def _language(tag: str) -> Concept:
    term = next(term for term in vocab.LANGUAGES if term.extra.get("tag") == tag)
    return vocab.LANGUAGES.concept(term)
