"""A table in memory that counts units, and gives its answers again; for a process that knows no other file of Takip."""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from typing import Any

from moto.core.botocore_stubber import BotocoreStubber


class Table:
    """The table in memory. It counts the units of what is read and written, by kind; it can give answers again."""

    def __init__(self, capacity: Any) -> None:
        self._capacity = capacity
        self.units: Counter[str] = Counter()
        self._answer = BotocoreStubber.process_request
        self._items: dict[str, Any] = {}
        self._recorded: dict[tuple[str, bytes], list[Any]] = {}
        self._given: dict[tuple[str, bytes], Any] | None = None

    def answer(self, stubber: BotocoreStubber, request: Any) -> Any:
        """Answer a request of AWS's client, in place of the network."""
        target = request.headers.get("X-Amz-Target", "")
        asked = (target.decode() if isinstance(target, bytes) else target), request.body
        if self._given is not None:
            return next(self._given[asked]) if asked in self._given else (200, {}, b"{}")
        answer = self._answer(stubber, request)
        self._recorded.setdefault(asked, []).append(answer)
        operation = asked[0].partition(".")[2]
        if "DynamoDB" in asked[0] and answer:
            self._count(operation, json.loads(request.body), json.loads(answer[2]))
        return answer

    def seconds_of(self, act: Callable[[], object], rounds: int) -> float:
        """The CPU seconds of something, without the table: it is done once, and then again with the same answers."""
        self._recorded = {}
        act()
        seconds = []
        for _ in range(rounds):
            self._given = {asked: cycle(answers) for asked, answers in self._recorded.items()}
            seconds.append(self.cpu_seconds(act))
        self._given = None
        return statistics.median(seconds)

    @staticmethod
    def cpu_seconds(act: Callable[[], object]) -> float:
        """The CPU seconds of something."""
        began = time.process_time()
        act()
        return time.process_time() - began

    def _count(self, operation: str, asked: Any, answer: Any) -> None:
        if operation == "PutItem":
            self._write(asked["Item"], None)
        elif operation == "BatchWriteItem":
            for action in (each for actions in asked["RequestItems"].values() for each in actions):
                self._write(action.get("PutRequest", {}).get("Item"), action.get("DeleteRequest", {}).get("Key"))
        elif operation == "TransactWriteItems":
            for action in asked["TransactItems"]:
                self._write(action.get("Put", {}).get("Item"), action.get("Delete", {}).get("Key"), transaction=True)
        elif operation == "Query":
            size = sum(self._capacity.item_size(item) for item in answer["Items"])
            self.units["reads"] += self._capacity.read_units(size, consistent=asked.get("ConsistentRead", False))

    def _write(self, item: Any, key: Any, *, transaction: bool = False) -> None:
        named = item or key
        place = f"{named['PK']}{named['SK']}"
        before: Any = self._items.get(place)
        kind = (item or before)["kind"]["S"]
        self.units[f"{kind}s"] += self._capacity.write_units(before, item, transaction=transaction)
        self._items[place] = item


def in_place_of_the_network(table: Table) -> Callable[[Any, Any], Any]:
    """The table's answers as a method of moto's class, whose objects come first."""

    def answer(stubber: BotocoreStubber, request: Any) -> Any:
        return table.answer(stubber, request)

    return answer
