"""Where a release comes from: this clone, and who deploys it."""

import re
import shutil
import subprocess

from chalicelib import __version__
from chalicelib.domain.schema import OLDEST_READ, WRITTEN
from infra.aws import Aws
from infra.deployment.versions import Origin
from infra.places import PROJECT

_NO_WORD = re.compile(r"[^\w.@+-]+")


def here(aws: Aws) -> Origin:
    """The version and the commit of this clone, and the name of whoever deploys to an AWS.

    A commit with changes that are not committed ends with a plus.
    """
    arn = aws.client("sts").get_caller_identity()["Arn"]
    return Origin(__version__, _commit(), f"{OLDEST_READ}-{WRITTEN}", _NO_WORD.sub("-", re.split("[:/]", arn)[-1]))


def _commit() -> str:
    """The short name of the commit; "unknown" without Git, as in an unpacked archive."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    said = [_said(git, *words) for words in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain"))]
    commit, changes = (text.strip() if text is not None else None for text in said)
    return "unknown" if not commit else f"{commit}{'+' if changes else ''}"


def _said(git: str, *words: str) -> str | None:
    done = subprocess.run([git, "-C", str(PROJECT), *words], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None
