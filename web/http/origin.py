"""Where a request comes from: the address at the other end, or what a server in front that we know says.

A header that anybody may write is believed of nobody else.
"""

import re
import secrets
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import g, request

from ..current import settings

Address = IPv4Address | IPv6Address
KEPT = {4: 24, 6: 48}
"""Bits of an address that are written down: a network of some two hundred, or of one connection."""
ONE = {4: 32, 6: 64}
"""Bits that tell one visitor from others: with IPv6 everybody has a whole network."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def address() -> Address | None:
    """The address that the request comes from; None when there is none, as over a socket of this machine."""
    found = _read(request.remote_addr)
    if found is not None and not is_proxy(found):
        return found
    if found is None and not settings().proxies:
        return None
    for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        before = _read(text)
        if before is None or not is_proxy(before):
            return before or found
        found = before
    return found


def is_proxy(one: Address) -> bool:
    """True for a server in front that the settings name."""
    return any(one in ip_network(network) for network in settings().proxies)


def network(bits: dict[int, int]) -> IPv4Network | IPv6Network | None:
    """The network that the request comes from, so many bits of it."""
    found = address()
    return None if found is None else ip_network((found, bits[found.version]), strict=False)


def request_id() -> str:
    """A name of this request that its answer and all its lines in the log carry; one that a server in front gave."""
    if "request_id" not in g:
        peer = _read(request.remote_addr)
        given = request.headers.get("X-Request-ID", "") if peer and is_proxy(peer) else ""
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    text: str = g.request_id
    return text


def _read(text: str | None) -> Address | None:
    try:
        found = ip_address((text or "").strip())
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
