"""What the file system says when it cannot: what happened, where, and what to do. Nothing is ever tried here."""

import errno
import re

_ADVICE = {
    errno.ENOSPC: "no room is left on its disk. Make room, then do the same again; what was saved before is whole",
    errno.EDQUOT: "the quota of this user is used up. Make room, then do the same again",
    errno.EFBIG: "it would be larger than this user may make a file. Raise the limit (ulimit -f)",
    errno.EROFS: "its file system can only be read. Mount it so that it can be written, or choose another folder",
    errno.EACCES: "this user has no right to it. Give it to the user that runs Datastore, with its folder",
    errno.EPERM: "this user has no right to it. Give it to the user that runs Datastore, with its folder",
    errno.EMFILE: "this process has as many files open as it may. Raise the limit (ulimit -n)",
    errno.ENOTDIR: "a part of its path is no folder. Choose another one",
    errno.ENOENT: "it is not there. Look at its path",
    errno.ENOLCK: "its file system gives no locks. Put the data folder on another one",
    errno.EIO: "its disk fails. Look at the log of the system",
}
_NUMBER = re.compile(r"\(os error (\d+)\)|\bOs \{ code: (\d+)")
"""How what is written in Rust tells the error of the system, to people and to those who wrote it."""


def sentence(error: OSError, place: str = "") -> str:
    """What happened to a file and what to do, for people. `place`: which file it is where the error does not say."""
    name = str(error.filename or place) or "A file"
    advice = _ADVICE.get(error.errno or 0)
    what = advice or f"the system says: {error.strerror or error}"
    return f"{name} cannot be read or written: {what}."


def in_words(message: str) -> str:
    """The same for an error that a library tells in its own words; empty when it is none of the system's."""
    told = _NUMBER.search(message)
    return _ADVICE.get(int(told[1] or told[2]), "") if told else ""
