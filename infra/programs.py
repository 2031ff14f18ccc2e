"""Running other programs and putting what they say about a failure into a Problem."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.problem import Problem

_LAST_LINES = 30


def run(
    command: Sequence[str],
    failure: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    given: str | None = None,
) -> str:
    """Run a program to its end, with `given` on its standard input, and return what it wrote.

    Raises Problem with the sentence `failure` and the program's own last words.
    """
    done = subprocess.run(command, check=False, cwd=cwd, env=env, input=given, capture_output=True, text=True)
    if done.returncode:
        words = (done.stdout + done.stderr).strip().splitlines()[-_LAST_LINES:]
        raise Problem("\n".join([failure, *words]))
    return done.stdout
