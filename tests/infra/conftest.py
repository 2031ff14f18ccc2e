"""Fixtures of the tests of infra: an empty emulator, and an import of people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.aws import Aws
from infra.cli import admin, commands
from infra.cli.console import console
from infra.emulator.process import REGION, Emulator, free_port
from tests.infra.enrolling import Enrolling, Import


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An emulator of the module's own, on a free port, with nothing in it."""
    emulator = Emulator(tmp_path_factory.mktemp("emulator"), free_port())
    emulator.start()
    yield Aws(REGION, emulator.endpoint)
    emulator.stop()


@pytest.fixture
def takip(monkeypatch: pytest.MonkeyPatch) -> Enrolling:
    enrolling = Enrolling()
    monkeypatch.setattr(console, "_width", 200)  # so that a line of a table is one here too
    monkeypatch.setattr(admin, "ask", enrolling)
    monkeypatch.setattr(admin, "aws_of", lambda _stage: Aws("eu-central-1"))
    return enrolling


@pytest.fixture
def import_(takip: Enrolling, tmp_path: Path) -> Import:
    """`takip.py admin import-users` of a file that holds this."""

    def run(content: str | bytes, *options: str) -> Result:
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(commands.takip, ["admin", "import-users", str(path), *options])

    return run
