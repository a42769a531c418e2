"""The client of Elasticsearch, and what it raises as sentences. The only file that knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, NotFoundError

from ..base import SearchUnavailable
from .address import Address

SEARCH_SECONDS = 2
"""Time that the server may take for one request of a search."""
REQUEST_SECONDS = 10
"""Time that we wait for an answer to anything else."""
WRITE_SECONDS = 60

REBUILD = "Run `datastore index rebuild`."
BRING_BACK = "Bring that server back, or run `datastore index rebuild`."

_LEAVING = "no_shard_available_action_exception"
"""What the server says, with status 503, of an index that is being deleted at this moment, and of one whose servers are
away: it is looked for once more, and what another rebuild put in its place is found; otherwise that is said."""


class Gone(SearchUnavailable):
    """There is no such index, or no such point in time any more."""


class Away(SearchUnavailable):
    """A part of the index is on no server: one is starting, or is lost."""


class Server:
    """The client, and its errors as sentences."""

    def __init__(self, where: Address) -> None:
        self.where = where
        trust: dict[str, Any] = {"ca_certs": where.ca_certs} if where.ca_certs else {}
        who: dict[str, Any] = {"basic_auth": where.user, "api_key": where.api_key}
        client = Elasticsearch(where.host, request_timeout=REQUEST_SECONDS, max_retries=1, **who, **trust)
        self.client = client
        self.searching = client.options(request_timeout=2 * SEARCH_SECONDS)
        self.writing = client.options(request_timeout=WRITE_SECONDS)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Translates what the client raises."""
        host = f"Elasticsearch at {self.where.host}"
        try:
            yield
        except AuthenticationException as error:
            raise SearchUnavailable(f"{host} refuses the user or key of search_url.") from error
        except AuthorizationException as error:
            raise SearchUnavailable(f"{host} does not allow it: {reason(_error(error))}.") from error
        except NotFoundError as error:
            raise Gone(f"{host} has no index {self.where.prefix}. {REBUILD}") from error
        except ApiError as error:
            if is_leaving(_error(error)):
                raise Gone(f"{host} has a part of the index on no server. {BRING_BACK}") from error
            raise SearchUnavailable(f"{host} answered {error.status_code}: {reason(_error(error))}.") from error
        except TlsError as error:
            raise SearchUnavailable(f"The certificate of {host} is not trusted: {error.message}.") from error
        except ConnectionTimeout as error:
            raise SearchUnavailable(f"{host} does not answer in time.") from error
        except TransportError as error:
            raise SearchUnavailable(f"{host} cannot be reached: {error.message}.") from error


def is_leaving(error: Any) -> bool:
    """True for what is said of an index that is on no server now."""
    return isinstance(error, dict) and _LEAVING in {one["type"] for one in error.get("root_cause", ())}


def reason(error: Any) -> str:
    """What the server says, down to its cause."""
    if not isinstance(error, dict):
        return str(error)
    causes = [error, *error.get("root_cause", ()), *(error.get("caused_by"),)]
    return "; ".join(dict.fromkeys(clean(str(one.get("reason") or one.get("type"))) for one in causes if one))


def clean(said: str) -> str:
    """A sentence of the server so that we can go on behind it; some end with a sign of their own."""
    return said.rstrip(" ;.")


def _error(error: ApiError) -> Any:
    return error.body.get("error", error.body) if isinstance(error.body, dict) else error.body
