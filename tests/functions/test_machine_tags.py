"""The tags of a machine over HTTP: declared, shown and changed, and readings that name them."""

import json
from typing import Any

from chalicelib.domain.machines.messages import MAX_BYTES
from chalicelib.services.machines.ingest import ingest
from tests.floor import Plant
from tests.functions.test_machines import PRESS
from tests.machines import AT, QUARANTINE, READINGS, ROLLUPS, arrived, message, standing, work

MODE: dict[str, Any] = {"tag": "Mode", "type": "state", "states": {"3": "producing", "0": "off"}}
OIL: dict[str, Any] = {"tag": "Oil/Temp", "type": "temperature", "sensor": "oil", "scale": 0.1, "offset": -40}


def with_tags(*tags: object) -> dict[str, Any]:
    return PRESS | {"tags": tags}


def test_tags_are_shown_as_they_are_kept(plant: Plant) -> None:
    shown = plant.planner.post("/machines", with_tags(MODE, OIL)).data["tags"]

    assert shown == [
        {"sensor": "main", "scale": 1.0, "offset": 0.0} | MODE,
        {"states": None} | OIL | {"offset": -40.0},
    ]
    assert plant.worker.get("/machines/M1").data["tags"] == shown
    (listed,) = plant.worker.get("/machines").items
    assert listed["tags"] == shown
    assert plant.planner.patch("/machines/M1", {"tags": shown}, If_Match="*").data["version"] == 1


def test_the_history_tells_of_tags(plant: Plant) -> None:
    before = plant.planner.post("/machines", with_tags(OIL)).data["tags"]
    after = plant.planner.patch("/machines/M1", {"tags": [MODE]}, If_Match="*").data["tags"]

    (change,) = plant.planner.get("/machines/M1/history").items
    assert change["changes"] == {"tags": {"from": before, "to": after}}


def test_a_tag_is_kept_in_one_form(plant: Plant) -> None:
    (shown,) = plant.planner.post(
        "/machines", with_tags({"tag": " I\u0307s  \u00a0x ", "type": "state", "states": {" 1 ": "idle"}})
    ).data["tags"]

    assert (shown["tag"], shown["states"]) == ("İs x", {"1": "idle"})
    twice = plant.planner.patch("/machines/M1", {"tags": [OIL, OIL | {"tag": "Oil/Temp "}]}, If_Match="*")
    assert twice.fields() == {"tags[1].tag": "duplicate"}


def test_tags_that_cannot_be_are_named(plant: Plant) -> None:
    wrong = [
        {"tag": "x" * 129, "type": "power"},
        {"tag": "a", "type": "smell"},
        {"tag": "b", "type": "power", "states": {"1": "idle"}},
        {"tag": "c", "type": "state", "states": {"x" * 129: "idle"}},
        {"tag": "d", "type": "power", "scale": "2"},
        {"tag": "e\u200b", "type": "power"},
    ]

    assert set(plant.planner.post("/machines", with_tags(*wrong)).fields()) == {
        "tags[0].tag",
        f"tags[3].states.{'x' * 84}…",
        "tags[4].scale",
        "tags[5].tag",
    }
    assert plant.planner.post("/machines", with_tags(*wrong[1:3])).fields() == {
        "tags[0].type": "unknown",
        "tags[1].states": "no_states",
    }
    assert plant.planner.post("/machines", with_tags(*[OIL] * 501)).fields() == {"tags": "too_long"}


def test_a_reading_may_name_a_tag_over_http(floor: Plant) -> None:
    floor.planner.patch("/machines/M1", {"tags": [MODE, OIL]}, If_Match="*")
    parts = [{"tag": "Oil/Temp", "value": 1_215, "at": AT}, {"tag": "Mode", "value": 3, "at": AT}]

    assert floor.planner.post(READINGS, {"readings": parts}).data["accepted"] == 2
    work()
    found = {each["type"]: each["last"] for each in floor.worker.get(f"{ROLLUPS}?from={AT}").items}
    assert found == {"temperature": 81.5, "state": "producing"}


def test_a_tag_that_is_not_mapped_waits_in_quarantine_and_is_not_refused(floor: Plant) -> None:
    unmapped = {"tag": "Hız", "value": 900, "at": AT}
    reply = floor.planner.post(READINGS, unmapped)
    floor.planner.post(READINGS, unmapped)

    assert (reply.status, reply.data["accepted"], reply.data["quarantined"]) == (202, 0, 1)
    assert '"type": "speed"' in reply.data["errors"][0]["message"]
    (aside,) = floor.admin.get(QUARANTINE).items
    assert [reason["code"] for reason in aside["reasons"]] == ["unmapped_tag"]
    wrong = floor.planner.post(READINGS, unmapped | {"tag": "x" * 129})
    assert (wrong.status, wrong.fields()) == (422, {"tag": "bad_tag"})


def test_a_large_message_with_letters_beyond_ascii_is_taken_in_when_its_tag_is_mapped(floor: Plant) -> None:
    tag = "Fırın üst bölge ısıtıcı çıkış sıcaklığı, ölçülen değer (ısıl çift üçüncü göz, düşük ağırlıklı süzgeç)"
    parts = [{"tag": tag, "value": n / 10, "at": AT, "seq": n} for n in range(1_000)]
    body = json.dumps({"readings": parts}, ensure_ascii=False, separators=(",", ":")).encode()
    assert 0.75 * MAX_BYTES < len(body) < MAX_BYTES
    assert floor.planner.post(READINGS, body).data["quarantined"] == 1_000

    floor.planner.patch("/machines/M1", {"tags": [{"tag": tag, "type": "temperature"}]}, If_Match="*")
    work()
    work()
    assert standing("quarantined") == []
    assert [each["count"] for each in floor.worker.get(f"{ROLLUPS}?from={AT}").items] == [1_000]


def test_what_waits_is_in_quarantine_once_and_is_taken_in_when_its_tag_is_mapped(floor: Plant) -> None:
    body = message("M1", {"tag": "Oil/Temp", "value": 1_215, "at": AT}, {"tag": "Mode", "value": 3, "at": AT})
    for _ in range(3):
        ingest(arrived(body))
    assert (len(standing("quarantined")), len(standing("chunk"))) == (1, 0)

    floor.planner.patch("/machines/M1", {"tags": [MODE, OIL]}, If_Match="*")
    work()
    work()
    found = {each["type"]: each["last"] for each in floor.worker.get(f"{ROLLUPS}?from={AT}").items}
    assert found == {"temperature": 81.5, "state": "producing"}
    assert standing("quarantined") == []
