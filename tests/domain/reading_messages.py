"""Messages of one machine for tests, and the results of their check."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.messages import Checked, check, unfold
from chalicelib.domain.machines.readings import Reading, distinct, series_of
from chalicelib.domain.machines.sensors import Sensor
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS

NOW = HOUR + timedelta(minutes=1)
AT = "2026-01-05T10:00:00.250Z"
GOOD = {"type": "temperature", "value": 81.5, "at": AT, "sensor": "spindle", "seq": 1041}
M1 = Machine("M1", "Press 1", created_at=HOUR)
READ = Reading("M1", "spindle", "temperature", HOUR_BEGINS + 250_000, 81.5, 1041)


def checked(**changes: object) -> Checked:
    """The verdict on one reading that is good but for the changes; a change to `...` takes the field away."""
    part = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    return check(unfold({"machine_id": "M1", "readings": [part]}), M1, NOW)


def with_sensor(kind: str, low: float | None, high: float | None) -> Machine:
    return replace(M1, sensors=(Sensor("spindle", kind, low, high),))


def code_of(verdict: Checked) -> tuple[str, str]:
    """The one problem of a verdict that has no good reading, as (field, code)."""
    assert verdict.readings == ()
    (problem,) = verdict.problems
    assert problem.message
    return problem.field, problem.code


def told_apart(sent: list[Reading]) -> tuple[list[Reading], int]:
    """The readings that count, of all series, and the number of dropped values."""
    each = [distinct(series) for series in series_of(sent)]
    return [reading for kept, _ in each for reading in kept], sum(conflicts for _, conflicts in each)
