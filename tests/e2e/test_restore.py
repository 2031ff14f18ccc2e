"""The drill on the deployed system, and the table as it was before: people switch to it, and back again.

The emulator copies the table as it is now, whatever time is asked for. So "before" is the moment of the restore.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra import places
from infra.cli import commands, drill, releases, restore
from infra.deployment import tables
from infra.deployment.callers import connections
from infra.deployment.found import API, function_name
from infra.restoring.making import EXPIRY, STREAM
from tests.e2e.conftest import ENVIRONMENT, Deployed, admin_of, plant
from tests.e2e.people import Hire, Someone, order

SENDER = function_name(ENVIRONMENT, "send_events")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A plant of its own: the table is switched under everybody, and a restore takes as long as the plant is large."""
    with plant(tmp_path_factory.mktemp("emulator")) as made:
        yield made


@pytest.fixture(scope="module")
def admin(deployed: Deployed) -> Iterator[Someone]:
    """The admin of this plant, signed in."""
    with admin_of(deployed) as signed_in:
        yield signed_in


@pytest.fixture(autouse=True)
def here(deployed: Deployed, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The verbs act on the deployed system."""
    for module in (drill, restore, releases):
        monkeypatch.setattr(module, "aws_of", lambda _stage: deployed.aws)
    monkeypatch.setattr(places, "KEPT", tmp_path)


def takip(*words: str) -> Result:
    return CliRunner().invoke(commands.takip, words, catch_exceptions=False)


def streams(deployed: Deployed) -> list[str]:
    """The tables whose streams call."""
    return [each.source.split("/")[1] for each in connections(deployed.aws, {SENDER}) if each.is_on]


def test_the_drill_restores_tries_and_tells_and_leaves_nothing(deployed: Deployed, hire: Hire) -> None:
    order(hire("planner"), hire())
    versions = deployed.client("lambda").list_versions_by_function(FunctionName=function_name(ENVIRONMENT, API))
    told = takip("drill", "--days", "1")
    assert told.exit_code == 0, told.output
    assert "takip-local can be restored" in told.output
    assert re.search(r"RPO       0 min \d+ s", told.output)
    assert re.search(r"RTO       \d min \d+ s", told.output)
    assert re.search(r"\d+\.\d s Trying functions with it", told.output)
    assert tables.every(deployed.aws, ENVIRONMENT) == ["takip-local"]
    left = deployed.client("lambda").list_versions_by_function(FunctionName=function_name(ENVIRONMENT, API))
    assert [each["Version"] for each in left["Versions"]] == [each["Version"] for each in versions["Versions"]]
    assert streams(deployed) == ["takip-local"]


def test_people_switch_to_the_table_as_it_was_and_back(deployed: Deployed, hire: Hire) -> None:
    planner, worker = hire("planner"), hire()
    before = order(planner, worker)["id"]
    told = takip("restore", "--to-time", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "--days", "1")
    assert told.exit_code == 0, told.output
    (name,) = tables.every(deployed.aws, ENVIRONMENT)[1:]
    assert f"python takip.py switch {name} --stage local" in told.output
    assert whole(deployed, name)
    after = order(planner, worker)["id"]

    assert takip("switch", name).exit_code == 0
    assert streams(deployed) == [name]
    assert planner.api.get(f"/workorders/{before}").status_code == 200
    assert planner.api.get(f"/workorders/{after}").status_code == 404
    meanwhile = order(planner, worker)["id"]

    assert takip("rollback").exit_code == 0
    assert streams(deployed) == [deployed.site.table]
    assert planner.api.get(f"/workorders/{after}").status_code == 200
    assert planner.api.get(f"/workorders/{meanwhile}").status_code == 404


def whole(deployed: Deployed, name: str) -> bool:
    """Whether all is on that a restore forgets."""
    client = deployed.client("dynamodb")
    table = client.describe_table(TableName=name)["Table"]
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert table["StreamSpecification"] == STREAM
    assert (expiry["AttributeName"], expiry["TimeToLiveStatus"]) == (EXPIRY["AttributeName"], "ENABLED")
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    return True
