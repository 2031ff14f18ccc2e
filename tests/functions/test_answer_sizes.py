"""How large answers can be: a refusal not much larger than its request, and every answer small enough for Lambda."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.storage import table
from chalicelib.storage.items import Item
from chalicelib.storage.keys import andon
from chalicelib.storage.keys import machines as machine_keys
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.keys import planning as route_keys
from functions._rules import OLD_RULES, RULES, WRITES, Rule
from tests.floor import MORNING, Person, Plant, Reply, new_order
from tests.functions.access import conditions
from tests.sampling import sampled

REFUSED_BEYOND = 16 * 1024
MOST = 5_000_000
LONG = "🏭" * 200
LONGER = "🏭" * 4_000
ID = "x" * 3_000
ANYTHING = {"stage_id": "WO-1-01", "order_id": "WO-1", "product_code": "default"}


def size(reply: Reply) -> int:
    return len(json.dumps(reply.body, ensure_ascii=False).encode())


def path_of(rule: Rule, **ids: str) -> str:
    names = [part[1:-1] for part in rule.path.split("/") if part.startswith("{")]
    return rule.path.format(**{name: ids.get(name, "x") for name in names})


def bodies(rule: Rule) -> Iterator[bytes]:
    """Bodies that are wrong in as many places as fit: unknown names, and wrong values in every list."""
    yield json.dumps({f"k{n}": 0 for n in range(20_000)}).encode()
    yield json.dumps({"k" * 200_000: 0}).encode()
    yield json.dumps({f"\u0001{n}" * 100: 0 for n in range(200)}).encode()
    for field in rule.body.model_fields:
        yield json.dumps({field: [{}] * 10_000}).encode()
        yield json.dumps({field: "ğ" * 30_000}, ensure_ascii=False).encode()
        yield json.dumps({field: [{f"k{n}": 0 for n in range(1_000)}] * 10}).encode()


def attacks(rule: Rule) -> Iterator[tuple[str, bytes | None, dict[str, str]]]:
    """Requests that are to be refused: path, body and headers."""
    path, headers = path_of(rule, **ANYTHING), conditions(rule)
    for query in ("&".join(f"k{n}=" for n in range(3_000)), "limit=" + "1" * 9_000, "&".join(["dry_run=1"] * 1_000)):
        yield f"{path}?{query}", None, headers
    for short in ("&".join(f"{n}%01=" for n in range(600)), "k=" + "%00" * 3_900, "cursor=" + "x" * 3_900):
        yield f"{path}?{short}", None, headers
    yield path_of(rule, **dict.fromkeys(("stage_id", "order_id", "machine_id", "user_id"), ID)), None, headers
    for name in ("Idempotency_Key", "If_Match", "Authorization", "X_Request_Id"):
        yield path, None, headers | {name: "9," * 4_000}
    if rule.method in WRITES:
        yield from ((path, body, headers) for body in bodies(rule))


def wrong_in(rule: Rule, who: Person, number: int) -> Iterator[str]:
    for path, body, headers in sampled(attacks(rule), 24, number):
        reply = who.call(rule.method, path, body, **headers)
        sent = len(path) + len(body or b"") + sum(map(len, headers.values()))
        if reply.status >= 400 and size(reply) > sent + REFUSED_BEYOND:
            yield f"{rule.name}: {sent} bytes are refused ({reply.status}) in {size(reply)}: {path[:80]}"
        if reply.status >= 500 or size(reply) > MOST:
            yield f"{rule.name}: {reply.status} in {size(reply)} bytes to {path[:80]}"


@pytest.mark.parametrize("who", ["admin", "stranger"])
def test_what_is_refused_is_refused_in_few_words(plant: Plant, who: str) -> None:
    plant.order(id="WO-1")

    assert [
        wrong for n, rule in enumerate((*RULES, *OLD_RULES)) for wrong in wrong_in(rule, plant.everybody()[who], n)
    ] == []


def test_twenty_errors_are_told_and_the_rest_counted(plant: Plant) -> None:
    refused = plant.planner.post("/workorders", {f"k{n}": 0 for n in range(100)})
    few = plant.planner.post("/workorders", new_order(quantity=0))

    assert (len(refused.error["errors"]), refused.error["errors_count"]) == (20, 100 + 4)
    assert "errors_count" not in few.error


def test_what_is_quoted_from_a_request_is_cut(plant: Plant) -> None:
    (error,) = plant.planner.post("/workorders", new_order(**{"k" * 500: 0})).error["errors"]
    (item,) = plant.worker.post("/sync/commands", {"commands": [{"id": "1", "command": "x" * 9_000}]}).items

    assert error["field"] == "k" * 99 + "…"
    assert len(item["error"]["detail"]) <= 500


@pytest.mark.parametrize("length", [3_999, 4_000])
def test_a_query_string_has_an_end(plant: Plant, length: int) -> None:
    refused = plant.planner.get(f"/machines?k={'%C4%9F' * length}")

    assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert ("errors" in refused.error) is (length == 3_999)


def test_a_message_full_of_wrong_readings_is_answered_in_few_words(floor: Plant) -> None:
    good, wrong = {"type": "temperature", "value": 20, "at": MORNING.isoformat()}, {"sensor": "?", "seq": "?"}
    sent = floor.planner.post("/machines/M1/readings", {"readings": [good, *[wrong] * 900]})

    assert (sent.status, sent.data["quarantined"], len(sent.data["errors"])) == (202, 900, 20)
    assert sent.data["errors_count"] > 900
    assert size(sent) < REFUSED_BEYOND


def test_a_whole_batch_of_mistakes_is_answered(plant: Plant) -> None:
    wrong = {f"k{n}": 0 for n in range(60)}
    rows = [wrong | {"stages": [wrong]}] * 200
    commands = [{"id": "x" * 100, "target": "x" * 200, "payload": wrong, "k" * 200: 0, **wrong}] * 100

    for path, body in (("/workorders/import", {"rows": rows}), ("/sync/commands", {"commands": commands})):
        reply = plant.planner.post(path, body)
        assert reply.status == 200
        assert len(reply.items) in (100, 200)
        assert size(reply) < MOST


def copies(found: list[Item], count: int, **fields: str) -> None:
    """Put the last of these items into the table so many times, each under another key."""
    each = found[-1]
    for n in range(count):
        names = {name: f"{getattr(each, name)}{n:03d}" for name in ("SK", "GSI1SK", "GSI2SK") if getattr(each, name)}
        table.put(Item(**{**each.attribute_values, **names, **fields}))


def everything_of(person: Person, path: str) -> list[Any]:
    """All items of a list in its largest pages, none of which may be too large."""
    shown, more = [], ""
    while True:
        reply = person.get(f"{path}limit=100{more}")
        assert size(reply) < MOST
        shown += reply.items
        if "next_cursor" not in reply.data:
            return shown
        more = f"&cursor={reply.data['next_cursor']}"


@pytest.mark.parametrize(
    "lists",
    [
        {"sensors": [{"sensor": f"{n:064d}", "type": "power", "min": -1.5e300, "max": 1.5e300} for n in range(100)]},
        {"tags": [{"tag": f"{n}", "type": "power"} for n in range(500)]},  # shown with much that is not stored
    ],
    ids=["sensors", "tags"],
)
def test_the_largest_machines_are_listed_in_pages_that_fit(plant: Plant, lists: dict[str, Any]) -> None:
    assert plant.planner.post("/machines", {"id": "M1", "name": LONG} | lists).status == 201
    copies(list(table.query(machine_keys.machines("default"))), 100)

    assert len(everything_of(plant.planner, "/machines?")) == 101


def test_the_longest_routes_are_listed_in_pages_that_fit(plant: Plant) -> None:
    assert plant.planner.put("/routes/default", {"stages": [{"name": LONG}] * 40}).status == 200
    copies(list(table.query(route_keys.routes("default"))), 110)

    assert len(everything_of(plant.planner, "/routes?")) == 111


def test_the_longest_issues_and_their_history_are_listed_in_pages_that_fit(plant: Plant) -> None:
    stage = plant.order(id="WO-1")["stages"][0]["id"]
    issue = {"type": "quality", "description": LONGER}
    reported = plant.worker.post(f"/stages/{stage}/issue", issue).data["id"]
    assert plant.planner.patch(f"/issues/{reported}", {"action": LONGER, "cause": LONG}).status == 200
    partition = keys.order("default", "WO-1").pk
    copies(list(table.query(partition, andon.ISSUE_PREFIX)), 150)
    copies(list(table.query(partition, keys.COMMAND_PREFIX)), 250)

    assert len(everything_of(plant.planner, f"/stages/{stage}/issues?")) == 151
    assert len(everything_of(plant.planner, "/workorders/WO-1/history?")) == 253


def test_the_largest_stages_are_listed_in_pages_that_fit(plant: Plant) -> None:
    names = {"number": LONG, "lot_no": LONG, "product_code": LONG}
    plant.order(*[{"name": LONG, "assignee_ids": [plant.worker.id]}] * 40, id="WO-1", **names)
    plant.planner.post("/workorders/WO-1/hold", {"reason": LONG})

    assert len(everything_of(plant.planner, "/stages?")) == 40
    assert len(everything_of(plant.worker, "/stages?")) == 40
    assert size(plant.planner.get("/workorders/WO-1")) < MOST
