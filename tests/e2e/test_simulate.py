"""A simulated plant through the deployed system: by each road, with every fault, there is no difference at the end."""

import pytest

from infra.replay.target import Target
from infra.simulate.messages import ROADS
from infra.simulate.run import simulate
from infra.simulate.schedule import FAULTS, Wish
from tests.e2e.conftest import ADMIN, Deployed
from tests.sampling import IS_FULL

MINUTES = 60


@pytest.mark.skipif(not IS_FULL, reason="it waits for the schedule, twice by each road")
@pytest.mark.timeout(20 * MINUTES)
@pytest.mark.parametrize("via", ROADS)
def test_what_takip_computes_is_what_was_sent(deployed: Deployed, via: str) -> None:
    site = deployed.site
    target = Target(site.url, site.endpoint, site.region, site.queue_url, **ADMIN)
    wish = Wish(machines=3, rate=6, seconds=15, faults=frozenset(FAULTS))
    outcome = simulate(target, via, wish, lambda _: None)
    assert outcome.expected
    assert outcome.differences == []
