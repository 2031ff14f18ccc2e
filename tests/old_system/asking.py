"""What `takip.py migrate-from` is asked in tests."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Verb = Callable[..., Result]
REPORT = "report"


def asked(source: str, to: Path, *more: str, by: str = "pelin") -> list[str]:
    return [source, "--as", by, "--planned-timezone", "Europe/Istanbul", "--report", str(to), *more]
