"""A meter on a client of DynamoDB. It counts requests, and computes their units from the bytes of the items."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.bench.capacity import WireItem, item_size, read_units, write_units

TRANSACTION = "TransactWriteItems"
WRITES = ("PutItem", "UpdateItem", "DeleteItem")

Request = Mapping[str, Any]
Place = tuple[str, str]
"""A table, and the key of an item in it, as JSON."""


class Meter:
    """What went through a client while it was metered: requests, read and write units, and items read.

    It reads the very text that is sent and received, so it does not depend on how the client or Takip parses it.
    """

    def __init__(self, client: Any) -> None:
        self.requests = 0
        self.read = 0.0
        self.write = 0
        self.items = 0
        self._client = client
        self._looked_at: list[Any] | None = None

    @contextmanager
    def running(self) -> Iterator["Meter"]:
        """Count inside this context. Each written item is read before and after; these reads are not counted."""
        events = self._client.meta.events
        events.register("before-call.dynamodb", self._before)
        events.register("after-call.dynamodb", self._after)
        try:
            yield self
        finally:
            events.unregister("before-call.dynamodb", self._before)
            events.unregister("after-call.dynamodb", self._after)

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._looked_at is None:
            context["metered"] = request = json.loads(params["body"])
            context["before"] = self._look(_written(model.name, request))

    def _after(self, http_response: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        answer = json.loads(http_response.content)
        if self._looked_at is not None:
            self._looked_at.append(answer)
            return
        self.requests += 1
        request, before = context["metered"], context["before"]
        if before:
            after = self._look(before)
            self.write += sum(
                write_units(before[place], after[place], transaction=model.name == TRANSACTION) for place in before
            )
        elif model.name == "Query":
            self._query(request, answer)
        elif model.name == "GetItem":
            self._read_each([answer.get("Item")], request)
        else:
            for table, wanted in request["RequestItems"].items():
                found = answer["Responses"].get(table, [])
                self._read_each([*found, *[None] * (len(wanted["Keys"]) - len(found))], wanted)

    def _query(self, request: Request, answer: Any) -> None:
        found = answer["Items"]
        if answer["ScannedCount"] != len(found) or "ProjectionExpression" in request:
            raise ValueError("A query with a filter or a projection passes over bytes that it does not return.")
        self.items += len(found)
        self.read += read_units(sum(map(item_size, found)), consistent=request.get("ConsistentRead", False))

    def _read_each(self, found: list[WireItem | None], how: Request) -> None:
        """Count items that are read one by one. None: there was no such item."""
        consistent = how.get("ConsistentRead", False)
        self.items += len(found)
        self.read += sum(read_units(item_size(item) if item else 0, consistent=consistent) for item in found)

    def _look(self, places: Iterable[Place]) -> dict[Place, WireItem | None]:
        """These items as they are now. None: there is no such item."""
        wanted, self._looked_at = list(places), []
        try:
            for table, key in wanted:
                self._client.get_item(TableName=table, Key=json.loads(key), ConsistentRead=True)
            return {place: answer.get("Item") for place, answer in zip(wanted, self._looked_at, strict=True)}
        finally:
            self._looked_at = None


def _written(operation: str, request: Request) -> list[Place]:
    """The items that a request writes, or checks in a transaction. None, if it only reads."""
    if operation == TRANSACTION:
        return [
            _place(action["TableName"], action) for member in request["TransactItems"] for action in member.values()
        ]
    if operation == "BatchWriteItem":
        batches = request["RequestItems"].items()
        return [_place(table, action) for table, members in batches for member in members for action in member.values()]
    return [_place(request["TableName"], request)] if operation in WRITES else []


def _place(table: str, action: Request) -> Place:
    source = action.get("Key") or action["Item"]
    return table, json.dumps({name: source[name] for name in ("PK", "SK")})
