"""The door of the published contract."""

import json

from chalicelib.remembered import cached
from chalicelib.services.idempotency import Answer
from functions._endpoint import Doors, Visit
from functions._openapi import document
from functions._rules import TextOf

doors = Doors(__name__)


@doors.public("GET", "/openapi.json", answers=TextOf("application/json"))
def read_contract(_: Visit) -> Answer:
    """Read the contract of the API, from which clients can be generated: OpenAPI 3.1."""
    return Answer(_written())


@cached
def _written() -> str:
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":"))
