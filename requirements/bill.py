"""`python requirements/bill.py > sbom.cdx.json` prints what a running portal is made of, as CycloneDX 1.6: each package
that `run.txt` and `postgresql.txt` lock, with its licence and the hashes that are accepted of it.

Nothing that only the tests need is listed. With `--licences` a table is printed instead, one package a line.
https://cyclonedx.org/docs/1.6/json/"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
LOCKS = ("run.txt", "postgresql.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)((?:.*\\\n)*.*)$", flags=re.MULTILINE)


def bill() -> dict[str, Any]:
    """The document; raises `LookupError` when this environment is not the locked one."""
    locked = {canonical(name): (version, rest) for name, version, rest in _locked()}
    whole = _environment()
    parts = [part for part in whole["components"] if canonical(part["name"]) in locked]
    for part in parts:
        version, rest = locked[canonical(part["name"])]
        if part["version"] != version:
            raise LookupError(f"{part['name']} is {part['version']} here and {version} in the lock: run make dev")
        part["hashes"] = [{"alg": "SHA-256", "content": found} for found in re.findall(r"sha256:(\w{64})", rest)]
    known = {part["bom-ref"] for part in parts} | {whole["metadata"]["component"]["bom-ref"]}
    needs = [_only(known, one) for one in whole["dependencies"] if one["ref"] in known]
    return whole | {"components": parts, "dependencies": needs}


def licences(document: dict[str, Any]) -> dict[str, list[str]]:
    """Package and version → its licences, as it declares them."""
    return {f"{part['name']} {part['version']}": _declared(part) for part in document["components"]}


def canonical(name: str) -> str:
    """The name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked() -> list[tuple[str, str, str]]:
    return [found for name in LOCKS for found in PINNED.findall((FOLDER / name).read_text("utf-8"))]


def _environment() -> dict[str, Any]:
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--no-validate"]
    command += ["--sv", "1.6", "--pyproject", str(FOLDER.parent / "pyproject.toml"), sys.executable]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _only(known: set[str], one: dict[str, Any]) -> dict[str, Any]:
    below = [ref for ref in one.get("dependsOn", ()) if ref in known]
    return {"ref": one["ref"], **({"dependsOn": below} if below else {})}


def _declared(part: dict[str, Any]) -> list[str]:
    found = part.get("licenses", ())
    return sorted({one.get("expression") or one["license"].get("id") or one["license"]["name"] for one in found})


if __name__ == "__main__":
    made = bill()
    if sys.argv[1:] == ["--licences"]:
        for name, found in licences(made).items():
            sys.stdout.write(f"{name}: {'; '.join(found) or 'not declared'}\n")
    else:
        sys.stdout.write(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
