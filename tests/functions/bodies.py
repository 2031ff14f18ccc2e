"""Bodies with which doors open to whoever may come in, for tests of access."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from tests.floor import MINUTE, MORNING, Person
from tests.functions.things import NO_ID, PASSWORD, PIN, Things

Body = Callable[[Person, Things], dict[str, Any]]


def sign_in(person: Person) -> dict[str, str]:
    assert person.user is not None
    return {"tenant": person.tenant, "username": person.user.username, "password": PASSWORD}


def at_terminal(_caller: Person, things: Things) -> dict[str, Any]:
    assert things.owner.user is not None
    return {"key": things.terminal_key, "username": things.owner.user.username, "pin": PIN}


def for_owner(caller: Person, things: Things) -> dict[str, Any]:
    """Workers act for themselves; who plans acts for whoever is at work."""
    plans = caller.user is not None and caller.actor.plans
    return {"worker_id": things.owner.id} if plans else {}


def made(caller: Person, things: Things) -> dict[str, Any]:
    return {"good": 1, **for_owner(caller, things)}


def worked(caller: Person, things: Things) -> dict[str, Any]:
    times = {"started_at": (MORNING + 10 * MINUTE).isoformat(), "ended_at": (MORNING + 20 * MINUTE).isoformat()}
    return {**times, **made(caller, things)}


def always(**fields: Any) -> Body:
    return lambda _caller, _things: dict(fields)


def offline(_caller: Person, things: Things) -> dict[str, Any]:
    return {"commands": [{"id": "c1", "command": "start", "target": things.resting, "at": MORNING.isoformat()}]}


def answered(caller: Person, _things: Things) -> dict[str, Any]:
    """Who plans answers any issue; workers take back what they reported."""
    plans = caller.user is not None and caller.actor.plans
    return {"status": "ack"} if plans else {"status": "resolved", "cause": "withdrawn"}


def newest_notification(caller: Person, _things: Things) -> dict[str, Any]:
    """The newest of the caller's notifications; where they may not read them, any."""
    read = caller.get("/notifications")
    return {"up_to": read.items[0]["id"] if read.status == HTTPStatus.OK and read.items else NO_ID}


def stopped(_caller: Person, _things: Things) -> dict[str, Any]:
    times = {"started_at": MORNING.isoformat(), "ended_at": (MORNING + MINUTE).isoformat()}
    return {**times, "reason": "material"}


empty = always()
because = always(reason="no drawing")
