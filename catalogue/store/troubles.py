"""What a database says when it cannot answer or write: what happened and what to do, for whoever looks after it."""

import re

_FULL = "no room is left on its disk. Make room; nothing that was saved is lost, and what was not is undone"
_LOCKED = "another program has kept it locked all the while. End that program (fuser shows it), or try again"
_RESTARTED = "it is starting or ending. Try again in a minute"
_READ_ONLY = "it can only be read here. Give the file and its folder to the user that runs Datastore"

_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": "its disk cannot be read or written, often because no room is left. Make room, or look at the "
    "log of the system",
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_CANTOPEN": "it cannot be opened. The user that runs Datastore needs the right to read and write the "
    "file and its folder, on a file system that can be written and has room",
    "SQLITE_CORRUPT": "it is damaged. Keep the file, and bring back the last backup with: datastore restore FILE",
    "SQLITE_NOTADB": "the file is no database. Look at database_url, or bring back the last backup with: datastore "
    "restore FILE",
}
"""By the first two words of the code. https://www.sqlite.org/rescode.html"""

_POSTGRESQL = {
    "53100": _FULL,
    "53300": "it has no connection left. Raise its max_connections, or serve with fewer processes",
    "25006": "it can only be read: this is a standby, or it was made so. Give the address of the primary",
    "42501": "its user has no right to the tables. Let that user own them",
    "57P01": _RESTARTED,
    "57P02": _RESTARTED,
    "57P03": _RESTARTED,
}
"""https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_NOT_YET = "FATAL:  the database system is "
"""What it says, without a code, to whom it does not let in: starting up, shutting down, in recovery mode."""
_WHERE = re.compile(r"connection to server (at|on) .*? failed: ")
"""Tells where it is, which is for operators alone."""


def is_damage(error: BaseException | None) -> bool:
    """True for an error that no value that was to be written can be blamed for."""
    return _code(error) in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}


def sentence(error: BaseException | None) -> str:
    """What happened to the database and what to do."""
    code = "57P03" if _NOT_YET in str(error) else _code(error)
    what = _SQLITE.get(code) or _POSTGRESQL.get(code) or f"it does not answer or cannot write ({_told(error)})"
    return f"The database cannot be used: {what}."


def _code(error: BaseException | None) -> str:
    extended = str(getattr(error, "sqlite_errorname", "") or "")
    return "_".join(extended.split("_")[:2]) or str(getattr(error, "sqlstate", "") or "")


def _told(error: BaseException | None) -> str:
    """The first line of what the driver says."""
    return re.split(r"[\r\n]", _WHERE.sub("", str(error).strip()), maxsplit=1)[0].rstrip(".")
