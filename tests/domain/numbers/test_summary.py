"""The summary: the sessions that count as forgotten."""

from datetime import timedelta

from chalicelib.domain.numbers.summary import forgotten
from tests.domain.builders import FIRST, HOUR, MORNING, SECOND, at_work, in_progress

MILLISECOND = timedelta(milliseconds=1)
EVENING = MORNING + 12 * HOUR


def test_forgotten_is_what_has_been_open_for_longer_than_the_plant_allows_oldest_first() -> None:
    oldest, older, just = (
        at_work(name, EVENING - 2 * HOUR - n * MILLISECOND) for n, name in ((2, "a"), (1, "b"), (0, "c"))
    )
    stages = [in_progress(just, older), in_progress(oldest, position=2)]

    found = forgotten(stages, EVENING, 2 * HOUR)

    assert [(each.stage_id, each.session) for each in found] == [(SECOND, oldest), (FIRST, older)]
