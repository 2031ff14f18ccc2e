"""The door of codes on labels."""

from chalicelib.domain.errors import NotFound
from chalicelib.schemas.scanning import ScannedCode, ScannedOut, scanned_out
from chalicelib.services.floor import scanning
from chalicelib.services.idempotency import Answer
from functions import _request
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/scan/{code}", action="scan.read", answers=ScannedOut, refuses=(NotFound,))
def scan(call: Call, code: str) -> Answer:
    """Find what a code on a label names, and what the caller may do there: a link, an id, an order's number or lot."""
    found = scanning.scan(call.actor, _request.named(ScannedCode, code=code).code)
    return Answer(scanned_out(found.found, call.actor, more=found.more).plain(), polled=True)
