"""No broken file ends anything but the look at it: each is shown, or a reason of the list says why not."""

import time
from pathlib import Path

import pytest
from broken_files import broken
from patience import ENOUGH
from sampling import SOAK, sampled

from catalogue.previews import bounded
from catalogue.previews.bounded import Limits
from catalogue.previews.preview import REASONS, Unseen
from catalogue.stopping import Stop

LIMITS = Limits(bytes=5_000_000, memory=500_000_000, seconds=20)
HOSTILE = ("bomb", "ods-", "xlsx-", "zip-", "columns", "nested", "one-")
"""How the names begin of those that are always tried; of the others some, unless all are."""
PARTS = 6
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "files"


def outcome(file: Path, folder: Path) -> str:
    """What comes of looking into a file: `seen`, or the code of a reason."""
    try:
        preview = bounded.look(file, folder, LIMITS, Stop())
    except Unseen as error:
        return error.code
    assert "root:" not in repr(preview), "a file of this machine was read"
    return "seen"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(broken())


def test_there_are_three_hundred(files: dict[str, bytes]) -> None:
    assert len(files) >= 300


@pytest.mark.parametrize("part", range(PARTS))
def test_a_broken_file_is_seen_or_has_a_reason(part: int, files: dict[str, bytes], tmp_path: Path) -> None:
    hostile = [name for name in files if name.startswith(HOSTILE)]
    found = {}
    for name in list(dict.fromkeys([*hostile, *sampled(list(files), 12)]))[part::PARTS]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "it").write_bytes(files[name])
        begun = time.process_time()
        found[name] = outcome(folder / "it", folder)
        assert time.process_time() - begun < ENOUGH, f"{name}: the parent only waits"
    assert {name: code for name, code in found.items() if code not in {"seen", *REASONS}} == {}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not here")
@pytest.mark.skipif(not SOAK, reason="all samples take minutes")
def test_every_sample_is_seen_or_has_a_reason(tmp_path: Path) -> None:
    found = {}
    for number, file in enumerate(sorted(path for path in SAMPLES.rglob("*") if path.is_file())):
        folder = tmp_path / str(number)
        folder.mkdir()
        found[str(file.relative_to(SAMPLES))] = outcome(file, folder)
    assert {name: code for name, code in found.items() if code != "seen"} == {"frictionless-py/empty.csv": "empty"}
