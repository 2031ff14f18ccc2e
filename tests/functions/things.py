"""Whose a thing is that a path names, and the ids of somebody's things."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tests.floor import Person

PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple battery horse"
PIN = "2580"
NO_ID = "01HZZZZZZZZZZZZZZZZZZZZZZZ"


class Whose(StrEnum):
    """Whose the thing is that a path names; `beside mine` is another's stage in an order where one has a stage too.

    `left by me` is another's where one was at work before, until the server closed one's session.
    """

    NO_THING = "nothing"
    MINE = "mine"
    BESIDE = "beside mine"
    LEFT = "left by me"
    OTHERS = "another's"
    NOBODYS = "nobody's"


@dataclass(frozen=True)
class Reach:
    """Whose things a door may be asked for, and which of them are not there: for workers, for all."""

    asked: tuple[Whose, ...]
    from_workers: frozenset[Whose] = frozenset()
    from_all: frozenset[Whose] = frozenset({Whose.NOBODYS})


THREE = (Whose.MINE, Whose.OTHERS, Whose.NOBODYS)
NOTHING = Reach((Whose.NO_THING,))
PLANTS = Reach(THREE)
OWN = Reach(THREE, from_all=frozenset({Whose.OTHERS, Whose.NOBODYS}))
PEOPLE = Reach(THREE, from_workers=frozenset({Whose.OTHERS}))
ORDERS = Reach((*THREE, Whose.LEFT), from_workers=frozenset({Whose.OTHERS, Whose.LEFT}))
STAGES = Reach((*ORDERS.asked, Whose.BESIDE), from_workers=ORDERS.from_workers | {Whose.BESIDE})


@dataclass(frozen=True)
class Things:
    """What is somebody's: two stages of an order, one at rest and one they are at work on, an issue, and so on.

    `session_id` was booked at rest; nobody is assigned to `stopped`, an order that is held, nor to its stage `over`,
    which was skipped.
    """

    owner: Person
    order_id: str
    resting: str
    busy: str
    session_id: str
    stopped: str
    over: str
    issue_id: str
    attachment_id: str
    machine_id: str
    key_id: str
    product_code: str
    device_id: str
    user_id: str
    refresh_token: str
    webhook_id: str
    delivery_id: str
    message_id: str
    screen_id: str
    terminal_id: str
    terminal_key: str

    @property
    def private(self) -> set[str]:
        """The ids that are told to whoever may see these things, and to no other worker."""
        return {
            self.resting,
            self.busy,
            self.session_id,
            self.issue_id,
            self.attachment_id,
            self.device_id,
            self.user_id,
        }

    def nowhere(self, *, in_order: bool) -> "Things":
        """The same ids as nobody's: of no order at all, or of no stage and issue in this order."""
        order_id = self.order_id if in_order else NO_ID
        return replace(
            self,
            order_id=order_id,
            resting=f"{order_id}-91",
            busy=f"{order_id}-92",
            session_id=NO_ID,
            stopped=order_id,
            over=f"{order_id}-93",
            issue_id=f"{order_id}-i{NO_ID}",
            attachment_id=NO_ID,
            machine_id=NO_ID,
            key_id=NO_ID,
            product_code=NO_ID,
            device_id=NO_ID,
            user_id=NO_ID,
            webhook_id=NO_ID,
            delivery_id=NO_ID,
            message_id=f"2026-01-05-{NO_ID}",
            screen_id=NO_ID,
            terminal_id=NO_ID,
        )
