"""`takip.py cost` and `takip.py usage`: what a plant would cost, and what was used."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from infra.aws import Aws
from infra.bench import costs
from infra.bench.plants import Plants
from infra.cli import commands
from infra.cli import usage as cli
from infra.cli.console import console
from infra.usage import usage
from tests.conftest import SetClock


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_width", 200)


def said(*arguments: str) -> Result:
    result = CliRunner().invoke(commands.takip, list(arguments))
    assert result.exit_code == 0, result.output
    return result


def test_a_bill_has_every_part_and_its_sum() -> None:
    output = said("cost", "--orders-per-day", "200", "--workers", "200", "--machines", "50", "--iot").output
    bill = costs.takip(Plants("", 200, 200, 50, iot=True))
    assert [line for line in (*bill, "together", costs.dollars(sum(bill.values()))) if line not in output] == []
    assert costs.PRICE_LIST["source"][:30] in output.replace("\n", " ")


@pytest.mark.parametrize(("days", "is_old"), [(365, False), (366, True)])
def test_prices_say_when_they_were_checked_and_that_it_was_long_ago(
    set_clock: SetClock, days: int, *, is_old: bool
) -> None:
    checked = costs.PRICE_LIST["checked"]
    set_clock.set(datetime.fromisoformat(f"{checked}T12:00:00Z") + timedelta(days=days))
    output = said("cost", "--orders-per-day", "1", "--workers", "1").output
    assert f"Checked on {checked}{', 366 days ago: look at them again' if is_old else ''}: API Gateway" in output


@pytest.mark.parametrize(("rate", "as_much"), [(1, 1), (4, 4), (0.1, 1)])
def test_machines_cost_units_by_their_rate_but_a_minute_costs_a_chunk(rate: float, as_much: float) -> None:
    def of_machines(rate: float) -> float:
        with_them, without = (costs.takip(Plants("", 10, 20, n, rate=rate))["DynamoDB"] for n in (10, 0))
        return with_them - without

    assert of_machines(rate) == pytest.approx(as_much * of_machines(1))


def test_messages_by_iot_are_paid_for() -> None:
    by_queue, by_iot = (costs.takip(Plants("", 10, 20, 10, iot=iot)) for iot in (False, True))
    assert by_queue["IoT Core"] == 0
    assert by_iot["IoT Core"] == pytest.approx(0.5475)


MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def counted(namespace: str, name: str, dimension: str, value: str, amount: float) -> None:
    data: Any = {"MetricName": name, "Value": amount, "Timestamp": datetime(2026, 3, 5, 8, tzinfo=UTC)}
    data |= {"Dimensions": [{"Name": dimension, "Value": value}]}
    boto3.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[data])


@pytest.mark.usefixtures("environment")
def test_what_was_used_is_told_by_function_table_and_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        counted("AWS/Lambda", "Invocations", "FunctionName", "takip-prod", 2_000_000)
        counted("AWS/Lambda", "Duration", "FunctionName", "takip-prod", 1_000_000)
        counted("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", "takip-prod", 1_000_000)
        monkeypatch.setattr(cli, "aws_of", lambda _: Aws("eu-central-1"))
        found = {(each.thing, each.unit): each for each in usage(Aws("eu-central-1"), "prod", MARCH, APRIL)}
        output = said("usage", "--stage", "prod", "--month", "2026-03").output
    assert found["function api_handler", "calls"].dollars == pytest.approx(0.4)
    assert found["function api_handler", "ms"].dollars == pytest.approx(0.0133334)
    assert found["table", "write units"].dollars == pytest.approx(0.625)
    assert found["table", "read units"].amount is None
    assert "1.04" in output
    assert "2,000,000 calls, 1,000,000 ms" in output
    assert f"CloudWatch has no value of {len(found) - 3} of {len(found)} metrics" in output
    assert "queue takip-prod-readings-dead" in output
