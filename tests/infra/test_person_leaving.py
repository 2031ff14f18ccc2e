"""`takip.py admin export-person`, `erase-person` and `audit`: whoever leaves is named nowhere, and their work stays."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chalicelib import remembered
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.leaving import people
from infra.aws import Aws
from infra.cli import commands, leaving_people
from infra.problem import Problem
from tests.administering import in_this_process
from tests.conftest import SetClock
from tests.floor import Plant, new_order
from tests.functions.two_tenants import House
from tests.leaving import furnished, stored
from tests.machines import standing

Verb = Callable[..., Result]
SAID = "WORKER OF ACME did it"


@pytest.fixture
def verb(plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verbs of `takip.py admin`, which ask in this process, on the table of the tests."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(leaving_people, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments, **more: CliRunner().invoke(commands.takip, ["admin", *arguments], **more)


def problem(result: Result) -> str:
    assert isinstance(result.exception, Problem), result.output
    return str(result.exception)


def written_everywhere(acme: House) -> None:
    """Write the worker's name wherever people may write sentences, or names for things of theirs."""
    planner, things = acme.planner, acme.things
    order = planner.post("/workorders", new_order(note=SAID)).data
    stage = order["stages"][0]["id"]
    done = [
        planner.post(f"/workorders/{order['id']}/hold", {"reason": SAID}),
        planner.post(f"/workorders/{order['id']}/release", {"reason": SAID}),
        acme.worker.post(f"/stages/{things.busy}/issue", {"type": "quality", "description": SAID}, key="k"),
        planner.patch(f"/issues/{things.issue_id}", {"note": SAID, "cause": SAID, "action": SAID}),
        planner.post(f"/stages/{stage}/skip", {"reason": SAID}),
        planner.post(f"/stages/{things.resting}/sessions/{things.session_id}/correct", {"void": True, "reason": SAID}),
        planner.post("/products", {"product_code": "N", "name": "Nut", "note": SAID}),
        planner.patch("/products/N", {"note": f"{SAID}!"}, If_Match="*"),
        planner.patch("/products/N", {"moulds": [{"code": "K", "name": "Twin", "note": SAID}]}, If_Match="*"),
        planner.post("/terminals", {"name": SAID}),
        planner.post("/screens", {"name": SAID}),
        planner.post(f"/machines/{things.machine_id}/keys", {"name": SAID}),
        acme.admin.post("/webhooks", {"url": "https://a.example.com/", "description": SAID}),
        acme.admin.patch(
            f"/auth/users/{acme.worker.id}",
            {"full_name": "Worker of Acme", "email": "w@acme.example", "phone": "0555 0171"},
        ),
        acme.worker.post(
            f"/issues/{things.issue_id}/attachments",
            {"name": f"{SAID}.jpg", "content_type": "image/jpeg", "size_bytes": 10},
        ),
    ]
    assert [(n, each.status, each.body) for n, each in enumerate(done) if each.status >= 300] == []


def test_whoever_is_erased_is_named_nowhere_and_their_work_stays(
    verb: Verb, plant: Plant, set_clock: SetClock, tmp_path: Path
) -> None:
    acme = furnished(plant.client, "acme", set_clock)
    written_everywhere(acme)
    person, worked = acme.worker.id, [(each.data["id"], each.data["worker_id"]) for each in standing("session")]
    others = {key: each for key, each in stored().items() if not key[0].startswith("T#acme#")}
    name = re.compile("worker of acme|w@acme|0555 0171", re.IGNORECASE)
    assert len(re.findall(name, str(stored()))) > 20
    to = tmp_path / "person.json"
    assert verb("export-person", "worker of acme", "--tenant", "acme", "--to", str(to)).exit_code == 0
    taken = json.loads(to.read_text(encoding="utf-8"))
    assert {"user", "session", "command", "issue", "device", "note", "security_event"} <= taken["items"].keys()
    assert "$2b$" not in to.read_text(encoding="utf-8")
    assert "exists already" in problem(verb("export-person", "x", "--to", str(to)))
    counted = verb("erase-person", "worker of acme", "--tenant", "acme", "--dry-run")
    assert re.search(rf"\d+ items name them: {person}", counted.output)
    assert problem(verb("erase-person", "worker of acme", "--tenant", "acme", input="w\n")) == "Nobody was erased."

    told = verb("erase-person", "worker of acme", "--tenant", "acme", input="worker of acme\n")

    assert told.exit_code == 0, told.output
    assert [each for each in stored().items() if name.search(str(each))] == []
    assert [(each.data["id"], each.data["worker_id"]) for each in standing("session")] == worked
    kept = {key: each for key, each in stored().items() if key in others}
    changed = {key[0].partition("#")[0] for key, each in others.items() if kept.get(key) != each}
    assert changed <= {"OUTBOX"}  # events that wait hold the text of an issue
    remembered.forget_records()
    shown = acme.admin.get(f"/auth/users/{person}").data
    assert (shown["full_name"], shown["active"]) == (f"Silinmiş kişi {person[-4:]}", False)
    assert acme.admin.patch(f"/auth/users/{person}", {"active": True}).status == 404
    again = {"username": "worker of acme", "password": "staple battery horse", "role": "worker"}
    assert acme.admin.post("/auth/register", again).status == 201
    assert (
        f"They were erased already: {person}."
        in verb("erase-person", person, "--tenant", "acme", input=f"{person}\n").output
    )


def test_the_last_admin_is_not_erased_and_nobody_unknown(verb: Verb, plant: Plant) -> None:
    told = problem(verb("erase-person", "ada", input="ada\n"))
    assert "This is the last active admin" in told
    assert "There is no user nobody" in problem(verb("erase-person", "nobody", input="nobody\n"))
    before = stored()
    assert "erased" in verb("erase-person", "veli", input="veli\n").output
    assert "erased" in verb("erase-person", plant.worker.id, input=f"{plant.worker.id}\n").output
    assert stored() != before


def test_what_somebody_changes_meanwhile_is_looked_at_again(
    verb: Verb, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.order(note="asked veli")
    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.services.leaving.people.schema.rewrite", lambda *_: False)
        for _ in people.erase("default", people.find("default", "veli"), ()):
            break  # it was interrupted, and the account is closed
        done = [count for _, count in people.erase("default", people.find("default", "veli"), ())]
    assert sum(done) >= people.MOST_PASSES


def test_an_audit_tells_who_and_what_may_come_in(verb: Verb, plant: Plant, set_clock: SetClock) -> None:
    tenants.create("north", DEFAULT_SETTINGS)
    acme = furnished(plant.client, "acme", set_clock)
    set_clock.forward(timedelta(hours=1))
    rows = json.loads(verb("audit", "--json").output)
    assert {row["tenant"] for row in rows} == {"default", "acme"}
    mine = {(row["what"], row["name"]): row for row in rows if row["tenant"] == "acme"}
    worker = mine["person", "worker of acme"]
    assert (worker["role"], worker["active"], worker["id"]) == ("worker", True, acme.worker.id)
    assert worker["seen"] == "2026-01-05T08:00:00.000Z"
    assert {"PIN", "badge"} <= set(worker["how"])
    assert {what for what, _ in mine} == {"person", "terminal", "screen", "machine key", "webhook"}
    shown = verb("audit", "--tenant", "acme").output
    assert ("worker of" in shown, "default" in shown) == (True, False)
