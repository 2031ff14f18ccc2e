"""The costs of operations: DynamoDB requests and units, computed from the bytes of the items."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalicelib.services.numbers import aggregation, recounting
from chalicelib.storage import markers
from chalicelib.storage.items import Item
from infra.bench.metering import Meter
from tests.floor import Reply


@dataclass(frozen=True)
class Cost:
    """Requests, units and read items, counted while something ran."""

    requests: int
    read: float
    write: int
    items: int

    def row(self, operation: str) -> str:
        """The row of the document's table."""
        return f"| {operation} | {self.requests} | {self.read:g} | {self.write:g} |"


class Costs:
    """Operations with what each cost."""

    def __init__(self) -> None:
        self.of: dict[str, Cost] = {}

    def measure(self, operation: str, act: Callable[[], Any]) -> Any:
        """Do it once, and count. What failed by our fault is no operation."""
        client = Item._get_connection().connection.client
        with Meter(client).running() as meter, told_writes(client) as told:
            result = act()
        assert not (isinstance(result, Reply) and result.status >= HTTPStatus.INTERNAL_SERVER_ERROR), result.body
        # A refused write costs what it would have written; the emulator does not report it.
        assert told.refused or meter.write == told.units, f"{operation}: the emulator counts other writes"
        self.of[operation] = Cost(meter.requests, meter.read, meter.write, meter.items)
        return result


@dataclass
class Told:
    """The write units that the emulator reports, and whether it refused a write."""

    units: float = 0
    refused: bool = False


@contextmanager
def told_writes(client: Any) -> Iterator[Told]:
    """What the emulator reports of writes, from the bytes of the items too. Of reads it does not look at the bytes."""
    told = Told()

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def add(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        found = parsed.get("ConsumedCapacity", [])
        if model.name not in {"GetItem", "BatchGetItem", "Query"}:
            told.units += sum(each["CapacityUnits"] for each in ([found] if isinstance(found, dict) else found))
            told.refused |= "Error" in parsed

    client.meta.events.register("provide-client-params.dynamodb", ask)
    client.meta.events.register("after-call.dynamodb", add)
    try:
        yield told
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb", ask)
        client.meta.events.unregister("after-call.dynamodb", add)


def aggregate_all() -> None:
    """Do what the clock and the workers do: mark what became late, and do the work of the buckets with markers."""
    recounting.mark_late()
    outcome = aggregation.aggregate(lambda: timedelta(minutes=5), markers.waiting_buckets())
    assert not outcome.failed
