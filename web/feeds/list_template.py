"""The template of a list of datasets, to be filled in with any spreadsheet program."""

from flask import Response

from catalogue.errors import NotFound
from catalogue.sources.list_template import MEDIA_TYPES, list_template
from dcat.our_languages import OUR_LANGUAGES

from ..http.caching import cached


@cached()
def template(language: str, ending: str) -> Response:
    """`/list-template/fr.xlsx` and its neighbours."""
    if language not in OUR_LANGUAGES or ending not in MEDIA_TYPES:
        known = ", ".join(f"/list-template/{each}.xlsx" for each in OUR_LANGUAGES)
        raise NotFound(f"There is no such template. There are {known}, and the same with .csv.")
    response = Response(list_template(language, ending), content_type=MEDIA_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="datasets-{language}.{ending}"'
    return response
