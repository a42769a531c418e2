"""A notice as it goes out: a letter to a mailbox, or JSON to a program."""

from functools import cached_property
from typing import Any
from urllib.parse import quote

import msgspec

from ..errors import SettingsError
from ..settings import Settings
from ..sources import tokens
from ..stopping import Stop
from ..store.notices import MAIL, Outgoing
from ..store.rows import DeliveryRow
from . import decision, events, hook, mail, words
from .undelivered import Undelivered


class Messenger:
    """Sends notices."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, one: Outgoing, stop: Stop) -> str:
        """Sends one; what the other side said. Raises `Undelivered`."""
        return self._write_to(one, stop) if one.to.address.startswith(MAIL) else self._post_to(one)

    @cached_property
    def _key(self) -> bytes:
        return tokens.secret(self._settings)

    def _write_to(self, one: Outgoing, stop: Stop) -> str:
        delivery, language = one.delivery, one.to.language
        said = words.said(delivery.event, delivery.facts, language)
        try:
            letter = mail.letter(
                self._settings,
                one.to.address.removeprefix(MAIL),
                said,
                language=language,
                link=self._link_to_decide(delivery, language) or self.link(delivery, language),
                number=delivery.number,
            )
        except SettingsError as error:
            raise Undelivered(str(error), is_of_all=True) from error
        return mail.send(self._settings, letter, stop)

    def _post_to(self, one: Outgoing) -> str:
        body = msgspec.json.encode(self.told(one.delivery, one.to.language))
        secret = hook.secret(self._key, one.nonce)
        event = one.delivery.event
        return hook.send(self._settings, one.to.address, body, secret=secret, event=event, number=one.delivery.number)

    def told(self, delivery: DeliveryRow, language: str) -> dict[str, Any]:
        """What a program is told."""
        return {
            "id": delivery.number,
            "event": delivery.event,
            "at": delivery.at,
            "source": delivery.source or None,
            "run": delivery.run,
            "facts": delivery.facts,
            "message": words.in_all_languages(delivery.event, delivery.facts),
            "url": self.link(delivery, language),
        }

    def _link_to_decide(self, delivery: DeliveryRow, language: str) -> str:
        """The page where whoever reads the letter may decide on what waits; empty when nothing does."""
        if delivery.event != "held":
            return ""
        signed = decision.parameters(self._key, delivery.source, delivery.at.date())
        return f"{self._settings.site_url}/{language}/source/{quote(delivery.source)}/decide?{signed}"

    def link(self, delivery: DeliveryRow, language: str) -> str:
        """The page where one sees what happened."""
        site = f"{self._settings.site_url}/{language}/"
        if not delivery.source:
            return site
        if delivery.event in events.TO_OPERATORS:
            return f"{site}producers/waiting"
        if delivery.event in events.TO_PRODUCERS:
            return f"{site}producers/source/{quote(delivery.source)}"
        source = f"{site}source/{quote(delivery.source)}"
        return source if delivery.run is None else f"{source}/run/{delivery.run}"
