"""A file that appears when it is whole: whoever writes it may break off, and what was there before stays."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .errors import Invalid

OWNER = 0o600
"""The mode of what opens doors: only whoever made it may read it."""


@contextmanager
def appearing(file: Path, mode: int = 0o644, *, is_once: bool = False) -> Iterator[BinaryIO]:
    """What is written here is the file when the block ends, readable for whom `mode` says. `is_once`: what another
    process put there before that stays. Raises `Invalid` for an unknown folder, `OSError` when it cannot be written."""
    if not file.parent.is_dir():
        raise Invalid(f"There is no folder {file.parent}.", "file")
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.chmod(mode)
        if is_once:
            with suppress(FileExistsError):
                os.link(part, file)
        else:
            part.replace(file)
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, error.strerror, str(file)) from error
        raise
    finally:
        part.unlink(missing_ok=True)
