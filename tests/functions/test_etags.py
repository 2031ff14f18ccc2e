"""ETags: what each reader was shown, and the version that a command was decided on."""

import pytest

from chalicelib.domain.people.users import Role
from tests.floor import Person, Plant, hire, new_order
from tests.functions.etags import version_in

ORIGIN = "https://floor.example"


@pytest.fixture
def shared(plant: Plant) -> str:
    """The id of an order of which both workers have a stage."""
    stages = [{"name": "A", "assignee_ids": [plant.worker.id]}, {"name": "B", "assignee_ids": [plant.other.id]}]
    return str(plant.order(*stages, id="WO-1")["id"])


@pytest.mark.parametrize("path", ["/workorders/WO-1", "/workorders/WO-1/stages", "/stages/WO-1-01", "/machines"])
def test_what_one_was_shown_is_never_unchanged_for_another(plant: Plant, shared: str, path: str) -> None:
    readers = [plant.planner, plant.worker, plant.other]
    shown = [(reader, reply) for reader in readers if (reply := reader.get(path)).status == 200]

    assert len(shown) >= 2
    for reader, own in shown:
        assert reader.get(path, If_None_Match=own.headers["ETag"]).status == 304
        for other, theirs in shown:
            if other is not reader:
                again = reader.get(path, If_None_Match=theirs.headers["ETag"])
                assert (again.status, again.data) == (200, own.data)


def test_a_tag_of_one_tenant_is_nothing_in_another(plant: Plant) -> None:
    abroad = hire(plant.client, "planner abroad", Role.PLANNER, tenant="abroad")
    tags = []
    for who in (plant.planner, abroad):
        who.post("/workorders", new_order(id="WO-1"))
        tags.append(who.get("/workorders/WO-1").headers["ETag"])

    assert {version_in(tag) for tag in tags} == {1}
    assert abroad.get("/workorders/WO-1", If_None_Match=tags[0]).status == 200
    assert abroad.get("/machines", If_None_Match=plant.planner.get("/machines").headers["ETag"]).status == 200


def test_who_plans_alike_is_shown_alike(plant: Plant, shared: str) -> None:
    colleague = plant.hire("second planner", Role.PLANNER)
    tag = plant.planner.get(f"/workorders/{shared}").headers["ETag"]

    assert colleague.get(f"/workorders/{shared}", If_None_Match=tag).status == 304


@pytest.fixture
def _one_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKIP_CORS_ORIGINS", ORIGIN)


@pytest.mark.usefixtures("_one_origin")
def test_caches_are_told_that_answers_differ_by_reader(plant: Plant) -> None:
    for path in ("/machines", f"/workorders/{plant.order()['id']}"):
        tag = plant.planner.get(path).headers["ETag"]
        for headers, vary in (({}, "Authorization"), ({"Origin": ORIGIN}, "Origin, Authorization")):
            assert plant.planner.get(path, **headers).headers["Vary"] == vary
            unchanged = plant.planner.get(path, If_None_Match=tag, **headers)
            assert (unchanged.status, unchanged.headers["Vary"]) == (304, vary)


def paused(worker: Person, if_match: str) -> int:
    """Ask for a pause on this condition, and write nothing."""
    return worker.post("/stages/WO-1-01/pause?dry_run=1", If_Match=if_match).status


def test_if_match_names_the_version_whatever_tag_of_the_order_it_is(plant: Plant, shared: str) -> None:
    started = plant.worker.post(f"/stages/{shared}-01/start").headers["ETag"]
    read = plant.planner.get(f"/workorders/{shared}").headers["ETag"]

    assert started != read
    for tag in (started, read, f"W/{started}", '"2"', "2", 'W/"2"', "*"):
        assert paused(plant.worker, tag) == 200


def test_if_match_is_a_list_of_which_one_must_match(plant: Plant, shared: str) -> None:
    tag = plant.worker.post(f"/stages/{shared}-01/start").headers["ETag"]

    for matching in (f'"7", {tag}', '"7","2"', '"x", "2"', '"1" , W/"2"', ', "2"'):
        assert paused(plant.worker, matching) == 200
    for stale in ('"*"', '"7", *', '"7", "1"', '"x", "y"', ",", f'"{tag.strip(chr(34))}0"', '"2-"', '"2-x"', '"-2"'):
        assert paused(plant.worker, stale) == 412
