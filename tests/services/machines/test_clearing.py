"""Clearings of quarantine: which messages they take, and how runs share them."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.markers import Clearing, Fate, Marker
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.machines import waiting
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage import markers, table
from chalicelib.storage.items import item
from chalicelib.storage.machines import quarantine
from tests.conftest import SetClock
from tests.floor import MINUTE
from tests.machines import arrived, install, message, part, standing
from tests.services.replayed import ask, counts, settle, waits, work

pytestmark = pytest.mark.usefixtures("table", "set_clock")


@pytest.mark.parametrize("fate", [Fate.TAKE_IN, Fate.DELETE])
def test_what_a_run_has_no_time_for_is_left_to_the_next(set_clock: SetClock, fate: Fate) -> None:
    sent = [arrived(message("M1", part(float(n), at=f"2026-01-05T07:{n:02}:00Z")))[0] for n in range(7)]
    install("M1", sensors=(Sensor("main", "temperature", max=-1.0),))
    ingest(sent)
    install("M1")
    markers.write(waiting.marker(DEFAULT_TENANT, Clearing(fate, "M1")))
    with patch.object(quarantine, "MOST_A_PAGE", 3):
        work(60, 19, 9)
        assert 0 < len(standing("quarantined")) < 7
        (left,) = [each for marker in markers.pending() for each in marker.clearings]
        assert left.after
        settle(set_clock)
    assert (counts(), waits()) == ({"M1": 7} if fate is Fate.TAKE_IN else {}, [])


def test_a_clearing_takes_its_code_and_time_only() -> None:
    early, now = datetime(2026, 1, 4, tzinfo=UTC), arrived("")[0].sent_at
    ingest(arrived(message("M1", part(1.0)), "{"))
    ingest(arrived(message("M1", part(2.0)), sent_at=early))
    wanted = Clearing(Fate.DELETE, code="unknown_machine", since=early + MINUTE, until=now + MINUTE)
    markers.write(waiting.marker(DEFAULT_TENANT, wanted))
    work()
    assert sorted(map(sorted, waits())) == [["unknown_machine"], ["unreadable"]]


def test_messages_of_an_earlier_release_come_into_their_machines_list(set_clock: SetClock) -> None:
    ingest(arrived(message("M1", part(1.0)), "{"))
    for stored in standing("quarantined"):
        kept = stored.attribute_values
        table.put(type(stored).of({name: kept[name] for name in kept if not name.startswith("GSI1")}))
    install("M1")
    ask()
    work()
    assert len(standing("quarantined")) == 2
    waiting.rewrite_all()
    work()
    ask()
    settle(set_clock)
    assert (counts(), waits()) == ({"M1": 1}, [{"unreadable"}])


def test_the_marker_of_a_clearing_comes_back_and_one_of_the_release_before_is_read() -> None:
    old = Marker("old", DEFAULT_TENANT, order_ids=("WO-1",))
    assert "clearings" not in markers.as_item(old).data
    table.put(item(markers.as_item(old).key, "marker", {"id": "old", "tenant": "default", "order_ids": ["WO-1"]}))
    assert markers.pending() == [old]
    asked = waiting.marker(DEFAULT_TENANT, Clearing(Fate.DELETE, "M1", since=datetime(2026, 1, 4, tzinfo=UTC)))
    markers.write(asked)
    assert markers.pending([markers.QUARANTINE_BUCKET]) == [asked]
