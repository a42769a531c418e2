"""A file that appears when it is whole: whoever writes it may break off, and what was there before stays."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import Invalid


@contextmanager
def appearing(file: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """What is written here is the file when the block ends, readable for whom `mode` says. Raises `Invalid` for an
    unknown folder, `OSError` when it cannot be written."""
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
        part.replace(file)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None and error.errno is not None:
            raise OSError(error.errno, error.strerror, str(file)) from error
        raise
