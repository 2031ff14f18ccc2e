"""The key of the table's schema. It belongs to no tenant."""

from chalicelib.storage.keys.shape import Key

TABLE = Key("SCHEMA", "SCHEMA")
"""The forms that the table holds, and the migrations that have run."""
