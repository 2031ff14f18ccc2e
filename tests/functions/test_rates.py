"""What bounds requests is told by `/meta`, and is what holds: limits of one request, and how many are let through."""

import json

from chalicelib.rates import ALL, RATES
from functions._rules import OLD_RULES, RULES, RowsOf
from tests.architecture.sources import PROJECT
from tests.floor import Plant, new_order
from tests.machines import READINGS, part, sent

OPEN = {(rule.method, rule.path) for rule in (*RULES, *OLD_RULES)}


def test_every_rate_is_of_an_endpoint_and_lower_than_that_of_all() -> None:
    own = [rate for rate in RATES if rate is not ALL]
    assert {(rate.method, rate.path) for rate in own} <= OPEN
    assert len({(rate.method, rate.path) for rate in own}) == len(own)
    assert all(rate.a_second < ALL.a_second and rate.at_once < ALL.at_once for rate in own)


def test_signing_in_and_every_export_have_a_rate_of_their_own() -> None:
    exports = {(rule.method, rule.path) for rule in RULES if isinstance(rule.answers, RowsOf)}
    wanted = {("POST", "/auth/login"), ("POST", "/v0/auth/login"), ("POST", "/terminals/sign-in"), *exports}
    assert exports
    assert wanted <= {(rate.method, rate.path) for rate in RATES}


def test_the_documents_tell_every_rate() -> None:
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    for rate in RATES:
        what = "all endpoints together" if rate is ALL else f"`{rate.method} {rate.path}`"
        assert f"| {what} | {rate.a_second:,} | {rate.at_once:,} |" in text


def test_what_meta_tells_is_what_is_refused_beyond(floor: Plant) -> None:
    meta = floor.worker.get("/meta").data
    limits = meta["limits"]
    assert meta["rates"][0] == {"method": "*", "path": "*", "per_second": 500, "at_once": 1000}
    assert len(meta["rates"]) == len(RATES)
    assert floor.worker.get(f"/stages?limit={limits['items_per_page']}").status == 200
    assert floor.worker.get(f"/stages?limit={limits['items_per_page'] + 1}").status == 400
    assert floor.worker.get(f"/stages?lot_no={'x' * limits['characters_per_query']}").status == 400
    unused = " " * (limits["bytes_per_body"] - len(json.dumps(new_order())) - 100)
    for more, status in (("", 422), (" " * 400, 413)):
        assert floor.planner.post("/workorders", {"note": unused + more}).status == status
    many = [part(n) for n in range(limits["readings_per_message"])]
    assert floor.planner.post(READINGS, sent(*many)).data["accepted"] == len(many)
    assert floor.planner.post(READINGS, sent(*many, part(1))).status == 422
    commands: list[dict[str, str]] = [{}] * (limits["commands_per_sync"] + 1)
    (error,) = floor.worker.post("/sync/commands", {"commands": commands}).error["errors"]
    assert error["field"] == "commands"
