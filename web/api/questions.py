"""What readers asked about a producer's data: reading it, answering it. An operator's key sees all of them."""

from typing import Annotated

import msgspec
from flask import Response

from catalogue.errors import Invalid
from catalogue.questions.questions import LONGEST_ANSWER, Answer
from catalogue.store.questions import STATES, QuestionRow
from catalogue.store.rows import TokenRow
from dcat.our_languages import OUR_LANGUAGES

from ..current import absolute, catalogue
from ..http.params import choice, whole
from .auth import own_question
from .bodies import read
from .harvest import ITEMS, ITEMS_LIMIT, SLICE, answer
from .operations import Operation, Parameter, one_of, path

SCOPE = "harvest"


class QuestionShape(msgspec.Struct, frozen=True, kw_only=True):
    """A question. Who asked is not told."""

    id: int
    dataset: str
    """Slug of the entry that it is about."""
    url: str
    """Page of that entry."""
    asked: str
    language: str
    text: str
    """As it was asked; empty once that is forgotten."""
    state: str
    """`open`, `answered` or `closed`."""
    public: bool
    """True when everybody sees question and answer."""
    question: str
    """The question as everybody sees it."""
    answer: str
    answered: str | None


class QuestionList(msgspec.Struct, frozen=True):
    """Questions about what is the publisher's, for a key with the scope `operator` all of them."""

    total: int
    offset: int
    limit: int
    data: tuple[QuestionShape, ...]


class NewAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """What to say."""

    answer: Annotated[str, msgspec.Meta(max_length=LONGEST_ANSWER)]
    public: bool = False
    """True to show question and answer to everybody."""
    question: str = ""
    """The question as everybody is to see it, without what tells who asked; as it was asked when empty."""
    language: Annotated[str, msgspec.Meta(extra_json_schema={"enum": ["", *OUR_LANGUAGES]})] = ""
    """Of the answer; that of the question when empty."""


def list_questions(token: TokenRow) -> Response:
    """What readers asked: open questions that wait longest first, others the newest."""
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", ITEMS, 1, ITEMS_LIMIT)
    publisher = "" if "operator" in token.scopes else token.publisher
    total, rows = catalogue().questions.listed(publisher, choice("state", ("", *STATES)), offset, limit)
    return answer(QuestionList(total, offset, limit, tuple(map(shape, rows))))


def answer_question(token: TokenRow, question: str) -> Response:
    """Answers a question, or changes its answer. Who asked gets it by mail once, where they wanted it."""
    row, new = own_question(token, question), read(NewAnswer)
    if new.language not in {"", *OUR_LANGUAGES}:
        raise Invalid(
            f"An answer is in one of {', '.join(OUR_LANGUAGES)}; without a language, in the question's.", "language"
        )
    said = Answer(new.answer, new.language or row.language, is_shown=new.public, wording=new.question)
    return answer(shape(catalogue().questions.answer(row.id, said)))


def close_question(token: TokenRow, question: str) -> Response:
    """Closes a question that gets no answer; one that everybody saw is seen no more."""
    return answer(shape(catalogue().questions.close(own_question(token, question).id)))


def shape(row: QuestionRow) -> QuestionShape:
    """One as JSON."""
    return QuestionShape(
        id=row.id,
        dataset=row.name,
        url=absolute(f"/{row.language}/{row.kind}/{row.name}"),
        asked=row.at.isoformat(),
        language=row.language,
        text=row.text,
        state=row.state,
        public=row.shown,
        question=row.wording,
        answer=row.answer,
        answered=row.answered.isoformat() if row.answered else None,
    )


_QUESTION = "/api/1/questions/{question}/"
QUESTION = path("question", "Number of the question, as `id` gives it.")

OPERATIONS = (
    Operation(
        "GET", "/api/1/questions/", list_questions, "What readers asked", SCOPE,
        (Parameter("state", "Only those in this state.", one_of(STATES)), *SLICE),
        answers={200: QuestionList},
    ),
    Operation(
        "POST", _QUESTION + "answer/", answer_question, "Answer a question", SCOPE, (QUESTION,), body=NewAnswer,
        answers={200: QuestionShape},
    ),
    Operation(
        "POST", _QUESTION + "close/", close_question, "Close a question without an answer", SCOPE, (QUESTION,),
        answers={200: QuestionShape},
    ),
)  # fmt: skip
"""Operations of this file."""
