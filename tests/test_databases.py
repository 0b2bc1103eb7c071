"""Returns that stand in a database, in SQLite and in a PostgreSQL server of the tests' own."""

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from conftest import EXAMPLE, ROOT, SMALL_FRAMEWORK, WIDE_HEADER, run_command
from postgresql_server import (
    MISSING,
    PASSWORD,
    PASSWORD_IN_URLS,
    READER,
    Server,
    programs,
    running_server,
)
from python_calamine import CalamineWorkbook
from test_formats import (
    AUDITS,
    FRAMEWORK,
    LAYOUTS,
    Cell,
    Percent,
    Rows,
    Tables,
    as_shown,
    as_text,
    as_xlsx,
    assert_same,
    tables_of,
)

from auditanalytics.cli import commands
from auditanalytics.errors import DatabaseError, NoInputError
from auditanalytics.intake import DatabaseQuery, find_sources, read_sheets, with_query
from auditanalytics.intake.databases import ask
from auditanalytics.parsing.columnar import parse_parquet
from auditanalytics.parsing.limits import RefusedError
from auditanalytics.parsing.queried import pack_rows
from auditanalytics.returns import read_returns

CANARIES = (PASSWORD, PASSWORD_IN_URLS, READER)
"""The password, as it is and as a URL has it, and the user: what is nowhere to be read."""

LIMITS = "auditanalytics.intake.databases"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if programs() is None:
        pytest.skip(MISSING)
    with running_server() as running:
        yield running


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's password, where libpq looks for it."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


def quoted(header: Cell) -> str:
    return f'"{header}"'


def write_sqlite(path: Path, rows: Rows, table: str = "returns") -> str:
    """Write rows, header and all, into a database of SQLite, and give its URL; blanks are missing, dates ISO."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE {table} ({', '.join(map(quoted, rows[0]))})")
        marks = ", ".join("?" * len(rows[0]))
        database.executemany(
            f"INSERT INTO {table} VALUES ({marks})", [[_stored(cell) for cell in row] for row in rows[1:]]
        )
        database.commit()
    return f"sqlite:///{path}"


def _stored(cell: Cell) -> object:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return None if cell == "" else as_shown(cell) if isinstance(cell, Percent) else cell


def write_postgresql(server: Server, rows: Rows, table: str) -> None:
    """Write rows into a table whose columns are of a kind each: days, moments with and without a zone, numbers, text."""
    columns = [[row[at] for row in rows[1:]] for at in range(len(rows[0]))]
    with server.connect() as owner:
        kinds = ", ".join(
            f"{quoted(name)} {_kind(str(name), cells)}" for name, cells in zip(rows[0], columns, strict=True)
        )
        owner.execute(f"CREATE TABLE {table} ({kinds})")
        marks = ", ".join(["%s"] * len(rows[0]))
        values = [
            [None if cell == "" else as_shown(cell) if isinstance(cell, Percent) else cell for cell in row]
            for row in rows[1:]
        ]
        owner.execute("SET TIME ZONE 'Europe/London'")  # in which a day becomes the moment of its midnight
        owner.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", values)


def _kind(name: str, cells: list[Cell]) -> str:
    kinds = {type(cell) for cell in cells if cell != ""}
    if kinds == {dt.date}:
        return {"Date": "date", "Returned": "timestamptz"}.get(name, "timestamp")
    return {frozenset({int}): "integer", frozenset({float}): "numeric(6, 2)"}.get(frozenset(kinds), "text")


# ------------------------------------------------------------------------------------------------ what it is called


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///returns.db", "sqlite:///returns.db"),
        ("sqlite:///folder/of ours/returns.db", "sqlite:///returns.db"),
        ("SQLite:////srv/returns.sqlite3", "sqlite:///returns.sqlite3"),
        ("postgresql://db.example/audits", "postgresql://db.example/audits"),
        ("postgresql://ann@db.example:5433/audits", "postgresql://db.example:5433/audits"),
        ("postgresql://ann:secret@db.example/audits?sslmode=require", "postgresql://db.example/audits"),
        ("postgresql://ann:se%40cr%2Fet:@[::1]:5433/audits", "postgresql://[::1]:5433/audits"),
        ("postgresql:///audits?service=ours", "postgresql:///audits"),
    ],
)
def test_a_query_is_called_by_its_url_without_user_password_arguments_and_folders(url: str, name: str) -> None:
    asked = DatabaseQuery(url, "SELECT 'Umberfield' AS x")
    assert asked.name == name
    assert repr(asked) == str(asked) == f"{asked}" == f"DatabaseQuery({name!r})"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:returns.db",
        "sqlite://ann:secret@host/returns.db",
        "sqlite:///returns.db?mode=rwc&key=secret",
        "mysql://ann:secret@host/audits",
        "postgres://ann:secret@host/audits",
        "postgresql+psycopg://ann:secret@host/audits",
        "postgresql://ann:secret@host",
        "postgresql://ann:sec/ret@host/audits",
        "postgresql://ann:12/secret@host/audits",
        "postgresql://ann:sec@ret@host/audits",
        "postgresql://ann:sec?ret@host/audits",
        "postgresql://ann:12?key=secret@host/audits",
        "postgresql://ann:12/audits?key=secret@host",
        "postgresql://ann:sec#ret@host/audits",
        "postgresql://ann:sec ret@host/audits",
        "postgresql://ann:secret@host/audits\n",
        "postgresql://ann:secret@host:5432x/audits",
        "secret.csv",
    ],
)
def test_a_url_that_is_of_no_database_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"is written sqlite:///folder/returns\.db or postgresql://") as refused:
        DatabaseQuery(url, "SELECT 1")
    assert refused.value.exit_code == 2
    assert not re.search("secret|ret@|ann|mysql", str(refused.value))


@pytest.mark.parametrize("query", ["", " \n"])
def test_a_blank_query_is_refused(query: str) -> None:
    with pytest.raises(DatabaseError, match="the query is blank"):
        DatabaseQuery("sqlite:///a.db", query)


URL = "postgresql://ann:secret@host/audits"


def test_a_query_is_joined_with_the_one_url_among_the_paths() -> None:
    assert with_query(["a.csv", URL, "b"], "SELECT 1") == ["a.csv", DatabaseQuery(URL, "SELECT 1"), "b"]
    assert with_query(["a.csv", "C:/returns", "odd:name.csv"], None) == ["a.csv", "C:/returns", "odd:name.csv"]
    assert with_query([], None) == []


@pytest.mark.parametrize(
    ("paths", "query", "said"),
    [
        ([URL], None, "a database needs --query"),
        (["postgresql:/ann:secret@host/audits"], None, "a database needs --query"),
        ([], "SELECT 1", "--query needs a database among the paths"),
        (["a.csv"], "SELECT 1", "--query needs a database among the paths"),
        ([URL, "sqlite:///a.db"], "SELECT 1", "one database is read at a time"),
        ([URL, URL], "SELECT 1", "one database is read at a time"),
        (["mysql://ann:secret@host/audits"], "SELECT 1", "the URL of a database is written"),
    ],
)
def test_a_url_and_a_query_go_together(paths: list[str], query: str | None, said: str) -> None:
    with pytest.raises(DatabaseError, match=said) as refused:
        with_query(paths, query)
    assert "secret" not in str(refused.value)
    ended = CliRunner().invoke(commands, ["check", *paths, *(["--query", query] if query else [])])
    assert isinstance(ended.exception, DatabaseError if paths else SystemExit)


@pytest.mark.parametrize("path", [URL, Path(URL), Path("mysql://ann:secret@host/audits"), "postgresql:ann:secret@host"])
def test_a_url_without_a_query_is_not_repeated_as_a_path_that_is_not_there(path: str | Path) -> None:
    with pytest.raises(DatabaseError, match="DatabaseQuery") as refused:
        read_returns(path)
    assert "secret" not in str(refused.value)
    with pytest.raises(NoInputError, match=r"there is no file or folder 'odd:name\.csv'"):
        find_sources(["odd:name.csv"])


# ---------------------------------------------------------------------------------------------- what values become

EXPECTED = [
    ("NULL", ""),
    ("DATE '2025-04-01'", "2025-04-01"),
    ("TIMESTAMP '2025-04-01 00:00'", "2025-04-01"),
    ("TIMESTAMP '2025-04-01 10:11:12.5'", "2025-04-01 10:11:12"),
    ("TIMESTAMPTZ '2025-03-31 22:30+00'", "2025-03-31"),
    ("TIMESTAMPTZ '2025-03-31 23:30+00'", "2025-04-01"),
    ("TIMESTAMPTZ '2025-01-31 23:30+00'", "2025-01-31"),
    ("7", "7"),
    ("7.00::numeric(9, 2)", "7"),
    ("7.50::numeric(9, 2)", "7.5"),
    ("-0.05", "-0.05"),
    ("100", "100"),
    ("1e3::numeric", "1000"),
    ("12345678901234567890::numeric", "12345678901234567890"),
    ("7::double precision", "7"),
    ("7.25::real", "7.25"),
    ("1e20::double precision", "1.00000000000000e+20"),
    ("'NaN'::numeric", ""),
    ("'NaN'::double precision", ""),
    ("TRUE", "TRUE"),
    ("FALSE", "FALSE"),
    ("'  Zoë – £ '", "Zoë – £"),
    ("'007'", "007"),
    ("'N/A'", "N/A"),
    ("convert_to('Zoë', 'UTF8')", "Zoë"),
    ("TIME '09:30'", "09:30:00"),
    ("'00000000-0000-0000-0000-000000000007'::uuid", "00000000-0000-0000-0000-000000000007"),
    ("""'{"seen": null, "by": ["Zoë"]}'::jsonb""", '{"by": ["Zoë"], "seen": null}'),
    ("ARRAY['a', 'b']", '["a", "b"]'),
    ("ARRAY[DATE '2025-04-01']", '["2025-04-01"]'),
]


@pytest.mark.usefixtures("password")
def test_values_of_every_kind_become_the_text_that_a_person_sees(server: Server) -> None:
    columns = ", ".join(f"{sql} AS c{at}" for at, (sql, _) in enumerate(EXPECTED))
    header, row = ask(DatabaseQuery(server.url, f"SELECT {columns}"))
    assert header == [f"c{at}" for at in range(len(EXPECTED))]
    assert dict(zip([sql for sql, _ in EXPECTED], row, strict=True)) == dict(EXPECTED)


def test_values_of_sqlite_become_the_text_that_a_person_sees(tmp_path: Path) -> None:
    url = write_sqlite(tmp_path / "a.db", [["x"], ["y"]])
    values = {"NULL": "", "7": "7", "7.0": "7", "7.25": "7.25", "' Zoë '": "Zoë", "'007'": "007", "1e20": "1.00000000000000e+20",
              "x'5a6fc3ab'": "Zoë", "'2025-04-01'": "2025-04-01", "1 = 1": "1", "12345678901234567": "12345678901234567"}  # fmt: skip
    assert ask(DatabaseQuery(url, f"SELECT {', '.join(values)}"))[1] == [*values.values()]


@pytest.mark.usefixtures("password")
def test_kinds_that_parquet_has_too_become_the_same_text(server: Server) -> None:
    columns = {
        "whole": pa.array([7]),
        "exact": pa.array([Decimal("7.50")], pa.decimal128(9, 2)),
        "share": pa.array([0.85]),
        "seen": pa.array([True]),
        "day": pa.array([dt.date(2025, 4, 1)]),
        "moment": pa.array([dt.datetime(2025, 4, 1, 10, 11, 12)]),
        "blank": pa.array([None], pa.string()),
        "octets": pa.array(["Zoë".encode()], pa.binary()),
    }
    data = io.BytesIO()
    pq.write_table(pa.table(columns), data)
    query = (
        "SELECT 7 AS whole, 7.50 AS exact, 0.85::float8 AS share, TRUE AS seen, DATE '2025-04-01' AS day, "
        "TIMESTAMP '2025-04-01 10:11:12' AS moment, NULL::text AS blank, convert_to('Zoë', 'UTF8') AS octets"
    )
    assert ask(DatabaseQuery(server.url, query)) == parse_parquet(data.getvalue())[0].rows


def test_a_query_is_taken_as_it_is_written(tmp_path: Path) -> None:
    """A percent sign, a colon and a question mark stand for themselves, and so does a full stop in a header."""
    url = write_sqlite(tmp_path / "a.db", [["x"], ["50%"]])
    query = "SELECT x, ':x ? %s' AS \"No. of visits\" FROM returns WHERE x LIKE '%\\%' ESCAPE '\\' -- done;"
    assert ask(DatabaseQuery(url, query)) == [["x", "No. of visits"], ["50%", ":x ? %s"]]


@pytest.mark.usefixtures("password")
def test_a_query_of_postgresql_is_taken_as_it_is_written(server: Server) -> None:
    query = "SELECT '50%' AS x, ':x %s %(x)s'::text AS \"No. of visits\" WHERE 'a%' LIKE '%\\%'; -- done"
    assert ask(DatabaseQuery(server.url, query)) == [["x", "No. of visits"], ["50%", ":x %s %(x)s"]]


# ---------------------------------------------------------------------------------------------- the same as in files


@pytest.fixture(scope="module")
def framework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("framework") / "formats.toml"
    path.write_text(FRAMEWORK, encoding="utf-8")
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_audits_say_the_same_in_files_and_in_databases(
    server: Server, framework: Path, tmp_path: Path, password: None, layout: str
) -> None:
    rows = LAYOUTS[layout](AUDITS)
    (tmp_path / "a.csv").write_bytes(as_text(rows))
    (tmp_path / "a.xlsx").write_bytes(as_xlsx({"Returns": rows}))
    write_postgresql(server, rows, f"same_{layout}")
    places = {
        "csv": tmp_path / "a.csv",
        "xlsx": tmp_path / "a.xlsx",
        "sqlite": DatabaseQuery(write_sqlite(tmp_path / "a.db", rows), "SELECT * FROM returns"),
        "postgresql": DatabaseQuery(server.url, f"SELECT * FROM same_{layout}"),
    }
    tables: dict[str, Tables] = {
        kind: tables_of(read_returns(place, framework=framework)) for kind, place in places.items()
    }
    assert len(tables["csv"]["audits"]) == 40
    for kind in ("xlsx", "sqlite", "postgresql"):
        assert_same(tables[kind], tables["csv"])


SMALL = [
    WIDE_HEADER,
    ["A1", "2025-04-01", "North", "Good", "RI", "Good"],
    ["A2", "2025-04-02", "", "Good", "Goood", "Good"],
]
"""Two audits of the small framework, one with a word that is no grade."""


def test_a_query_is_a_file_with_its_header_in_row_1(tmp_path: Path, small_framework: Path) -> None:
    url = write_sqlite(tmp_path / "small.db", SMALL)
    returns = read_returns(DatabaseQuery(url, "SELECT * FROM returns"), framework=small_framework)
    sheet = returns.sheets.iloc[0]
    assert (sheet["file"], sheet["sheet"], sheet["kind"], sheet["header_row"]) == ("sqlite:///small.db", "", "wide", 1)
    found = returns.problems[returns.problems["code"] == "grade_unknown"].iloc[0]
    assert (found["file"], found["sheet"], found["cell"], found["row"]) == ("sqlite:///small.db", "", "E3", "3")
    assert returns.audits["row"].tolist() == [2, 3]
    assert returns.counted_sources == "1 query"


def test_files_may_stand_beside_a_query(tmp_path: Path, small_framework: Path) -> None:
    """An audit that is in both counts once, as in two files."""
    url = write_sqlite(tmp_path / "small.db", SMALL)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "more.csv").write_bytes(as_text([WIDE_HEADER, SMALL[1], ["A3", *SMALL[1][1:]]]))
    returns = read_returns([tmp_path / "in", DatabaseQuery(url, "SELECT * FROM returns")], framework=small_framework)
    assert (len(returns.audits), returns.rejected_audits, returns.counted_sources) == (3, 1, "1 query and 1 file")
    duplicate = returns.problems[returns.problems["code"] == "duplicate"].iloc[0]
    assert (duplicate["file"], duplicate["row"]) == ("more.csv", "2")
    assert "sqlite:///small.db" in duplicate["message"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_columns_of_one_name_are_a_problem(
    request: pytest.FixtureRequest, tmp_path: Path, small_framework: Path, password: None, kind: str
) -> None:
    url = write_sqlite(tmp_path / "a.db", SMALL) if kind == "sqlite" else request.getfixturevalue("server").url
    query = """SELECT 'A1' AS "Audit ID", '2025-04-01' AS "Date", 'Good' AS "Plan", 'RI' AS "Plan" """
    returns = read_returns(DatabaseQuery(url, query), framework=small_framework)
    assert returns.problems.loc[returns.problems["severity"] == "error", "code"].tolist() == ["duplicate_header"]
    assert returns.problems["cell"].tolist() == ["D1"]


def test_the_hash_of_a_query_is_that_of_its_rows_in_their_order(tmp_path: Path) -> None:
    url = write_sqlite(tmp_path / "small.db", SMALL)
    select = 'SELECT * FROM returns ORDER BY "Audit ID"'
    [source], problems = find_sources([DatabaseQuery(url, select)])
    assert problems == []
    assert source.sha256 == hashlib.sha256(pack_rows(SMALL)).hexdigest() == hashlib.sha256(source.data).hexdigest()
    [sheet], problems = read_sheets([source])
    assert problems == []
    assert [[*sheet.cells.columns], *sheet.cells.to_numpy().tolist()] == [[*range(6)], *SMALL]
    same, other = (
        find_sources([DatabaseQuery(url, each)])[0][0].sha256 for each in (f"{select} -- again", f"{select} DESC")
    )
    assert (same == source.sha256, other == source.sha256) == (True, False)


def test_a_file_cannot_pass_itself_off_as_a_query(tmp_path: Path) -> None:
    for name in ("query", "a.query", "sqlite"):
        (tmp_path / name).write_bytes(pack_rows([[*SMALL[0], name], *SMALL[1:]]))
    sheets, problems = read_sheets(find_sources([tmp_path])[0])
    assert (sheets, {found.code for found in problems}) == ([], {"unsupported_type"})


def test_one_query_is_read_at_a_time(tmp_path: Path) -> None:
    asked = DatabaseQuery(write_sqlite(tmp_path / "small.db", SMALL), "SELECT * FROM returns")
    with pytest.raises(DatabaseError, match="one query is read at a time"):
        find_sources([asked, asked])


@pytest.mark.parametrize(("limit", "most"), [("MOST_RECORDS", 2), ("MOST_CELLS", 17), ("LARGEST_FILE", 40)])
def test_more_than_a_file_may_hold_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    asked = DatabaseQuery(write_sqlite(tmp_path / "small.db", SMALL), "SELECT * FROM returns")
    monkeypatch.setattr(f"{LIMITS}.{limit}", most)
    sources, problems = find_sources([asked])
    assert (sources, [(found.code, found.file) for found in problems]) == ([], [("too_large", "sqlite:///small.db")])
    monkeypatch.setattr(f"{LIMITS}.{limit}", 10 * most)
    assert len(find_sources([asked])[0]) == 1


def test_rows_without_end_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{LIMITS}.MOST_RECORDS", 5_000)
    url = write_sqlite(tmp_path / "small.db", SMALL)
    with pytest.raises(RefusedError, match="too_large"):
        ask(DatabaseQuery(url, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"))


def test_a_query_without_rows_has_a_header_and_no_audit(tmp_path: Path, small_framework: Path) -> None:
    url = write_sqlite(tmp_path / "small.db", SMALL)
    returns = read_returns(DatabaseQuery(url, "SELECT * FROM returns WHERE 0"), framework=small_framework)
    assert (len(returns.audits), returns.rows["rows_read"], returns.rejected_audits) == (0, 0, 0)


@pytest.mark.usefixtures("password")
def test_the_view_of_the_documentation_is_a_return(server: Server, framework: Path, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "databases.md").read_text(encoding="utf-8")
    [view], [order] = re.findall(r"```sql\n(.*?)```", text, re.DOTALL), re.findall(r"`(SELECT [^`]*ORDER[^`]*)`", text)
    kept = [
        "CREATE TABLE audits (reference text, audited_on date, team text)",
        "CREATE TABLE judgements (audit text, title text, grade text)",
        "INSERT INTO audits VALUES ('A1', '2025-04-01', 'North')",
        "INSERT INTO judgements VALUES ('A1', 'Plan', 'Good'), ('A1', 'Spotting', 'RI')",
        view,
    ]
    with contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as database, server.connect() as owner:
        for statement in kept:
            database.execute(statement)
            owner.execute(statement)
        database.commit()
    for url in (f"sqlite:///{tmp_path / 'a.db'}", server.url):
        returns = read_returns(DatabaseQuery(url, order), framework=framework)
        assert returns.judgements[["category", "grade"]].to_numpy().tolist() == [
            ["plan", "Good"],
            ["spotting", "Requires improvement"],
        ]


# -------------------------------------------------------------------------------------------------- nothing changes

CHANGING = [
    "DELETE FROM kept",
    "UPDATE kept SET x = 'z'",
    "INSERT INTO kept VALUES ('z')",
    "DROP TABLE kept",
    "CREATE TABLE other AS SELECT * FROM kept",
    "SELECT 1 AS a; DROP TABLE kept",
    "SELECT 1 AS a; COMMIT; DROP TABLE kept",
]
OF_SQLITE = [
    "ATTACH 'other.db' AS other",
    "ATTACH 'file:other.db?mode=rwc' AS other",
    "VACUUM INTO 'other.db'",
    "PRAGMA user_version = 7",
    "PRAGMA writable_schema = 1",
    "UPDATE sqlite_master SET name = 'z'",
    "INSERT INTO kept VALUES ('z') RETURNING x",
    "BEGIN IMMEDIATE",
    "SELECT load_extension('other')",
]
OF_POSTGRESQL = [
    "TRUNCATE kept",
    "WITH gone AS (DELETE FROM kept RETURNING x) SELECT * FROM gone",
    "INSERT INTO kept VALUES ('z') RETURNING x",
    "SELECT empty_it()",
    "SELECT set_config('transaction_read_only', 'off', TRUE), empty_it()",
    "SELECT * INTO other FROM kept",
    "SELECT * FROM kept FOR UPDATE",
    "COPY kept TO STDOUT",
    "COPY kept TO PROGRAM 'cat > other.db'",
    "DO $$ BEGIN DELETE FROM kept; END $$",
    "CALL empty_it()",
    "COMMIT",
]
REFUSED = "the query would do more than read|the database does not understand the query"


@pytest.mark.parametrize("query", [*CHANGING, *OF_SQLITE])
def test_sqlite_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    url = write_sqlite(tmp_path / "a.db", [["x"], ["y"]], "kept")
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(DatabaseError, match=REFUSED):
        ask(DatabaseQuery(url, query))
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    assert (tmp_path / "a.db").read_bytes() == before


@pytest.fixture(scope="module")
def kept(server: Server) -> Server:
    """A table that everybody may change, and a function that empties it with the owner's rights."""
    with server.connect() as owner:
        owner.execute("CREATE TABLE kept (x text)")
        owner.execute("INSERT INTO kept VALUES ('y')")
        owner.execute(f"GRANT ALL ON kept TO {READER}")
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {READER}")
        owner.execute(
            "CREATE FUNCTION empty_it() RETURNS int LANGUAGE plpgsql SECURITY DEFINER "
            "AS $$ BEGIN DELETE FROM kept; RETURN 1; END $$"
        )
    return server


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize("query", [*CHANGING, *OF_POSTGRESQL])
def test_postgresql_is_not_written(kept: Server, query: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        ask(DatabaseQuery(kept.url, query))
    with kept.connect() as owner:
        assert owner.execute("SELECT x FROM kept").fetchall() == [("y",)]
        assert owner.execute("SELECT to_regclass('other')").fetchone() == (None,)


@pytest.mark.usefixtures("password")
def test_what_the_url_says_does_not_make_postgresql_writable(kept: Server) -> None:
    url = f"{kept.url}?options=-c%20default_transaction_read_only%3Doff%20-c%20statement_timeout%3D0"
    query = "SELECT current_setting('transaction_read_only') AS a, current_setting('statement_timeout') AS b"
    assert ask(DatabaseQuery(url, query))[1] == ["on", "1min"]
    with pytest.raises(DatabaseError, match="no connection"):  # it is no argument of libpq's
        ask(DatabaseQuery(f"{kept.url}?autocommit=1", query))


# --------------------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM nowhere", "the query cannot be done: no such table: nowhere"),
        ("SELECT absent FROM returns", "the query cannot be done: no such column: absent"),
        ("SELECT absent()", "the query cannot be done: no such function: absent"),
        ("SELECT 'O'Umberfield'", "the database does not understand the query"),
        ("SELECT 'Umberfield", "the database does not understand the query"),
        ("-- Umberfield", "the database does not understand the query"),
        ("SELECT json('Umberfield')", "the database broke off the query"),
        ("SELECT CAST(x'556d62657266e9656c64' AS TEXT)", "a value is not of the kind"),
        ("SELECT x'556d62657266e9656c64'", "a value is not of the kind"),
    ],
)
def test_what_is_wrong_with_a_query_of_sqlite_is_said_without_a_value(tmp_path: Path, query: str, said: str) -> None:
    url = write_sqlite(tmp_path / "a.db", SMALL)
    with pytest.raises(DatabaseError, match=said) as failed:
        ask(DatabaseQuery(url, query))
    assert "Umber" not in str(failed.value)
    assert failed.value.__context__ is None or failed.value.__suppress_context__


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM nowhere", 'the query cannot be done: relation "nowhere" does not exist'),
        ("SELECT nothing FROM told", 'the query cannot be done: column "nothing" does not exist'),
        ("SELECT nothing(1)", r"the query cannot be done: function nothing\(integer\) does not exist"),
        ("SELECT * FROM hidden", "the user may not read what the query asks for"),
        ("SELECT 'O'Umberfield'", "the database does not understand the query"),
        ("SELECT 'Umberfield'::int", "a value is not of the kind"),
        ("SELECT name::int FROM told", "a value is not of the kind"),
        ("SELECT DATE 'infinity'", "a value is not of the kind"),
        ("SELECT DATE '0044-03-15 BC'", "a value is not of the kind"),
        ("SELECT '\\x556d62657266e9656c64'::bytea", "a value is not of the kind"),
        ("SELECT raise_it('42703') FROM told", "the database does not understand the query"),
        ("SELECT raise_it('42501') FROM told", "the user may not read"),
        ("SELECT raise_it('P0001') FROM told", "the database broke off the query"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", "the database broke off the query"),
        ("SELECT", "the database does not understand the query"),
        ("-- Umberfield", "the database does not understand the query"),
    ],
)
def test_what_is_wrong_with_a_query_of_postgresql_is_said_without_a_value(told: Server, query: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=said) as failed:
        ask(DatabaseQuery(told.url, query))
    assert not re.search(f"Umber|{READER}|127", str(failed.value))
    assert failed.value.__context__ is None or failed.value.__suppress_context__


@pytest.fixture(scope="module")
def told(server: Server) -> Server:
    """A table with a name in it, one that nobody may read, and a function that repeats what it is not to."""
    with server.connect() as owner:
        owner.execute("CREATE TABLE told AS SELECT 'Umberfield' AS name")
        owner.execute("CREATE TABLE hidden (x text)")
        owner.execute(f"REVOKE ALL ON hidden FROM {READER}")
        owner.execute(
            "CREATE FUNCTION raise_it(state text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "'column \"Umberfield\" does not exist' USING ERRCODE = state; END $$"
        )
    return server


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"there is no file 'missing\.db'"):
        ask(DatabaseQuery(f"sqlite:///{tmp_path / 'missing.db'}", "SELECT 1"))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_no_database_and_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.db")
    with pytest.raises(DatabaseError, match=r"there is no file 'a\.db'"):
        ask(DatabaseQuery(f"sqlite:///{tmp_path / 'a.db'}", "SELECT 1"))


def test_a_file_of_another_kind_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(as_text(SMALL) * 100)
    with pytest.raises(DatabaseError, match="the file is no SQLite database"):
        ask(DatabaseQuery(f"sqlite:///{tmp_path / 'a.db'}", "SELECT * FROM returns"))


def test_a_database_that_somebody_writes_into_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = write_sqlite(tmp_path / "a.db", SMALL)
    monkeypatch.setattr(f"{LIMITS}.CONNECT_SECONDS", 0)
    with contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match="another program is writing"):
            ask(DatabaseQuery(url, "SELECT * FROM returns"))
    assert len(ask(DatabaseQuery(url, "SELECT * FROM returns"))) == 3


def test_a_query_of_sqlite_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = write_sqlite(tmp_path / "a.db", SMALL)
    monkeypatch.setattr(f"{LIMITS}.QUERY_SECONDS", 0.2)
    with pytest.raises(DatabaseError, match="the query was not done in time"):
        ask(
            DatabaseQuery(url, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
        )


@pytest.mark.usefixtures("password")
@pytest.mark.parametrize(
    "query", ["SELECT pg_sleep(60)", "SELECT x, pg_sleep(0.0002) FROM generate_series(1, 400000) AS x"]
)
def test_a_query_of_postgresql_that_does_not_end_is_ended(
    server: Server, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """Also one whose rows come slowly, each part of them in time."""
    monkeypatch.setattr(f"{LIMITS}.QUERY_SECONDS", 0.5)
    with pytest.raises(DatabaseError, match="the query was not done in time"):
        ask(DatabaseQuery(server.url, query))


@pytest.mark.usefixtures("password")
def test_a_server_that_stands_still_is_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{LIMITS}.QUERY_SECONDS", 1)
    monkeypatch.setattr(f"{LIMITS}._GRACE", 0.5)
    stopped: list[int] = []

    def stop_it() -> None:
        with server.connect() as owner:
            while not stopped:
                asking = "SELECT pid FROM pg_stat_activity WHERE usename = %s AND wait_event = 'PgSleep'"
                stopped.extend(pid for (pid,) in owner.execute(asking, [READER]).fetchall())
                time.sleep(0.01)
            os.kill(stopped[0], signal.SIGSTOP)

    thread = threading.Thread(target=stop_it)
    thread.start()
    try:
        with pytest.raises(DatabaseError, match="the query was not done in time"):
            ask(DatabaseQuery(server.url, "SELECT pg_sleep(60)"))
    finally:
        thread.join()
        os.kill(stopped[0], signal.SIGCONT)


@pytest.mark.parametrize("is_listening", [False, True])
def test_a_server_that_is_not_there_or_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, is_listening: bool
) -> None:
    monkeypatch.setattr(f"{LIMITS}.CONNECT_SECONDS", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if is_listening:
            silent.listen()
        url = f"postgresql://{READER}:{PASSWORD_IN_URLS}@127.0.0.1:{silent.getsockname()[1]}/audits"
        with pytest.raises(DatabaseError, match="no connection to the database") as failed:
            ask(DatabaseQuery(url, "SELECT 1"))
    assert not re.search("|".join(map(re.escape, [*CANARIES, "127.0"])), str(failed.value))


# -------------------------------------------------------------------------------------------- how one is let in


def test_the_password_may_stand_in_the_environment_a_file_or_a_service(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of libpq's, with backslashes before what has a meaning in them."""
    who = [["current_user"], [READER]]
    query = "SELECT current_user"
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "nothing"))
    with pytest.raises(DatabaseError, match="no connection"):
        ask(DatabaseQuery(server.url, query))
    assert ask(DatabaseQuery(server.url_with_password, query)) == who
    (tmp_path / "pgpass").write_text(f"127.0.0.1:*:audits:{READER}:{PASSWORD.replace(':', chr(92) + ':')}\n")
    (tmp_path / "pgpass").chmod(0o600)
    with monkeypatch.context() as patch:
        patch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
        assert ask(DatabaseQuery(server.url, query)) == who
        (tmp_path / "services").write_text(f"[ours]\nhost=127.0.0.1\nport={server.port}\nuser={READER}\n")
        patch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
        assert ask(DatabaseQuery("postgresql:///audits?service=ours", query)) == who
    with monkeypatch.context() as patch:
        patch.setenv("PGPASSWORD", PASSWORD)
        assert ask(DatabaseQuery(server.url, query)) == who


# ------------------------------------------------------------------------------------------------------ the commands


@pytest.fixture(scope="module")
def example_rows() -> Rows:
    """The example returns as one table."""
    rows: Rows = []
    for path in sorted(EXAMPLE.glob("*.xlsx")):
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        at = next(number for number, row in enumerate(sheet) if "Audit reference" in row)
        rows += sheet[at:] if not rows else sheet[at + 1 :]
    return rows


def test_every_command_that_reads_returns_reads_a_database(tmp_path: Path, small_framework: Path) -> None:
    grades = [["Good", "RI", "Good"], ["Inadequate", "Good", "RI"], ["Good", "Good", "Good"]]
    rows = [WIDE_HEADER, *([f"A{at}", f"2025-04-{at + 1:02}", "North", *grades[at % 3]] for at in range(12))]
    from_database = [write_sqlite(tmp_path / "small.db", rows), "--query", "SELECT * FROM returns"]

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(commands, [*map(str, words), *from_database, "--framework", str(small_framework)])

    assert "1 query, 12 rows: 12 accepted" in run("check").output
    returns = read_returns(DatabaseQuery(from_database[0], from_database[2]), framework=small_framework)
    assert run("lookup", returns.audits["audit_id"].iloc[3]).output == "A3\n  sqlite:///small.db row 5\n"
    assert "April 2025" in run("brief", "--kind", "monthly", "--period", "2025-04", "--out", tmp_path / "a.html").output
    book, quarter = tmp_path / "round.xlsx", ("--quarter", "2025-Q2")
    assert "Drawn for 2025-Q2 with the seed 0: " in run("moderate", "draw", *quarter, "--out", book).output
    assert "12 audits" in run("moderate", "pack", *quarter, "--out", tmp_path / "pack.html").output
    unfilled = run("moderate", "read", book, "--out", tmp_path / "moderated.csv")
    assert "has no grade to take" in str(unfilled.exception)  # but the returns were read


def test_a_database_is_not_written_over(tmp_path: Path, small_framework: Path) -> None:
    url = write_sqlite(tmp_path / "returns.xlsx", SMALL)
    before = (tmp_path / "returns.xlsx").read_bytes()
    words = ["moderate", "draw", url, "--query", "SELECT * FROM returns", "--framework", str(small_framework)]
    ended = CliRunner().invoke(commands, [*words, "--out", str(tmp_path / "returns.xlsx")])
    assert "would be overwritten" in str(ended.exception)
    assert (tmp_path / "returns.xlsx").read_bytes() == before


def no_canary_in(*texts: str | bytes) -> None:
    for text in texts:
        data = text if isinstance(text, bytes) else text.encode()
        assert [each for each in CANARIES if each.encode() in data] == []


@pytest.mark.thorough
@pytest.mark.slow
def test_a_report_of_a_database_never_says_how_one_got_in(server: Server, example_rows: Rows, tmp_path: Path) -> None:
    write_postgresql(server, example_rows, "example")
    query, out = "SELECT * FROM example", tmp_path / "out"
    words = ["--query", query, "--framework", "south-gloucestershire"]
    checked = run_command("check", server.url, *words, "--json", PGPASSWORD=PASSWORD)
    assert (checked.returncode, checked.stderr) == (0, "")
    found = json.loads(checked.stdout)
    assert (found["rows_read"], found["accepted"], [each["file"] for each in found["files"]]) == (96, 96, [server.name])
    done = run_command("report", server.url_with_password, *words, "--set", "domain=risk", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    run = json.loads((out / "2019-Q4" / "run.json").read_text(encoding="utf-8"))
    [given] = run["inputs"]
    assert (given["file"], [sheet["header_row"] for sheet in given["sheets"]]) == (server.name, [1])
    assert given["sha256"] == hashlib.sha256(pack_rows(ask(DatabaseQuery(server.url_with_password, query)))).hexdigest()
    assert run["audits"] == {"accepted": 96, "rejected": 0}
    assert "from 1 query with the framework" in (out / "2019-Q4" / "index.html").read_text(encoding="utf-8")
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {"index.html", "domain-risk.html", "run.json", "row-accounting.csv"} <= {path.name for path in files}
    no_canary_in(checked.stdout, done.stdout, *(path.read_bytes() for path in files))
    assert not any(query.encode() in path.read_bytes() for path in files)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "query", "said"),
    [
        ((PASSWORD_IN_URLS, f"{PASSWORD_IN_URLS}x"), "SELECT * FROM told", "no connection to the database"),
        (("", ""), "DELETE FROM told", "it is not one SELECT"),
        (("", ""), None, "a database needs --query"),
    ],
)
def test_a_failure_is_one_sentence_that_says_neither_password_nor_user(
    told: Server, tmp_path: Path, change: tuple[str, str], query: str | None, said: str
) -> None:
    words = ["--query", query] if query else []
    url = told.url_with_password.replace(*change)
    ended = run_command("check", url, *words, "--out", tmp_path / "out", PGPASSWORD=PASSWORD)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert said in ended.stderr
    assert "127.0" not in ended.stderr
    no_canary_in(ended.stderr)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_check_of_sqlite_passes_and_fails_as_one_of_files(tmp_path: Path) -> None:
    framework = tmp_path / "small.toml"
    framework.write_text(SMALL_FRAMEWORK, encoding="utf-8")
    url = write_sqlite(tmp_path / "small.db", SMALL)
    passed = run_command("check", url, "--query", "SELECT * FROM returns", "--framework", framework, "--json")
    assert (passed.returncode, json.loads(passed.stdout)["accepted"], passed.stderr) == (0, 2, "")
    query = 'SELECT "Audit ID", NULL AS "Date", "Plan" FROM returns'
    failed = run_command("check", url, "--query", query, "--framework", framework, "--json")
    assert (failed.returncode, json.loads(failed.stdout)["rejected"]) == (3, 2)
    empty = run_command("check", url, "--query", "SELECT * FROM returns WHERE 0", "--framework", framework)
    assert (empty.returncode, empty.stderr) == (3, "auditanalytics: no audit could be read\n")


@pytest.mark.slow
def test_nothing_else_waits_for_what_reads_databases() -> None:
    """Loading them takes longer than reading most returns."""
    code = "import sys; from auditanalytics import read_returns; print({'sqlalchemy', 'psycopg'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
