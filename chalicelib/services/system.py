"""Whether the table that Takip needs can be reached."""

from chalicelib.storage import table


def ask_storage() -> None:
    """Check that the table answers. Raises StorageUnavailable."""
    table.ping()
