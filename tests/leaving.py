"""Two companies with everything that Takip keeps of one, and the table as it is stored."""

import ast
import json
from datetime import timedelta

from chalice.test import Client

from chalicelib import clock, settings
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.quarantine import set_aside
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import old_ids, tenants
from chalicelib.services.machines import ingest
from chalicelib.services.people import old_app
from chalicelib.storage.machines import quarantine
from infra.places import PROJECT
from tests.conftest import ENVIRONMENT, SetClock
from tests.floor import Person
from tests.functions.bodies import sign_in
from tests.functions.furnishing import ISSUE
from tests.functions.two_tenants import House, found
from tests.items_in_memory import table_in
from tests.machines import arrived, part, work
from tests.telling import handed_out, swept

STORAGE = PROJECT / "chalicelib" / "storage"
# Kinds that a furnished company lacks: all stand in a partition of their tenant, but that of the table itself.
ELSEWHERE = {"alarms", "birth", "births", "board", "hint", "metric_names", "presence", "schema"}
Stored = dict[tuple[str, str], str]


def furnished(client: Client, tenant: str, set_clock: SetClock) -> House:
    """A company with people, orders, issues, photos, machines, readings, screens, webhooks and what is made of them."""
    tenants.create(tenant, DEFAULT_SETTINGS)
    house = found(client, tenant)
    readings = [part(20.0 + n, _ago(minutes=n)) for n in range(3)]
    states = [part("idle", _ago(minutes=n), type="state") for n in (2, 1)]
    body = {"tenant": tenant, "machine_id": house.things.machine_id, "readings": [*readings, *states]}
    ingest.ingest(arrived(json.dumps(body), sent_at=clock.now()))
    machine = f"/machines/{house.things.machine_id}"
    stop = {"started_at": _ago(hours=2), "ended_at": _ago(hours=1), "reason": "material", "note": "Waited"}
    assert house.planner.post(f"{machine}/stops/explain", stop).status == 201
    assert house.planner.post(f"{machine}/issue", {"type": "tooling", "description": "Oil"}).status == 201
    _busy(house)
    set_clock.forward(timedelta(minutes=2))
    work()
    swept()
    handed_out()
    old_ids.numbers_of(tenant, "user", house.ids)
    old_app.noted(house.worker.actor)
    newest = house.worker.get("/notifications").items[0]["id"]
    assert house.worker.put("/notifications/read", {"up_to": newest}).status == 200
    # What waits stands in lists of all tenants.
    assert house.worker.post(f"/stages/{house.things.busy}/issue", ISSUE, key="once").status == 201
    stray = json.dumps({"tenant": tenant, "machine_id": "M", "readings": []})
    quarantine.write(
        None, [set_aside(stray, clock.now(), "M", [FieldError("tenant", "is not here", "unknown_tenant")])]
    )
    return house


def _busy(house: House) -> None:
    """Have people change and answer what there is."""
    planner, things, press = house.planner, house.things, f"/machines/{house.things.machine_id}"
    worker, other = f"/auth/users/{house.worker.id}", f"/auth/users/{house.planner.id}"
    done = [
        planner.patch(press, {"name": "Old press"}, If_Match="*"),
        planner.patch(f"/products/{things.product_code}", {"name": "Lid"}, If_Match="*"),
        planner.patch(f"/issues/{things.issue_id}", {"note": "Seen"}),
        house.admin.patch(f"{worker}/terminal", {"badge": f"badge of {house.tenant}"}),
        house.admin.patch(f"{other}/role", {"role": "admin"}, key="role"),
        house.admin.patch(f"{other}/role", {"role": "planner"}),
        house.worker.post(f"/stages/{things.busy}/report", {"good": 1}),
        planner.get("/board"),
    ]
    assert [each.body for each in done if each.status not in (200, 201)] == []
    nobody = Person(house.worker.client, None)
    wrong = {**sign_in(house.worker), "password": "wrong wrong"}
    assert nobody.post("/auth/login", wrong).status == 401


def _ago(**span: int) -> str:
    return (clock.now() - timedelta(**span)).isoformat()


def kinds_of_items() -> set[str]:
    """The kinds of items that storage writes by their name."""
    calls = (node for path in STORAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    made = (node for node in calls if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "item")
    named = (node.args[1] for node in made if len(node.args) > 1)
    return {str(each.value) for each in named if isinstance(each, ast.Constant)}


def stored() -> Stored:
    """Every item of the table, as text by its key."""
    items = table_in(ENVIRONMENT["AWS_DEFAULT_REGION"], settings.current().table).items
    return {
        (pk.value, sk.value): str(sorted((name, str(value.to_json())) for name, value in item.attrs.items()))
        for pk, beside in items.items()
        for sk, item in beside.items()
    }
