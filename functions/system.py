"""The doors of health and readiness, and the first one."""

from typing import Any

from chalicelib import __version__
from chalicelib.schemas.meta import HealthOut, WelcomeOut
from chalicelib.services import system
from chalicelib.services.idempotency import Answer
from functions._endpoint import Doors, Visit

doors = Doors(__name__)
doors.answer_preflights_elsewhere()


@doors.public("GET", "/", answers=WelcomeOut, any_version=True)
def welcome(_: Visit) -> Answer:
    """Tell what this is and where to go: pages to read and to try, the contract for programs, signing in."""
    return Answer(WelcomeOut(version=__version__).plain())


@doors.public("GET", "/health", answers=HealthOut, any_version=True)
def tell_health(visit: Visit) -> Answer:
    """Check that the function runs."""
    return Answer(_healthy(visit))


@doors.public("GET", "/ready", answers=HealthOut, any_version=True)
def tell_readiness(visit: Visit) -> Answer:
    """Check that the table, the signing keys and the queue of readings can be reached too; 503 if not."""
    system.ask_all()
    return Answer(_healthy(visit))


def _healthy(visit: Visit) -> dict[str, Any]:
    return HealthOut(version=__version__, timestamp=visit.received_at).plain()
