"""`python -m infra.supply.advisories`: what is publicly known against the Python packages that ship.

It asks pip-audit. Exit code 0: nothing. 1: something, and it is listed. 77: the advisories could not be reached.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.cli.console import line
from infra.supply.shipped import REQUIREMENTS

SKIPPED = 77  # the exit code of tests that could not run, as Automake has it
_PROGRAM = (sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json")


def main(requirements: Path = REQUIREMENTS) -> int:
    """List what is known against the packages of a requirements file. Returns the exit code."""
    asked = subprocess.run([*_PROGRAM, "-r", str(requirements)], capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
    except ValueError:  # pip-audit says in words what stopped it
        line(f"The advisories could not be reached, so nothing is known: {_last(asked.stderr)}")
        return SKIPPED
    return _told(packages)


def _told(packages: list[dict[str, Any]]) -> int:
    known = [(package, each) for package in packages for each in package.get("vulns", ())]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    for package, each in known:
        fixed = ", ".join(each["fix_versions"]) or "no version yet"
        line(f"{package['name']} {package['version']}: {each['id']}, mended in {fixed}. {each['description'][:300]}")
    if known:
        return 1
    if unknown:
        line(f"The registry has no advisories of {len(unknown)} of {len(packages)} packages: {', '.join(unknown)}.")
        return SKIPPED
    line(f"Nothing is known against {len(packages)} packages.")
    return 0


def _last(words: str) -> str:
    return (words.strip().splitlines() or ["pip-audit said nothing"])[-1]


if __name__ == "__main__":
    sys.exit(main())
