"""Errors in the language of their reader, and what they name beside the text."""

import pytest

from chalicelib.schemas.languages import Language, preferred
from tests.floor import MORNING, Plant, new_order
from tests.machines import install

TURKISH = {"Accept_Language": "tr-TR,tr;q=0.9,en;q=0.8"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("TR", "tr"),
        ("en;q=0.8, tr;q=0.9", "tr"),
        ("en, tr", "en"),
        ("tr;q=0.2, en-GB;q=0.5", "en"),
        ("de, tr;q=0.1", "tr"),
        ("tr;q=0", "en"),
        ("tr;Q=0", "en"),
        ("tr;q=much", "en"),
        ("de", "en"),
        ("trk", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_one_that_is_liked_best(accepted: str, language: str) -> None:
    assert preferred(accepted) is Language(language)


def test_a_refusal_comes_in_turkish_with_its_numbers_beside_it(plant: Plant) -> None:
    stage = plant.order(quantity=335)["stages"][0]["id"]
    plant.planner.post(f"/stages/{stage}/start")

    english = plant.planner.post(f"/stages/{stage}/report", {"good": 335.5})
    turkish = plant.planner.post(f"/stages/{stage}/report", {"good": 335.5}, **TURKISH)

    assert english.error["detail"].startswith("At most 335 more good pieces are allowed here (335 in total)")
    assert turkish.error["title"] == "İş emrinin izin verdiğinden fazla sağlam parça"
    assert turkish.error["detail"].startswith("Burada en çok 335 sağlam parça daha yapılabilir (toplam 335)")
    assert turkish.error["values"] == english.error["values"] == {"left": 335, "allowed": 335, "unit": "piece"}
    assert (turkish.headers["Content-Language"], english.headers["Content-Language"]) == ("tr", "en")
    assert turkish.headers["Vary"] == english.headers["Vary"] == "Accept-Language"


def test_a_number_with_a_fraction_has_a_comma_in_turkish(plant: Plant) -> None:
    stage = plant.order(quantity=2.125)["stages"][0]["id"]
    plant.planner.post(f"/stages/{stage}/start")

    refused = plant.planner.post(f"/stages/{stage}/report", {"good": 3}, **TURKISH)

    assert "2,125" in refused.error["detail"]
    assert refused.error["values"]["left"] == 2.125


def test_a_status_and_a_command_have_their_turkish_names(plant: Plant) -> None:
    stage = plant.order()["stages"][0]["id"]

    refused = plant.planner.post(f"/stages/{stage}/pause", **TURKISH)

    assert "planlandı; yapılamaz: duraklat." in refused.error["detail"]
    assert refused.error["values"]["stage_status"] == "planned"


def test_the_fields_are_told_in_turkish_too(plant: Plant) -> None:
    wrong = new_order(quantity=-1, lot_no="", colour="red", priority="high")

    refused = plant.planner.post("/workorders", wrong, **TURKISH).error

    told = {each["field"]: each for each in refused["errors"]}
    assert told["quantity"] == {
        "field": "quantity",
        "code": "greater_than",
        "message": "0 değerinden büyük olmalı",
        "values": {"gt": 0},
    }
    assert told["lot_no"]["message"] == "boş olamaz"
    assert told["colour"]["message"].startswith("bilinmiyor; bilinen alanlar: ")
    assert told["priority"]["message"] == "bir tam sayı olmalı"
    assert refused["detail"].startswith("quantity: 0 değerinden büyük olmalı") or "0 değerinden" in refused["detail"]


def test_a_parameter_and_a_missing_token_are_told_in_turkish(plant: Plant) -> None:
    parameter = plant.planner.get("/workorders?limit=1000", **TURKISH).error
    token = plant.stranger.get("/workorders", **TURKISH).error

    assert parameter["errors"][0]["message"] == "en çok 100 olmalı"
    assert token["title"] == "Önce oturum açın"


def test_the_errors_of_a_batch_are_in_the_language_of_the_batch(plant: Plant) -> None:
    commands = {"commands": [{"id": "c1", "command": "start", "target": "WO-9-01", "at": MORNING.isoformat()}, {}]}

    synced = plant.worker.post("/sync/commands", commands, **TURKISH)

    assert synced.headers["Content-Language"] == "tr"
    assert [each["error"]["title"] for each in synced.items] == ["Böyle bir aşama yok", "Bazı alanlar hatalı"]
    assert synced.items[1]["error"]["errors"][0]["message"] == "gerekli"


def test_the_errors_of_readings_are_in_the_language_of_the_machine(plant: Plant) -> None:
    install("M1")
    reading = {"type": "temperature", "value": "hot", "at": MORNING.isoformat()}

    refused = plant.planner.post("/machines/M1/readings", {"readings": [reading]}, **TURKISH)

    assert refused.error["errors"][0]["message"] == "bir sayı olmalı"


def test_what_is_in_quarantine_is_told_in_the_language_of_its_reader(plant: Plant) -> None:
    install("M1")
    good, bad = ({"type": "temperature", "value": value, "at": MORNING.isoformat()} for value in (1, "hot"))
    plant.planner.post("/machines/M1/readings", {"readings": [good, bad]})

    shown = plant.admin.get("/machines/quarantine", **TURKISH)

    assert shown.items[0]["reasons"][0]["message"] == "bir sayı olmalı"
    assert "Accept-Language" in shown.headers["Vary"]
