"""Settings that lead to something else: whether it can be used is seen at the start, not when a reader asks for it."""

from ..notices import mail
from ..publishing.collections import collections
from ..settings import Settings


def must_be_usable(settings: Settings) -> None:
    """Raises `SettingsError` for a table of collections that cannot be read, or a mail server written in no form."""
    collections(settings)
    if settings.mail_url:
        mail.server_of(settings)
