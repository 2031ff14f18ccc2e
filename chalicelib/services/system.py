"""Whether what Takip stands on is there."""

from chalicelib.storage import table


def ask_storage() -> None:
    """Ask the table for anything at all. Raises StorageUnavailable."""
    table.ping()
