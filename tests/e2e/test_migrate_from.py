"""An old system comes over from a real PostgreSQL into the deployed Takip, and people sign in with their passwords."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from infra.administration import ask, make_admin
from infra.cli import commands, migrate_from
from tests.e2e.conftest import ENVIRONMENT, Deployed
from tests.old_system.moving import ZONE, expected, held
from tests.old_system.postgres import load, running
from tests.real_machines import folder

TENANT, PLANNER = "coming", "sema"
SAMPLE = ("ışıl", "uzun")  # PBKDF2, and a password that bcrypt cut


def signed_in(deployed: Deployed, username: str) -> httpx.Client:
    account = {"tenant": TENANT, "username": username, "password": expected()["users"][username]["password"]}
    answer = httpx.post(f"{deployed.url}/auth/login", json=account, timeout=30).raise_for_status().json()["data"]
    return deployed.http(answer["access_token"])


def items(api: httpx.Client, path: str) -> Any:
    """The first page of a list, which holds all."""
    return api.get(path).raise_for_status().json()["data"]["items"]


def stage_in_takip(row_id: int) -> str:
    """The id of a stage of the old system: its order's, and its place among the stages of that."""
    rows = held("latest.sql")["work_order_stages"]
    order_id = next(row["work_order_id"] for row in rows if row["id"] == row_id)
    together = [row["id"] for row in rows if row["work_order_id"] == order_id]
    return f"old-{order_id}-{together.index(row_id) + 1:02}"


def test_a_plant_comes_from_its_server_and_its_people_sign_in_and_see_it(
    deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_from, "aws_of", lambda _stage: deployed.aws)
    list(ask(deployed.aws, ENVIRONMENT, "create tenant", {"id": TENANT, "settings": {}}))
    make_admin(deployed.aws, ENVIRONMENT, PLANNER, "a password of hers", TENANT)
    asked = ["--tenant", TENANT, "--as", PLANNER, "--planned-timezone", ZONE, "--report", str(tmp_path / "report")]
    with running() as address:
        load(address, (folder("old_system") / "latest.sql").read_text(encoding="utf-8"))
        done = CliRunner().invoke(commands.takip, ["migrate-from", address, *asked], catch_exceptions=False)

    assert done.exit_code == 0, done.output
    assert "12 people came over" in done.output
    for username in SAMPLE:
        for _ in range(2):  # the hash of the old system, and the one that was made of it
            with signed_in(deployed, username) as api:
                assert api.get("/auth/me").json()["data"]["role"] == expected()["users"][username]["role"]

    with signed_in(deployed, "müdür") as api:
        for number, known in expected()["stages_done_cleanly"].items():
            metrics = api.get(f"/stages/{stage_in_takip(int(number))}/metrics").raise_for_status().json()["data"]
            assert metrics["actual_duration"] == pytest.approx(known["run_minutes"], abs=0.001)
        shown = {status: items(api, f"/issues?status={status}") for status in ("open", "ack", "resolved")}
        counted = {"acknowledged" if status == "ack" else status: len(found) for status, found in shown.items()}
        assert counted == expected()["issues_by_status"]
        assert len(items(api, "/machines")) == expected()["machines"]
