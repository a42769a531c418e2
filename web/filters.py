"""The filters and tests of the templates: one list."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from catalogue.previews.files import file_key

from .json import quality_shapes
from .wording import (
    areas,
    bodies,
    facts,
    file_words,
    format_help,
    labels,
    measured,
    prose,
    reasons,
    repeated,
    run_words,
    sheet,
    tagged,
    words,
    writing,
)

FILTERS: dict[str, Callable[..., Any]] = {
    "as_written": facts.as_written,
    "alignment": file_words.alignment,
    "cell": file_words.cell,
    "emptiness": file_words.emptiness,
    "ends": file_words.ends,
    "examples": file_words.examples,
    "extents": file_words.extents,
    "heading": file_words.heading,
    "places": file_words.places,
    "shown": file_words.extent,
    "told": file_words.told_by,
    "type_of": file_words.type_of,
    "best": tagged.best,
    "body": bodies.name,
    "box": repeated.box,
    "band": quality_shapes.band,
    "card_facts": facts.on_card,
    "card_line": repeated.line,
    "code": labels.code,
    "concept": labels.concept,
    "contact_words": sheet.contact,
    "date": writing.day,
    "dated": writing.dated,
    "drawn": areas.drawn,
    "file_changed": measured.changed,
    "file_facts": measured.file_facts,
    "file_key": file_key,
    "file_name": facts.file_name,
    "file_measured": measured.measured,
    "file_row": measured.of_file,
    "file_where": facts.where,
    "files": lambda row: facts.files(row.entry),
    "format_help": format_help.of_file,
    "found_in": labels.found_in,
    "further_ways": sheet.further_ways,
    "health": measured.health,
    "host": writing.host,
    "is_page_instead": measured.is_page,
    "kind": labels.kind,
    "lang": tagged.lang,
    "last_change": measured.last_change,
    "learnt": measured.learnt,
    "link": writing.link,
    "marked": tagged.marked,
    "moment": writing.moment,
    "number": writing.number,
    "outcome": run_words.outcome,
    "period": facts.period,
    "pick": words.pick,
    "place": facts.place,
    "plain": prose.plain,
    "prose": prose.render,
    "reason": run_words.reason,
    "reuse_kind": labels.reuse,
    "say": tagged.say,
    "size": writing.size,
    "rights": lambda value: sheet.rights(value).text,
    "state": run_words.state,
    "updated": writing.updated,
    "tag": words.tag,
    "theme_code": labels.theme,
    "why": reasons.of_record,
    "why_broken": measured.why,
    "why_failed": reasons.of_run,
    "why_not": reasons.of_refusal,
}
TESTS: dict[str, Callable[..., bool]] = {"machine": lambda text: text.is_machine_translated}


def register(app: Flask) -> None:
    """Gives the templates their words."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.tests.update(TESTS)
