"""The one polite, guarded way out to the network.

Every address is checked when it is connected to, redirects are followed by hand, sizes and times are bounded, and
whatever goes wrong is one `HarvestError` with a sentence. What an answer means is never decided here.
"""

from .answers import Response, how_to_be_let_in, not_what_was_asked, status_error, whole
from .client import USER_AGENT, Client, JsonSession, Pace
from .credentials import Credentials
from .one_answer import ONE_PAGE, OneAnswer
from .post import post
from .unpack import GZIP, gunzip

__all__ = [
    "GZIP",
    "ONE_PAGE",
    "USER_AGENT",
    "Client",
    "Credentials",
    "JsonSession",
    "OneAnswer",
    "Pace",
    "Response",
    "gunzip",
    "how_to_be_let_in",
    "not_what_was_asked",
    "post",
    "status_error",
    "whole",
]
