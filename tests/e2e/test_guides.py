"""The commands printed in the guides work and lead to the printed results."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.administration import make_admin
from tests.attachments import picture
from tests.e2e.conftest import ENVIRONMENT, Deployed
from tests.receivers import receiving

DOCS = Path(__file__).parents[2] / "docs"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the lines of the guides are for a POSIX shell")


def typed(guide: str, deployed: Deployed, nth: int = 0, **variables: str) -> subprocess.Popen[str]:
    """Type the lines of a guide that a comment says are tested, here the nth."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    script = re.findall(r"runs these lines, .*?-->\n```sh\n(.*?)```", text, re.DOTALL)[nth]
    surroundings = os.environ | {"URL": deployed.url} | variables
    shell, piped = ["/bin/sh", "-ec", script], subprocess.PIPE
    return subprocess.Popen(shell, text=True, env=surroundings, stdout=piped, stderr=piped)


def answers_of(shell: subprocess.Popen[str]) -> list[str]:
    """Every answer of the API to the lines that were typed, in order."""
    output, errors = shell.communicate()
    assert shell.returncode == 0, errors
    return re.split(r'{"status":(?="success"|"error")', output)[1:]


def told(guide: str, deployed: Deployed, nth: int = 0, **variables: str) -> list[str]:
    """Type lines of a guide, and wait for the answers."""
    return answers_of(typed(guide, deployed, nth, **variables))


@pytest.fixture(scope="module")
def escalation(deployed: Deployed) -> Iterator[subprocess.Popen[str]]:
    """The lines about escalation wait a minute for a policy to be followed. Other guides are followed meanwhile."""
    shell = typed("issues.md", deployed, 3, ADMIN=deployed.token())
    yield shell
    shell.kill()
    shell.communicate()


def test_the_guide_to_webhooks_leads_from_a_secret_to_a_delivery(deployed: Deployed) -> None:
    with receiving() as receiver:
        tokens = {"ADMIN": deployed.token(), "RECEIVER": receiver.url}
        answers = told("issues.md", deployed, 2, **tokens)

    pinged, listed, again, rotated, off, on, deleted = answers
    assert '"status":"sending"' in pinged
    assert '"status":"delivered"' in listed
    assert '"attempts":0' in again
    assert '"secret":"whsec_' in rotated
    assert '"off_reason":"by_admin"' in off
    assert '"status":"on"' in on
    assert '"former_secret_until":"' in deleted
    assert {json.loads(request.body)["type"] for request in receiver.requests} == {"dev.takip.webhook.ping"}


def open_in(badge: str) -> int:
    """How many issues a badge counts; other tests leave some of theirs open."""
    (count,) = re.findall(r'"open":(\d+)', badge)
    return int(count)


def test_the_guide_to_issues_leads_from_a_report_to_its_solution(deployed: Deployed) -> None:
    answers = told("issues.md", deployed, PLANNER=deployed.token())

    joined, badge, urgent, taken, second, own, noted = answers[2:9]
    assert '"duplicate":true' in joined
    assert '"type":"quality"' in urgent
    assert '"type":"machine_failure"' not in urgent
    assert '"status":"ack"' in taken
    assert "ERR_ISSUE_ILLEGAL_TRANSITION" in second
    assert "Scratches on every part." in own
    assert '"notes_count":2' in noted
    notes, of_machine, last_badge = answers[-3:]
    assert notes.index("Now on the left side too.") < notes.index("The cover of the mould was loose.")
    assert '"status":"resolved"' in of_machine
    assert open_in(badge) - open_in(last_badge) == 2


# The guides above tell of all issues, those below of their own: with these, escalation is tried at the same time.
@pytest.mark.usefixtures("escalation")
def test_the_guide_to_access_leads_from_the_first_admin_to_a_phone_that_was_lost(deployed: Deployed) -> None:
    password = "chosen at the command line"
    make_admin(deployed.aws, ENVIRONMENT, "ada", password)

    before, work, revoked, after = told("access.md", deployed, PASSWORD=password)

    assert "ERR_AUTH_PASSWORD_CHANGE_REQUIRED" in before
    assert '"items":[]' in work
    assert '"name":"phone"' in revoked
    assert "ERR_AUTH_REFRESH_INVALID" in after


def test_the_guide_to_orders_leads_through_a_day_on_the_floor(deployed: Deployed) -> None:
    answers = told("orders-and-stages.md", deployed, PLANNER=deployed.token())

    refusals = [match[1] for each in answers if (match := re.search(r'"code":"(ERR_\w+)"', each))]
    assert refusals == ["ERR_STAGE_BLOCKED", "ERR_ORDER_HELD", "ERR_STAGE_UPSTREAM_SHORT"]
    metrics, history = answers[-2:]
    assert '"on_time_percent":100' in metrics
    assert [match[1] for match in re.finditer(r'"command":"(\w+)"', history)] == [
        *("create", "assign", "start", "report", "issue", "change_issue", "hold", "release", "correct"),
        *("start", "report", "close_sessions", "replan", "book", "done", "done"),
    ]


def test_the_guide_to_issues_leads_to_a_photo_with_a_thumbnail(deployed: Deployed, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture())

    confirmed, listed = told("issues.md", deployed, 1, PLANNER=deployed.token(), PHOTO=str(photo))

    assert '"status":"processing"' in confirmed
    assert '"name":"Çizik.jpg"' in listed
    assert '"thumbnail":"http' in listed


def test_the_guide_to_the_app_leads_through_a_day_of_a_worker(deployed: Deployed, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture())

    answers = told("mobile.md", deployed, ADMIN=deployed.token(), PHOTO=str(photo))

    home, unchanged, meta, order, stage, started, again, reported, confirmed = answers[:9]
    assert '"machine_name":"Assembly line 4"' in home
    assert '"answered":304' in unchanged
    assert '"pause_reason"' in meta
    assert '"kind":"order","id":"APP-1"' in order
    assert '"kind":"stage","id":"APP-1-01"' in stage
    assert started == again
    assert '"good":40' in reported
    assert '"status":"processing"' in confirmed
    first, second, late, resumed, done, sessions, told_of, unread = answers[9:17]
    assert re.findall(r'"result":"(\w+)"', first) == ["applied", "applied", "conflict"]
    assert re.findall(r'"result":"(\w+)"', second) == ["duplicate", "duplicate", "conflict"]
    assert '"minimal":{"id":"APP-1-01","status":"paused"' in first
    assert '"clock_skew_seconds":' in first
    assert '"code":"ERR_' in late
    assert '"status":"in_progress"' in resumed
    assert '"good":98' in done
    assert sum(map(int, re.findall(r'"good":(\d+)', sessions))) == 98
    assert '"items":' in told_of
    assert '"unread":' in unread
    pin, work, refused, signed_out, at_last = answers[17:]
    assert '"has_pin":true' in pin
    assert '"items":[]' in work
    assert "ERR_AUTH_NOT_AT_TERMINALS" in refused
    assert signed_out.startswith('"data":{}') or '"data":{}' in signed_out
    assert "ERR_AUTH_REFRESH_INVALID" in at_last


def test_the_guide_to_machines_leads_to_readings_with_a_key_and_through_the_gateway(deployed: Deployed) -> None:
    planner = deployed.token()
    first, again, readings = told("machine_integration.md", deployed, PLANNER=planner)[-3:]
    assert '"accepted":2' in first
    assert '"accepted":2' in again
    assert [match[1] for match in re.finditer(r'"seq":(\d+)', readings)] == ["1041", "1042"]

    places = {"QUEUE": deployed.site.queue_url, "AWS_ENDPOINT_URL": deployed.site.endpoint or ""}
    (read,) = told("machine_integration.md", deployed, 1, PLANNER=planner, **places)
    values = [float(match[1]) for match in re.finditer(r'"value":([\d.]+)', read)]
    assert len(values) > 1
    assert all(75 <= value <= 85 for value in values)


def test_the_guide_to_issues_leads_through_a_policy_of_escalation(
    escalation: subprocess.Popen[str],
) -> None:
    before, put, _, waits, taken, resolved, emptied = answers_of(escalation)

    assert '"steps":[]' in before
    assert '"after_minutes":240' in put
    assert '"next_escalation_at":"20' in waits
    assert '"next_escalation_at":"20' in taken
    assert '"next_escalation_at":null' in resolved
    assert '"steps":[]' in emptied
