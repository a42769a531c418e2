"""The real payloads beside the project; tests that need them skip, with the reason, where they are absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(*parts: str) -> Path:
    """A file or folder of ../shared; skips the test when it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs the real payloads in {path}")
    return path


def samples(*parts: str) -> Path:
    """A file or folder of ../shared/samples; skips the test when it is not there."""
    return shared("samples", *parts)
