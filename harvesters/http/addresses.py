"""Which addresses may be fetched. Pure: nothing here resolves a name or opens a connection.

The list of refused networks is our own, because `ipaddress` calls some of them global that are not, and differently
in each version of Python.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from ..errors import HarvestError

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

PORTS = frozenset({80, 443})
"""Ports that may be fetched; any port in a network that the settings allow."""

URL_LIMIT = 8192
"""Characters of a URL; the cursors of some paged feeds are long."""

REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # metadata of a cloud, on a public number
        "169.254.0.0/16",  # link-local, metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

GLOBAL_V6 = IPv6Network("2000::/3")
"""The only IPv6 addresses in public use; everything outside is refused (mapped, translated, local, multicast)."""

REFUSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, carries an IPv4 address
        "3fff::/20",  # documentation
    )
)

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks written as `127.0.0.0/8`; raises `ValueError` for what is none."""
    return tuple(ip_network(text) for text in texts)


def is_public(address: Address) -> bool:
    """True for an address in public use."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    return address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)


def may_connect(number: str, port: int, allow: Iterable[Network]) -> bool:
    """True when a resolved address and port may be connected to."""
    if "%" in number:  # a zone of this machine
        return False
    address = ip_address(number)
    if any(address.version == network.version and address in network for network in allow):
        return True
    return port in PORTS and is_public(address)


def check_url(url: str, where: str = "") -> SplitResult:
    """The parts of a URL that may be tried; raises `HarvestError` for every other one.

    What a name resolves to is checked again when the connection is made. `where` is the page that gave the URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refusal(url, where) from None
    if len(url) > URL_LIMIT or _UNSAFE.search(url) or parts.scheme not in {"http", "https"}:
        raise _refusal(url, where)
    if not parts.hostname or "@" in parts.netloc or "%" in parts.netloc or port == 0:
        raise _refusal(url, where)
    return parts


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL that passed `check_url`."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)


def refusal(where: str) -> HarvestError:
    """The one answer to every address that may not be fetched: it tells nothing about the inside of our network."""
    return HarvestError(
        "ADDRESS_NOT_ALLOWED",
        f"The address {where[:200]!r} may not be fetched. Give a public http or https address, without password, on "
        "the usual port; the operator can allow further networks with DATASTORE_FETCH_ALLOW.",
        where,
    )


def _refusal(url: str, where: str) -> HarvestError:
    error = refusal(url)
    error.where = where or url
    return error


def moved_site(site: str, asked: str, answered: str) -> str:
    """Where the site of a source is now, when what was asked there is answered elsewhere for good: the address asked
    for, and the one that answered. Empty when the one cannot be told from the other."""
    root = site.partition("#")[0].rstrip("/")
    rest = asked.removeprefix(root)
    if not asked.startswith(root) or not answered.endswith(rest):
        return ""
    return answered.removesuffix(rest) if rest.strip("/") else answered


def root(url: str) -> str:
    """The address of the host alone, without a slash at its end; the text itself when it is no address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else url
