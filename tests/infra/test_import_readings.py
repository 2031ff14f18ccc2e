"""`takip.py readings import`: old readings come in once, whatever interrupts it; wrong lines are kept with reasons."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from click.testing import CliRunner, Result

from chalicelib import settings
from chalicelib.domain.machines.message_fields import MAX_SEQ
from chalicelib.outbound import queue
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import markers
from infra import readings_file
from infra.aws import Aws
from infra.cli import commands, readings
from infra.problem import Problem
from tests.administering import in_this_process
from tests.disturbances import Crash, after, crash
from tests.floor import MINUTE
from tests.machines import arrived, install, standing_rollups, watched
from tests.real_machines import assert_equal, temperature_answers, temperatures
from tests.sampling import IS_FULL

Verb = Callable[..., Result]
HEADER = "machine_id,type,sensor,at,value,seq"


@pytest.fixture
def verb(table: None, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table and the queue of the tests."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(readings, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda path, *more: CliRunner().invoke(commands.takip, ["readings", "import", str(path), *more])


def written(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A file of these lines."""
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path


def line(value: object = 20.5, at: str = "2026-01-05T07:10:00Z", machine_id: str = "M1", seq: object = "") -> str:
    return f"{machine_id},temperature,main,{at},{value},{seq}"


def taken() -> list[str]:
    """Take all messages from the readings queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings.current().readings_queue)["QueueUrl"]
    bodies: list[str] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for each in found:
            bodies.append(each["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return bodies


def values(bodies: list[str]) -> list[float]:
    return sorted(each["value"] for body in bodies for each in json.loads(body)["readings"])


def rejected(path: Path) -> list[dict[str, str]]:
    with path.with_name(f"{path.stem}.rejected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_readings_are_packed_by_machine_and_go_to_the_queue(verb: Verb, tmp_path: Path) -> None:
    install("M1", "M2")
    many = [line(n, f"2026-01-05T07:{n // 60:02}:{n % 60:02}Z") for n in range(1_500)]
    path = written(tmp_path / "a.csv", *many, line(1, machine_id="M2", seq=7))
    assert "1,501 readings in 3 messages can be sent." in verb(path, "--dry-run").output
    assert taken() == []
    done = verb(path)
    assert ("1,501 readings in 3 messages were sent." in done.output, done.exit_code) == (True, 0)
    bodies = taken()
    assert sorted(len(json.loads(body)["readings"]) for body in bodies) == [1, 500, 1_000]
    again = verb(path)
    assert "0 readings in 0 messages were sent. 1,501 were sent before." in again.output
    assert taken() == []
    verb(path, "--again")
    assert sorted(taken()) == sorted(bodies)


def test_wrong_lines_are_told_and_kept_and_can_be_imported_when_they_are_right(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    wrong = [
        line("warm"),
        line("nan"),
        line(1, "yesterday"),
        line(1, machine_id="M9"),
        line("81,5"),
        line(2, seq=-1),
        line(""),
    ]
    path = written(tmp_path / "a.csv", line(1), *wrong, "", ",temperature,,2026-01-05T07:10:00Z,1,")
    done = verb(path)
    assert done.exit_code == 1
    assert "line 3: value must be a number" in done.output
    assert "8 lines cannot be used." in done.output
    reasons = {int(each["line"]): each["reasons"] for each in rejected(path)}
    assert {number: why.rpartition("(")[2] for number, why in reasons.items()} == {
        3: "not_a_number)",
        4: "not_finite)",
        5: "not_an_instant)",
        6: "unknown_machine)",
        7: "too_many_cells)",
        8: "bad_seq)",
        9: "required)",
        11: "unknown_machine)",
    }
    assert values(taken()) == [1]
    install("M9")
    late = written(tmp_path / "b.csv", line(3, machine_id="M9"))
    assert verb(late).exit_code == 0
    assert not late.with_name("b.rejected.csv").exists()


def test_a_file_of_a_spreadsheet_is_read(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    path = tmp_path / "a.csv"
    written(path, "2026-01-05T07:10:00Z;1.5;M1;power", header='"at";"value";machine_id;type', encoding="utf-8-sig")
    assert verb(path).exit_code == 0
    (body,) = taken()
    assert json.loads(body)["readings"][0] | {"at": ""} == {
        "sensor": "main",
        "type": "power",
        "at": "",
        "seq": None,
        "value": 1.5,
    }


@pytest.mark.parametrize(
    ("header", "says"),
    [("machine_id,type,value", "must name the columns"), (f"{HEADER},unit", "must name"), (f"{HEADER},at", "must")],
)
def test_a_file_with_other_columns_is_refused(verb: Verb, tmp_path: Path, header: str, says: str) -> None:
    refused = verb(written(tmp_path / "a.csv", line(), header=header))
    assert isinstance(refused.exception, Problem)
    assert says in str(refused.exception)


def test_a_file_that_is_no_csv_is_refused_with_its_line(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    refused = verb(written(tmp_path / "a.csv", line(), 'M1,"temperature'))
    assert "a.csv, line 3:" in str(refused.exception)


def test_a_file_in_another_encoding_is_refused_with_its_line(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    refused = verb(written(tmp_path / "a.csv", line(), line("ılık"), encoding="cp1254"))
    assert str(refused.exception).endswith("a.csv, line 3: this is not UTF-8. Save the file as CSV UTF-8.")


def test_what_only_python_reads_as_a_number_is_none(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    path = written(tmp_path / "a.csv", *map(line, ("1_000", "١٢", "ınf", "+7.5e1")), line(1, seq="9" * 5_000))
    assert verb(path).exit_code == 1
    assert values(taken()) == [75.0]
    wrong = [each["reasons"].rpartition(" ")[2] for each in rejected(path)]
    assert wrong == ["(not_a_number)", "(not_a_number)", "(not_a_number)", "(bad_seq)"]


def test_another_tenant_must_be_there(verb: Verb, tmp_path: Path) -> None:
    refused = verb(written(tmp_path / "a.csv", line()), "--tenant", "nort")
    assert isinstance(refused.exception, Problem)


def test_a_crash_anywhere_loses_no_reading_and_keeps_each_wrong_line_once(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    lines = [line(n if n % 3 else "warm", f"2026-01-05T07:{n:02}:00Z") for n in range(10)]
    with patch.object(readings_file, "A_BLOCK", 3):
        for step in count():
            path = written(tmp_path / f"{step}.csv", *lines)
            with watched(after(step, crash)) as called, suppress(Crash):
                verb(path)
            if len(called) <= step:
                break
            verb(path)
            assert set(values(taken())) == {1, 2, 4, 5, 7, 8}
            assert [each["line"] for each in rejected(path)] == ["2", "5", "8", "11"]
    assert step >= 4


def test_what_was_written_before_a_crash_between_a_block_and_its_state_is_replaced(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    path = written(tmp_path / "a.csv", line("warm"), line("cold"))
    with patch.object(readings_file, "A_BLOCK", 1):
        with patch.object(readings_file.ReadingsFile, "_write", lambda _: crash()), pytest.raises(Crash):
            verb(path)
        assert [each["line"] for each in rejected(path)] == ["2"]
        verb(path)
    assert [each["line"] for each in rejected(path)] == ["2", "3"]


def test_another_content_begins_anew(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    path = written(tmp_path / "a.csv", line(1))
    verb(path)
    written(path, line(2), line(3, "2026-01-05T07:11:00Z"))
    assert "2 readings" in verb(path).output
    assert values(taken()) == [1, 2, 3]


def test_an_interrupted_import_says_how_to_go_on(verb: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> Iterator[Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(readings, "ask", interrupt)
    stopped = verb(written(tmp_path / "a.csv", line()))
    assert (stopped.exit_code, "Stopped." in stopped.output) == (130, True)


def test_a_full_message_of_the_longest_readings_is_not_too_large(verb: Verb, tmp_path: Path) -> None:
    longest = "x" * 64
    install(longest)
    lines = [f"{longest},temperature,{longest},2026-01-05T07:10:00.{n:06}Z,{-1 / 3},{MAX_SEQ}" for n in range(1_000)]
    sent: list[str] = []
    with patch.object(queue, "send", sent.append):
        assert verb(written(tmp_path / "a.csv", *lines)).exit_code == 0
    assert [len(body) < 256 * 1024 for body in sent] == [True]


def test_a_real_machines_log_comes_to_its_checked_answers(verb: Verb, tmp_path: Path) -> None:
    install("M1")
    log = temperatures() if IS_FULL else temperatures()[:600]
    lines = [f"M1,temperature,,{each['at']},{each['value']!r}," for each in log]
    path = written(tmp_path / "log.csv", *lines)
    with patch.object(readings_file, "A_BLOCK", 250):
        assert verb(path).exit_code == 0
    ingest(arrived(*taken()))
    aggregate(lambda: MINUTE, markers.waiting_buckets())
    made = {hour: rollup for (_, hour, _, _), rollup in standing_rollups().items()}
    whole = sorted(made) if IS_FULL else sorted(made)[:-1]
    assert len(whole) >= 45
    for hour in whole:
        assert_equal(made[hour], temperature_answers()["main", hour])
