"""Apps that are too old: the person is told to update on every door, also before signing in."""

import pytest

from chalicelib.services import tenants
from functions._rules import OLD_RULES, RULES
from tests.floor import Plant
from tests.functions.things import NO_ID

OLD = {"Takip_App_Version": "1.3.9"}
OPEN = {"/", "/health", "/ready", "/meta", "/meta/transitions", "/openapi.json"}


@pytest.fixture
def _from_1_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKIP_MINIMUM_APP_VERSION", "1.4.0")


@pytest.mark.usefixtures("_from_1_4")
def test_an_old_app_is_told_on_every_door_but_a_few(plant: Plant) -> None:
    for rule in (*RULES, *OLD_RULES):
        path = rule.path
        for name in [part for part in path.split("/") if part.startswith("{")]:
            path = path.replace(name, NO_ID)
        reply = plant.stranger.call(rule.method, path, {} if rule.method != "GET" else None, **OLD)
        assert (reply.status == 426) == (rule.path not in OPEN and not rule.is_page), rule.path


@pytest.mark.usefixtures("_from_1_4")
def test_the_sentence_is_in_both_languages_with_the_versions_beside_it(plant: Plant) -> None:
    english = plant.worker.get("/stages", **OLD).error
    turkish = plant.worker.get("/stages", Accept_Language="tr", **OLD).error

    assert english["code"] == "ERR_APP_OUTDATED"
    assert english["values"] == turkish["values"] == {"version": "1.3.9", "least": "1.4.0"}
    assert english["detail"].startswith("This app is version 1.3.9; 1.4.0 or later is needed.")
    assert turkish["detail"].startswith("Bu uygulamanın sürümü 1.3.9; 1.4.0 ya da sonrası gerekiyor.")


@pytest.mark.usefixtures("_from_1_4")
@pytest.mark.parametrize("version", ["1.4.0", "1.4", "2.0.0-beta", "", "newest"])
def test_a_new_app_and_one_without_a_version_are_served(plant: Plant, version: str) -> None:
    assert plant.worker.get("/stages", Takip_App_Version=version).status == 200
    assert plant.worker.get("/stages").status == 200


def test_a_plant_may_ask_for_more_and_tells_it_in_its_metadata(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKIP_MINIMUM_APP_VERSION", "1.0")
    tenants.change("default", {"minimum_app_version": "1.5.0"})

    assert plant.worker.get("/stages", Takip_App_Version="1.4.9").status == 426
    assert plant.worker.get("/stages", Takip_App_Version="1.5.0").status == 200
    assert plant.worker.get("/meta", Takip_App_Version="1.4.9").data["minimum_app_version"] == "1.5.0"


def test_the_metadata_tell_what_the_plant_has_decided(plant: Plant) -> None:
    meta = plant.worker.get("/meta")

    assert meta.data["plant"] == {
        "tenant": "default",
        "time_zone": "Europe/Istanbul",
        "tolerance": 0,
        "grace_minutes": 0,
        "forgotten_minutes": 720,
        "stop_reason_minutes": 5,
    }
    assert meta.data["features"] == {
        "self_registration": False,
        "counted_pieces": "shown",
        "escalation": False,
        "readings_kept_for_ever": True,
    }
    assert meta.data["clock_grace_minutes"] == 5
    assert meta.data["labels"]["pause_reason"]["break"] == {"tr": "mola", "en": "break"}
    assert plant.worker.get("/meta", If_None_Match=meta.headers["ETag"]).status == 304


def test_a_code_of_the_plants_own_is_its_own_label(plant: Plant) -> None:
    tenants.change("default", {"pause_reasons": ("prayer", "other")})
    assert plant.worker.get("/meta").data["labels"]["pause_reason"] == {
        "prayer": {"tr": "prayer", "en": "prayer"},
        "other": {"tr": "diğer", "en": "other"},
    }
