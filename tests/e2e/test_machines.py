"""Machines through the queue, MQTT and HTTP, and the results of what they send."""

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from infra.mqtt import Publisher
from infra.sparkplug import Metric, encode, topic
from tests.e2e.conftest import Deployed

AT = "2026-01-05T10:{:02d}:00Z"
HOUR = "2026-01-05T10:00:00.000Z"
PATIENCE_SECONDS = 60


@pytest.fixture
def machine(deployed: Deployed) -> str:
    """A machine that nobody else uses."""
    machine_id = f"M-{uuid4().hex[:8]}"
    with deployed.http() as api:
        api.post("/machines", json={"id": machine_id, "name": "Press"}).raise_for_status()
    return machine_id


def readings(first: int, count: int) -> list[dict[str, Any]]:
    """So many readings, a minute apart."""
    return [{"type": "temperature", "value": 20.5 + n, "at": AT.format(n)} for n in range(first, first + count)]


def by_queue(deployed: Deployed, machine_id: str, parts: list[dict[str, Any]]) -> None:
    body = json.dumps({"machine_id": machine_id, "readings": parts})
    deployed.client("sqs").send_message(QueueUrl=deployed.site.queue_url, MessageBody=body)


def by_mqtt(deployed: Deployed, machine_id: str, parts: list[dict[str, Any]]) -> None:
    """Publish as a device does; that it names another machine in its message does not matter."""
    publish(deployed, own_topic(machine_id), json.dumps({"machine_id": "another", "readings": parts}))


def own_topic(machine_id: str) -> str:
    return f"takip/default/machines/{machine_id}/readings"


def publish(deployed: Deployed, place: str, payload: str | bytes) -> None:
    """Publish something on a topic, over MQTT."""
    with Publisher(deployed.aws) as publisher:
        publisher.publish(place, payload if isinstance(payload, bytes) else payload.encode())
        publisher.settle()


def by_http(deployed: Deployed, machine_id: str, parts: list[dict[str, Any]]) -> None:
    """Send as a client of the API does, whose requests have the id of the machine."""
    with deployed.http() as api:
        headers = {"X-Request-Id": machine_id}
        answer = api.post(f"/machines/{machine_id}/readings", json={"readings": parts}, headers=headers)
    assert (answer.status_code, answer.json()["data"]["accepted"]) == (202, len(parts))


def rollups(deployed: Deployed, machine_id: str) -> Any:
    """The rollups of the machine, as they stand now."""
    with deployed.http() as api:
        found = api.get(f"/machines/{machine_id}/rollups", params={"from": HOUR, "to": AT.format(59)})
    return found.raise_for_status().json()["data"]["items"]


def counted(deployed: Deployed, machine_id: str) -> list[tuple[str, int]]:
    """The hours of the machine with the number of their readings, as they stand now."""
    return [(each["hour"], each["count"]) for each in rollups(deployed, machine_id)]


def until(expected: Any, asked: Callable[[], Any]) -> None:
    """Ask until the answer is as expected, for as long as the queue and the schedule may take."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := asked()) != expected and time.monotonic() < deadline:
        time.sleep(0.5)
    assert answer == expected


@pytest.mark.parametrize("send", [by_queue, by_mqtt, by_http])
def test_what_a_machine_sends_twice_counts_once(deployed: Deployed, machine: str, send: Callable[..., None]) -> None:
    send(deployed, machine, readings(10, 20))
    send(deployed, machine, readings(0, 15))

    def rolled_up() -> list[tuple[str, int]]:
        deployed.aggregate()
        return counted(deployed, machine)

    until([(HOUR, 30)], rolled_up)
    if send is by_http:
        on_the_way = ["api_handler", "ingest_readings", "aggregate_bucket"]
        until(on_the_way, lambda: deployed.worked_for(machine))


def test_workers_at_once_and_work_that_is_handed_out_twice_change_nothing(deployed: Deployed, machine: str) -> None:
    with ThreadPoolExecutor() as workers:
        for first in range(0, 40, 5):
            by_queue(deployed, machine, readings(first, 10))
            at_once = [workers.submit(deployed.aggregate) for _ in range(2)]
            deployed.invoke("compute_aggregates")
            assert all(not each.result()["failed"] for each in at_once)
    until([(HOUR, 45)], lambda: (deployed.aggregate(), counted(deployed, machine))[1])
    (before,) = rollups(deployed, machine)
    by_queue(deployed, machine, readings(0, 45))
    by_queue(deployed, machine, readings(45, 1))
    until([(HOUR, 46)], lambda: (deployed.aggregate(), counted(deployed, machine))[1])
    (after,) = rollups(deployed, machine)
    assert after["revision"] == before["revision"] + 1  # what came again has written nothing


def test_the_schedule_rolls_up_by_itself_whatever_a_worker_dies_of(deployed: Deployed, machine: str) -> None:
    sqs = deployed.client("sqs")
    queue = sqs.get_queue_url(QueueName="takip-local-aggregates")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="no bucket")
    by_queue(deployed, machine, readings(0, 3))
    deadline = time.monotonic() + 2 * PATIENCE_SECONDS
    while not counted(deployed, machine) and time.monotonic() < deadline:
        time.sleep(1)
    assert counted(deployed, machine) == [(HOUR, 3)]


def kept(deployed: Deployed, machine_id: str) -> list[Any]:
    """What is in quarantine and names the machine."""
    with deployed.http() as api:
        items = api.get("/machines/quarantine", params={"limit": 100}).raise_for_status().json()["data"]["items"]
    return [each for each in items if machine_id in json.dumps(each)]


def test_what_a_hub_publishes_is_taken_in_by_its_topic_and_what_is_no_json_is_kept_whole(deployed: Deployed) -> None:
    machine_id, value = f"M-{uuid4().hex[:8]}", {"timestamp_ms": 1767607200250, "value": 815}
    place = f"umh/v1/default/izmir/hall1/{machine_id}/_raw/Temperature"
    with deployed.http() as api:
        tag = {"tag": "Temperature", "type": "temperature", "scale": 0.1}
        api.post("/machines", json={"id": machine_id, "name": "Press", "tags": [tag]}).raise_for_status()
    publish(deployed, place, json.dumps(value))
    publish(deployed, place, "81.5 degrees")
    until([(HOUR, 1)], lambda: (deployed.aggregate(), counted(deployed, machine_id))[1])
    (rollup,) = rollups(deployed, machine_id)
    (aside,) = kept(deployed, machine_id)
    assert (rollup["first"], rollup["first_at"]) == (81.5, "2026-01-05T10:00:00.250Z")
    assert aside["machine_id"] == machine_id
    assert base64.b64decode(json.loads(aside["original"])["umh"]) == b"81.5 degrees"


def test_an_edge_node_may_use_an_alias_before_its_birth_says_what_it_means(deployed: Deployed) -> None:
    machine_id, at = f"M-{uuid4().hex[:8]}", datetime(2026, 1, 5, 10, tzinfo=UTC)
    with deployed.http() as api:
        tag = {"tag": "Oil/Temp", "type": "temperature"}
        api.post("/machines", json={"id": machine_id, "name": "Press", "tags": [tag]}).raise_for_status()

    def send(kind: str, minute: int, metric: Metric) -> None:
        sent = at + timedelta(minutes=minute)
        publish(deployed, topic("default", kind, "edge", machine_id), encode(sent, [replace(metric, at=sent)], seq=0))

    send("DDATA", 5, Metric(81.5, at, alias=7))
    until(["unknown_alias"], lambda: [each["reasons"][0]["code"] for each in kept(deployed, machine_id)])
    send("DDEATH", 6, Metric(1.0, at, name="Oil/Temp"))
    send("DBIRTH", 1, Metric(80.5, at, name="Oil/Temp", alias=7))
    until([(HOUR, 2)], lambda: (deployed.aggregate(), counted(deployed, machine_id))[1])
    (rollup,) = rollups(deployed, machine_id)
    assert (rollup["first"], rollup["last"]) == (80.5, 81.5)
    until([], lambda: (deployed.aggregate(), kept(deployed, machine_id))[1])


def test_what_is_wrong_is_kept_where_an_admin_sees_it(deployed: Deployed, machine: str) -> None:
    by_queue(deployed, machine, [*readings(0, 2), {"type": "temperature", "value": "hot", "at": AT.format(5)}])
    deployed.client("sqs").send_message(QueueUrl=deployed.site.queue_url, MessageBody=f"no json of {machine}")
    publish(deployed, own_topic(machine), "81.5 degrees")

    until(3, lambda: len(kept(deployed, machine)))
    deployed.aggregate()
    until([(HOUR, 2)], lambda: counted(deployed, machine))


def test_a_machine_nobody_registered_is_not_found(deployed: Deployed) -> None:
    headers = {"Authorization": f"Bearer {deployed.token()}"}
    answer = httpx.post(f"{deployed.url}/machines/nobody/readings", json=readings(0, 1)[0], headers=headers, timeout=30)
    assert answer.status_code == 404
