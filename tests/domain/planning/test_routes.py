"""The planned times of a route's stages in an order."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.planning.opening import NewOrder, open_order
from chalicelib.domain.planning.routes import Route, RouteStage
from tests.domain.builders import HOUR, MINUTE, MORNING, PELIN


@given(st.integers(1, 60 * 24 * 400), st.lists(st.booleans(), min_size=1, max_size=40))
@example(4, [False, False, False])
def test_the_stages_of_a_route_fill_the_order_to_the_millisecond(minutes: int, timed: list[bool]) -> None:
    """Cut one by one, three thirds of four minutes end 1 ms early: the last stage was late when it was done on time."""
    untimed = len(timed) - sum(timed)
    minutes += len(timed)
    stages = tuple(RouteStage(f"s{n}", Decimal(1) if has else None) for n, has in enumerate(timed))
    end = MORNING + minutes * MINUTE
    planned = Route("P-1", stages, MORNING, "pelin").planned(end - MORNING)
    order = open_order(
        NewOrder("P-1", Decimal(10), MORNING, end, "L-1", stages=planned), PELIN, "order", MORNING - HOUR
    )
    starts = [stage.planned_start for stage in order.stages]
    ends = [stage.planned_end for stage in order.stages]
    assert starts == [MORNING, *ends[:-1]]
    assert ends[-1] == (end if untimed else MORNING + len(timed) * MINUTE)
    assert all(instant.microsecond % 1000 == 0 for instant in ends)
