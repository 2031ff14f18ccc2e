"""From machines that speak OPC UA, Modbus and MQTT, through the gateway, to the rollups: nothing lost or twice."""

import json
import random
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from chalicelib.domain.machines.rollups import Rollup
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from tests.conftest import SetClock
from tests.gateway.broker import Broker, brokering
from tests.gateway.clouds import Cloud, clouded
from tests.gateway.cutting import Network, network
from tests.gateway.looped import looped
from tests.gateway.machines import FIRST, ModbusMachine, OpcUaMachine, modbus_machine, opcua_machine
from tests.gateway.running import Gateway, running, until
from tests.machines import arrived, install, standing_rollups
from tests.sampling import IS_FULL, sampled

SETTINGS = """
store = "store.db"
batch = {{ readings = 5, seconds = 0.3 }}
{3}

[[opcua]]
url = "opc.tcp://127.0.0.1:{0}"
machine = "OPCUA"
history = true
publish_seconds = 0.1
sample_seconds = 0.01
signal = [{{ node = "ns=2;s=Temperature", type = "temperature" }}]

[[modbus]]
host = "127.0.0.1"
port = {1}
machine = "MODBUS"
every_seconds = 0.1
signal = [{{ address = 0, type = "cycle_count" }}]

[[mqtt]]
host = "127.0.0.1"
port = {2}
signal = [{{ topic = "plant/oven", machine = "MQTT", type = "temperature", value = "celsius", at = "time", seq = "n" }}]
"""


@dataclass
class Factory:
    """Three machines, the gateway beside them, and the network to the queue."""

    opcua: OpcUaMachine
    modbus: ModbusMachine
    broker: Broker
    cloud: Cloud
    network: Network
    machines: list[Network]
    gateway: Gateway
    published: list[float] = field(default_factory=list)

    def measure(self, count: int) -> None:
        """The machines with clocks measure so many values, a minute apart."""
        self.opcua.measure(count)
        oven = Client(CallbackAPIVersion.VERSION2, client_id="oven")
        oven.connect("127.0.0.1", self.broker.port)
        oven.loop_start()
        for _ in range(count):
            n = len(self.published)
            at = (FIRST + timedelta(minutes=n)).timestamp() * 1000
            self.published.append(200.5 + n)
            text = json.dumps({"celsius": self.published[-1], "time": at, "n": n})
            oven.publish("plant/oven", text, qos=1).wait_for_publish(5)
        oven.disconnect()
        oven.loop_stop()

    def sent(self, machine: str) -> dict[float, int]:
        """The values of a machine that the queue has, and how often."""
        values: dict[float, int] = {}
        for body in map(json.loads, self.cloud.bodies):
            for part in body["readings"] if body["machine_id"] == machine else ():
                values[part["value"]] = values.get(part["value"], 0) + 1
        return values

    def has_sent_everything(self) -> bool:
        return set(self.opcua.measured) <= self.sent("OPCUA").keys() and set(self.published) <= self.sent("MQTT").keys()

    def cut(self) -> None:
        """Cut everything off the gateway."""
        for each in (self.network, *self.machines):
            each.cut()

    def mend(self) -> None:
        """Let everything reach the gateway again."""
        for each in (self.network, *self.machines):
            each.mend()


@pytest.fixture
def factory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Factory]:
    with looped() as loop, ExitStack() as standing:
        opcua, modbus = standing.enter_context(opcua_machine(loop)), standing.enter_context(modbus_machine(loop))
        broker, cloud = standing.enter_context(brokering(loop)), clouded(request.param, loop, tmp_path)
        to_takip = standing.enter_context(cloud)
        between = standing.enter_context(network(to_takip.port))
        machines = [standing.enter_context(network(each.port)) for each in (opcua, modbus, broker)]
        settings = SETTINGS.format(*(each.port for each in machines), to_takip.settings(between.port))
        gateway = standing.enter_context(running(tmp_path, settings, between.port))
        made = Factory(opcua, modbus, broker, to_takip, between, machines, gateway)
        until(lambda: broker.is_subscribed and made.sent("OPCUA") and made.sent("MODBUS"), gateway)
        yield made


def rolled_up(bodies: list[str], set_clock: SetClock) -> dict[str, list[Rollup]]:
    """What Takip makes of these messages, in any order."""
    install("OPCUA", "MODBUS", "MQTT")
    set_clock.set(datetime.now(UTC))
    random.Random(1).shuffle(bodies)  # noqa: S311  the same order each time
    assert ingest(arrived(*bodies)).quarantined == 0
    set_clock.forward(timedelta(days=1))
    aggregate(lambda: timedelta(minutes=1))
    made: dict[str, list[Rollup]] = {}
    for (machine, _, _, _), rollup in sorted(standing_rollups().items()):
        made.setdefault(machine, []).append(rollup)
    return made


def count(rollups: list[Rollup]) -> int:
    return sum(each.count for each in rollups)


def total(rollups: list[Rollup]) -> float:
    return sum(each.numbers.sum for each in rollups if each.numbers)


def assert_nothing_is_lost_or_twice(factory: Factory, interruptions: int, set_clock: SetClock) -> None:
    """Hold the rollups against what the machines measured."""
    factory.gateway.kill()  # otherwise the Modbus device counts on
    made = rolled_up(factory.cloud.bodies, set_clock)
    assert (count(made["MQTT"]), total(made["MQTT"])) == (len(factory.published), sum(factory.published))
    measured = factory.opcua.measured
    assert (count(made["OPCUA"]), total(made["OPCUA"])) == (len(measured), sum(measured))
    counted = factory.sent("MODBUS").keys()
    # What a device answers in the moment of a kill or a cut is no reading yet.
    assert len(set(range(1, int(max(counted)))) - counted) <= interruptions
    assert count(made["MODBUS"]) == len(counted)


@pytest.mark.parametrize("factory", [*sampled(["sqs", "iot"], 2)], indirect=True)
def test_a_cut_network_and_a_killed_gateway_lose_nothing(factory: Factory, table: None, set_clock: SetClock) -> None:
    gateway, cloud = factory.gateway, factory.cloud
    factory.opcua.fail()
    until(lambda: "Temperature of opc.tcp" in gateway.log, gateway)
    factory.network.cut()
    factory.measure(7)
    until(lambda: factory.broker.unconfirmed == 0, gateway)  # the oven's are on the gateway's disk, and nowhere else
    gateway.kill()
    factory.measure(9)  # while no gateway is there
    gateway.start()
    cloud.mute(is_mute=True)
    factory.network.mend()
    taken = len(cloud.bodies)
    until(lambda: len(cloud.bodies) > taken + 1, gateway)  # the same message twice, because no answer came
    first, second = (json.loads(body)["readings"] for body in cloud.bodies[taken : taken + 2])
    assert second[: len(first)] == first
    cloud.mute(is_mute=False)
    until(factory.has_sent_everything, gateway)

    assert_nothing_is_lost_or_twice(factory, 1, set_clock)
    assert re.search("Temperature of .* has no good value: BadSensorFailure", gateway.log)
    assert re.search("Temperature of .* has good values again", gateway.log)


@pytest.mark.skipif(not IS_FULL, reason="the test above is its sample; --full runs it")
@pytest.mark.parametrize("factory", ["sqs", "iot"], indirect=True)
def test_a_gateway_that_is_cut_off_and_killed_again_and_again_loses_nothing(
    factory: Factory, table: None, set_clock: SetClock
) -> None:
    moments, interruptions = random.Random(13), 12  # noqa: S311  the same moments each time
    for n in range(interruptions):
        (factory.cut, factory.mend)[n % 2]()
        factory.cloud.mute(is_mute=moments.random() < 0.3)
        factory.measure(moments.randrange(1, 8))
        time.sleep(4 * moments.random())
        factory.gateway.kill()
        factory.gateway.start()
    factory.cloud.mute(is_mute=False)
    until(factory.has_sent_everything, factory.gateway)

    assert_nothing_is_lost_or_twice(factory, 2 * interruptions, set_clock)
