"""Documents of XML that a template writes."""

from flask import Response, render_template

from dcat import rdf


def rendered(template: str, media_type: str, **values: object) -> Response:
    """The document, without the characters that XML cannot hold, in whatever value of a source they stood."""
    return Response(rdf.clean_text(render_template(template, **values)), mimetype=media_type)
