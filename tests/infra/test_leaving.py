"""`takip.py tenant export`, `close` and `delete`: a company leaves with its data, and nothing of it is left."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result

from chalicelib import remembered, settings
from chalicelib.domain.machines.quarantine import Quarantined, codes
from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage.items import Item
from infra.administration import leaving as administration_of
from infra.aws import Aws
from infra.cli import commands, leaving
from infra.cli import tenants as tenants_verbs
from infra.leaving import live
from infra.problem import Problem
from tests.administering import in_this_process
from tests.aws_in_memory import Clients
from tests.conftest import BUCKET, SetClock
from tests.floor import Person, Plant, new_order
from tests.functions.bodies import sign_in
from tests.functions.furnishing import employ
from tests.functions.things import PIN
from tests.functions.two_tenants import found
from tests.leaving import ELSEWHERE, furnished, kinds_of_items, stored
from tests.machines import arrived, part, standing

Verb = Callable[..., Result]


@pytest.fixture
def verb(plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verbs of `takip.py tenant`, which ask in this process, on the table of the tests."""
    in_this_process(monkeypatch)
    for each in (leaving, tenants_verbs):
        monkeypatch.setattr(each, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments, **more: CliRunner().invoke(commands.takip, ["tenant", *arguments], **more)


def problem(result: Result) -> str:
    """What a verb complains about."""
    assert isinstance(result.exception, Problem), result.output
    return str(result.exception)


def keys_in(aws: Clients) -> set[str]:
    """The keys in the bucket."""
    return {each["Key"] for each in aws.s3.list_objects_v2(Bucket=BUCKET).get("Contents", ())}


def test_one_company_is_deleted_and_the_other_stays_to_the_last_byte(
    verb: Verb, plant: Plant, set_clock: SetClock, aws: Clients
) -> None:
    blue = furnished(plant.client, "blue", set_clock)
    before, files = stored(), keys_in(aws)
    acme = furnished(plant.client, "acme", set_clock)
    kept = {key: item for key, item in stored().items() if key in before}
    begun, everything = set_clock(), {item.kind for item in Item.scan()}
    # A new kind must be furnished: then it is seen whether it goes.
    assert kinds_of_items() - everything == ELSEWHERE

    told = verb("delete", "acme", "--although-in-use", input="acme\n")

    assert told.exit_code == 0, told.output
    after = stored()
    names = re.compile("|".join(map(re.escape, {"acme", *acme.ids})))
    assert [each for each in after.items() if names.search(str(each))] == []
    assert {key: item for key, item in after.items() if key in before} == kept
    assert keys_in(aws) == files
    assert set_clock() - begun > timedelta(minutes=settings.current().token_minutes)  # until no token was good
    assert "Nothing of acme is left in the table and the bucket." in told.output
    assert blue.planner.get("/workorders").status == 200
    assert "Nothing of acme is on local." in verb("delete", "acme").output


def test_whoever_is_in_a_closed_company_is_refused_until_it_is_opened_again(
    verb: Verb, plant: Plant, set_clock: SetClock
) -> None:
    tenants.create("acme", DEFAULT_SETTINGS)
    acme = found(plant.client, "acme")
    nobody, worker = Person(plant.client, None), sign_in(acme.worker)
    refresh = nobody.post("/auth/login", worker).data["refresh_token"]
    key = acme.planner.post(f"/machines/{acme.things.machine_id}/keys", {"name": "Gate"}).data["key"]
    at_terminal = {"key": acme.things.terminal_key, "username": worker["username"], "pin": PIN}
    doors: list[Callable[[], Any]] = [
        lambda: nobody.post("/auth/login", worker),
        lambda: nobody.post("/auth/refresh", {"refresh_token": refresh}),
        lambda: nobody.post("/terminals/sign-in", at_terminal),
        lambda: nobody.post("/auth/register", {**worker, "username": "new"}),
        lambda: acme.worker.get("/me/home"),
        lambda: acme.planner.post("/workorders", new_order()),
        lambda: nobody.post(f"/machines/{acme.things.machine_id}/readings", {"readings": [part()]}, X_Machine_Key=key),
    ]
    assert "takip.py tenant reopen acme --stage local" in verb("close", "acme").output
    assert [door().error["code"] for door in doors] == ["ERR_TENANT_CLOSED"] * len(doors)
    body = json.dumps({"tenant": "acme", "machine_id": acme.things.machine_id, "readings": [part()]})
    ingest(arrived(body))
    assert "closed_tenant" in {code for each in standing("quarantined") for code in codes(each.read(Quarantined))}

    verb("close", "acme")
    assert "acme (closed)" in verb("list").output
    verb("reopen", "acme")
    verb("reopen", "acme")
    remembered.forget_records()
    assert [door().status < 300 for door in (doors[0], doors[4])] == [True, True]
    kinds = [each.data["kind"] for each in standing("security_event")]
    assert (kinds.count("tenant_closed"), kinds.count("tenant_reopened")) == (1, 1)


def test_nothing_is_deleted_by_mistake(verb: Verb, plant: Plant, set_clock: SetClock) -> None:
    for wanted in ("delete", "close", "reopen"):
        assert "The default tenant always stays" in problem(verb(wanted, "default"))
    tenants.create("acme", DEFAULT_SETTINGS)
    employ(plant.client, "ali", Role.WORKER, "acme")
    assert "takip.py tenant close acme" in problem(verb("delete", "acme"))
    before = stored()
    assert problem(verb("delete", "acme", "--although-in-use", input="acne\n")) == "Nothing was deleted."
    set_clock.forward(timedelta(days=2))
    assert problem(verb("delete", "acme", input="\n")) == "Nothing was deleted."
    assert stored() == before


def test_a_machine_that_still_sends_keeps_the_tenant_closed(
    verb: Verb, plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants.create("acme", DEFAULT_SETTINGS)
    with monkeypatch.context() as patched:
        patched.setattr(administration_of, "MOST_PASSES", 0)
        told = problem(verb("delete", "acme", input="acme\n"))
    assert "machines that still send. It stays closed." in told
    assert tenants.require("acme").closed_at
    assert "Nothing of acme is left" in verb("delete", "acme", input="acme\n").output

    body = json.dumps({"tenant": "acme", "machine_id": "M", "readings": []})
    ingest(arrived(body))  # into the quarantine of no tenant
    assert len(stored()) > 4
    assert "1 items and 0 files" in verb("delete", "acme", input="acme\n").output

    def interrupted(*_: Any) -> Iterator[dict[str, Any]]:
        yield {"part": "Items"}
        raise KeyboardInterrupt

    monkeypatch.setattr(leaving, "ask", interrupted)
    told_of = verb("delete", "acme")
    assert (told_of.exit_code, "The same command goes on from there." in told_of.output) == (130, True)


def test_the_boards_that_the_broker_keeps_are_forgotten(
    table: None, monkeypatch: pytest.MonkeyPatch, plant: Plant, set_clock: SetClock
) -> None:
    published: list[dict[str, Any]] = []
    monkeypatch.setattr("infra.leaving.live.live.origin", lambda: None)
    assert live.forget_boards("default") == 0
    monkeypatch.setattr("infra.leaving.live.live.origin", lambda: "wss://live")
    monkeypatch.setattr("infra.leaving.live.removing.boards_of", lambda _tenant: ["plant"])
    monkeypatch.setattr(
        "infra.leaving.live.aws.client", lambda _service: Mock(publish=lambda **sent: published.append(sent))
    )
    assert live.forget_boards("acme") == 1
    assert published == [{"topic": "takip/acme/live/board/plant", "qos": 1, "retain": True, "payload": b""}]
