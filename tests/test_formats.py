"""The same returns in every kind of file make the same tables.

Forty audits are written as a workbook, as an OpenDocument spreadsheet, as text in every encoding and with every
delimiter, and as Parquet; with a row for each audit, and with a row for each judgement. Whoever changes program must
get the same report, to the digit. What differs by design stands in `WIDE_AND_LONG_DIFFER`.
"""

import csv
import datetime as dt
import functools
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.summary import quarterly_grades

FRAMEWORK = """
name = "Audit of formats"
quarters = "calendar"
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
not_graded = ["N/A", "Not judged"]
[scales.ofsted.labels]
"Requires improvement" = ["RI", "R.I.", "Requires improvement to be good"]
[columns]
audit_id = ["Audit ID"]
child = ["Child"]
worker = ["Worker"]
auditor = ["Auditor"]
moderator = ["Moderator"]
team = ["Team"]
service = ["Service"]
case_type = ["Visits kept"]
topic = ["Plan followed"]
audited_on = ["Date"]
returned_on = ["Returned"]
overall = ["Overall"]
moderated_overall = ["Overall after moderation"]
worked_well = ["What worked well"]
worried_about = ["What worries us"]
action = ["Action"]
action_role = ["Role"]
action_person = ["Person"]
action_due_on = ["Due"]
action_completed_on = ["Done"]
category = ["Category"]
grade = ["Grade"]
moderated_grade = ["Moderated grade"]
[overall]
[[domains]]
id = "risk"
title = "Risk"
categories = [
  { id = "spotting", headers = ["Spotting"], comments = { worked_well = ["Spotting: what worked well"] } },
  { id = "responding", headers = ["Responding"], comments = { worked_well = ["Responding: what worked well"] } },
]
[[domains]]
id = "plans"
title = "Plans"
categories = [{ id = "plan", headers = ["Plan"], comments = { worked_well = ["Plan: what worked well"] } }]
"""

CATEGORIES = ("Spotting", "Responding", "Plan")


class Percent(float):
    """A share that a spreadsheet shows with a percent sign."""


Cell = str | dt.date | int | float
Rows = list[list[Cell]]


class Audit(NamedTuple):
    """An audit, whatever the shape of the return: what is said of the whole, the judgements and the next steps."""

    of_whole: dict[str, Cell]
    judgements: dict[str, tuple[str, str, str]]
    """The grade, the moderated grade and the comment, by category, in the order of the columns."""

    actions: list[dict[str, Cell]]


GRADES = (
    "Good",
    "RI",
    "Requires improvement to be good",
    "INADEQUATE",
    "N/A",
    "Outstanding",
    "",
    "good.",
    "r.i.",
    "Goood",
)
COMMENTS = (
    "Seen alone – “at last”, and it’s in her words",
    "Café visits cost £5; the plan says so, twice",
    "First line\nsecond line, with  two spaces",
    "",
    "Zoë's plan: 3 < 4 & 5 > 4",
)
ACTION_FIELDS = ("Action", "Role", "Person", "Due", "Done")
START = dt.date(2025, 1, 6)


def _audit(number: int) -> Audit:
    day = START + dt.timedelta(days=5 * number)
    of_whole: dict[str, Cell] = {
        "Audit ID": f"A-{number:03}",
        "Date": day,
        "Returned": day + dt.timedelta(days=number % 9) if number % 4 else "",
        "Child": f"Élodie Ørsted {number % 31}",
        "Worker": ("Zoë Müller", "Seán O’Dowd", "Null")[number % 3],
        "Auditor": ("Ann Näslund", "N. A.")[number % 2],
        "Moderator": "Zoë Müller" if number % 3 == 0 else "",
        "Team": ("Équipe Nord – £", "007", "N/A", "“South”")[number % 4],
        "Service": 7 + number % 3,
        "Visits kept": 7.5 + number % 2,
        "Plan followed": Percent((number % 5) / 20 + 0.55),
        "What worries us": COMMENTS[(number * 2) % 5],
    }
    judgements = {
        category: (
            GRADES[(number * 3 + at * 7) % len(GRADES)],
            ("Good", "ri", "Inadequate")[(number + at) % 3] if (number + at) % 4 == 0 else "",
            f"{COMMENTS[(number + at) % 5]} ({category})" if COMMENTS[(number + at) % 5] else "",
        )
        for at, category in enumerate(CATEGORIES)
    }
    judgements["Overall"] = (GRADES[number % 4], "RI" if number % 6 == 0 else "", "")
    actions = [
        {
            "Action": f"Write – {at}; call",
            "Role": "Manager",
            "Person": "Åse Vik",
            "Due": day + dt.timedelta(28),
            "Done": "",
        }
        for at in range(number % 3)
    ]
    return Audit(of_whole, judgements, actions)


AUDITS = [_audit(number) for number in range(40)]


def wide_rows(audits: Iterable[Audit]) -> Rows:
    """A row for each audit: a column for each category, its moderated grade and its comment."""
    audits = list(audits)
    header: list[Cell] = [*audits[0].of_whole]
    for category in CATEGORIES:
        header += [category, f"{category} (moderated)", f"{category}: what worked well"]
    header += ["Overall", "Overall after moderation"]
    header += [f"{field} {number}" for number in (1, 2) for field in ACTION_FIELDS]
    rows = [header]
    for audit in audits:
        row = [*audit.of_whole.values()]
        for category in CATEGORIES:
            row += audit.judgements[category]
        row += audit.judgements["Overall"][:2]
        rows.append(row + _actions(audit))
    return rows


def long_rows(audits: Iterable[Audit]) -> Rows:
    """A row for each judgement, the overall one too; what is said of the whole audit stands on each of its rows."""
    audits = list(audits)
    header: list[Cell] = [*audits[0].of_whole, "Category", "Grade", "Moderated grade", "What worked well"]
    header += [f"{field} {number}" for number in (1, 2) for field in ACTION_FIELDS]
    rows = [header]
    for audit in audits:
        for category, judgement in audit.judgements.items():
            rows.append([*audit.of_whole.values(), category, *judgement, *_actions(audit)])
    return rows


def _actions(audit: Audit) -> list[Cell]:
    blank = dict.fromkeys(ACTION_FIELDS, "")
    return [value for action in [*audit.actions, blank, blank][:2] for value in action.values()]


LAYOUTS: dict[str, Callable[[Iterable[Audit]], Rows]] = {"wide": wide_rows, "long": long_rows}

# --------------------------------------------------------------------------------------------------------- writers

Sheets = dict[str, Rows]


def as_shown(cell: Cell) -> str:
    """A cell as a person sees it."""
    if isinstance(cell, dt.date):
        return cell.strftime("%d/%m/%Y")
    return f"{cell:.0%}" if isinstance(cell, Percent) else str(cell)


def as_xlsx(sheets: Sheets) -> bytes:
    """A workbook with true dates, numbers and percentages, as somebody makes it who types into a spreadsheet."""
    data = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(data, plain) as book:
        date, percent = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "0%"))
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for at, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, at, cell, date)
                    elif isinstance(cell, str):
                        sheet.write_string(number, at, cell) if cell else None
                    else:
                        sheet.write_number(number, at, cell, percent if isinstance(cell, Percent) else None)
    return data.getvalue()


_SPACES = ("office", "table", "text", "style", "number")
_DECLARED = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _SPACES)
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_STYLES = (
    '<number:date-style style:name="N1"><number:day number:style="long"/><number:text>/</number:text><number:month '
    'number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<number:percentage-style style:name="N2"><number:number number:decimal-places="0"/><number:text>%</number:text>'
    '</number:percentage-style><number:number-style style:name="N3"><number:number number:decimal-places="0" '
    'number:min-integer-digits="3"/></number:number-style>'
    + "".join(
        f'<style:style style:name="ce{at}" style:family="table-cell" style:data-style-name="N{at}"/>'
        for at in (1, 2, 3)
    )
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_BLANK_TO_THE_END = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def as_ods(sheets: Sheets, *, time: str = "") -> bytes:
    """An OpenDocument spreadsheet as LibreOffice writes it: like cells and blank rows repeated, blanks to the end."""
    tables = "".join(
        f'<table:table table:name="{escape(title)}"><table:table-column table:number-columns-repeated="16384"/>'
        f"{''.join(_ods_rows(rows, time))}{_BLANK_TO_THE_END}</table:table>"
        for title, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_DECLARED} office:version="1.3">'
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _KIND, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return data.getvalue()


def _ods_rows(rows: Rows, time: str) -> Iterator[str]:
    for is_blank, run in groupby(rows, key=lambda row: not any(cell != "" for cell in row)):
        run = list(run)
        if is_blank:
            yield (
                f'<table:table-row table:number-rows-repeated="{len(run)}">'
                '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            )
            continue
        for row in run:
            cells = "".join(_ods_cell(cell, len(list(same)), time) for cell, same in groupby(row))
            yield f'<table:table-row>{cells}<table:table-cell table:number-columns-repeated="{16384 - len(row)}"/></table:table-row>'


def _ods_cell(cell: Cell, repeated: int, time: str) -> str:
    again = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    if cell == "":
        return f"<table:table-cell{again}/>"
    if isinstance(cell, dt.date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}{time}" table:style-name="ce1"'
    elif isinstance(cell, Percent):
        kind = f'office:value-type="percentage" office:value="{float(cell)!r}" table:style-name="ce2"'
    elif isinstance(cell, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{cell}"'
    paragraphs = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in as_shown(cell).split("\n"))
    return f"<table:table-cell{again} {kind}>{paragraphs}</table:table-cell>"


def _ods_text(line: str) -> str:
    """Text with its second and further spaces, and its tabs, as elements: XML would fold them."""
    spaces = re.sub("  +", lambda found: f' <text:s text:c="{len(found[0]) - 1}"/>', escape(line))
    return spaces.replace("\t", "<text:tab/>")


def as_text(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Text, with dates as people write them."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([[as_shown(cell) for cell in row] for row in rows])
    return written.getvalue().encode(encoding)


def as_parquet(rows: Rows, *, dates: str = "date32") -> bytes:
    """Columns of a kind each, as a data platform exports them; blanks are missing."""
    columns = {}
    for at, header in enumerate(rows[0]):
        cells = [None if row[at] == "" else row[at] for row in rows[1:]]
        kinds = {type(cell) for cell in cells if cell is not None}
        if kinds == {dt.date} and dates == "date32":
            columns[header] = pa.array(cells, pa.date32())
        elif kinds == {dt.date} and dates != "text":
            moments = [cell and dt.datetime(cell.year, cell.month, cell.day) for cell in cells]
            columns[header] = pa.array(moments, pa.timestamp(dates))
        elif kinds and kinds <= {int, float}:
            columns[header] = pa.array(cells, pa.float64())
        else:  # there are no percentages in Parquet
            columns[header] = pa.array([None if cell is None else as_shown(cell) for cell in cells], pa.string())
    data = io.BytesIO()
    pq.write_table(pa.table(columns), data)
    return data.getvalue()


UTF_16 = "utf-16-le with its mark"
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", UTF_16)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def _utf_16(rows: Rows, delimiter: str) -> bytes:
    return b"\xff\xfe" + as_text(rows, encoding="utf-16-le", delimiter=delimiter)


FORMATS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "xlsx": ("xlsx", lambda rows: as_xlsx({"Returns": rows})),
    "ods": ("ods", lambda rows: as_ods({"Returns": rows})),
    "ods with a time on each date": ("ods", lambda rows: as_ods({"Returns": rows}, time="T00:00:00")),
    "parquet": ("parquet", as_parquet),
    "parquet with timestamps": ("parquet", functools.partial(as_parquet, dates="ns")),
    "parquet with dates as text": ("parquet", functools.partial(as_parquet, dates="text")),
}
for _encoding in ENCODINGS:
    for _name, _delimiter in DELIMITERS.items():
        _write = (
            functools.partial(_utf_16, delimiter=_delimiter)
            if _encoding == UTF_16
            else functools.partial(as_text, encoding=_encoding, delimiter=_delimiter)
        )
        FORMATS[f"csv, {_encoding}, {_name}"] = ("tsv" if _name == "tab" else "csv", _write)

# -------------------------------------------------------------------------------------------------------- comparing

Tables = dict[str, pd.DataFrame]
PLACES = ["file", "sheet", "row"]

WIDE_AND_LONG_DIFFER = {"rows"}
"""Only the row accounting differs: what is counted is rows, and a long return has several for each audit."""


def tables_of(returns: AuditReturns) -> Tables:
    """Every table without the places, in an order of its own."""
    named = {
        "audits": returns.audits.drop(columns=PLACES),
        "judgements": returns.judgements,
        "findings": returns.findings,
        "actions": returns.actions,
        "ledger": returns.ledger,
        "quarterly grades": quarterly_grades(returns),
        "rows": returns.accounting[["rows_read", "accepted", "rejected", "skipped"]].sum().to_frame().T,
    }
    return {name: frame.sort_values([*frame.columns], ignore_index=True) for name, frame in named.items()}


def assert_same(found: Tables, expected: Tables, *, but: Iterable[str] = ()) -> None:
    for name in expected.keys() - set(but):
        pd.testing.assert_frame_equal(found[name], expected[name], obj=name)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AuditReturns]:
    """Read files, given as their bytes by name, with the framework of this module."""
    framework = tmp_path_factory.mktemp("framework") / "formats.toml"
    framework.write_text(FRAMEWORK, encoding="utf-8")

    def read_files(**files: bytes) -> AuditReturns:
        folder = tmp_path_factory.mktemp("returns")
        for name, data in files.items():
            (folder / name.replace("__", ".")).write_bytes(data)
        return read_returns(folder, framework=framework)

    return read_files


@pytest.fixture(scope="module")
def plain(read: Callable[..., AuditReturns]) -> dict[str, Tables]:
    """What the plainest file says: text in UTF-8 with commas, in either layout."""
    return {layout: tables_of(read(plain__csv=as_text(rows(AUDITS)))) for layout, rows in LAYOUTS.items()}


def test_the_plainest_file_holds_what_was_written(read: Callable[..., AuditReturns], plain: dict[str, Tables]) -> None:
    """The other files are held against this one, so that it must be right."""
    tables = plain["wide"]
    assert tables["rows"].iloc[0].tolist() == [40, 40, 0, 0]
    assert (len(tables["audits"]), len(tables["judgements"])) == (40, 160)
    audits = tables["audits"].sort_values("period_date", ignore_index=True)
    assert audits["period_date"].dt.date.tolist() == [audit.of_whole["Date"] for audit in AUDITS]
    for field, header in [
        ("team", "Team"),
        ("service", "Service"),
        ("case_type", "Visits kept"),
        ("topic", "Plan followed"),
    ]:
        assert audits[field].tolist() == [as_shown(audit.of_whole[header]) for audit in AUDITS], field
    written = [judgement for audit in AUDITS for judgement in audit.judgements.values()]
    ledger = tables["ledger"].fillna("").groupby("label")["n"].sum().to_dict()
    labels = [grade for grade, *_ in written] + [moderated for _, moderated, _ in written if moderated]
    assert ledger == {label: labels.count(label) for label in set(labels)}
    said = [text for *_, text in written if text] + [
        text for audit in AUDITS if (text := audit.of_whole["What worries us"])
    ]
    assert sorted(tables["findings"]["text"]) == sorted(said)
    assert len(tables["actions"]) == sum(len(audit.actions) for audit in AUDITS)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_kind_of_file_says_the_same(
    read: Callable[..., AuditReturns], plain: dict[str, Tables], name: str, layout: str
) -> None:
    ending, write = FORMATS[name]
    returns = read(**{f"a__{ending}": write(LAYOUTS[layout](AUDITS))})
    assert_same(tables_of(returns), plain[layout])


def test_a_row_for_each_audit_and_a_row_for_each_judgement_say_the_same(plain: dict[str, Tables]) -> None:
    assert_same(plain["long"], plain["wide"], but=WIDE_AND_LONG_DIFFER)


def by_month(rows: Rows) -> Sheets:
    """The rows of each month under a header of their own."""
    header, date = rows[0], rows[0].index("Date")
    months = groupby(rows[1:], key=lambda row: row[date].strftime("%B"))
    return {month: [header, *run] for month, run in months}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("ending", "write"), [("xlsx", as_xlsx), ("ods", as_ods)])
def test_a_sheet_for_each_month_says_the_same_as_one_sheet(
    read: Callable[..., AuditReturns],
    plain: dict[str, Tables],
    ending: str,
    write: Callable[[Sheets], bytes],
    layout: str,
) -> None:
    sheets = by_month(LAYOUTS[layout](AUDITS))
    assert len(sheets) > 5
    returns = read(**{f"a__{ending}": write(sheets)})
    assert returns.accounting["sheet"].tolist() == [*sheets]
    assert_same(tables_of(returns), plain[layout])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_of_another_kind_for_each_month_says_the_same_as_one_file(
    read: Callable[..., AuditReturns], plain: dict[str, Tables], layout: str
) -> None:
    """A return may change program, encoding and delimiter from month to month."""
    kinds = [*FORMATS.values()]
    files = {}
    for at, (month, rows) in enumerate(by_month(LAYOUTS[layout](AUDITS)).items()):
        ending, write = kinds[at * 3 % len(kinds)]
        files[f"{month}__{ending}"] = write(rows)
    assert_same(tables_of(read(**files)), plain[layout])


def test_blank_rows_are_skipped_and_counted_alike(read: Callable[..., AuditReturns], plain: dict[str, Tables]) -> None:
    """A spreadsheet says of blank rows only how many there are."""
    rows = wide_rows(AUDITS)
    blank: list[Cell] = [""] * len(rows[0])
    rows = [*rows[:5], blank, blank, blank, *rows[5:20], blank, *rows[20:]]
    for ending, write in (("xlsx", FORMATS["xlsx"][1]), ("ods", FORMATS["ods"][1]), ("csv", as_text)):
        found = tables_of(read(**{f"a__{ending}": write(rows)}))
        assert found["rows"].iloc[0].tolist() == [44, 40, 0, 4], ending
        assert_same(found, plain["wide"], but={"rows"})


def with_seven(shown: str, form: str, *, style: int) -> dict[str, bytes]:
    """A workbook and an OpenDocument spreadsheet, the identifier of whose first audit is the number 7 in a form."""
    rows = wide_rows(AUDITS[:2])
    rows[1][0] = "@"
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [as_shown(cell) for cell in row])
        sheet.write_number(1, 0, 7, book.add_format({"num_format": form}))
    kind = f'office:value-type="float" office:value="7" table:style-name="ce{style}"'
    with zipfile.ZipFile(io.BytesIO(as_ods({"Returns": rows}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cell = b'office:value-type="string"><text:p>@</text:p>'
    assert cell in parts["content.xml"]
    parts["content.xml"] = parts["content.xml"].replace(cell, f"{kind}><text:p>{shown}</text:p>".encode())
    ods = io.BytesIO()
    with zipfile.ZipFile(ods, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    rows[1][0] = shown
    return {"xlsx": data.getvalue(), "ods": ods.getvalue(), "csv": as_text(rows)}


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
@pytest.mark.parametrize(("shown", "form", "style"), [("7", "General", 0), ("007", "000", 3)])
def test_an_identifier_that_is_a_number_is_read_as_it_is_shown(
    read: Callable[..., AuditReturns], ending: str, shown: str, form: str, style: int
) -> None:
    files = with_seven(shown, form, style=style)
    found, expected = (tables_of(read(**{f"a__{each}": files[each]})) for each in (ending, "csv"))
    assert_same(found, expected)


def few(**changes: Cell) -> Rows:
    """The first three audits, with something else in some of their cells."""
    rows = wide_rows(AUDITS[:3])
    for header, value in changes.items():
        for row in rows[1:]:
            row[rows[0].index(header.replace("_", " "))] = value
    return rows


def rows_of(returns: AuditReturns) -> list[int]:
    return returns.accounting[["rows_read", "accepted", "rejected", "skipped"]].sum().tolist()


def test_lines_with_another_delimiter_inside_comments_do_not_hide_the_delimiter(
    read: Callable[..., AuditReturns],
) -> None:
    returns = read(a__csv=as_text(few(What_worries_us="seen alone; yes\nschool asked; yes\nplan read; no")))
    assert rows_of(returns) == [3, 3, 0, 0]


def test_many_commas_in_every_comment_do_not_hide_the_tabs(read: Callable[..., AuditReturns]) -> None:
    lines = ["Audit ID\tDate\tPlan\tWhat worries us"]
    lines += [f"A{at}\t01/04/2025\tGood\tseen at home, at school, alone, with mum, and with dad" for at in range(40)]
    assert rows_of(read(a__tsv="\n".join(lines).encode())) == [40, 40, 0, 0]


def test_more_lines_of_title_than_audits_do_not_hide_the_delimiter(read: Callable[..., AuditReturns]) -> None:
    titles = b"Audits of the month\nSent by North\nApril 2025\n"
    assert rows_of(read(a__csv=titles + b"Audit ID;Date;Plan\nA1;01/04/2025;Good\n")) == [4, 1, 0, 3]


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_stray_quotation_mark_does_not_make_line_separators_of_other_rows_end_them(
    read: Callable[..., AuditReturns], separator: str
) -> None:
    """A word processor's line break inside a paragraph is copied as a vertical tab."""
    rows = few()
    rows[1][rows[0].index("What worries us")] = f"first line{separator}second line"
    rows[3][rows[0].index("What worries us")] = "@"
    returns = read(a__csv=as_text(rows).replace(b"@", b'"said" so'))
    assert rows_of(returns) == [3, 2, 1, 0]


@pytest.mark.parametrize("twin", ["xl/worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml"])
def test_a_part_that_is_there_twice_but_for_its_spelling_is_refused(
    read: Callable[..., AuditReturns], twin: str
) -> None:
    data = io.BytesIO(as_xlsx({"Returns": few()}))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(twin, archive.read("xl/worksheets/sheet1.xml"))
    assert read(a__xlsx=data.getvalue()).problems["code"].tolist() == ["unsafe_part"]


def test_text_that_a_data_platform_keeps_as_bytes_is_read_as_text(read: Callable[..., AuditReturns]) -> None:
    """Older exports do not say of a column of text that it is one."""
    columns = {"Audit ID": [b"A1"], "Date": [b"01/04/2025"], "Plan": [b"Good"]}
    data = io.BytesIO()
    pq.write_table(pa.table(columns), data)
    assert rows_of(read(a__parquet=data.getvalue())) == [1, 1, 0, 0]


@pytest.mark.parametrize(("ending", "write"), [("xlsx", as_xlsx), ("ods", as_ods)])
def test_two_sheets_of_one_name_are_not_one_sheet_read_twice(
    read: Callable[..., AuditReturns], ending: str, write: Callable[[Sheets], bytes]
) -> None:
    """No spreadsheet program writes it; so it is damage, unless both are read."""
    rows = wide_rows(AUDITS[:4])
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write({"May": rows[:3], "June": [rows[0], *rows[3:]]}))) as archive,
        zipfile.ZipFile(data, "w") as changed,
    ):
        for name in archive.namelist():
            changed.writestr(name, archive.read(name).replace(b'name="June"', b'name="May"'))
    returns = read(**{f"a__{ending}": data.getvalue()})
    assert len(returns.audits) == 4 or returns.problems["code"].tolist() == ["damaged"]
