"""`takip.py replay` prints the result and returns it as its exit code."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.cli import replay as command
from infra.problem import Problem
from infra.replay.manner import Manner
from infra.replay.outcome import Outcome
from infra.replay.plan import Machine, Plan, Question, ReadingsPlan
from infra.replay.progress import Progress
from infra.replay.target import Target

LEAD = Question("order", "Case 3", "lead_minutes")
STATUS = {"url": "http://127.0.0.1/v1", "endpoint": "http://127.0.0.1", "region": "eu-central-1", "queue_url": "q"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log without a row."""
    (tmp_path / "production_log.csv").write_text("headings\n", encoding="utf-8")
    checked = {"totals": {"good": 0, "rejected": 0}, "orders": {}}
    (tmp_path / "expected.json").write_text(json.dumps(checked), encoding="utf-8")
    return tmp_path


class Replayed:
    """Stands in for a replay that came to one answer; remembers how it was asked for."""

    def __init__(self, lead_minutes: float) -> None:
        self.lead_minutes = lead_minutes
        self.asked: list[object] = []
        self.via: list[str] = []

    def __call__(self, _plan: Plan, target: Target, progress: Progress, workers: int, manner: Manner) -> Outcome:
        self.via.append(manner.via)
        progress.begin("Orders", 1)
        progress.advance()
        self.asked += [target.username, target.password, workers, manner.times, manner.chance is not None, manner.live]
        return Outcome("production_log", {"work orders": 1}, {LEAD: self.lead_minutes}, {LEAD: 10}, ("A remark.",))


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str, replayed: Replayed) -> Result:
    monkeypatch.setattr(command, "run_replay", replayed)
    monkeypatch.setattr(command, "read_status", lambda: STATUS)
    return CliRunner().invoke(command.replay, [str(folder), "--username", "ayse", *options], input="secret\n")


@pytest.mark.parametrize(("lead_minutes", "exit_code"), [(10, 0), (11, 1)])
def test_its_exit_code_says_whether_anything_differs(
    monkeypatch: pytest.MonkeyPatch, folder: Path, lead_minutes: float, exit_code: int
) -> None:
    result = run(monkeypatch, folder, replayed=Replayed(lead_minutes))
    assert result.exit_code == exit_code
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_file_is_written_when_anything_differs_too(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.json"
    run(monkeypatch, folder, "--json", str(file), replayed=Replayed(11))
    written = json.loads(file.read_text(encoding="utf-8"))
    assert (written["equal"], written["sent"]) == (False, {"work orders": 1})


def test_it_sends_as_the_account_and_in_the_manner_asked_for(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    replayed = Replayed(10)
    run(monkeypatch, folder, "--workers", "2", "--shuffle", "--twice", replayed=replayed)
    assert replayed.asked == ["ayse", "secret", 2, 2, True, False]


def test_it_tells_sessions_as_they_went_where_asked_to(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    replayed = Replayed(10)
    run(monkeypatch, folder, "--live", replayed=replayed)
    assert replayed.asked == ["ayse", "secret", 4, 1, False, True]


def test_what_is_told_as_it_went_is_not_shuffled(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    replayed = Replayed(10)
    result = run(monkeypatch, folder, "--live", "--shuffle", replayed=replayed)
    assert (result.exit_code, replayed.asked) == (2, [])
    assert "leave --shuffle out" in result.output


def test_readings_are_nothing_that_is_told_as_it_went(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    readings = ReadingsPlan("valve_rig", Machine("valve-rig", "Valve rig", "test bed", "laboratory"), (), {})
    monkeypatch.setattr(command, "read_folder", lambda _: readings)
    replayed = Replayed(10)
    result = run(monkeypatch, folder, "--live", replayed=replayed)
    assert (result.exit_code, replayed.asked) == (2, [])
    assert "valve_rig holds" in result.output


def test_the_road_of_readings_is_handed_on_and_people_have_none(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    replayed = Replayed(10)
    result = run(monkeypatch, folder, "--via", "umh", replayed=replayed)
    assert (result.exit_code, replayed.asked) == (2, [])
    assert "holds what" in result.output
    readings = ReadingsPlan("valve_rig", Machine("valve-rig", "Valve rig", "test bed", "laboratory"), (), {})
    monkeypatch.setattr(command, "read_folder", lambda _: readings)
    run(monkeypatch, folder, "--via", "umh", replayed=replayed)
    assert replayed.via == ["umh"]


def test_ctrl_c_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def interrupted(*_: object) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run_replay", interrupted)
    monkeypatch.setattr(command, "read_status", lambda: STATUS)
    result = CliRunner().invoke(command.replay, [str(folder), "--username", "ayse"], input="secret\n")
    assert result.exit_code == 130


def test_an_unknown_folder_is_a_problem_not_a_traceback(tmp_path: Path) -> None:
    result = CliRunner().invoke(command.replay, [str(tmp_path)])
    assert isinstance(result.exception, Problem)
