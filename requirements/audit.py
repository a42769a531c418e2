"""`python requirements/audit.py` asks which locked packages have known weaknesses (pip-audit).

Ends with 0 when every package was looked up and none has one, 1 when some have, 3 when it could not be audited: a
service that cannot be reached, or one package that was passed over, is no clean audit. `--osv` asks OSV, not the index.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CLEAN, WEAK, NOT_AUDITED = 0, 1, 3
LOCK = Path(__file__).resolve().parent / "run.txt"


def audit(*options: str) -> tuple[int, str]:
    """The exit code and one sentence."""
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes", "--format", "json"]
    command += ["--progress-spinner", "off", "-r", str(LOCK), *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        return judged(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines()
        return NOT_AUDITED, f"Not audited: {said[-1] if said else f'pip-audit ended with {done.returncode}'}"


def judged(packages: list[dict[str, Any]]) -> tuple[int, str]:
    """What a report says; none of the packages may have been passed over."""
    skipped = [one for one in packages if "skip_reason" in one]
    weak = [f"{one['name']} {one['version']}: {bad['id']}" for one in packages for bad in one.get("vulns", ())]
    if weak:
        return WEAK, f"{len(weak)} known weaknesses in {len(packages)} packages: {', '.join(weak)}"
    if skipped or not packages:
        names = ", ".join(f"{one['name']} ({one['skip_reason']})" for one in skipped)
        return NOT_AUDITED, f"Not audited: {len(skipped)} of {len(packages)} packages were passed over: {names}"
    return CLEAN, f"{len(packages)} packages audited, none has a known weakness."


if __name__ == "__main__":
    code, sentence = audit(*(["--vulnerability-service", "osv"] if "--osv" in sys.argv[1:] else []))
    sys.stdout.write(sentence + "\n")
    sys.exit(code)
