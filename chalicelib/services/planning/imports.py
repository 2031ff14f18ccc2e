"""Imports: opening many work orders in one request, row by row."""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, InvalidFields
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.opening import NewOrder
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.planning.opening import open_work_order
from chalicelib.storage.writes import Rehearsal


class Import:
    """One import. Each row has a key of its own. In a dry run, a row is checked against the rows before it too."""

    def __init__(self, actor: Actor, request: Request, present: Callable[[Order], Any]) -> None:
        self._actor = actor
        self._request = request
        self._present = present
        self._rehearsal = Rehearsal()

    def open(self, row: int, new: NewOrder) -> Answer:
        """Open the order of a row, counted from 0. Costs and raises what `open_work_order` does."""
        return open_work_order(self._actor, new, self._request.part(row), self._present, self._rehearsal)

    def problems(self, new: NewOrder) -> list[FieldError]:
        """What is wrong with the fields of an order that is not opened. Reads what opening it would read."""
        try:
            open_work_order(self._actor, new, Request(dry_run=True), self._present)
        except InvalidFields as wrong:
            return list(wrong.errors)
        except Conflict:  # an id or a number that is taken is told when the fields are right
            pass
        return []
