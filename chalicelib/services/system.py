"""Whether what Takip needs can be reached: the table, with what this release can read, the signing keys, the queue."""

from chalicelib import settings
from chalicelib.outbound import queue
from chalicelib.storage import schema


def ask_all() -> None:
    """Check that the table answers, that its schema is known, and that the signing keys and the queue are there.

    Raises StorageUnavailable, UnknownSchema, SigningKeysUnavailable, ReadingsUnavailable.
    """
    if noted := schema.find():
        noted.refuse_unknown()
    settings.signing_keys()
    queue.ask()
