"""An old system is read the same from SQLite and from a dump, whatever its generation; what is neither is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from infra.old_system import sqlite
from infra.old_system.reading import read
from infra.old_system.tables import Raw, Value, identified, normalised
from infra.problem import Problem
from tests.real_machines import folder

USERS = "CREATE TABLE public.users (id integer PRIMARY KEY, username text, CONSTRAINT one UNIQUE (username));\n"
INSERT = "INSERT INTO public.users VALUES "
COPY = "COPY public.users (id, username) FROM stdin;\n"


def written(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def made(path: Path, script: str) -> str:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(script)
    return str(path)


def test_the_first_generation_has_fewer_tables_and_columns() -> None:
    first, latest = read(str(folder("old_system") / "first.db")), read(str(folder("old_system") / "latest.db"))

    assert {*first} == {"users", "work_orders", "work_order_stages", "issues"}
    assert {*latest} - {*first} == {
        "alembic_version", "machines", "stage_assignments", "machine_readings", "notifications", "products", "molds",
    }  # fmt: skip
    for table, rows in first.items():
        assert [row.items() <= full.items() for row, full in zip(rows, latest[table], strict=True)] == [True] * len(
            rows
        )


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ("qty", "12", 12),
        ("qty", 12, 12),
        ("qty", 12.0, 12),
        ("qty", "-3", -3),
        ("cycle_time_sec", "12.5", 12.5),
        ("qty", "a dozen", "a dozen"),
        ("qty", "nan", "nan"),
        ("qty", "1_000", 1000),
        ("qty", None, None),
        ("lot_no", 7, "7"),
        ("lot_no", "007", "007"),
        ("value", 181.5, "181.5"),
        ("photo", b"\x01\xff", "\\x01ff"),
        ("planned_start", "2025-11-22 02:00:00.000000", "2025-11-22T02:00:00"),
        ("planned_start", "2025-11-22 02:00:00.5", "2025-11-22T02:00:00.500000"),
        ("planned_start", "2025-11-22 02:00:00+03", "2025-11-22T02:00:00+03:00"),
        ("planned_start", "2025-11-22T02:00:00Z", "2025-11-22T02:00:00+00:00"),
        ("planned_start", "2025-11-22", "2025-11-22T00:00:00"),
        ("planned_start", "tomorrow", "tomorrow"),
    ],
)
def test_a_value_is_read_by_its_column(column: str, raw: Raw, value: Value) -> None:
    read = normalised(column, raw)

    assert (read, type(read)) == (value, type(value))


def test_rows_are_called_by_their_id_and_by_their_place_where_they_have_none_of_their_own() -> None:
    rows: list[dict[str, Value]] = [{"id": 7}, {"id": None}, {"id": 7}, {"id": "x"}, {"version_num": "a"}]

    assert [name for name, _ in identified(rows)] == [7, "row 2", "row 3", "row 4", "row 5"]


def test_rows_come_in_the_order_of_their_ids_where_all_have_one(tmp_path: Path) -> None:
    found = read(
        written(
            tmp_path / "a.sql",
            f"{USERS}COPY users (id) FROM stdin;\n10\n9\n\\.\nCOPY b (id) FROM stdin;\n2\n\\N\n1\n\\.\n",
        )
    )

    assert [row["id"] for row in found["users"]] == [9, 10]
    assert [row["id"] for row in found["b"]] == [2, None, 1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"PGDMP\x01", "pg_restore"),
        (b"\x1f\x8b\x08", "gunzip"),
        (b"PK\x03\x04", "is a zip"),
        (b"SQLite format 3\0 and no more", "not a database"),
        (b"Hello\n", "line 1: the dump ends within a statement"),
        (b"-- nothing;\n", "It has no tables at all"),
        ("CREATE TABLE users (name text);\n-- ş\n".encode("cp1254"), "line 2: this is not UTF-8"),
        (b"SET client_encoding = 'LATIN5';\n", "line 1: the dump is in 'LATIN5'"),
        (f"{USERS}{COPY}1\ta\n".encode(), "line 3: the dump ends within the rows of"),
        (f"{USERS}{COPY}1\n\\.\n".encode(), "line 3: there are 1 values for 2"),
        (f"{USERS}COPY public.users FROM '/a/file';\n".encode(), "line 2: this is not understood"),
        (f"{USERS}{INSERT}(1, now());\n".encode(), "now is no value"),
        (f"{USERS}{INSERT}(1, 'a') RETURNING id;\n".encode(), "should be ; before RETURNING"),
        (f"{USERS}{INSERT}(1, 'a', 2);\n".encode(), "there are 3 values for 2 columns"),
        (b"CREATE TABLE users (id integer;\n", "a statement ends too early"),
        (b"INSERT INTO orders (id) VALUES (1);\n", "It has orders."),
        (f"{USERS}{INSERT}(1, 'a'); {INSERT}(2, 'b');\n".encode(), "Put it on a line of its own"),
        (f"{USERS}{USERS.replace('public', 'old')}COPY old.users (id) FROM stdin;\n\\.\n".encode(), "Two schemas have"),
        (USERS.encode("utf-16"), "--file=plain.sql"),
    ],
)  # fmt: skip
def test_what_is_no_old_system_is_refused_with_the_way_out(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(Problem) as problem:
        read(written(tmp_path / "given", content))

    assert told in str(problem.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no file"):
        read(str(tmp_path / "nowhere.db"))


def test_a_file_that_somebody_writes_into_is_waited_for_and_then_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE_SECONDS", 0.1)
    path = made(tmp_path / "a.db", "CREATE TABLE users (id INTEGER);")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Problem, match="database is locked"):
            read(path)
        other.execute("COMMIT")
        assert read(path) == {"users": []}


def test_a_sqlite_file_that_is_damaged_behind_its_first_rows_is_refused(tmp_path: Path) -> None:
    rows = "INSERT INTO users WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n LIMIT 900) SELECT i FROM n;"
    end = "INSERT INTO users VALUES (CAST(x'ff41' AS TEXT));"
    with pytest.raises(Problem, match="cannot be read as a SQLite file"):
        read(made(tmp_path / "a.db", f"CREATE TABLE users (username TEXT);{rows}{end}"))


def test_the_mark_that_windows_puts_before_a_text_is_no_part_of_it(tmp_path: Path) -> None:
    assert read(written(tmp_path / "a.sql", f"\ufeff{COPY}1\tveli\n\\.\n"))["users"] == [{"id": 1, "username": "veli"}]


def test_a_sqlite_file_is_not_changed_and_its_odd_names_are_read(tmp_path: Path) -> None:
    odd = 'CREATE TABLE users (id INTEGER); CREATE TABLE "a ""b""" (c TEXT); INSERT INTO "a ""b""" VALUES (1);'
    path = Path(made(tmp_path / "o?d #1.db", odd))
    before = path.read_bytes()

    assert read(str(path)) == {"users": [], 'a "b"': [{"c": "1"}]}
    assert path.read_bytes() == before


def test_values_of_every_form_are_read_from_inserts(tmp_path: Path) -> None:
    dump = (
        'CREATE UNLOGGED TABLE IF NOT EXISTS "public"."users" (id integer DEFAULT nextval(\'a\'::regclass),\n'
        '    "read" text, price numeric(10,2), at text, PRIMARY KEY (id));\n'
        "CREATE FUNCTION f() RETURNS integer AS $$ SELECT ';';\n$$ LANGUAGE sql;\n"
        "INSERT INTO users VALUES (-1, E'it\\'s\\ta\\x41', 1.5e-3, NULL::text),\n"
        "    (2, true, 'x'::character varying(3), FALSE)\n"
        "ON CONFLICT DO NOTHING;\n"
        "INSERT INTO users (id, \"read\") OVERRIDING SYSTEM VALUE VALUES (3, 'a;\nb');\n"
    )

    assert read(written(tmp_path / "a.sql", dump))["users"] == [
        {"id": -1, "read": "it's\taA", "price": "1.5e-3", "at": None},
        {"id": 2, "read": "t", "price": "x", "at": "f"},
        {"id": 3, "read": "a;\nb"},
    ]


def test_the_ends_of_lines_of_windows_are_no_part_of_a_value(tmp_path: Path) -> None:
    dump = f"{USERS}{COPY}1\tveli\\r\n\\.\n".replace("\n", "\r\n")

    assert read(written(tmp_path / "a.sql", dump))["users"] == [{"id": 1, "username": "veli\r"}]
