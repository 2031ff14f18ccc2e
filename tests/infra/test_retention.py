"""docs/retention.md: the numbers on the page are those of the code and of the template."""

import re
from dataclasses import fields
from datetime import timedelta

import pytest

from chalicelib.domain import tenants
from chalicelib.domain.boards import state
from chalicelib.domain.people import security_events, throttling
from chalicelib.domain.telling import deliveries, notifications, webhooks
from chalicelib.services.machines import edge_messages
from chalicelib.settings import Settings
from chalicelib.storage import idempotency
from infra.places import PROJECT

PAGE = (PROJECT / "docs" / "retention.md").read_text(encoding="utf-8")
TEMPLATE = (PROJECT / "infra" / "resources.yaml").read_text(encoding="utf-8")
BACKUPS = (PROJECT / "infra" / "backups.yaml").read_text(encoding="utf-8")
REFRESH_DAYS = next(int(str(each.default)) for each in fields(Settings) if each.name == "refresh_days")
SAID = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", PAGE, re.MULTILINE))


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        ("security events", security_events.EVENTS_LAST),
        ("notifications", notifications.KEPT_FOR),
        ("deliveries", deliveries.KEPT_FOR),
        ("answers to requests", idempotency.REMEMBERED_FOR),
        ("devices", timedelta(days=REFRESH_DAYS)),
        ("boards of screens", state.KEPT),
        ("births of Sparkplug", edge_messages.BIRTHS_KEPT),
        ("all that the [probe]", tenants.PROBE_KEPT),
    ],
)
def test_what_expires_is_kept_as_long_as_the_page_says(what: str, kept: timedelta) -> None:
    (told,) = [how_long for row, how_long in SAID.items() if row.startswith(what)]
    assert told.startswith(f"{kept.days} days")


def test_hours_and_names_of_births_too() -> None:
    (secrets,) = [how_long for row, how_long in SAID.items() if row.startswith("former secrets")]
    (counters,) = [how_long for row, how_long in SAID.items() if row.startswith("counters")]
    (births,) = [how_long for row, how_long in SAID.items() if row.startswith("births")]
    assert secrets == f"{webhooks.OVERLAP // timedelta(hours=1)} hours"
    assert counters.startswith(f"{(throttling.LONGEST_BLOCK + throttling.REMEMBERED) // timedelta(hours=1)} hours")
    assert f"{edge_messages.NAMES_KEPT.days} days" in births


def test_what_aws_keeps_is_what_the_template_says() -> None:
    assert set(re.findall(r"RetentionInDays: (.*)", TEMPLATE)) == {"!If [IsLocal, 7, 90]"}
    assert SAID["log lines, with ids of people and machines and no names"] == "90 days (7 on a laptop)"
    assert re.findall(r"Prefix: uploads/, ExpirationInDays: (\d+)", TEMPLATE) == ["14"]
    assert SAID["uploads that nobody confirmed"] == "14 days"
    waits = {int(seconds) // 86_400 for seconds in re.findall(r"MessageRetentionPeriod: (\d+)", TEMPLATE)}
    assert waits == {0, 4, 14}  # 0: an hour, for what is handed out again anyway
    assert SAID["messages of machines that wait in the queue"] == "4 days"
    assert SAID["messages that were tried too often (dead letters)"] == "14 days"
    assert "PointInTimeRecoveryEnabled: true" in TEMPLATE
    nightly, monthly = re.findall(r"DeleteAfterDays: (\d+)", BACKUPS)
    assert SAID["nightly backups of the table, on AWS"] == f"{nightly} days"
    assert SAID["monthly backups of the table, on AWS"] == f"{monthly} days"
    assert set(re.findall(r"NoncurrentDays: (\d+)", TEMPLATE)) == {"1", "35"}
    assert SAID["what was overwritten or deleted, on AWS"] == "35 days; of uploads a day"
