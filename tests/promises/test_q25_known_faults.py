"""Every known fault has a test that says so, or a line that says why it has none."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from promises.faults import FAULTS
from promises.figures import ROOT

DECISION = ROOT / "docs" / "decisions" / "0005-faults-without-a-test.md"


def marks(tree: ast.Module) -> Iterator[str]:
    """The numbers that tests of a file are marked with."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.against":
                    yield from (ast.literal_eval(number) for number in mark.args)


def held() -> dict[str, list[str]]:
    """Number → files with a test that is marked with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for number in marks(ast.parse(path.read_text("utf-8"))):
            found[number].append(str(path.relative_to(ROOT)))
    return found


def said() -> set[str]:
    """Numbers whose lack of a test has a reason."""
    return set(re.findall(r"^\| ((?:F|TC)-\d\d) \|", DECISION.read_text("utf-8"), flags=re.MULTILINE))


def test_every_known_fault_has_a_test_or_a_reason(note: Callable[..., None]) -> None:
    tested, without = set(held()), said()
    assert tested - set(FAULTS) == set()
    assert without & tested == set(), "these have a test now: take their line away"
    neither = sorted(set(FAULTS) - tested - without)
    assert len(FAULTS) == 76
    figure = f"{len(tested)} of 76 with a test, {len(without)} with a reason ({', '.join(sorted(without))}), "
    note("Q25", figure + f"{len(neither)} with neither {neither or ''}".strip(), holds=not neither)
