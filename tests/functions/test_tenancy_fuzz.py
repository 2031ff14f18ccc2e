"""Any combination of ids, bodies, cursors and endpoints stays in the partitions of the caller's tenant."""

import base64
import json
import re
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.telling import sending
from chalicelib.storage.cursors import SEAL_BYTES
from functions._rules import RULES, Rule
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Person, Plant, Reply, new_order
from tests.functions.access import body_of, name_of, path_of
from tests.functions.bodies import sign_in
from tests.functions.things import NO_ID
from tests.functions.two_tenants import House, found, touching
from tests.machines import part, work
from tests.standing import Standing

ACME = "acme"
GUARDED = [rule for rule in RULES if rule.action is not None]
LISTS = [rule for rule in RULES if "cursor" in rule.query.model_fields]
Houses = tuple[House, House]
# What these lists are asked for so that they have two entries.
OF_TWO = {
    "/machines/{machine_id}/readings": "&from=2026-01-05T06:00:00Z&to=2026-01-05T08:00:00Z",
    "/machines/{machine_id}/metrics": "&explain=1&from=2026-01-05T06:00:00Z&to=2026-01-05T08:00:00Z",
    "/stages/{stage_id}/metrics": "&explain=1",
    "/workorders/{order_id}/metrics": "&explain=1",
    "/metrics/daily": "&group_by=stage",
    "/exports/daily": "&group_by=stage",
    "/exports/stages": "&state=active",
}


@pytest.fixture
def houses(plant: Plant, set_clock: SetClock) -> Houses:
    """Two tenants that have everything twice, and of some things the ids in common."""
    tenants.create(ACME, DEFAULT_SETTINGS)
    made = found(plant.client, DEFAULT_TENANT), found(plant.client, ACME)
    set_clock.forward(HOUR)
    for house in made:
        _give_twice(house)
        Person(plant.client, None).post("/auth/login", sign_in(house.worker))
    work()
    set_clock.forward(10 * MINUTE)
    assert sending.sweep(lambda: MINUTE).failed == 0
    return made


def _give_twice(house: House) -> None:
    """Fill every list of a tenant with two, under ids that the other tenant has too."""
    planner, worker, common = house.planner, house.worker, {"id": "M1", "name": "Press"}
    order = new_order(id="WO-1", stages=[{"name": "a", "assignee_ids": [worker.id]}])
    sent = [part(at=f"2026-01-05T0{hour}:10:00Z") for hour in (6, 7)]
    states = zip(("06:10", "06:20", "06:30", "06:40"), ("idle", "producing") * 2, strict=True)
    sent += [part(word, f"2026-01-05T{at}:00Z", type="state") for at, word in states]
    done = [planner.post("/machines", common), planner.post("/workorders", order)]
    done.append(planner.put("/routes/P-1", {"stages": [{"name": "a"}]}))
    done += [planner.post("/products", {"product_code": code, "name": "Cap"}) for code in ("P-1", "P-2")]
    for hour in (6, 7):
        times = dict.fromkeys(("started_at", "ended_at"), f"2026-01-05T0{hour}:10:00Z")
        done.append(planner.post("/stages/WO-1-01/sessions", times | {"worker_id": worker.id}))
    for kind in ("quality", "safety"):
        done.append(planner.post("/terminals", {"name": kind}))
        done.append(planner.post("/screens", {"name": kind, "line": kind}))
        done.append(planner.patch("/machines/M1", {"location": kind}, If_Match="*"))
        done.append(planner.patch("/products/P-1", {"note": kind}, If_Match="*"))
        done.append(planner.post("/machines/M1/keys", {"name": kind}))
        done.append(worker.post("/stages/WO-1-01/issue", {"type": kind, "description": "Scratches"}))
        done.append(worker.post("/machines/M1/issue", {"type": kind, "description": "It rattles"}))
        done.append(worker.patch(f"/issues/{first_issue(house)}", {"note": kind}))
        bad = part(value=f"not a number: {kind}")
        done.append(planner.post("/machines/M1/readings", {"readings": [*sent, bad]}))
    done.append(house.admin.post("/webhooks", {"url": "https://hooks.example.com/"}))
    done.append(house.admin.post(f"/webhooks/{house.things.webhook_id}/ping"))
    assert {reply.status for reply in done} <= {200, 201, 202}


def first_issue(house: House) -> str:
    """The id of the first issue on the stage of the tenant's worker."""
    return str(house.worker.get("/stages/WO-1-01/issues").items[0]["id"])


def first_page(house: House, rule: Rule) -> tuple[Person, str, str]:
    """Somebody who may list, the list, and where its first page of one ended."""
    role = Role.WORKER if Role.WORKER in PERMISSIONS[str(rule.action)] else Role.ADMIN
    path = path_in(house, rule)
    data = house.people[role].get(path).data
    return house.people[role], path, data.get("explanation", data)["next_cursor"]


def path_in(house: House, rule: Rule) -> str:
    """The path of a list with two entries. Only ids of issues differ from tenant to tenant."""
    ids = {"stage_id": "WO-1-01", "machine_id": "M1", "order_id": "WO-1", "issue_id": first_issue(house)}
    ids |= {"webhook_id": house.things.webhook_id, "product_code": "P-1"}
    return rule.path.format(**ids) + f"?limit=1{OF_TWO.get(rule.path, '')}"


def test_a_cursor_of_one_tenant_is_of_no_use_in_the_other(houses: Houses) -> None:
    for (own, foreign), rule in product(permutations(houses), LISTS):
        person, path, cursor = first_page(own, rule)
        assert person.user is not None
        there = path_in(foreign, rule)
        with touching() as touched:
            crossed = foreign.people[person.user.role].get(f"{there}&cursor={cursor}")
        assert (crossed.status, crossed.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR"), name_of(rule)
        assert person.get(f"{path}&cursor={cursor}").status == 200, name_of(rule)
        assert touched <= {foreign.tenant}, name_of(rule)


def test_a_cursor_that_was_made_up_shows_nothing_of_the_other_tenant(houses: Houses) -> None:
    for (own, foreign), rule in product(permutations(houses), LISTS):
        person, path, cursor = first_page(own, rule)
        raw = base64.urlsafe_b64decode(cursor + "==")
        written = raw[SEAL_BYTES:].decode().replace(f"T#{own.tenant}", f"T#{foreign.tenant}").replace("within", "in")
        written = written.replace("after", "past")
        forged = base64.urlsafe_b64encode(raw[:SEAL_BYTES] + written.encode()).decode().rstrip("=")
        reply = person.get(f"{path}&cursor={forged}")
        assert forged != cursor
        assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR"), name_of(rule)


@dataclass(frozen=True)
class Request:
    """What somebody of a tenant sends to some door; `foreign` is the other tenant."""

    own: House
    foreign: House
    person: Person
    rule: Rule
    path: str
    asked: dict[str, str]
    body: dict[str, Any] | None
    headers: dict[str, str]

    def send(self) -> Reply:
        path = f"{self.path}?{urlencode(self.asked)}" if self.asked else self.path
        return self.person.call(self.rule.method, path, self.body, **self.headers)

    @property
    def names_foreign(self) -> bool:
        """Whether the path asks for something that only the other tenant has."""
        return any(each in self.path for each in self.foreign.ids)

    def told_unasked(self, reply: Reply) -> set[str]:
        """What an answer tells of the other tenant that was not in the request."""
        sent = f"{self.path} {self.asked} {self.body} {self.headers}"
        return {each for each in self.foreign.ids if each in json.dumps(reply.body) and each not in sent}


PLACES = sorted({place for rule in RULES for place in re.findall(r"{(\w+)}", rule.path)} - {"product_code"})
PARAMETERS = ("tenant", "limit", "cursor", "assignee", "user_id", "number", "lot_no", "dry_run")
FIELDS = (
    "tenant",
    "worker_id",
    "machine_id",
    "user_ids",
    "assignee_id",
    "good",
    "reason",
    "id",
    "role",
    "active",
    "readings",
    "value",
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(["", "run", "worker", "2026-01-05T08:10:00Z"])
)


@st.composite
def requests(draw: st.DrawFn, houses: Houses) -> Request:
    """Ids of either tenant wherever an id may stand, and bodies that the door likes, or nearly."""
    own, foreign = draw(st.permutations(houses))
    common = ["WO-1", "WO-1-01", "M1", NO_ID, own.tenant, foreign.tenant]
    ids = st.sampled_from([*common, *sorted(own.ids), *sorted(foreign.ids)])
    either, some_rule = st.sampled_from([own, foreign]), st.sampled_from(GUARDED)
    person, rule = own.people[draw(st.sampled_from(list(Role)))], draw(some_rule)
    mixed = rule.path.format(**{place: draw(ids) for place in PLACES}, product_code="P-1")
    path = draw(st.sampled_from([mixed, path_of(rule, own.things), path_of(rule, foreign.things)]))
    liked = body_of(rule, person, draw(either).things)
    odd = draw(st.dictionaries(st.sampled_from(FIELDS), ids | SCALARS | st.lists(ids, max_size=2), max_size=2))
    return Request(
        own=own,
        foreign=foreign,
        person=person,
        rule=rule,
        path=path,
        asked=draw(st.just({}) | st.dictionaries(st.sampled_from(PARAMETERS), ids | st.just("1"), max_size=2)),
        body=None if liked is None else draw(st.sampled_from([liked, liked, liked | odd, odd])),
        headers=draw(st.fixed_dictionaries({}, optional={"Idempotency_Key": ids, "X_Tenant": ids})),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_asked_stays_in_the_tenant_of_whoever_asks(houses: Houses, data: st.DataObject) -> None:
    request = data.draw(requests(houses))
    standing = Standing()
    with touching() as touched:
        reply = request.send()
    standing.put_back()

    assert touched <= {request.own.tenant}
    assert request.told_unasked(reply) == set()
    assert not (request.names_foreign and reply.status < 400)
    assert reply.status < 500
