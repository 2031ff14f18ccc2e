"""`takip.py aggregates rebuild`: past days are computed again; an interrupted run goes on where it was."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.domain.numbers.issue_days import IssuesOfDay
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import rebuilding
from chalicelib.storage.numbers import issue_days
from infra import places
from infra.aws import Aws
from infra.cli import aggregates, commands
from infra.problem import Problem
from tests.administering import in_this_process
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant
from tests.services.aggregating import settle

Verb = Callable[..., Result]
DAYS = ("--from", "2026-01-05", "--to", "2026-01-07")


@pytest.fixture
def verb(plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests, and keeps its state apart."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(aggregates, "aws_of", lambda _stage: Aws("eu-central-1"))
    monkeypatch.setattr(places, "KEPT", tmp_path / "kept")
    return lambda *more: CliRunner().invoke(commands.takip, ["aggregates", "rebuild", *(more or DAYS)])


@pytest.fixture
def orders(plant: Plant, set_clock: SetClock) -> list[str]:
    """Three orders, each done on a day of its own, and an issue."""
    for n in range(3):
        set_clock.set(MORNING + n * timedelta(days=1))
        plant.order(id=f"WO-{n}")
        plant.worker.post(f"/stages/WO-{n}-01/start")
        plant.worker.post(f"/stages/WO-{n}-01/issue", {"type": "quality", "description": "x"})
        set_clock.forward(HOUR)
        plant.worker.post(f"/stages/WO-{n}-01/done", {"good": 1})
    settle()
    return [f"WO-{n}" for n in range(3)]


def done_by(monkeypatch: pytest.MonkeyPatch, what: str) -> list[Any]:
    """What is rebuilt from now on."""
    done: list[Any] = []
    real = getattr(rebuilding, what)

    def watched(tenant: str, *which: Any) -> Any:
        done.append(which[0])
        return real(tenant, *which)

    monkeypatch.setattr(rebuilding, what, watched)
    return done


def test_it_says_what_was_not_right(verb: Verb, orders: list[str]) -> None:
    right = "3 orders and 3 days were computed again; 0 sums, 0 rollups and 0 issues were not right."
    first = verb()
    assert (first.exit_code, right in first.output.replace("\n", " ")) == (0, True)
    assert not list(places.KEPT.glob("*"))


@pytest.mark.parametrize("broken", ["rebuild_order", "rebuild_day"])
def test_an_interrupted_run_goes_on_where_it_was(
    verb: Verb, orders: list[str], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    real, calls = getattr(rebuilding, broken), []

    def breaks(*asked: Any) -> Any:
        calls.append(asked)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*asked)

    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, broken, breaks)
        stopped = verb()
    assert (stopped.exit_code, "goes on from there" in stopped.output) == (130, True)

    again, days = done_by(monkeypatch, "rebuild_order"), done_by(monkeypatch, "rebuild_day")
    assert verb().exit_code == 0
    assert again == (orders[1:] if broken == "rebuild_order" else [])
    assert len(days) == (3 if broken == "rebuild_order" else 2)
    again.clear()
    assert verb().exit_code == 0
    assert again == orders


@pytest.mark.parametrize("more", [[*DAYS, "--again"], ["--from", "2026-01-05", "--to", "2026-01-08"]])
def test_another_rebuild_begins_anew(
    verb: Verb, orders: list[str], monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "rebuild_day", _stop)
        assert verb().exit_code == 130
    again = done_by(monkeypatch, "rebuild_order")

    assert verb(*more).exit_code == 0
    assert again == orders


def test_a_run_that_another_release_began_is_begun_anew(
    verb: Verb, orders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "rebuild_day", _stop)
        patched.setattr("infra.cli.aggregates.__version__", "0.0.1")
        assert verb().exit_code == 130
    again = done_by(monkeypatch, "rebuild_order")

    assert verb().exit_code == 0
    assert again == orders


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def test_days_in_the_wrong_order_and_unknown_tenants_are_refused(verb: Verb) -> None:
    assert isinstance(verb("--from", "2026-01-05", "--to", "2026-01-04").exception, Problem)
    assert isinstance(verb(*DAYS, "--tenant", "nobody").exception, Problem)
    assert verb("--from", "monday", "--to", "2026-01-04").exit_code == 2


def test_an_issue_that_a_day_forgot_comes_back(verb: Verb, plant: Plant, orders: list[str]) -> None:
    path = "/metrics/daily?from=2026-01-05&to=2026-01-05"
    (day,) = plant.planner.get(path).items
    issue_days.put(DEFAULT_TENANT, _without_issues())
    assert plant.planner.get(path).items[0]["issues"]["reported"] == 0

    assert "0 sums, 0 rollups and 1 issues were not right." in verb().output.replace("\n", " ")
    assert plant.planner.get(path).items[0]["issues"] == day["issues"]


def _without_issues() -> IssuesOfDay:
    kept = issue_days.of_day(DEFAULT_TENANT, date(2026, 1, 5))
    return IssuesOfDay(kept.day, made_at=kept.made_at, revision=kept.revision + 1)
