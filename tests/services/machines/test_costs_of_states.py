"""What an hour with counts or states costs beside one of other numbers, in write units from the bytes of the items."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.markers import MachineHour
from chalicelib.services.machines import rollups
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage.items import Item
from infra.bench.metering import Meter
from tests.machines import arrived, install, message, part

pytestmark = pytest.mark.usefixtures("table", "set_clock")

SEVEN = datetime(2026, 1, 5, 7, tzinfo=UTC)


def costs(machine_id: str, type_name: str, *values: object) -> tuple[int, float]:
    """Requests and write units of the first rollup of an hour that has a reading a minute."""
    install(machine_id)
    parts = (part(value, f"2026-01-05T07:{n:02d}:00Z", type=type_name) for n, value in enumerate(values))
    ingest(arrived(message(machine_id, *parts)))
    with Meter(Item._get_connection().connection.client).running() as meter:
        assert rollups.remake("default", MachineHour(machine_id, SEVEN), SEVEN)
    return meter.requests, float(meter.write)


def test_an_hour_of_states_costs_one_write_unit_more_and_no_request_and_one_of_counts_nothing() -> None:
    requests, units = costs("M1", "temperature", *map(float, range(60)))
    assert costs("M2", "cycle_count", *map(float, range(60))) == (requests, units)
    assert costs("M3", "state", *["producing"] * 60) == (requests, units + 1)
    assert costs("M4", "state", *["idle", "producing"] * 30) == (requests, units + 1)
    assert costs("M5", "state", *["unplanned_stop", "producing"] * 15, *["producing"] * 30) == (requests, units + 1)
