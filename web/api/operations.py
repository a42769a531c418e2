"""What an operation of the API is: the route, who may use it, what goes in and what comes out, said once.

The routes of Flask and the OpenAPI document are both made from these, so neither can say more than the other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask.typing import ResponseReturnValue

JSON = "application/json"


class Parameter(NamedTuple):
    """One parameter of an address or a query string."""

    name: str
    description: str
    schema: dict[str, Any]
    place: str = "query"
    """`query`, `path` or `header`."""


@dataclass(frozen=True)
class Operation:
    """One method on one address."""

    method: str
    path: str
    """Address with `{parameter}` in its place; an `{identifier}` may contain slashes."""
    view: Callable[..., ResponseReturnValue]
    """Takes the parameters of the path by name, after the token when `scope` asks for one."""
    summary: str
    scope: str = ""
    """Scope that the token must have; empty when everybody may."""
    parameters: tuple[Parameter, ...] = ()
    body: Any = None
    """Type of the JSON body."""
    media_types: tuple[str, ...] = ()
    """Media types of a body that is not our JSON; beside `body`, either is taken."""
    answers: Mapping[int, Any] = field(default_factory=dict)
    """Type of the answer per status of success; None for one that is not JSON of ours."""
    produces: str = JSON
    """Media type of an answer of success."""
    is_limited: bool = False
    """True when only a few are answered at a time: the others are told when to come back."""

    @property
    def name(self) -> str:
        """Name of the operation, unique: that of its view."""
        return self.view.__name__

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return self.path.replace("{identifier}", "<path:identifier>").replace("{", "<").replace("}", ">")


def text(pattern: str = "", **more: Any) -> dict[str, Any]:
    """Schema of a text, all of which has the pattern."""
    return {"type": "string", **({"pattern": f"^({pattern})$"} if pattern else {}), **more}


def one_of(known: Iterable[str]) -> dict[str, Any]:
    """Schema of a parameter with a closed list of values; an empty one is as none."""
    return text(enum=["", *known])


def whole_number(minimum: int, maximum: int, default: int) -> dict[str, Any]:
    """Schema of a whole number."""
    return {"type": "integer", "minimum": minimum, "maximum": maximum, "default": default}


def path(name: str, description: str) -> Parameter:
    """A step of the address."""
    return Parameter(name, description, text(), "path")


MATCH = Parameter("If-Match", "Entity tag of the version that you read.", text(), "header")
"""The change is made only to that version."""
