"""A day of a plant in a minute, done with Takip's own functions: whether they work, or those of a new release.

It is a company of its own, the tenant `probe`: nobody else sees what it does, and it sees nobody. The functions are
called as API Gateway and the queues call them. All that it writes expires (chalicelib/storage/items.py).
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus

from chalicelib import clock, ids
from chalicelib.domain.errors import TakipError
from chalicelib.domain.instants import wire
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.people.users import NewUser, Role
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.tenants import PROBE, TenantTaken
from chalicelib.outbound.own_functions import Api, Call, Unexpected, by_name, hand_over
from chalicelib.services import tenants
from chalicelib.services.people import users

MACHINE = "probe"
# The bucket of the markers of this machine of this tenant. Other machines have a part of it too.
_BUCKET = "hours-15"
_SECRET_BYTES = 24


def found_wrong(versions: Mapping[str, str]) -> str | None:
    """Do the day with these versions of functions, by their names in AWS; with what serves of those that are not named.

    Returns what was not as it should be, and None if everything was.
    """
    return found_wrong_by(by_name(versions))


def found_wrong_by(call: Call) -> str | None:
    """Do the day with functions that are called in this way. Returns what was not as it should be."""
    try:
        _day(call)
    except Unexpected as wrong:
        return str(wrong)
    except TakipError as refusal:
        return f"Nobody could be made who tries it: {refusal.title}. {refusal.detail}"
    return None


def _day(call: Call) -> None:
    """Sign in, open an order, work on it, send a reading, ask for numbers. Raises Unexpected, TakipError."""
    username, password = f"probe-{ids.new()}", ids.secret(_SECRET_BYTES).hex()
    if not tenants.is_there(PROBE):
        with suppress(TenantTaken):
            tenants.create(PROBE, TenantSettings())
    users.employ(PROBE, NewUser(username, password, role=Role.PLANNER))
    api = Api(call)
    _work(api, api.sign_in(PROBE, username, password))
    _read(api, call)


def _work(api: Api, me: str) -> None:
    now = clock.now()
    stage = {"name": "probe", "assignee_ids": [me]}
    order = {"product_code": "probe", "lot_no": "probe", "quantity": 10, "stages": [stage]}
    times = {"planned_start": wire(now), "planned_end": wire(now + timedelta(hours=1))}
    opened = api.post("/workorders", order | times)
    path = {"stage_id": opened["stages"][0]["id"]}
    api.post("/stages/{stage_id}/start", {}, path)
    api.post("/stages/{stage_id}/report", {"good": 6, "scrap": 1}, path)
    done = api.post("/stages/{stage_id}/done", {"good": 3}, path)
    _expect("the stage that was reported and done", (done["status"], done["good"], done["scrap"]), ("done", 9, 1))
    numbers = api.get("/stages/{stage_id}/metrics", path)
    _expect("the quality of that stage", numbers["metrics"]["quality"]["value"], 90)
    read = api.get("/workorders/{order_id}", {"order_id": opened["id"]})
    _expect("the order of that stage", read["status"], "done")


def _read(api: Api, call: Call) -> None:
    """Send a reading through the functions of the queues, and find it in the rollup of its hour."""
    machine = {"id": MACHINE, "name": "Probe", "sensors": [{"sensor": "probe", "type": "temperature"}]}
    api.post("/machines", machine, accepted=(HTTPStatus.CREATED, HTTPStatus.CONFLICT))
    at = clock.now()
    before = _rolled_up(api, at)
    reading = {"sensor": "probe", "type": "temperature", "value": 20.5, "at": wire(at)}
    hand_over(call, "ingest_readings", {"tenant": PROBE, "machine_id": MACHINE, "readings": [reading]})
    hand_over(call, "aggregate_bucket", {"bucket": _BUCKET})
    if _rolled_up(api, at) <= before:  # it may be more than one: two probes at once
        raise Unexpected("The reading was sent, and is not in the rollup of this hour.")


def _rolled_up(api: Api, at: datetime) -> int:
    """How many readings the rollups of the machine count in the hour of this time."""
    hour = hour_of(at)
    between = {"from": wire(hour), "to": wire(hour + timedelta(minutes=59))}
    found = api.get("/machines/{machine_id}/rollups", {"machine_id": MACHINE}, between)
    return sum(each["count"] for each in found["items"])


def _expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Unexpected(f"{found!r} was found for {what}, and {wanted!r} was expected.")
