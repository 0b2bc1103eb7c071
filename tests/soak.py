"""A soak of the readers: good returns, broken in every way a file can be, and what must hold of each one.

    python tests/soak.py --seconds 60 --seed 1

A broken file may cost itself and nothing else. So a few are read beside a sound one, as the library reads a folder, with
its parser in a process of its own; and then: nothing but an error of the project was raised, the sound file was read
whole, every row of every sheet is accounted for, no message repeats what stood in a cell, no process and no file is
left behind, and neither time nor memory ran away. Where something does not hold, each file is tried alone, and what
breaks it is saved, with the seed that made it.
"""

import argparse
import codecs
import collections
import csv
import functools
import hashlib
import io
import itertools
import os
import random
import re
import signal
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from unittest import mock
from xml.parsers import expat

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from test_formats import AUDITS, FRAMEWORK, LAYOUTS, as_ods, as_parquet, as_text, as_xlsx, by_month

from auditanalytics import intake, returns
from auditanalytics.errors import AuditAnalyticsError
from auditanalytics.intake.raw import RawSheet
from auditanalytics.parsing.client import ParsedFile, Parser
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.summary import quarterly_grades

MOST_SECONDS, MOST_BYTES = 130, 2_000_000_000
"""For one file: the parser gives up at 120 seconds, and may have 2 GB; this process must do with as much."""

TOGETHER = 8
"""Broken files that are read at once, because most of the time goes into starting to read."""

HEALTHY = 12
"""Audits in the sound file beside the broken ones."""

CANARIES = ("Ørsted", "Müller", "Näslund", "Seen alone", "Café visits")
"""Pieces of names and comments, which no message may repeat."""

Change = Callable[[random.Random, bytes], bytes]

# ----------------------------------------------------------------------------------------------------- sound files


def seeds(slot: int) -> dict[str, list[bytes]]:
    """Sound returns of every kind, small, so that a mutation is likely to hit something that matters.

    Those of one slot have other identifiers than those of another, so that they can be read together.
    """
    few = [
        audit._replace(of_whole=audit.of_whole | {"Audit ID": f"{slot}-{number}"})
        for number, audit in enumerate(AUDITS[:12])
    ]
    rows = {name: layout(few) for name, layout in LAYOUTS.items()}
    shares = [
        ["Domain", "Quarter", "Good", "Inadequate"],
        ["Risk", "2025-Q1", "40%", "5%"],
        ["Plans", "Q2 2025", "0.5", "0"],
    ]
    two_rows = [["Audit ID", "Date", "Risk", "", "Plan"], ["", "", "Spotting", "Responding", ""]]
    two_rows += [[f"{slot}-B{number}", "01/04/2025", "Good", "RI", "N/A"] for number in range(9)]
    noted = [["Audits of the year"], [], *rows["wide"], [], ["Total", "", 12], ["Note: two are late"]]
    return {
        ".xlsx": [
            as_xlsx({"Returns": rows["wide"]}),
            as_xlsx({"Returns": rows["long"]}),
            as_xlsx(by_month(rows["wide"])),
            as_xlsx({"Shares": shares, "Two rows": two_rows, "Noted": noted}),
            _workbook_of_specials(slot),
        ],
        ".ods": [
            as_ods({"Returns": rows["wide"]}),
            as_ods({"Returns": rows["long"]}),
            as_ods(by_month(rows["wide"])),
            as_ods({"Shares": shares, "Two rows": two_rows, "Noted": noted}),
        ],
        ".csv": [
            as_text(rows["wide"]),
            as_text(rows["long"], delimiter=";"),
            as_text(noted, encoding="cp1252", delimiter="\t"),
            b"\xff\xfe" + as_text(rows["wide"], encoding="utf-16-le", delimiter="\t"),
            as_text(shares),
            as_text(two_rows, encoding="utf-8-sig"),
        ],
        ".parquet": [as_parquet(rows["wide"]), as_parquet(rows["long"]), as_parquet(rows["wide"], dates="ns")],
    }


def _workbook_of_specials(slot: int) -> bytes:
    """Formulas, errors, truth values, noughts, hidden rows and a hidden sheet, for the pass over the XML."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Audits & more")
        noughts, percent = book.add_format({"num_format": "000"}), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["Audit ID", "Date", "Plan followed", "Spotting", "Responding", "Plan", "Child"])
        for row in range(1, 12):
            sheet.write_number(row, 0, 20 * slot + row, noughts)
            sheet.write_formula(row, 1, "=TODAY()", value=45748 + row)
            sheet.write_number(row, 2, row / 20, percent)
            sheet.write_formula(row, 3, "=NA()", value="#N/A" if row % 3 else "Good")
            sheet.write_boolean(row, 4, bool(row % 2))
            sheet.write_rich_string(row, 5, "Requires ", percent, "improvement")
            sheet.write_formula(row, 6, '="x"', value="")
        sheet.set_row(4, None, None, {"hidden": True})
        book.add_worksheet("Hidden").hide()
        book.add_chartsheet("Chart")
    return data.getvalue()


def healthy() -> bytes:
    """The sound file: identifiers that no other file has."""
    rows = [["Audit ID", "Date", "Spotting", "Responding", "Plan"]]
    rows += [[f"sound {number}", "01/04/2025", "Good", "RI", "Inadequate"] for number in range(HEALTHY)]
    return as_text(rows)


# ---------------------------------------------------------------------------------------------------- any bytes


def flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 5, 30])):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(chance: random.Random, data: bytes) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.choice([1, 2, 4, 8, 64])
    filling = chance.choice([chance.randbytes(length), b"\0" * length, b"\xff" * length, b"\x7f\xff\xff\xff"])
    return data[:at] + filling + data[at + length :]


def truncate(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] if chance.random() < 0.8 else data[at:]


def insert(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.choice([1, 3, 20, 500])) + data[at:]


def remove(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.choice([1, 2, 10, 200]) :]


def repeat(chance: random.Random, data: bytes) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.choice([1, 10, 300, 3000])
    return data[: at + length] + data[at : at + length] * chance.choice([1, 2, 20]) + data[at + length :]


def splice(chance: random.Random, data: bytes) -> bytes:
    at, other = chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)
    return data[:at] + data[other:]


ANY: list[Change] = [flip, flip, overwrite, truncate, insert, remove, repeat, splice]

# ---------------------------------------------------------------------------------------------------------- XML

HUGE = [b"0", b"-1", b"1", b"2", b"301", b"200001", b"1048576", b"1048577", b"16385", b"65536", b"2147483647", b"2147483648", b"4294967295",
        b"4294967296", b"9223372036854775807", b"18446744073709551616", b"9" * 400, b"1e9", b"1e308", b"-1e308", b"1e-400", b"NaN", b"inf",
        b"0x10", b" 7 ", b"7.0", b"", "٣".encode(), "²".encode(), b"true", b"1-1"]  # fmt: skip
ADDRESSES = [b"A0", b"A1", b"ZZ1", b"XFD1048576", b"XFE1", b"A1048577", b"KN200000", b"KO200001", b"AAAAAAA1", b"AAAAAAAAAAAA1",
             b"A999999999", b"A99999999999999999999", b"1A", b"1", b"A", b"a1", b"$A$1", b"A1:B2", b"B2", b"\xc3\x891", b"A-1"]  # fmt: skip
ODD_TEXTS = [*HUGE, b"#N/A", b"#REF!", b"=1+1", b"01/04/2025", b"45748", b"2958466", b"-657435", b"&#10;", b"&#1;", b"&#xFFFF;",
             b"&lt;row r=&quot;1&quot;&gt;", b"_x0000_", b"_x001F_", b"_xD800_", b"x" * 40_000, b"\xef\xbf\xbe", b"]]&gt;", b"\t \r\n"]  # fmt: skip
NUMBERED = rb"\b(?:r|s|t|count|uniqueCount|numFmtId|sheetId|[\w]+:number-(?:columns|rows)-repeated|office:value|r:id|spans|min|max|text:c)"
KINDS = [b"s", b"str", b"b", b"e", b"n", b"d", b"inlineStr", b"zzz", b"", b"string", b"float", b"percentage", b"boolean", b"date", b"time", b"currency"]  # fmt: skip
TAG = re.compile(rb"<[^<>]*>")
ATTRIBUTE = re.compile(rb'\s[\w:]+="[^"]*"')
VALUE_OF_NUMBERED = re.compile(NUMBERED + rb'="([^"]*)"')
TEXT_BETWEEN = re.compile(rb">([^<>]+)<")


def _place(chance: random.Random, pattern: re.Pattern[bytes], data: bytes, group: int = 0) -> tuple[int, int] | None:
    """A place that a pattern finds, from a random one onwards, so that long parts cost little."""
    found = pattern.search(data, chance.randrange(len(data) + 1)) or pattern.search(data)
    return found.span(group) if found else None


def _swap_in(chance: random.Random, pattern: re.Pattern[bytes], data: bytes, new: bytes, group: int = 0) -> bytes:
    place = _place(chance, pattern, data, group)
    return data if place is None else data[: place[0]] + new + data[place[1] :]


def drop_tag(chance: random.Random, data: bytes) -> bytes:
    return _swap_in(chance, TAG, data, b"")


def repeat_tag(chance: random.Random, data: bytes) -> bytes:
    place = _place(chance, TAG, data)
    return (
        data
        if place is None
        else data[: place[1]] + data[place[0] : place[1]] * chance.choice([1, 3]) + data[place[1] :]
    )


def repeat_element(chance: random.Random, data: bytes) -> bytes:
    """A row, a cell or whatever else, once more or a thousand times more, as it stands."""
    start = _place(chance, re.compile(rb"<([\w:-]+)[^<>]*(?<!/)>"), data)
    if start is None:
        return data
    name = re.match(rb"<([\w:-]+)", data[start[0] :])[1]  # type: ignore[index]
    end = data.find(b"</" + name + b">", start[1])
    element = data[start[0] : end + len(name) + 3]
    times = min(chance.choice([1, 2, 50, 3000]), 2_000_000 // max(1, len(element)))
    return data if end < 0 else data[: start[0]] + element * times + data[start[0] :]


def swap_tags(chance: random.Random, data: bytes) -> bytes:
    one, other = sorted([_place(chance, TAG, data) or (0, 0), _place(chance, TAG, data) or (0, 0)])
    if one[1] > other[0]:
        return data
    return data[: one[0]] + data[slice(*other)] + data[one[1] : other[0]] + data[slice(*one)] + data[other[1] :]


def rename_tag(chance: random.Random, data: bytes) -> bytes:
    """Another name for every tag of a kind, or another prefix, both at its beginning and at its end."""
    names = sorted(set(re.findall(rb"</?([\w:-]+)", data)))
    if not names:
        return data
    name = chance.choice(names)
    new = chance.choice(
        [b"x:" + name, name.upper(), chance.choice(names), name.rpartition(b":")[2], b"row", b"c", b"v", b"f"]
    )
    return re.sub(rb"(</?)" + re.escape(name) + rb"(?=[\s/>])", rb"\1" + new, data)


def drop_attribute(chance: random.Random, data: bytes) -> bytes:
    if chance.random() < 0.3:  # all of a kind, such as every address
        place = _place(chance, ATTRIBUTE, data)
        name = data[slice(*place)].split(b"=")[0] if place else b" r"
        return re.sub(re.escape(name) + rb'="[^"]*"', b"", data)
    return _swap_in(chance, ATTRIBUTE, data, b"")


def odd_attribute(chance: random.Random, data: bytes) -> bytes:
    return _swap_in(chance, re.compile(rb'="([^"]*)"'), data, chance.choice(ODD_TEXTS), 1)


def odd_number(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.choice([1, 1, 4])):
        data = _swap_in(chance, VALUE_OF_NUMBERED, data, chance.choice([*HUGE, *ADDRESSES, *KINDS]), 1)
    return data


def odd_address(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.choice([1, 1, 4])):
        data = _swap_in(chance, re.compile(rb'<(?:c|row) r="([^"]*)"'), data, chance.choice([*HUGE, *ADDRESSES]), 1)
    return data


def odd_repeat(chance: random.Random, data: bytes) -> bytes:
    """A cell or a row of an OpenDocument spreadsheet, repeated without measure."""
    what, name = chance.choice(
        [(rb"<table:table-cell(?= office)", b"columns"), (rb"<table:table-row(?=[ >])", b"rows")]
    )
    place = _place(chance, re.compile(what), data)
    number = chance.choice(HUGE)
    added = b' table:number-%s-repeated="%s"' % (name, number)
    return data if place is None else data[: place[1]] + added + data[place[1] :]


def odd_kind(chance: random.Random, data: bytes) -> bytes:
    return _swap_in(chance, re.compile(rb'(?:\bt|value-type)="([^"]*)"'), data, chance.choice(KINDS), 1)


def odd_text(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.choice([1, 1, 5])):
        data = _swap_in(chance, TEXT_BETWEEN, data, chance.choice(ODD_TEXTS), 1)
    return data


def declare(chance: random.Random, data: bytes) -> bytes:
    """Entities, declared or not, and declarations from abroad."""
    declarations = [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<!DOCTYPE x SYSTEM "http://canary.invalid/x.dtd">',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 999 + b'"><!ENTITY b "' + b"&a;" * 999 + b'">]>',
        b"<!DOCTYPE x [<!ENTITY % a '<!ENTITY b \"c\">'>%a;]>",
    ]
    at = data.find(b"?>") + 2 if b"?>" in data else 0
    if chance.random() < 0.7:
        data = data[:at] + chance.choice(declarations) + data[at:]
    return _swap_in(chance, TEXT_BETWEEN, data, chance.choice([b"&a;", b"&b;", b"&#0;", b"&#xD800;", b"&amp"]), 1)


def nest(chance: random.Random, data: bytes) -> bytes:
    """Elements in elements in elements."""
    place = _place(chance, TAG, data)
    depth = chance.choice([10, 1000, 20_000, 200_000])
    name = chance.choice(
        [
            b"a",
            b"c",
            b"row",
            b"r",
            b"si",
            b"is",
            b"table:table-cell",
            b"text:p",
            b"table:table-row",
            b"office:annotation",
        ]
    )
    middle = chance.choice([b"", b"x", b"<v>1</v>"])
    deep = b"<%s>" % name * depth + middle + b"</%s>" % name * depth
    return data if place is None else data[: place[1]] + deep + data[place[1] :]


def add_markup(chance: random.Random, data: bytes) -> bytes:
    place = _place(chance, TAG, data)
    pieces = [b"<!-- <row r='1'> -->", b"<![CDATA[<c r='A1'>]]>", b"<?xml version='1.0'?>", b"<?x y?>", b"<f/>", b"<f>A1</f>", b"<v/>", b"<v>1</v>",
              b"<c/>", b"<c><v>7</v></c>", b"<row/>", b'<c r="B2" t="e"><v>#N/A</v></c>', b'<c t="e"/>', b"<is><t>x</t></is>", b"<text:p>x</text:p>",
              b"<text:s text:c='99999999'/>", b"<text:s text:c='4294967295'/>", b"<text:tab/>", b"<office:annotation><text:p>n</text:p></office:annotation>",
              b"<table:covered-table-cell/>", b"<table:table><table:table-row/></table:table>"]  # fmt: skip
    return data if place is None else data[: place[1]] + chance.choice(pieces) + data[place[1] :]


def encode_anew(chance: random.Random, data: bytes) -> bytes:
    name = chance.choice(["utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-7", "utf-32"])
    said = chance.choice([name, "UTF-8", "x-unknown", "utf-16", "iso-8859-1"])
    try:
        return data.decode().replace('encoding="UTF-8"', f'encoding="{said}"', 1).encode(name)
    except UnicodeError:
        return data


OF_XML: list[Change] = [
    drop_tag, repeat_tag, repeat_element, swap_tags, rename_tag, drop_attribute, odd_attribute, odd_number, odd_address,
    odd_address, odd_repeat, odd_repeat, odd_kind, odd_text, odd_text, declare, nest, add_markup, add_markup, encode_anew, *ANY[:5],
]  # fmt: skip

# -------------------------------------------------------------------------------------------------------- archives

Parts = list[tuple[str, bytes]]


def _unpack(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _pack(chance: random.Random, parts: Parts) -> bytes:
    data = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is there twice is meant
        with zipfile.ZipFile(data, "w") as archive:
            for name, part in parts:
                archive.writestr(
                    name, part, chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
                )
    return data.getvalue()


def change_parts(chance: random.Random, data: bytes) -> bytes:
    """Parts changed inside, with right checksums, so that the parsers behind the archive see them."""
    parts = _unpack(data)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        weights = [5 if "sheet1" in name or name == "content.xml" else 1 for name, _ in parts]
        at = chance.choices(range(len(parts)), weights)[0]
        parts[at] = (parts[at][0], _changed_xml(chance, parts[at][1]))
    return _pack(chance, parts)


def _changed_xml(chance: random.Random, xml: bytes) -> bytes:
    """Most often still sound XML, so that what reads it gets further than that."""
    for _ in range(1 if chance.random() < 0.2 else 8):
        changed = chance.choice(OF_XML)(chance, xml)
        try:
            expat.ParserCreate().Parse(changed, True)
        except expat.ExpatError:
            continue
        if changed != xml:
            break
    return changed


def rearrange_parts(chance: random.Random, data: bytes) -> bytes:
    """Parts twice, under another's name, missing, emptied, in another case or leading outside."""
    parts = _unpack(data)
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    name, part = parts[at]
    odd_names = [
        name.upper(),
        name.replace("/", "\\"),
        "/" + name,
        "../" + name,
        "./" + name,
        name + "/",
        "",
        "a" * 60_000,
        "é\u202e.xml",
    ]
    odd_names += [
        "xl/vbaProject.bin",
        "Basic/x/y.xml",
        "C:" + name,
        name + "\0.xml",
        "xl//workbook.xml",
        "META-INF/manifest.xml",
    ]
    what = chance.randrange(7)
    if what == 0:
        parts.append((name, parts[other][1]))
    elif what == 1:
        parts[at], parts[other] = (name, parts[other][1]), (parts[other][0], part)
    elif what == 2:
        del parts[at]
    elif what == 3:
        parts[at] = (name, b"")
    elif what == 4:
        parts[at] = (chance.choice(odd_names), part)
    elif what == 5:
        parts.insert(chance.randrange(len(parts) + 1), (chance.choice(odd_names), parts[other][1]))
    else:
        chance.shuffle(parts)
    return _pack(chance, parts)


def say_otherwise(chance: random.Random, data: bytes) -> bytes:
    """Sizes, methods, flags and places in the archive's own tables that are not true."""
    changed = bytearray(data)
    marks = [found.start() for found in re.finditer(b"PK\x01\x02|PK\x03\x04|PK\x05\x06", data)]
    for _ in range(chance.choice([1, 1, 3])):
        at = chance.choice(marks) + 4 + chance.randrange(42)
        if at < len(changed):
            changed[at] = chance.choice([0, 1, 8, 9, 12, 14, 0x7F, 0x80, 0xFF, chance.randrange(256)])
    return bytes(changed)


OF_ARCHIVES: list[Change] = [change_parts] * 20 + [rearrange_parts] * 3 + [say_otherwise] * 2 + ANY[:3]

# ------------------------------------------------------------------------------------------------------------ text

ODD_CHARACTERS = ['"', '""', "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\0", "\x0b", "\x0c", "\x1c", "\x1e", "\x1f", "\x7f", "\x85", "\u00a0",
                  "\u200b", "\u2028", "\u2029", "\u202e", "\ufeff", "\ue000", "\uffff", "\U0010ffff", "e\u0301", "ﬁ", "ß", "İ", "٣", "²", "½", "€", "=1+1"]  # fmt: skip
ODD_CELLS = ["", " ", "N/A", "#N/A", "#REF!", "#NOT CALCULATED", "Good/RI", "Audit ID", "Category", "Grade", "Plan", "Date", "Total", "%", "Domain",
             "Quarter", "Good", "Inadequate", "Year", "Action 99999999999999999999", "Action ²", "Action ٣", "31/02/2025", "1/1/0001", "9999-12-31",
             "99999", "00000", "1e999", "nan", "12345678901234567890", "2019-20-Q9", "Q1", "January to March", "é" * 33_000]  # fmt: skip


def decoded(change: Callable[[random.Random, str], str]) -> Change:
    """A change of the text in whatever encoding it is."""

    @functools.wraps(change)
    def changed(chance: random.Random, data: bytes) -> bytes:
        encoding = "utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8"
        try:
            return change(chance, data.decode(encoding)).encode(encoding)
        except UnicodeError:
            return change(chance, data.decode("cp1252", "replace")).encode("cp1252", "replace")

    return changed


@decoded
def odd_characters(chance: random.Random, text: str) -> str:
    for _ in range(chance.choice([1, 1, 2, 10, 100])):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(ODD_CHARACTERS) + text[at + chance.randrange(2) :]
    return text


@decoded
def long_field(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    length = chance.choice([32_767, 32_768, 32_768, 200_000])
    if chance.random() < 0.03:  # longer than any field may be, or more rows than there is memory for
        return text[:at] + chance.choice(["x" * 10_000_001, "x\n" * 2_000_000, "1," * 2_000_000]) + text[at:]
    return text[:at] + chance.choice(["x", "é", "a b ", '""', "x\n", "1,"]) * (length // 2) + text[at:]


@decoded
def other_lines(chance: random.Random, text: str) -> str:
    """Lines dropped, repeated, shuffled, glued together or ended otherwise."""
    lines = text.splitlines(keepends=True)
    what = chance.randrange(6)
    at = chance.randrange(len(lines) + 1)
    if what == 0:
        chance.shuffle(lines)
    elif what == 1:
        lines[at:at] = lines[at : at + 1] * chance.choice([1, 60, 5000])
    elif what == 2:
        del lines[at : at + chance.choice([1, 5])]
    elif what == 3:
        lines[at : at + 1] = [line.rstrip("\r\n") for line in lines[at : at + 1]]
    elif what == 4:
        lines = [line.rstrip("\r\n") + chance.choice(["\r", "\n\n", "\x85", "\u2028", ",\n"]) for line in lines]
    else:
        lines.insert(at, chance.choice(["\n", ",,,,\n", '"\n', "Total,,,\n", "sep=;\n", "#\n", "Audit ID,Date,Plan\n"]))
    return "".join(lines)


@decoded
def other_cells(chance: random.Random, text: str) -> str:
    """Cells with what people and programs leave in them, and rows of another width."""
    delimiter = chance.choice(",,,;\t")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter))
    for _ in range(chance.choice([1, 3, 30])):
        row = chance.choice(rows) if rows else []
        at = chance.randrange(len(row) + 1)
        row[at : at + chance.randrange(3)] = [chance.choice(ODD_CELLS)] * chance.choice([1, 1, 1, 0, 3])
    written = io.StringIO()
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    csv.writer(written, delimiter=chance.choice([delimiter, ",", ";", "\t", "|"]), quoting=quoting).writerows(rows)
    return written.getvalue()


def other_encoding(chance: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8", "replace")
    name = chance.choice(
        ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1252", "latin-1", "utf-32", "utf-7", "cp850", "mac-roman"]
    )
    if chance.random() < 0.2:
        text = text.encode().decode("cp1252", "replace")  # encoded twice
    return text.encode(name, "replace") + (flip(chance, b"\r\n") if chance.random() < 0.2 else b"")


OF_TEXT: list[Change] = (
    [odd_characters] * 4 + [other_lines] * 3 + [other_cells] * 4 + [other_encoding] * 2 + [long_field, *ANY]
)

# --------------------------------------------------------------------------------------------------------- Parquet


def other_columns(chance: random.Random, data: bytes) -> bytes:
    """Sound files of columns that no return has: lists, bytes, moments of any precision, names twice or none at all."""
    table = pq.read_table(io.BytesIO(data))
    names, columns, height = table.column_names, list(table.columns), table.num_rows
    makers: list[Callable[[], pa.Array]] = [
        lambda: pa.array([[1, None], []] * height)[:height],
        lambda: pa.array([{"a": "x", "b": [1]}] * height),
        lambda: pa.array([b"Good"] * height),
        lambda: pa.array([b"\xff\xfe"] * height),
        lambda: pa.array([b"\xff\0"] * height).cast(pa.string(), safe=False),
        lambda: pa.nulls(height),
        lambda: pa.array([True, None] * height)[:height],
        lambda: pa.array(["Good"] * height).dictionary_encode(),
        lambda: pa.array([chance.randrange(-(2**63), 2**63)] * height),
        lambda: pa.array([1e300, float("nan")] * height)[:height],
        lambda: pa.array(
            [2**62] * height, pa.timestamp(chance.choice(["s", "ms", "us", "ns"]), chance.choice([None, "Asia/Tokyo"]))
        ),
        lambda: pa.array([2**31 - 1] * height, pa.date32()),
        lambda: pa.array([86_399_999_999] * height, pa.time64("us")),
        lambda: pa.array([2**62] * height, pa.duration("us")),
        lambda: pa.array(["x" * 40_000] * height),
        lambda: pa.array(["a\0b\x1f\x1e\n\u2028"] * height),
        lambda: pa.array(["Good"] * height, pa.large_string()),
    ]
    for _ in range(chance.choice([1, 2, 6])):
        at = chance.randrange(len(columns) + 1)
        if chance.random() < 0.5 and at < len(columns):
            columns[at] = chance.choice(makers)()
        else:
            columns.insert(at, chance.choice(makers)())
            names.insert(
                at, chance.choice(["", "Plan", "Audit ID", "a\0b", "x" * 40_000, "Action 2", "\n", "Category"])
            )
    if chance.random() < 0.1:
        columns, names = [], []
    made = pa.Table.from_arrays(columns, names=names)
    rows = chance.choice([height, 0, 1, height])
    written = io.BytesIO()
    pq.write_table(made.slice(0, rows), written, compression=chance.choice(["snappy", "zstd", "gzip", "none"]))
    return written.getvalue()


def other_footer(chance: random.Random, data: bytes) -> bytes:
    """Bytes of what the file says of itself, between its last eight and where that begins."""
    length = int.from_bytes(data[-8:-4], "little")
    start = max(4, len(data) - 8 - length)
    return data[:start] + chance.choice([flip, overwrite])(chance, data[start:-8]) + data[-8:]


OF_PARQUET: list[Change] = [other_columns] * 12 + [other_footer] * 4 + ANY
CHANGES = {".xlsx": OF_ARCHIVES, ".ods": OF_ARCHIVES, ".csv": OF_TEXT, ".parquet": OF_PARQUET}
SHARES = {".xlsx": 40, ".csv": 35, ".ods": 15, ".parquet": 10}
"""How many of a hundred files are of each kind."""


@dataclass(frozen=True)
class Broken:
    """A broken file: the seed that makes it again, its ending, its bytes and what was done to it."""

    seed: str
    ending: str
    data: bytes
    done: str

    @property
    def name(self) -> str:
        """The name under which it is read."""
        return f"{self.seed}{self.ending}"


def broken_file(seed: str, sound: list[dict[str, list[bytes]]]) -> Broken:
    """Make a broken file from one of the sound ones, by slot: the same for the same seed, such as 7.1234."""
    chance = random.Random(seed)
    ending = chance.choices([*SHARES], [*SHARES.values()])[0]
    data, done = chance.choice(sound[int(seed.partition(".")[2]) % TOGETHER][ending]), []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        change = chance.choice(CHANGES[ending])
        try:
            data = change(chance, data)
        except Exception:
            break  # what is broken already cannot always be taken apart to be broken again
        done.append(getattr(change, "__name__", "change"))
    if chance.random() < 0.01:  # a name that promises something else
        ending = chance.choice([*CHANGES, ".tsv", ".xlsm", ".txt"])
    return Broken(seed, ending, data, " ".join(done))


# -------------------------------------------------------------------------------------------------- what must hold


class FindingError(AssertionError):
    """Something did not hold."""


@dataclass
class Run:
    """What was tried so far."""

    files: collections.Counter[str] = field(default_factory=collections.Counter)
    outcomes: collections.Counter[tuple[str, str]] = field(default_factory=collections.Counter)
    read: collections.Counter[str] = field(default_factory=collections.Counter)
    errors: collections.Counter[str] = field(default_factory=collections.Counter)
    deaths: int = 0
    slowest: tuple[float, str, str] = (0.0, "", "")
    too_much_memory: bool = False


@contextmanager
def watched(run: Run, files: list[Broken], sheets: list[RawSheet]) -> Iterator[None]:
    """Keep the sheets that were parsed, before anything is made of them; count ended children and seconds."""

    def read_sheets(sources: list[intake.Source]) -> tuple[list[RawSheet], list]:
        found, problems = intake.read_sheets(sources)
        sheets.extend(found)
        return found, problems

    def stop(self: Parser, *, kill: bool) -> None:
        run.deaths += kill
        original(self, kill=kill)

    def parse(self: Parser, ending: str, data: bytes) -> ParsedFile:
        started = time.monotonic()
        parsed = original_parse(self, ending, data)
        seeds_of = {file.data: (file.name, file.done) for file in files}
        run.slowest = max(run.slowest, (time.monotonic() - started, *seeds_of.get(data, ("the sound file", ""))))
        return parsed

    original, original_parse = Parser._stop, Parser.parse
    with (
        mock.patch.object(returns, "read_sheets", read_sheets),
        mock.patch.object(Parser, "_stop", stop),
        mock.patch.object(Parser, "parse", parse),
    ):
        yield


def check_folder(folder: Path, files: list[Broken], framework: Path, run: Run) -> AuditReturns | None:
    """Read broken files beside a sound one and hold what comes back against what must hold.

    Raises
    ------
    FindingError
        If something does not hold; any other error than the project's own goes through as it is.
    """
    before = sorted(folder.iterdir())
    sheets: list[RawSheet] = []
    with watched(run, files, sheets), warnings.catch_warnings():
        warnings.filterwarnings("error", category=FutureWarning)
        try:
            found = read_returns(folder, framework=framework, year="2025")
            quarterly_grades(found)
        except AuditAnalyticsError as error:
            run.errors[type(error).__name__] += 1
            return None
        try:
            found.check()
        except AuditAnalyticsError as error:
            run.errors[type(error).__name__] += 1
    _must(sorted(folder.iterdir()) == before, "a file was left behind")
    _must(not _has_children(), "a process was left behind")
    _check_sound_file(found)
    _check_rows(found, sheets)
    _check_messages(found)
    for frame in (found.judgements, found.findings, found.actions):
        _must(frame["audit_id"].isin(found.audits["audit_id"]).all(), "something belongs to no accepted audit")
    _must(not found.audits["audit_id"].duplicated().any(), "an audit was accepted twice")
    _must(found.audits["quarter"].notna().all(), "an accepted audit has no quarter")
    return found


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise FindingError(otherwise)


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except (ChildProcessError, AttributeError):
        return False
    return True


def _check_sound_file(found: AuditReturns) -> None:
    rows = found.accounting[found.accounting["file"] == "z.csv"]
    counts = rows[["rows_read", "accepted", "rejected", "skipped"]].to_numpy().tolist()
    _must(counts == [[HEALTHY, HEALTHY, 0, 0]], f"the sound file was not read whole: {counts}")


def _check_rows(found: AuditReturns, sheets: list[RawSheet]) -> None:
    """Every row that the parser gave is accounted for, and every skip and rejection listed."""
    _must(len(sheets) == len(found.accounting) == len(found.sheets), "a sheet is not accounted for")
    accounts = found.accounting.itertuples(index=False)
    for sheet, account, noted in zip(sheets, accounts, found.sheets.itertuples(index=False), strict=True):
        counts = (account.accepted, account.rejected, account.skipped)
        header = 0 if str(noted.header_row) == "<NA>" else 1
        _must(min(counts) >= 0 and account.rows_read == sum(counts), "the row accounting does not close")
        _must(account.rows_read == len(sheet.cells) - header, "rows were lost before they were accounted for")
        here = found.problems[
            (found.problems["file"] == sheet.file) & (found.problems["sheet"].fillna("") == sheet.sheet)
        ]
        if noted.kind in ("wide", "long"):
            skipped = here.loc[here["code"].str.startswith("skipped_"), "row"]
            _must(sum(map(_rows_of, skipped)) == account.skipped, "a skipped row is not listed")
            _must(not account.rejected or (here["outcome"] == "audit rejected").any(), "a rejection is not listed")
            own = found.audits[(found.audits["file"] == sheet.file) & (found.audits["sheet"].fillna("") == sheet.sheet)]
            _must(noted.kind == "long" or len(own) == account.accepted, "an accepted row is no audit")


def _rows_of(place: str) -> int:
    first, _, last = place.partition("-")
    return int(last or first) - int(first) + 1


def _check_messages(found: AuditReturns) -> None:
    said = " ".join(found.problems[["message", "remedy", "outcome"]].fillna("").to_numpy().ravel())
    _must(not any(canary in said for canary in CANARIES), "a message repeats what stood in a cell")


def _peak_bytes() -> tuple[int, int]:
    """The most memory that this process ever held, and that a child of it held that ended; 0 where nobody tells."""
    try:
        import resource
    except ImportError:
        return 0, 0
    scale = 1 if sys.platform == "darwin" else 1024
    own, of_children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return scale * own, scale * of_children


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Fail after so many seconds, where the platform has an alarm."""

    def fail(number: int, frame: FrameType | None) -> None:
        raise FindingError(f"not done within {seconds} seconds")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def try_files(files: list[Broken], run: Run) -> str:
    """Try some files together; says what was found, "" where all holds."""
    with tempfile.TemporaryDirectory() as above:
        folder, framework = Path(above) / "in", Path(above) / "formats.toml"
        folder.mkdir()
        framework.write_text(FRAMEWORK, encoding="utf-8")
        for file in files:
            (folder / file.name).write_bytes(file.data)
        (folder / "z.csv").write_bytes(healthy())
        try:
            with within(MOST_SECONDS):
                found = check_folder(folder, files, framework, run)
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:300]}"
    if max(_peak_bytes()) > MOST_BYTES and not run.too_much_memory:
        run.too_much_memory = True  # the peak stays, so it is told once
        return f"{max(_peak_bytes()) / 1e6:,.0f} MB of memory"
    for file in files if found else ():
        codes = found.problems.loc[found.problems["file"] == file.name, "code"]
        run.outcomes.update((file.ending, code) for code in set(codes))
        run.read[file.ending] += (found.audits["file"] == file.name).any()
    return ""


def try_each(files: list[Broken], run: Run, keep: Path) -> list[str]:
    """Try files together and, where something does not hold, each alone; says what was found and where it is saved."""
    run.files.update(file.ending for file in files)
    if not (together := try_files(files, run)):
        return []
    found = [(file, trouble) for file in files if (trouble := try_files([file], run))]
    found = found or [(file, f"together with others: {together}") for file in files]
    keep.mkdir(parents=True, exist_ok=True)
    told = []
    for file, trouble in found:
        saved = keep / f"{hashlib.sha256(file.data).hexdigest()[:12]}{file.ending}"
        saved.write_bytes(file.data)
        told.append(f"{trouble}\n  seed {file.seed}, {file.ending}, {file.done}\n  saved as {saved}")
    return told


@contextmanager
def in_a_place_of_its_own() -> Iterator[None]:
    """A key of its own, and no wait for files to settle, because nobody else writes them."""
    with tempfile.TemporaryDirectory() as folder:
        places = dict.fromkeys(["XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"], folder)
        with mock.patch.dict(os.environ, places), mock.patch("auditanalytics.intake.sources._SETTLING", 0):
            os.environ.pop("AUDITANALYTICS_KEY_FILE", None)
            yield


def soak(
    seconds: float, seed: int, keep: Path, *, only: Iterable[str] = (), say: Callable[[str], object] = print
) -> int:
    """Try broken files for so long; gives how many of them broke what must hold."""
    sound, run, numbers, findings = [seeds(slot) for slot in range(TOGETHER)], Run(), itertools.count(), 0
    # If the sound files do not pass, nothing else says anything.
    batch = [
        Broken(f"sound {ending} {number}", ending, files[number], "nothing")
        for files_of_slot, slot in zip(sound, itertools.count(), strict=False)
        for ending, files in files_of_slot.items()
        for number in [slot]
        if number < len(files)
    ]
    until = time.monotonic() + seconds
    with in_a_place_of_its_own():
        while batch:
            for told in try_each(batch, run, keep):
                say(told)
                findings += 1
            batch = []
            while len(batch) < TOGETHER and time.monotonic() < until:
                file = broken_file(f"{seed}.{next(numbers)}", sound)
                batch += [file] if not only or file.ending in only else []
    for line in _summary(run, findings):
        say(line)
    return findings


def _summary(run: Run, findings: int) -> Iterator[str]:
    yield f"{run.files.total():,} files tried, {findings} findings, {run.deaths} parsers ended by a file"
    for ending, count in run.files.most_common():
        codes = collections.Counter({code: n for (kind, code), n in run.outcomes.items() if kind == ending})
        yield f"  {count:,} {ending}, {run.read[ending]:,} of them with audits that were read"
        yield "    " + ", ".join(f"{code} {n}" for code, n in codes.most_common())
    yield "  errors: " + (", ".join(f"{name} {n}" for name, n in run.errors.most_common()) or "none")
    seconds, name, done = run.slowest
    own, of_children = (size / 1e6 for size in _peak_bytes())
    yield f"  slowest to parse: {seconds:.1f} s ({name}: {done})"
    yield f"  most memory: {own:,.0f} MB here, {of_children:,.0f} MB in a parser"


def main(arguments: list[str] | None = None) -> int:
    """Run the soak from the command line."""
    parser = argparse.ArgumentParser(description="Read broken returns for some time.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--only", action="append", choices=[*CHANGES], default=[], help="a kind of file; may be repeated"
    )
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "auditanalytics-soak")
    parser.add_argument("--again", metavar="SEED", help="make and try one file again, such as 7.1234")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}", flush=True)
    if given.again:
        return _again(given.again, given.keep)
    return int(soak(given.seconds, given.seed, given.keep, only=given.only) > 0)


def _again(name: str, keep: Path) -> int:
    with in_a_place_of_its_own():
        file = broken_file(name, [seeds(slot) for slot in range(TOGETHER)])
        found = try_each([file], Run(), keep)
    print("\n".join(found) or f"{file.ending}, {file.done}: all holds")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
