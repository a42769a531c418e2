"""Notices by mail: plain text, handed to one server of the operator's, over TLS with a certificate that is checked."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from harvesters.errors import Stopped

from .. import clock
from ..errors import Invalid, SettingsError
from ..settings import Settings
from ..sources.manners import is_loopback
from ..stopping import Stop
from .undelivered import Undelivered
from .words import Said, template, tidy

STEP, ALL = 15.0, 45.0
"""Seconds that the server may take for one answer, and for everything."""
FORM = "smtps://USER:PASSWORD@HOST, or smtp://USER:PASSWORD@HOST for STARTTLS; % and @ in them as %25 and %40"


class Server(NamedTuple):
    """Where mail is handed over."""

    host: str
    port: int
    is_wrapped: bool
    """True when TLS begins with the connection; else it must be begun, unless the server is on this machine."""
    user: str
    password: str


def server_of(settings: Settings) -> Server:
    """The server of the settings. Raises `SettingsError` when there is none, or it is written in another form."""
    if not settings.mail_url:
        raise SettingsError(f"There is no mail server. Name one in DATASTORE_MAIL_URL: {FORM}.")
    try:
        parts = urlsplit(settings.mail_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in {"smtp", "smtps"}:
        raise SettingsError(f"mail_url: it must be {FORM}.")
    is_wrapped = parts.scheme == "smtps"
    port = port or (465 if is_wrapped else 587)
    return Server(host, port, is_wrapped, unquote(parts.username or ""), unquote(parts.password or ""))


def sender_of(settings: Settings) -> str:
    """The mailbox that notices come from. Raises `SettingsError`."""
    found = settings.mail_from or (settings.contact if "@" in settings.contact else "")
    if not found:
        raise SettingsError("Notices need a mailbox that they come from: DATASTORE_MAIL_FROM.")
    try:
        return Address(addr_spec=found.removeprefix("mailto:")).addr_spec
    except ValueError as error:
        raise SettingsError(f"mail_from: {found!r} is no mailbox such as opendata@example.org.") from error


def mailbox(text: str) -> str:
    """A mailbox, tidied; raises `Invalid`."""
    try:
        found = Address(addr_spec=text.strip()).addr_spec
        found.encode("ascii")  # what is beyond it few mail servers take
    except (ValueError, IndexError, HeaderParseError) as error:
        raise Invalid("That is no e-mail address.", "address") from error
    if "@" not in found or len(found) > 254:
        raise Invalid("That is no e-mail address.", "address")
    return found


def box_of(contact: str) -> str:
    """The mailbox of a contact, with or without `mailto:`; empty when it is none."""
    try:
        return mailbox(unquote(contact.strip().removeprefix("mailto:").partition("?")[0]))
    except Invalid:
        return ""


def check(settings: Settings) -> None:
    """Raises `SettingsError` when no mail can be sent with these settings."""
    server_of(settings)
    sender_of(settings)


def letter(settings: Settings, to: str, said: Said, *, language: str, link: str, number: str) -> EmailMessage:
    """A notice as a mail; `number` makes its Message-ID, the same one at every try."""
    why = {"title": settings.title, "site": settings.site_url, "contact": settings.contact or sender_of(settings)}
    footer = template("letter", "why", language).format(**why)
    todo = f"{template('letter', 'what_to_do', language)}: {said.todo}"
    text = f"{said.happened}\n\n{todo}\n\n{link}\n\n-- \n{footer}\n"
    return written(settings, to, (said.subject, text), language=language, number=number)


def written(settings: Settings, to: str, words: tuple[str, str], *, language: str, number: str) -> EmailMessage:
    """A mail of ours: subject and text; `number` makes its Message-ID, the same one at every try."""
    site = urlsplit(settings.site_url).hostname or "localhost"
    subject, text = words
    message = EmailMessage()
    message.set_content(text)  # first: it takes away every field about the content
    message["Subject"] = f"[{tidy(settings.title)}] {subject}"
    message["From"] = Address(tidy(settings.title), addr_spec=sender_of(settings))
    message["To"] = to
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{number}@{site}>"
    message["Content-Language"] = language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no robot answers it
    return message


def send(settings: Settings, message: EmailMessage, stop: Stop) -> str:
    """Hands a mail over; what the server said. Raises `Undelivered`, and `Stopped` when we broke it off, which
    says nothing of the mailbox or the server."""
    try:
        with _session(server_of(settings), stop) as session:
            session.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise Undelivered(_answer(code, text), is_final=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        is_of_this = isinstance(error, smtplib.SMTPDataError)
        is_final = is_of_this and error.smtp_code >= 500
        raise Undelivered(
            _answer(error.smtp_code, error.smtp_error), is_final=is_final, is_of_all=not is_of_this
        ) from error
    except (OSError, smtplib.SMTPException, SettingsError) as error:
        if stop.asked:
            raise Stopped from error
        raise Undelivered(f"The mail server cannot be used: {error}", is_of_all=True) from error
    return "The mail server took it."


@contextmanager
def _session(server: Server, stop: Stop) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    session = _unconnected(server, context)
    timer = threading.Timer(ALL, _cut, (session,))
    timer.daemon = True
    timer.start()
    try:
        with stop.calling(lambda: _cut(session)):
            _open(session, server, context)
            yield session
            with suppress(smtplib.SMTPException, OSError):  # it has been taken: how the server says goodbye is its own
                session.quit()
    finally:
        timer.cancel()
        session.close()


def _unconnected(server: Server, context: ssl.SSLContext) -> smtplib.SMTP:
    us = socket.gethostname()  # smtplib would look for our full name, and wait for a name server that is not there
    if server.is_wrapped:
        return smtplib.SMTP_SSL(local_hostname=us, timeout=STEP, context=context)
    return smtplib.SMTP(local_hostname=us, timeout=STEP)


def _open(session: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    session._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001 (whose certificate is checked)
    session.connect(server.host, server.port)
    if not server.is_wrapped and not is_loopback(server.host):
        session.starttls(context=context)
    if server.user:
        session.login(server.user, server.password)


def _cut(session: smtplib.SMTP) -> None:
    """Ends whatever is waited for; another thread may do so."""
    if (sock := session.sock) is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _answer(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return tidy(f"The mail server answered {code} {said}")
