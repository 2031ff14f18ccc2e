"""The costs of operations: DynamoDB requests and units, as the emulator reports them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalicelib.services.numbers import aggregation
from chalicelib.storage.items import Item
from tests.floor import Reply


@dataclass
class Cost:
    """Requests and units, counted while something runs; and items passed over, which the emulator's units leave out."""

    requests: int = 0
    read: float = 0
    write: float = 0
    scanned: int = 0

    def row(self, operation: str) -> str:
        """The row of the document's table."""
        return f"| {operation} | {self.requests} | {self.read:g} | {self.write:g} |"


@contextmanager
def counted() -> Iterator[Cost]:
    """Count what goes to the table, and what it says it took."""
    cost = Cost()

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def add(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        cost.requests += 1
        cost.scanned += parsed.get("ScannedCount", 0)
        found = parsed.get("ConsumedCapacity") or []
        if model.name == "BatchGetItem":
            # The emulator does not report these: a consistent read of an item of up to 4 KB is one unit.
            found = {"CapacityUnits": sum(len(items) for items in parsed["Responses"].values())}
        units = sum(each["CapacityUnits"] for each in ([found] if isinstance(found, dict) else found))
        if model.name in {"GetItem", "BatchGetItem", "Query"}:
            cost.read += units
        else:
            cost.write += units

    events = Item._get_connection().connection.client.meta.events
    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", add)
    try:
        yield cost
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", add)


class Meter:
    """Operations with what each cost."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}

    def measure(self, operation: str, act: Callable[[], Any]) -> Any:
        """Do it once, and count. What failed by our fault is no operation."""
        with counted() as cost:
            result = act()
        assert not (isinstance(result, Reply) and result.status >= HTTPStatus.INTERNAL_SERVER_ERROR), result.body
        self.costs[operation] = cost
        return result


def aggregate_all() -> None:
    """Run the scheduled function's work."""
    outcome = aggregation.aggregate(lambda: timedelta(minutes=5))
    assert not outcome.failed
