"""Scanning: what a code on a label names."""

from dataclasses import dataclass

from chalicelib.domain.floor import scanning
from chalicelib.domain.floor.scanning import Found, NothingScanned, Sought, sought
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.text import alike
from chalicelib.services.floor.stages import LONGEST_OWN_PAGE, StageFilters, page
from chalicelib.storage.machines import machines
from chalicelib.storage.orders import work_orders

MOST_FOUND = 10


@dataclass(frozen=True)
class Scanned:
    """What a code names, at most ten things. With `more` it names others too."""

    found: list[Found]
    more: bool


def scan(actor: Actor, code: str) -> Scanned:
    """Find what a code names, among what the actor may see: an order, its stage or a machine. Raises NothingScanned.

    A link costs one request for a machine, two for an order or a stage. Any other code costs four, one more if it has
    small letters, and one for each 100 stages of the orders that it may name. A lot of more orders than are shown
    costs a worker two more.
    """
    wanted = sought(code)
    found = scanning.named(
        wanted,
        work_orders.load_all(actor.tenant, _order_ids(actor, wanted)),
        machines.find_all(actor.tenant, wanted.machine_ids).values() if wanted.machine else (),
        actor,
    )
    if not found:
        raise NothingScanned(say("Check whether it is a label of this plant; a worker finds only what is theirs."))
    return Scanned(found[:MOST_FOUND], len(found) > MOST_FOUND)


def _order_ids(actor: Actor, wanted: Sought) -> list[str]:
    """The ids of the orders that may be wanted, each once."""
    numbered = work_orders.find_numbers(actor.tenant, wanted.numbers) if wanted.numbers else []
    of_lot = _of_lot(actor, wanted.lot) if wanted.lot else []
    return list(dict.fromkeys([*wanted.order_ids, *numbered, *of_lot]))


def _of_lot(actor: Actor, lot: str) -> list[str]:
    """The ids of the newest orders of a lot. If there are more, a worker's own come first: theirs may be older ones."""
    newest = work_orders.of_lot(actor.tenant, lot, limit=MOST_FOUND + 1)
    if actor.plans or len(newest) <= MOST_FOUND:
        return newest
    own = page(actor, StageFilters(mine=True), limit=LONGEST_OWN_PAGE, cursor=None).items
    return [*(order.id for order, _ in own if alike(lot, order.lot_no)), *newest]
