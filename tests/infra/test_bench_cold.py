"""The benchmark of a cold start measures what it says, on Lambda's Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.bench import cold
from infra.bench.cold import Version, measure
from infra.cli import commands
from infra.deployment.target import LAMBDA_PYTHON, interpreter
from infra.problem import Problem

HANDLER = """
import time

def busy(seconds):
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass

busy({importing})

def {handler}(event, context):
    busy({answering})
    return {{"statusCode": {status}, "body": event["path"] + context.aws_request_id[:1]}}
"""


def version(folder: Path, *, importing: float = 0.0, answering: float = 0.0, status: int = 200) -> Version:
    """A version whose handlers take so long to be imported, and to answer."""
    (folder / "functions").mkdir(parents=True)
    for module, handler in (("app", "app"), ("functions/ingest_readings", "ingest_readings")):
        code = HANDLER.format(importing=importing, answering=answering, status=status, handler=handler)
        (folder / f"{module}.py").write_text(code)
    return Version(interpreter(LAMBDA_PYTHON), folder, 1_500_000, {})


def test_import_and_first_request_are_told_apart_and_compared(tmp_path: Path) -> None:
    slow, quick = (version(tmp_path / name, importing=each, answering=0.1) for name, each in (("a", 0.2), ("b", 0.1)))
    imported, answered, ingest = measure(slow, quick, 3)

    assert [imported.before, imported.today] == pytest.approx([0.2, 0.1], abs=0.05)
    assert [answered.before, answered.today] == pytest.approx([0.3, 0.2], abs=0.05)
    assert imported.ratio == pytest.approx(imported.today / imported.before)
    assert ingest.before > ingest.today


def test_a_first_request_that_is_refused_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"^The first request was refused: /stages0$"):
        next(measure(version(tmp_path / "a", status=500), version(tmp_path / "b"), 1))


def test_a_version_that_does_not_start_is_told_with_its_reason(tmp_path: Path) -> None:
    broken = version(tmp_path / "a")
    (broken.folder / "app.py").write_text("import nowhere")
    with pytest.raises(Problem, match=r"(?s)^app.app does not start from the zip:.*No module named 'nowhere'"):
        next(measure(broken, broken, 1))


def test_the_command_shows_ratios_and_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def versions(commit: str) -> Iterator[tuple[Version, Version]]:
        assert commit == "abc"
        yield version(tmp_path / "a", importing=0.1), version(tmp_path / "b", importing=0.1)

    monkeypatch.setattr(cold, "versions", versions)
    said = CliRunner().invoke(commands.takip, ["bench", "cold", "--commit", "abc", "--rounds", "1"]).output

    assert "today / abc" in said
    assert "import app, first request" in said
    assert "The zip has 1.5 MB; before, it had 1.5 MB." in said
