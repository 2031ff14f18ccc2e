"""Scanning: what a code on a label may name, and which of what was found it does name to the caller."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.text import alike, folded, forms

# A link on a label: https://<host>/o/{id} is an order, /s/{id} a stage, /m/{id} a machine. Any host will do, because
# the id is looked for in the caller's own plant.
_LINK = re.compile(r"https?://[^/\s]+/(?:[^?\s]*/)?([osm])/([A-Za-z0-9_-]{1,128})/?", re.IGNORECASE)
_STAGE = re.compile(r"(.+)-([0-9]{2,3})")


class NothingScanned(NotFound):
    """The code names nothing, or nothing that the caller may see."""

    code = "ERR_SCAN_NOT_FOUND"
    title = "Nothing has this code"


@dataclass(frozen=True)
class Sought:
    """What a code may name: an order by `order` (id, number or lot), a `stage` of an order, a `machine`.

    With `exact` the code is a link: it holds an id, written as it is.
    """

    order: str | None = None
    stage: tuple[str, int] | None = None
    machine: str | None = None
    exact: bool = False

    @property
    def order_ids(self) -> list[str]:
        """The ids that the wanted order, or the order of the wanted stage, may have."""
        return [each for name in self._orders for each in self._written(name)]

    @property
    def numbers(self) -> list[str]:
        """The numbers that such an order may have."""
        return [] if self.exact else self._orders

    @property
    def lot(self) -> str | None:
        """The lot that the wanted orders may have."""
        return None if self.exact else self.order

    @property
    def machine_ids(self) -> list[str]:
        """The ids that the wanted machine may have."""
        return self._written(self.machine) if self.machine else []

    def names_order(self, order: Order) -> bool:
        """Whether this order is wanted itself."""
        if self.order is None:
            return False
        by_text = not self.exact and (alike(self.order, order.number) or alike(self.order, order.lot_no))
        return by_text or order.id in self._written(self.order)

    def stage_of(self, order: Order) -> Stage | None:
        """The stage of this order that is wanted; None if it is none of them."""
        name, position = self.stage or ("", 0)
        wanted = order.id in self._written(name) or (not self.exact and alike(name, order.number))
        return next((stage for stage in order.stages if wanted and stage.position == position), None)

    @property
    def _orders(self) -> list[str]:
        return [name for name in (self.order, self.stage[0] if self.stage else None) if name]

    def _written(self, identity: str) -> list[str]:
        """The ways in which an id may be written. Some scanners know only capitals."""
        return [identity] if self.exact else list(dict.fromkeys([*forms(identity), folded(identity)]))


@dataclass(frozen=True)
class FoundStage:
    """A stage that a code names, and its order."""

    order: Order
    stage: Stage


Found = FoundStage | Order | Machine


def sought(code: str) -> Sought:
    """What a code may name."""
    link = _LINK.fullmatch(code)
    if link is None:
        return Sought(order=code, stage=_stage_in(code), machine=code)
    kind, identity = link[1].lower(), link[2]
    if kind == "s":
        return Sought(stage=_stage_in(identity), exact=True)
    return Sought(order=identity, exact=True) if kind == "o" else Sought(machine=identity, exact=True)


def named(wanted: Sought, orders: Sequence[Order], machines: Iterable[Machine], actor: Actor) -> list[Found]:
    """What is named and open to the actor: stages first, then machines, then orders, those that go on before others."""
    stages = ((order, wanted.stage_of(order)) for order in orders)
    theirs = [FoundStage(order, stage) for order, stage in stages if stage and stage.open_to(actor)]
    seen = (order for order in orders if any(stage.open_to(actor) for stage in order.stages))
    return [*theirs, *machines, *sorted(filter(wanted.names_order, seen), key=_urgency)]


def _urgency(order: Order) -> tuple[bool, datetime, str]:
    return order.status.closed, order.planned_end, order.id


def _stage_in(code: str) -> tuple[str, int] | None:
    match = _STAGE.fullmatch(code)
    return (match[1], int(match[2])) if match else None
