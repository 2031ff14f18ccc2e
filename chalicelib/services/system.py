"""Whether the table that Takip needs can be reached, and holds what this release can read."""

from chalicelib.storage import schema


def ask_storage() -> None:
    """Check that the table answers, and that its schema is known. Raises StorageUnavailable, UnknownSchema."""
    if noted := schema.find():
        noted.refuse_unknown()
