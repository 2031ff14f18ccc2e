"""The tables of a PostgreSQL that runs. It is only read, and all tables are as of one instant.

Its driver, psycopg, is installed when somebody first needs it.
"""

import importlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock

from infra.old_system.tables import Raw
from infra.problem import Problem
from infra.programs import pip

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_INSTALLING = Path(tempfile.gettempdir()) / "takip-psycopg.lock"
_ADDRESS = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)
_PATIENCE_SECONDS = 10
_NOT_REACHED = (
    "there is no such host, or the address is not understood.\n"
    "Check host, port and database. In a password, write @ as %40, / as %2F, # as %23 and % as %25."
)
_TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def is_address(source: str) -> bool:
    """Whether this is the address of a server, and not the name of a file."""
    return _ADDRESS.match(source) is not None


def named(address: str) -> str:
    """An address to be shown: without the password, and without options, which may hold one."""
    try:
        place = urlsplit(address)
        port = place.port
    except ValueError:
        return "This address"
    user, host = place.username, place.hostname or ""
    return f"{place.scheme}://{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}{place.path}"


def tables(address: str) -> Iterator[tuple[str, list[Mapping[str, Raw]]]]:
    """Each table with its rows as texts.

    Raises Problem if the server does not answer, does not let us in or does not show a table, or if psycopg cannot be
    installed. It never says the password.
    """
    psycopg = _driver()
    try:
        with psycopg.connect(address, connect_timeout=_PATIENCE_SECONDS) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL datestyle = 'ISO'")
                for schema, name in cursor.execute(_TABLES).fetchall():
                    yield name, _rows(psycopg, cursor, schema, name)
    except psycopg.Error as error:
        raise Problem(f"{named(address)} cannot be read: {_told(error, address)}") from None


def _rows(psycopg: Any, cursor: Any, schema: str, table: str) -> list[Mapping[str, Raw]]:
    """The rows of a table, in the form in which a dump holds them."""
    everything = psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(schema, table))
    columns = [column.name for column in cursor.execute(everything + psycopg.sql.SQL(" LIMIT 0")).description]
    with cursor.copy(psycopg.sql.SQL("COPY ({}) TO STDOUT").format(everything)) as copy:
        return [dict(zip(columns, row, strict=True)) for row in copy.rows()]


def _driver() -> Any:
    """The module psycopg, installed now if it is not there."""
    try:
        return importlib.import_module("psycopg")
    except ImportError:
        with FileLock(_INSTALLING):
            pip("psycopg, which reads a PostgreSQL, could not be installed.", "install", "-r", str(REQUIREMENTS))
        importlib.invalidate_caches()
        return importlib.import_module("psycopg")


def _told(error: Exception, address: str) -> str:
    """What a server or its driver says. What is said of a wrong address may hold a part of the password."""
    if not getattr(error, "sqlstate", None) and "connection to server" not in str(error):
        return _NOT_REACHED
    secret, words = urlsplit(address).password, str(error).strip()
    return words.replace(secret, "…") if secret else words
