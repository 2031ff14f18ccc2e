"""`takip.py errors`: Takip's own failures in the logs, grouped by what is alike."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib.observability import logger
from infra import failures, log_events
from infra.aws import Aws
from infra.cli import commands, errors
from tests.conftest import Told

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
ULID = "01KE67RZ00ABCDEFGHJKMNPQRS"
UNCAUGHT = """[ERROR] StorageUnavailable: of {}
Traceback (most recent call last):
  File "/var/task/functions/ingest_readings.py", line {}, in ingest_readings
  File "/var/task/chalicelib/storage/table.py", line 9, in put
  File "/var/lang/lib/python3.13/json/decoder.py", line 3, in decode"""


def structured(message: str, level: str = "ERROR", **others: Any) -> str:
    return json.dumps({"level": level, "message": message, "location": "told:7", **others})


def trace(line: int) -> str:
    return f"Traceback …\n  File \"/var/task/functions/meta.py\", line {line}, in read_meta\nKeyError: '{ULID}'"


WRITTEN = {
    "takip-dev": [
        structured("request", "INFO", status=404, code="ERR_ORDER_NOT_FOUND", request_id="refused ERROR"),
        structured("a door failed", exception=trace(7), exception_name="KeyError", request_id="r-1"),
        structured("request", door="read_meta", code="ERR_INTERNAL", request_id="r-1"),
        structured("a door failed", exception=trace(9), exception_name="KeyError", request_id="r-2"),
        structured("request", door="read_meta", code="ERR_SERVICE_UNAVAILABLE", request_id="r-3"),
        structured("events cannot be read", reason=f"ValueError({ULID})"),
        "[1, ERROR]",
        "ERROR that is no JSON",
    ],
    "takip-dev-ingest_readings": [
        UNCAUGHT.format(12, 20),
        UNCAUGHT.format(1300, 21),
        "REPORT RequestId: c-1 Duration: 60000.00 ms Status: timeout",
        "REPORT RequestId: c-2 Duration: 9 ms Status: error Error Type: Runtime.OutOfMemory",
        "REPORT RequestId: c-3 Duration: 9 ms Status: error Error Type: StorageUnavailable",
    ],
}


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    def matching(_aws: Aws, group: str, start: datetime, pattern: str) -> Iterator[tuple[datetime, str]]:
        assert timedelta(days=6) < datetime.now(UTC) - start < timedelta(days=8)
        for n, text in enumerate(WRITTEN.get(group.rpartition("/")[2], ())):
            if pattern.strip('"') in text:
                yield AT + timedelta(minutes=n), text

    monkeypatch.setattr(errors, "aws_of", lambda _: Aws("eu-central-1"))
    monkeypatch.setattr(log_events, "matching", matching)


def shown(*arguments: str) -> str:
    done = CliRunner().invoke(commands.takip, ["errors", "--stage", "dev", "--since", "7d", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_failures_that_are_alike_are_one_line_with_how_often_when_and_an_example() -> None:
    told = json.loads(shown("--json"))
    assert told["complete"]
    assert len({each["fingerprint"] for each in told["errors"]}) == len(told["errors"]) == 6
    assert {(each["function"], each["kind"], each["place"], each["message"]) for each in told["errors"]} == {
        ("api_handler", "KeyError", "functions/meta.py read_meta", "a door failed: KeyError: '#'"),
        ("api_handler", "request", "", "read_meta ERR_SERVICE_UNAVAILABLE"),
        ("api_handler", "-", "told", "events cannot be read: ValueError(#)"),
        ("ingest_readings", "StorageUnavailable", "chalicelib/storage/table.py put", "of #"),
        ("ingest_readings", "timeout", "", "Lambda ended the run"),
        ("ingest_readings", "Runtime.OutOfMemory", "", "Lambda ended the run"),
    }
    (twice,) = [each for each in told["errors"] if each["kind"] == "KeyError"]
    assert (twice["count"], twice["request_id"]) == (2, "r-2")
    assert (twice["first"], twice["last"]) == ("2026-01-05T08:01:00.000Z", "2026-01-05T08:03:00.000Z")


def test_people_see_the_newest_first_and_where_lines_were_left_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "MOST", 5)
    output = shown()
    assert "Only the first 5 lines were read of: api_handler." in output
    assert output.index("read_meta ERR_SERVICE_UNAVAILABLE") < output.index("a door failed")
    assert "request r-2" in output


def test_nothing_that_failed_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_events, "matching", lambda *_: iter(()))
    assert "No failure of Takip itself." in shown()


def test_a_span_needs_a_unit() -> None:
    done = CliRunner().invoke(commands.takip, ["errors", "--since", "24"])
    assert done.exit_code == 2
    assert "--since" in done.output


def test_what_the_logger_really_writes_is_understood(environment: None, told: Told) -> None:
    try:
        json.loads(ULID)
    except ValueError:
        logger().exception("a door failed", extra={"request_id": "r-1"})
    (line,) = told()
    found = failures.read(AT, "api_handler", json.dumps(line))
    assert found is not None
    assert (found.kind, found.request_id) == ("JSONDecodeError", "r-1")
    assert found.message.startswith("a door failed: json.decoder.JSONDecodeError: Extra data")
