"""The doors that tell whether Takip is there."""

from chalicelib import __version__
from chalicelib.domain.instants import wire
from chalicelib.services import system
from chalicelib.services.idempotency import Answer
from functions._endpoint import Doors, Visit

doors = Doors(__name__)


@doors.public("GET", "/health")
def tell_health(visit: Visit) -> Answer:
    """Check that the function runs."""
    return Answer(_healthy(visit))


@doors.public("GET", "/ready")
def tell_readiness(visit: Visit) -> Answer:
    """Check that storage can be reached too; 503 if not."""
    system.ask_storage()
    return Answer(_healthy(visit))


def _healthy(visit: Visit) -> dict[str, str]:
    return {"status": "healthy", "version": __version__, "timestamp": wire(visit.received_at)}
