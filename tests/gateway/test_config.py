"""gateway.toml is checked, and what a value becomes stands in it."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from docs.examples.gateway.__main__ import main
from docs.examples.gateway.config import Signal, load
from infra.places import PROJECT

EXAMPLE = PROJECT / "docs/examples/gateway"
SQS = '[sqs]\nqueue_url = "http://sqs/1/q"\nregion = "eu-central-1"\n'
IOT = '[iot]\nhost = "iot"\nclient_id = "g"\ntls = { ca = "ca.pem" }\n'
MODBUS = '[[modbus]]\nhost = "m"\nmachine = "M1"\nsignal = [{ address = 0, type = "temperature" }]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MODBUS, "either [sqs] or [iot]"),
        (SQS + IOT + MODBUS, "either [sqs] or [iot]"),
        (SQS, "at least one [[opcua]], [[modbus]] or [[mqtt]]"),
        (SQS + MODBUS.replace("host", "hots"), "modbus.0.hots"),
        (SQS + MODBUS.replace("M1", "M 1"), "modbus.0.machine"),
        (SQS + MODBUS + "[batch]\nreadings = 501\n", "batch.readings"),
        ("tenant", "Expected '=' after a key"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(said)):
        load(tmp_path / "gateway.toml")


def test_the_example_can_be_used() -> None:
    settings = load(EXAMPLE / "gateway.toml")
    assert (settings.batch.readings, len(settings.opcua), len(settings.modbus), len(settings.mqtt)) == (60, 1, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name the file of settings: python -m gateway gateway.toml"),
        (["missing.toml"], "The gateway cannot start: [Errno 2] No such file or directory: 'missing.toml'"),
    ],
)
def test_a_gateway_that_cannot_start_says_why(arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit, match=re.escape(said)):
        main(arguments)


def test_the_settings_of_a_gateway_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load(EXAMPLE / "gateway.toml").tenant = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("signal", "value", "read"),
    [
        (Signal(type="temperature"), 815, 815),
        (Signal(type="temperature", scale=0.1), 815, 81.5),
        (Signal(type="temperature", scale=2, offset=-10), 20, 30),
        (Signal(type="temperature", scale=0.1), "hot", "hot"),
        (Signal(type="temperature", scale=0.1), True, True),
        (Signal(type="state", states={"2": "producing"}), 2, "producing"),
        (Signal(type="state", states={"True": "producing"}), True, "producing"),
        (Signal(type="state", states={"2": "producing"}), 7, 7),
    ],
)
def test_a_value_becomes_a_reading_by_its_signal(signal: Signal, value: object, read: object) -> None:
    assert signal.read(value) == read


def pins(path: Path) -> set[str]:
    """What a file of requirements pins."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if "==" in line}


def test_the_gateway_runs_on_the_versions_it_is_tested_with() -> None:
    ours = pins(EXAMPLE / "requirements.txt")
    assert len(ours) == 5
    assert ours <= pins(PROJECT / "requirements.txt") | pins(PROJECT / "requirements-dev.txt")
