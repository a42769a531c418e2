"""All settings: defaults < datastore.toml < DATASTORE_* environment. Nothing else reads the environment."""

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dcat.our_languages import OUR_LANGUAGES

from .errors import SettingsError

AT_LEAST = {
    "keep_runs": 2,
    "keep_removed_days": 1,
    "keep_audit_days": 30,
    "keep_notices_days": 1,
    "keep_questions_days": 7,
    "check_links_days": 1,
    "preview_memory_mb": 256,
    "preview_seconds": 5,
}
"""Less would forget what is still needed (the run before this one, what somebody may want back tomorrow), bother
others, or give too little room to work in."""
AT_MOST = {"harvest_processes": 64}
MOST, MOST_DAYS = 1_000_000, 36_500
"""Of every other number, and of days: a hundred years, which every calendar can count back."""
NEVER_EMPTY = ("data_dir", "title", "region")
"""What would write into the folder where somebody stands, or leave gaps in sentences."""
LEVELS = ("", "debug", "info", "warning", "error")
"""From which level on something is logged."""
SHORTEST_KEY = 16
"""Characters that the key of the service has at least."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where things are and what is allowed. Each field is the setting `DATASTORE_` + its name in upper case."""

    data_dir: Path = Path("var")
    """Everything the catalogue writes, unless a URL says otherwise."""
    database_url: str = ""
    """`sqlite:///…` (default: `catalogue.sqlite` in the data folder) or `postgresql+psycopg://…`."""
    search_url: str = "embedded:"
    """`embedded:` (in the data folder) or `https://user:pass@host:9200/prefix`."""
    site_url: str = "http://127.0.0.1:5000"
    """Public base of every absolute address, without final slash."""
    fetch_allow: tuple[str, ...] = ()
    """Networks that may be fetched although they are private, such as `127.0.0.0/8`."""
    languages: tuple[str, ...] = OUR_LANGUAGES
    """Languages offered; the first is the fallback."""
    title: str = "Datastore"
    """Name of the portal."""
    region: str = "Brussels"
    """Whose data it is: a row of `dcat/tables/region.csv`, or a name that is shown as it is."""
    contact: str = ""
    """Mail address or page for questions; also sent to the sources in the User-Agent."""
    accessibility_body: str = ""
    """Page or mail address of the body that hears complaints about accessibility; told in the statement."""
    collections: str = ""
    """File with the table of collections; the one that comes with the program when empty."""
    show_persons: bool = False
    """True to publish the names of persons in contact points, and mailboxes that spell them."""
    timezone: str = "Europe/Brussels"
    """In which schedules are written: a name of the IANA database."""
    proxies: tuple[str, ...] = ()
    """Networks of the servers in front, whose `X-Forwarded-For` and `X-Request-ID` are believed; nobody else's are."""
    log_level: str = ""
    """`debug`, `info`, `warning` or `error`; empty for what suits each command."""
    access_log: bool = True
    """True to log each request, with a part of its address only."""
    check_links: bool = True
    """True to ask the addresses that entries lead to whether they work."""
    check_links_days: int = 7
    """Days between two times that one that works is asked."""
    publishers_of_others: str = "tell"
    """What becomes of a record that a key sends under the name of a publisher that it was not made for: `tell` in its
    findings, or `refuse` it."""
    source_approval: bool = False
    """True when a source that a producer registers, or moves to another server, waits for an operator."""
    source_quota: int = 20
    """Sources that a producer's keys may register."""
    harvest_processes: int = 0
    """That read one large source, the worker among them; 1 for it alone, 0 for as many as there are processors, four at
    most."""
    keep_runs: int = 30
    """Runs of a source, with their reports. What explains how a record stands now is kept however old it is."""
    keep_removed_days: int = 30
    """How long a removed entry can be restored, with its record as it came; after that its tombstone stays."""
    keep_audit_days: int = 366
    """Who changed what."""
    keep_notices_days: int = 90
    """What people were told."""
    keep_questions_days: int = 90
    """What readers asked; of what was let through for everybody, question and answer stay."""
    preview_mb: int = 50
    """Of the largest file that is fetched to show what is in it, in megabytes; 0 for none."""
    preview_memory_mb: int = 768
    """That looking into one file may take."""
    preview_seconds: int = 60
    """Of work that looking into one file may take."""
    searches_per_minute: int = 240
    """From one address."""
    checks_per_minute: int = 10
    """Feeds checked for one address."""
    writes_per_minute: int = 600
    """With one key."""
    secret_key: str = ""
    """Keys the hashes of tokens, and seals what lets us in at sources; made and kept in the data folder when empty."""

    mail_url: str = ""
    """The mail server for notices: `smtps://user:password@host`, or `smtp://…` for STARTTLS; no mail when empty."""
    mail_from: str = ""
    """The mailbox that notices come from."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the schedules."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The database URL with its default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'catalogue.sqlite'}"


def load(environ: Mapping[str, str] = os.environ, file: Path = Path("datastore.toml")) -> Settings:
    """Reads the settings; raises `SettingsError` with one sentence per unknown or unusable value."""
    values: dict[str, Any] = {}
    if file.exists():
        values.update(_written(file))
    known = {field.name: field.default for field in fields(Settings)}
    for name in known:
        if (text := environ.get(f"DATASTORE_{name.upper()}")) is not None:
            values[name] = text
    if unknown := sorted(set(values) - set(known)):
        raise SettingsError(f"{file}: unknown setting {', '.join(unknown)}. Known: {', '.join(known)}.")
    for name in NEVER_EMPTY:
        if not str(values.get(name, known[name])).strip():
            raise SettingsError(f"{name}: it is empty. Give it a value, or leave it out for {str(known[name])!r}.")
    return check(Settings(**{name: _convert(name, value, known[name]) for name, value in values.items()}))


def _written(file: Path) -> dict[str, Any]:
    """What a file of settings says, with or without the mark that editors of Windows put first."""
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file}: line {line} is not in UTF-8. Save the file in this encoding.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from error


def variable(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """A variable that a command is told to read, such as one that holds a secret; raises `SettingsError`."""
    if not (value := environ.get(name, "")):
        raise SettingsError(f"The environment has no variable {name!r}, or it is empty.")
    return value


def unknown(environ: Mapping[str, str] = os.environ) -> list[str]:
    """A sentence for each variable that begins like ours and is no setting, with the name that may be meant."""
    known = [f"DATASTORE_{field.name.upper()}" for field in fields(Settings)]
    ours = {*known, *NO_SETTINGS}
    strangers = sorted(name for name in environ if name.upper().startswith("DATASTORE_") and name not in ours)
    return [f"{name} is no setting and does nothing.{_meant(name, known)}" for name in strangers]


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name.upper(), known, n=1, cutoff=0.75)
    return f" Is {near[0]} meant?" if near else ""


NO_SETTINGS = ("DATASTORE_SOAK",)
"""Variables of the tests."""


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as the variables that `load` reads: for a process that is started with the same ones."""
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    return {
        f"DATASTORE_{name.upper()}": ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
    }


def check(settings: Settings) -> Settings:
    """The settings themselves when they can be used."""
    for name in ("fetch_allow", "proxies"):
        for network in getattr(settings, name):
            _network(name, network)
    _check_zone(settings.timezone)
    _check_numbers(settings)
    if settings.log_level not in LEVELS:
        raise SettingsError(f"log_level: {settings.log_level!r} is not one of {', '.join(filter(None, LEVELS))}.")
    if settings.publishers_of_others not in {"tell", "refuse"}:
        raise SettingsError(f"publishers_of_others: {settings.publishers_of_others!r} is not one of tell, refuse.")
    _check_languages(settings.languages)
    _check_site(settings.site_url)
    for name in ("contact", "accessibility_body"):
        _check_reachable(name, getattr(settings, name))
    if 0 < len(settings.secret_key) < SHORTEST_KEY:
        raise SettingsError(
            f"secret_key: it must have at least {SHORTEST_KEY} characters. Make one with: openssl rand -hex 32"
        )
    return settings


def _check_numbers(settings: Settings) -> None:
    for name in (field.name for field in fields(Settings) if type(field.default) is int):
        least, most = AT_LEAST.get(name, 0), MOST_DAYS if name.endswith("_days") else AT_MOST.get(name, MOST)
        if getattr(settings, name) < least:
            raise SettingsError(f"{name}: it must be at least {least}.")
        if getattr(settings, name) > most:
            raise SettingsError(f"{name}: it must be at most {most}.")


def _check_site(url: str) -> None:
    example = "as in http://127.0.0.1:5000 or https://data.example.brussels"
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"site_url: {url!r} must begin with http:// or https://, {example}.")
    if "@" in url:
        raise SettingsError("site_url: a user or password would stand in every public address. Leave them out.")
    if not _is_address(url):
        raise SettingsError(f"site_url: {url!r} is no address without question mark or blank, {example}.")


_MAILBOX = re.compile(r"[^\s@:/<>]+@[^\s@:/<>]+")


def _check_reachable(name: str, text: str) -> None:
    """Whom pages lead to is a mailbox or a page, or nobody: any other link would lead to nothing."""
    is_page = text.startswith(("http://", "https://")) and _is_address(text.partition("#")[0].replace("?", "/"))
    if text and not is_page and not _MAILBOX.fullmatch(text):
        raise SettingsError(
            f"{name}: {text!r} is neither a mailbox such as opendata@example.org nor a page (https://…)."
        )


def _check_languages(languages: tuple[str, ...]) -> None:
    if not languages:
        raise SettingsError(f"languages: name at least one of {', '.join(OUR_LANGUAGES)}, or leave the setting out.")
    if unknown := set(languages) - set(OUR_LANGUAGES):
        raise SettingsError(f"languages: {', '.join(sorted(unknown))} is not one of {', '.join(OUR_LANGUAGES)}.")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and not re.search(r"[\s<>\"{}|\\^`?#\x00-\x20\x7f]", url)


def _network(name: str, text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise SettingsError(f"{name}: {text!r} is not a network such as 127.0.0.0/8.") from error


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"timezone: {name!r} is not a time zone such as Europe/Brussels that this system knows. Debian has them in "
            "the package tzdata."
        ) from error


_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _switch(name: str, value: object) -> bool:
    known = _SWITCH.get(str(value).strip().lower())
    if known is None:
        raise SettingsError(f"{name}: {value!r} must be true or false.")
    return known


def _whole(name: str, value: object) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{name}: {value!r} must be a whole number, 0 or more.")
    return int(text)


def _convert(name: str, value: object, default: object) -> Any:
    if isinstance(default, bool):
        return _switch(name, value)
    if isinstance(default, int):
        return _whole(name, value)
    if isinstance(default, tuple):
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list):
            raise SettingsError(f"{name}: {value!r} must be a list.")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if isinstance(default, Path):
        return Path(str(value))
    if not isinstance(value, str):
        raise SettingsError(f"{name}: {value!r} must be text.")
    return value.strip().rstrip("/") if name == "site_url" else value.strip()
