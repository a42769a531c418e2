"""A real mail server for tests, which keeps what it is given and refuses what it is told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from services import free_port


class Mailbox:
    """What arrives, and how the server answers."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.to_recipient = self.to_data = "250 OK"
        self.unknown: set[str] = set()
        """Mailboxes that there are none of."""
        self.url, self.port = "", 0

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 nobody here"
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (as above)
        if self.to_data.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.recipients += envelope.rcpt_tos
        return self.to_data

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"hush:hush", handled=False)


@contextmanager
def mailbox(tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[Mailbox]:
    """A server on loopback until the end of the block; over TLS with a context."""
    box = Mailbox()
    port = free_port()
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        ssl_context=tls,
        authenticator=box.authenticate,
        auth_require_tls=False,
        **options,
    )
    controller.start()
    try:
        box.url, box.port = f"{'smtps' if tls else 'smtp'}://127.0.0.1:{port}", port
        yield box
    finally:
        controller.stop()
