"""What can go wrong with a return, and what must be seen: each fault built afresh, and the real command run on it.

The command runs once on each fault and is then looked at from several sides: the codes it gives, whether the rows add
up, whether a name is told, what it leaves behind and what it costs. An error or a warning that the fault does not
explain is a failure; notes may stand beside it.
"""

import functools
import hashlib
import json
import os
import stat
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import fault_files as f
import pytest
from conftest import read_table
from fault_files import GOOD, GRADE, HEADER, audit, audits, text, together, with_last, workbook
from fault_watch import (
    Look,
    Meanwhile,
    Seen,
    counts,
    described,
    graded,
    if_done,
    no_request_came,
    not_copied,
    not_run_together,
    nothing_read,
    nothing_unpacked,
    nowhere,
    only_in,
    run_watched,
    share_or_problem,
    shares_are,
    told,
    told_briefly,
)

pytestmark = pytest.mark.slow

COUNTS = ["rows_read", "accepted", "rejected", "skipped"]
PROBLEM = ["code", "severity", "message", "file", "sheet", "cell", "row", "column", "value", "outcome", "remedy"]
TABLES = {"problems", "grade-ledger", "row-accounting", "quarterly-grades"}
REJECT_LIMIT = 0.05
WALL_SECONDS, MEGABYTES = 30, 2048
POSIX = os.name == "posix"
PLAIN = text()


@dataclass(frozen=True)
class Fault:
    """A fault and what must be seen of it.

    `outcomes` holds the codes that go with each exit code that is right, `a|b` where either will do and None where any
    will. `twin` builds what says the same without the fault, and so must make the same tables. `extra_seconds` are
    those over a good workbook.
    """

    row: int
    name: str
    build: f.Builder
    outcomes: dict[int, str | None]
    also: tuple[Look, ...] = ()
    twin: f.Builder | None = None
    extra_seconds: float = WALL_SECONDS
    megabytes: float = MEGABYTES
    meanwhile: Meanwhile = lambda folder: nullcontext([])
    posix: bool = False

    @property
    def id(self) -> str:
        return f"{self.row:02}-{self.name}"


def broken(row: int, name: str, build: f.Builder, code: str, *also: Look, **more: object) -> Fault:
    """A fault of a whole file, which is the only one."""
    return Fault(row, name, build, {3: code}, (nothing_read, *also), **more)


def rejected(row: int, name: str, build: f.Builder, code: str, *also: Look) -> Fault:
    """A fault that costs the last audit, after forty good ones."""
    return Fault(row, name, build, {0: code}, (counts(40, 1), told(code, row="42", outcome="audit rejected"), *also))


def not_counted(row: int, name: str, build: f.Builder, code: str) -> Fault:
    """A fault in the first grade of forty audits, which costs the grade and not the audit."""
    place = told(code, cell="F2", column="Spotting", outcome="grade not counted")
    return Fault(row, name, build, {0: code}, (counts(40), place, graded(39, "Good")))


def harmless(
    row: int, name: str, build: f.Builder, *also: Look, codes: str = "", twin: f.Builder | None = None
) -> Fault:
    """What makes forty audits look odd and changes nothing."""
    return Fault(row, name, build, {0: codes}, (counts(40), *also), twin=twin or PLAIN)


# ------------------------------------------------------------------------------------------------------------ container

CONTAINER = [
    broken(1, "empty_workbook", f.raw_file("a.xlsx"), "not_a_workbook"),
    broken(
        2,
        "html_saved_as_workbook",
        f.raw_file("a.xlsx", b"<html><table><tr><td>Audit ID</td></tr></table></html>"),
        "not_a_workbook",
        told("not_a_workbook", says=r"export .*again as \.xlsx"),
    ),
    broken(3, "csv_renamed_workbook", text(name="a.xlsx"), "not_a_workbook"),
    broken(4, "workbook_cut_in_half", f.cut_in_half, "damaged"),
    broken(5, "one_byte_flipped", f.one_byte_flipped, "damaged"),
    broken(5, "one_grade_flipped", f.one_grade_flipped, "damaged"),
    broken(6, "encrypted_workbook", f.raw_file("a.xlsx", f.ENCRYPTED_WORKBOOK), "password_or_legacy"),
    broken(6, "legacy_workbook_renamed", f.raw_file("a.xlsx", f.LEGACY_WORKBOOK), "password_or_legacy"),
    broken(
        6,
        "encrypted_open_document",
        f.open_document([f.table(f.GOOD_TABLE)], manifest=f.ENCRYPTION),
        "password_or_legacy",
    ),
    Fault(7, "workbook_with_macros", f.with_macros("a.xlsm"), {3: "macros", 0: "macros"}, (not_copied,)),
    Fault(7, "macros_under_a_plain_name", f.with_macros("a.xlsx"), {3: "macros", 0: "macros"}, (not_copied,)),
    # An interpreter with pandas needs some 130 MB by itself; what matters is that the hostile sheet adds nothing to it.
    broken(8, "cell_at_the_last_corner", f.cell_at_the_last_corner, "out_of_range", extra_seconds=2, megabytes=260),
    broken(8, "cell_in_the_last_row", f.cell_in_the_last_row, "out_of_range|too_large", extra_seconds=2, megabytes=260),
    broken(
        8,
        "open_document_repeated_without_end",
        f.open_document([f.table([*f.GOOD_TABLE, f.REPEATED_TO_THE_END])]),
        "out_of_range|too_large",
        extra_seconds=2,
        megabytes=260,
    ),
    # A cell may leave out its address, and is then the one after the last.
    *(
        broken(9, f"too_many_rows{how}", f.too_many_rows(cell), "too_large", extra_seconds=2)
        for how, cell in [
            ("", '<c r="A{row}" t="s"><v>0</v></c>'),
            ("_without_addresses", '<c t="s"><v>0</v></c>'),
            ("_of_numbers", '<c r="A{row}"><v>{row}</v></c>'),
        ]
    ),
    broken(9, "too_many_columns", f.too_many_columns, "too_large|out_of_range", extra_seconds=2),
    broken(10, "gigantic_string", f.one_gigantic_string, "too_large"),
    broken(10, "gigantic_string_said_to_be_small", f.gigantic_string_said_to_be_small, "too_large|damaged"),
    broken(11, "entity_in_shared_strings", f.with_entity(f.STRINGS, f.ABROAD), "dtd_forbidden"),
    broken(11, "entity_in_sheet", f.with_entity(f.SHEET, f.ABROAD), "dtd_forbidden"),
    broken(11, "entity_in_book", f.with_entity(f.BOOK, f.ABROAD), "dtd_forbidden"),
    broken(11, "entity_in_utf_16", f.with_entity(f.STRINGS, f.ABROAD, encoding="utf-16"), "dtd_forbidden"),
    broken(11, "entity_of_a_file_nearby", f.entity_of_a_file_nearby, "dtd_forbidden"),
    broken(11, "declaration_on_a_server", f.nothing, "dtd_forbidden", no_request_came, meanwhile=f.listening),
    broken(
        11,
        "entity_in_open_document",
        f.open_document([f.table([*f.GOOD_TABLE, f.ENTITY_ROW])], declaration=f"<!DOCTYPE x {f.ABROAD}>"),
        "dtd_forbidden",
    ),
    broken(12, "billion_laughs", f.with_entity(f.STRINGS, f.BILLION_LAUGHS), "dtd_forbidden", extra_seconds=2),
    *(
        broken(13, name, f.with_part(part), "unsafe_part", nothing_unpacked)
        for name, part in [
            ("part_above_the_folder", "../../evil.txt"),
            ("part_at_the_root", "/evil.txt"),
            ("part_above_with_backslashes", "..\\..\\evil.txt"),
        ]
    ),
    broken(14, "shared_strings_missing", f.without_part(f.STRINGS), "damaged"),
    broken(14, "shared_string_out_of_reach", f.in_sheet(b't="s"><v>14</v>', b't="s"><v>9999</v>'), "damaged"),
    broken(1, "empty_form", f.raw_file("a.docx"), "not_a_workbook"),
    broken(3, "workbook_renamed_form", f.workbook_renamed_form, "not_a_workbook"),
    broken(4, "form_cut_in_half", f.form_cut_in_half, "damaged"),
    broken(5, "one_byte_of_a_form_flipped", f.form_with_one_byte_flipped, "damaged"),
    broken(6, "encrypted_form", f.raw_file("a.docx", f.ENCRYPTED_WORKBOOK), "password_or_legacy"),
    broken(7, "form_with_macros", f.word_form(beside={"word/vbaProject.bin": b"x"}), "macros", not_copied),
    broken(11, "entity_in_form", f.word_form(f.LEAK, declaration=f.ABROAD), "dtd_forbidden"),
    broken(12, "billion_laughs_in_form", f.word_form(f.LEAK, declaration=f.BILLION_LAUGHS), "dtd_forbidden"),
    broken(13, "part_of_a_form_above", f.word_form(beside={"../../evil.txt": b"x"}), "unsafe_part", nothing_unpacked),
    broken(14, "form_without_words", f.word_form(beside={"word/document.xml": b""}), "damaged"),
    broken(15, "form_of_before_2007", f.raw_file("a.doc", f.LEGACY_WORKBOOK), "unsupported_type"),
    broken(18, "text_inserted_and_not_accepted", f.word_form(f.INSERTED), "tracked_changes"),
    broken(18, "text_moved_and_not_accepted", f.word_form(f.MOVED), "tracked_changes"),
    broken(15, "compressed_text", f.compressed_text, "unsupported_type", extra_seconds=2),
    Fault(
        16,
        "left_by_programs",
        together(text(), f.left_by_programs),
        {0: "ignored"},
        (counts(40), *(told("ignored", file=name) for name in f.LEFT_BY_PROGRAMS)),
    ),
    *(
        Fault(17, f"{name}_{where}", build, outcome, (*also, told("not_regular_file", file=file)), posix=posix)
        for name, odd, file, posix in [
            ("link", f.link_to_passwords, "link.csv", True),
            ("pipe", f.pipe, "pipe.csv", True),
            ("folder_named_like_a_file", f.folder_named_like_a_file, "a.csv", False),
        ]
        for where, build, outcome, also in [
            ("alone", odd, {3: "not_regular_file"}, [nothing_read]),
            ("beside_returns", together(text(name="good.csv"), odd), {0: "not_regular_file"}, [counts(40)]),
        ]
    ),
    Fault(
        18,
        "still_being_written",
        f.nothing,
        {3: "changing", 4: "changing"},
        (nothing_read,),
        meanwhile=f.still_being_written,
    ),
]

# ------------------------------------------------------------------------------------------------- encoding and delimiter

ODD = [HEADER, *audits(Team="Children’s – £", Responding="RI – not yet “Good”, £’s")]
ODD_IN_UTF_8 = text(ODD)

ENCODING = [
    harmless(19, "utf_8_with_mark", text(ODD, encoding="utf-8-sig"), twin=ODD_IN_UTF_8),
    harmless(20, "windows_1252", text(ODD, encoding="cp1252"), described(encoding="cp1252"), twin=ODD_IN_UTF_8),
    harmless(21, "utf_16_with_tabs", f.utf_16_with_mark(ODD, "le"), twin=ODD_IN_UTF_8),
    harmless(21, "big_endian_utf_16_with_tabs", f.utf_16_with_mark(ODD, "be"), twin=ODD_IN_UTF_8),
    broken(22, "utf_16_without_mark", text(encoding="utf-16-le"), "encoding"),
    broken(22, "nul_bytes", f.replaced({"A7,": b"A7\0,"}), "encoding"),
    broken(23, "byte_of_latin_1", f.replaced({"A7,": b"A7\x81,"}), "encoding", told("encoding", row="8")),
    broken(
        23,
        "byte_of_latin_1_in_utf_8",
        f.replaced({"A7,": b"A7\x81,"}, [HEADER, *audits(Team="Children’s")]),
        "encoding",
        told("encoding", row="8"),
    ),
    Fault(
        24,
        "encoded_twice",
        text(with_last(*(audit(number, What_worked_well="itâ€™s fine") for number in (91, 92, 93)))),
        {0: "mojibake"},
        (counts(43), told("mojibake", severity="warning", says=r"\b3\b")),
    ),
    harmless(25, "semicolons", text(ODD, delimiter=";"), twin=ODD_IN_UTF_8),
    harmless(25, "tabs", text(ODD, name="a.tsv", delimiter="\t"), twin=ODD_IN_UTF_8),
    harmless(
        25, "semicolons_and_decimal_commas", text([HEADER, *audits(What_worked_well="3,5 of 4,0")], delimiter=";")
    ),
    Fault(
        25,
        "shares_with_decimal_commas",
        text([f.SHARES[0], ["Risk", "2025-Q1", "0,85", "0,05"], ["Plans", "2025-Q1", "85,5%", "5%"]], delimiter=";"),
        {0: ""},
        (counts(0), shares_are({("risk", "2025-Q1"): 0.85, ("plans", "2025-Q1"): 0.855})),
    ),
    Fault(26, "comma_after_every_row", f.comma_after_every_row, {0: "", 3: "width"}, (if_done(counts(40)),), PLAIN),
    rejected(27, "field_too_many", text(with_last([*audit(99), "x"])), "width"),
    rejected(28, "field_too_few", text(with_last(audit(99)[:4])), "width"),
    Fault(
        29,
        "quotation_mark_never_closed",
        f.replaced({"A20,01/04/2025,North": b'A20,01/04/2025,"North'}),
        {0: "quote", 3: "quote"},
        (not_run_together(20, 40),),
    ),
    Fault(
        29,
        "two_stray_quotation_marks",
        f.replaced(
            {"A20,01/04/2025,North": b'A20,01/04/2025,"North', "A22,01/04/2025,North": b'A22,01/04/2025,North"'}
        ),
        {0: "quote", 3: "quote"},
        (not_run_together(20, 22),),
    ),
    rejected(
        30, "long_cell", text(with_last(audit(99, What_worked_well="A" * 200_000))), "cell_too_long", told_briefly
    ),
    rejected(30, "long_cell_in_a_workbook", f.long_cell_in_a_workbook, "cell_too_long", told_briefly),
]

# --------------------------------------------------------------------------------------------------------------- layout

ABOVE = [["Audits of April"], [], ["Sent by North"], []]
BELOW = [["Total", "", "", "", "", 40, 40, 40], ["Note: two returns are late"]]
GRADE_TWICE = [["Audit ID", "Date", "Category", "Grade", "Grade"]]
GRADE_TWICE += [[f"A{number}", "01/04/2025", "Plan", "Good", "RI"] for number in range(40)]
LOOK_ALIKE = [HEADER, *(audit(number, Spotting="Outstanding") for number in range(500, 510))]

LAYOUT = [
    *(
        harmless(
            31,
            f"title_above_the_header{where}",
            write([*ABOVE, *GOOD]),
            described(header_row=5, skipped=4),
            codes="skipped_title skipped_blank",
        )
        for where, write in [("", workbook), ("_of_text", text)]
    ),
    Fault(
        32,
        "merged_header_of_two_rows",
        workbook([[], *GOOD], arrange=f.merge_headers),
        {0: "", 3: "header_not_found"},
        (nowhere("Unnamed"), if_done(counts(40))),
        twin=PLAIN,
    ),
    broken(
        33,
        "header_twice",
        text([[*HEADER, "Plan"], *([*row, "Good"] for row in audits())]),
        "duplicate_header",
        told("duplicate_header", cell="J1"),
    ),
    broken(
        33, "header_twice_in_a_long_return", text(GRADE_TWICE), "duplicate_header", told("duplicate_header", cell="E1")
    ),
    broken(
        34,
        "column_missing",
        text([row[:1] + row[2:] for row in GOOD]),
        "missing_column",
        told("missing_column", says="(?i)date"),
    ),
    harmless(
        34,
        "column_under_another_name",
        text([["Audit reference", *HEADER[1:]], *audits()]),
        told("header_synonym", severity="note", says="Audit reference"),
        codes="header_synonym",
    ),
    *(
        harmless(35, name, build, told("hidden_sheet", sheet="April"), codes="hidden_sheet")
        for name, build in [
            ("hidden_sheet", workbook(LOOK_ALIKE, GOOD, arrange=f.hide_first)),
            ("very_hidden_sheet", workbook(LOOK_ALIKE, GOOD, arrange=f.hide_first_well)),
            (
                "hidden_sheet_of_open_document",
                f.open_document([f.hidden_table(LOOK_ALIKE), f.table(f.GOOD_TABLE, "May")], settings=f.HIDDEN_STYLE),
            ),
        ]
    ),
    *(
        harmless(36, name, build, told("hidden_rows", severity="note"), described(hidden_rows=3), codes="hidden_rows")
        for name, build in [
            ("hidden_and_filtered_rows", workbook(arrange=f.hide_rows)),
            ("hidden_and_filtered_rows_of_open_document", f.open_document([f.table(f.TABLE_WITH_HIDDEN_ROWS)])),
        ]
    ),
    *(
        harmless(
            37,
            f"total_and_note_below{where}",
            write([*GOOD, *BELOW]),
            described(skipped=2),
            told("skipped_total", row="42"),
            told("skipped_note", row="43"),
            codes="skipped_total skipped_note",
        )
        for where, write in [("", workbook), ("_text", text)]
    ),
    harmless(38, "formatted_blank_rows_below", workbook(arrange=f.format_rows_from(42)), codes="skipped_blank"),
    harmless(
        38,
        "formatted_blank_rows_between",
        workbook([*GOOD[:21], *[[]] * 3000, *GOOD[21:]], arrange=f.format_rows_from(22)),
        described(skipped=3000),
        codes="skipped_blank",
    ),
    # Every OpenDocument sheet ends so; it is no fault and must cost nothing.
    harmless(38, "open_document_blank_to_the_end", f.open_document([f.table([*f.GOOD_TABLE, f.BLANK_TO_THE_END])])),
    harmless(
        39,
        "two_sheets_of_returns",
        workbook(GOOD[:21], [HEADER, *GOOD[21:]]),
        described(sheet="April", kind="wide", accepted=20),
        described(sheet="May", kind="wide", accepted=20),
    ),
]

# --------------------------------------------------------------------------------------------------------------- values

ONE_MORE = with_last(audit(99))
AS_TEXT = ["007", "7", "08E12", "8000000000000", "12345678901234567890"]
NO_DATES = {
    "01/04/25": "date_format",
    "29/02/2025": "date_format",
    "01/04/0205": "date_range",
    "01/04/2999": "date_range",
}
FOUR_SHARES = {
    ("risk", "2025-Q1"): 0.85,
    ("plans", "2025-Q1"): 0.85,
    ("risk", "2025-Q2"): None,
    ("plans", "2025-Q2"): 1,
}


VALUES = [
    not_counted(40, "grade_not_calculated", f.uncalculated(2, GRADE), "formula_not_calculated"),
    not_counted(40, "grade_calculated_as_blank", f.uncalculated(2, GRADE, left=b"<v></v>"), "formula_not_calculated"),
    rejected(40, "id_not_calculated", f.uncalculated(42, 0, ONE_MORE), "formula_not_calculated"),
    rejected(40, "date_not_calculated", f.uncalculated(42, 1, ONE_MORE), "formula_not_calculated"),
    *(
        fault
        for error, name in [("#N/A", "not_available"), ("#REF!", "lost_reference")]
        for fault in [
            not_counted(41, f"grade_{name}", f.cell(2, GRADE, f.formula(error)), "cell_error"),
            not_counted(41, f"grade_{name}_in_text", text([HEADER, audit(1, Spotting=error), *GOOD[2:]]), "cell_error"),
            rejected(41, f"id_{name}", f.cell(42, 0, f.formula(error), ONE_MORE), "cell_error"),
            rejected(41, f"date_{name}", f.cell(42, 1, f.formula(error), ONE_MORE), "cell_error"),
        ]
    ),
    Fault(
        42,
        "words_that_look_missing",
        text(with_last(audit("NA", Worker="Null", Team="nan", Spotting="N/A"), audit("Null"), audit("NA"))),
        {0: "duplicate"},  # so the first NA was kept as the identifier that it is
        (counts(42, 1), told("duplicate", row="44", value="NA"), graded(41, "Good")),
    ),
    Fault(
        43,
        "identifiers_that_look_like_numbers",
        text(with_last(*map(audit, AS_TEXT), audit("007"))),
        {0: "duplicate"},
        (counts(45, 1), told("duplicate", row="47", value="007")),
    ),
    rejected(
        43,
        "number_shown_with_zeros_like_a_text",
        f.cell(42, 0, f.number(7, "000"), [HEADER, audit("007"), *ONE_MORE[2:]]),
        "duplicate",
    ),
    rejected(43, "number_of_twenty_digits", f.cell(42, 0, f.number(12345678901234567890), ONE_MORE), "id_precision"),
    Fault(
        44,
        "unseen_characters_and_curly_quotes",
        text(
            [
                HEADER,
                audit(1, Spotting="“Good”"),
                audit(2, Spotting="\u200bGood\u00a0"),
                audit(3, Spotting="\ufeff‘Good’"),
                *GOOD[4:],
                audit("\u00a0A1\u200b"),
                audit("“A2”"),
            ]
        ),
        {0: "duplicate"},
        (counts(40, 2), told("duplicate", row="42"), told("duplicate", row="43"), graded(40, "Good")),
    ),
    *(
        rejected(
            45, f"same_identifier{how}", text(with_last(audit(again))), "duplicate", told("duplicate", says="row 2")
        )
        for how, again in [("", "A1"), ("_in_another_case", "a1"), ("_with_a_space_after", " A1 ")]
    ),
    Fault(
        45,
        "same_identifier_in_another_file",
        together(text(name="a.csv"), text([HEADER, audit(91), audit(1)], name="b.csv")),
        {0: "duplicate"},
        (counts(41, 1), told("duplicate", file="b.csv", row="3", says=r"a\.csv.* row 2"), graded(41, "Good")),
    ),
    harmless(
        46,
        "same_file_twice",
        together(text(name="a.csv"), text(name="b.csv")),
        told("same_content", file="b.csv"),
        codes="same_content",
    ),
    harmless(
        47,
        "dates_that_could_be_either",
        text([HEADER, *(audit(n, Date=f"0{n % 3 + 1}/04/2025") for n in range(1, 41))]),
        only_in("2025-Q2"),
    ),
    Fault(
        48,
        "one_date_with_the_month_first",
        text(with_last(audit(99, Date="04/13/2025"))),
        {0: "date_order", 3: "date_order"},
        (told("date_order", row="42", cell="B42"), if_done(counts(40, 1), only_in("2025-Q2"))),
    ),
    harmless(
        49,
        "iso_dates_among_others",
        text([HEADER, *audits(20), *audits(40, Date="2025-04-01")[20:]]),
        only_in("2025-Q2"),
    ),
    harmless(50, "true_dates", f.dates_as(f.first_of_april), only_in("2025-Q2")),
    harmless(50, "serial_numbers", f.dates_as(f.number(45748)), only_in("2025-Q2")),
    harmless(50, "serial_numbers_as_text", text([HEADER, *audits(Date="45748")]), only_in("2025-Q2")),
    *(
        Fault(50, name, f.dates_as(write, date_1904=True), {0: "", 3: None}, (if_done(counts(40), only_in("2025-Q2")),))
        for name, write in [("true_dates_from_1904", f.first_of_april), ("serial_numbers_from_1904", f.number(44286))]
    ),
    Fault(
        51,
        "dates_that_cannot_be",
        text(with_last(*(audit(n, Date=date) for n, date in enumerate(NO_DATES, 91)), count=80)),
        {0: "date_format date_range"},
        (counts(80, 4), *(told(code, value=date, outcome="audit rejected") for date, code in NO_DATES.items())),
    ),
    Fault(
        52,
        "shares_in_four_ways",
        workbook(f.SHARES, arrange=f.write_shares),
        {0: "scale"},
        (counts(0), described(kind="published"), told("scale", cell="C4"), shares_are(FOUR_SHARES)),
    ),
    *(
        Fault(
            53,
            f"share_in_{digits}_digits",
            text([f.SHARES[0], ["Risk", "2025-Q1", share, "5%"], ["Plans", "2025-Q1", "40%", "5%"]]),
            {0: None},
            (share_or_problem(0.85, "C2"),),
        )
        for digits, share in [("full_width", "８５％"), ("arabic", "٨٥%")]
    ),
    Fault(
        53,
        "date_in_arabic_digits",
        text(with_last(audit(99, Date="٠١/٠٤/٢٠٢٥"))),
        {0: None},
        (lambda seen: counts(40 + (not seen.problems), len(seen.codes("error")))(seen), only_in("2025-Q2")),
    ),
    Fault(
        54,
        "words_that_are_no_grade",
        text(with_last(audit(91, Spotting="Good/RI"), audit(92, Spotting="Goood"))),
        {0: "two_grades grade_unknown"},
        (
            counts(42),
            told("two_grades", row="42", outcome="grade not counted"),
            told("grade_unknown", row="43", outcome="grade not counted"),
            graded(40, "Good"),
        ),
    ),
    Fault(
        55,
        "too_many_rejected",
        f.too_many_rejected,
        {3: "date_format"},
        (counts(40, 3),),
    ),
]

# ---------------------------------------------------------------------------------------------- every fault, and its looks

FAULTS = [*CONTAINER, *ENCODING, *LAYOUT, *VALUES]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The same command on a good workbook, which is what a fault's cost is measured against."""
    return run_watched(tmp_path_factory.mktemp("good"), workbook())


@pytest.fixture(scope="module")
def numbers_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[f.Builder], list[bytes]]:
    """The numbers that a builder's files give; each is run once."""
    return functools.cache(lambda build: run_watched(tmp_path_factory.mktemp("plain"), build).numbers())


@pytest.fixture(scope="module", params=FAULTS, ids=lambda fault: fault.id)
def fault(request: pytest.FixtureRequest) -> Fault:
    if request.param.posix and not POSIX:
        pytest.skip("links and pipes are POSIX")
    return request.param


@pytest.fixture(scope="module")
def seen(fault: Fault, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return run_watched(tmp_path_factory.mktemp(fault.name), fault.build, meanwhile=fault.meanwhile)


def test_a_good_workbook_is_read_without_a_word(good: Seen) -> None:
    assert (good.exit, good.stderr, good.codes("error", "warning")) == (0, "", set())
    assert good.found["framework"] == "small"
    counts(40)(good)


@pytest.mark.skipif(not POSIX, reason="file modes are POSIX")
def test_the_folder_that_is_made_for_the_tables_is_its_owners_alone(good: Seen) -> None:
    assert stat.S_IMODE(good.out.stat().st_mode) == 0o700


def test_a_fault_is_told_by_its_code_and_no_other(seen: Seen, fault: Fault) -> None:
    assert "Traceback" not in seen.stdout + seen.stderr
    assert seen.exit in fault.outcomes, seen.stderr
    if (expected := fault.outcomes[seen.exit]) is not None:
        assert [each for each in expected.split() if not seen.codes() & set(each.split("|"))] == []
        assert seen.codes("error", "warning") <= set(expected.replace("|", " ").split())
    for look in fault.also:
        look(seen)


def test_the_exit_code_and_the_sentence_agree_with_what_was_read(seen: Seen) -> None:
    lost, kept = seen.found["rejected"], seen.found["accepted"]
    if seen.exit == 0:
        assert seen.stderr == ""
        assert lost <= REJECT_LIMIT * (lost + kept)
    else:
        assert seen.stderr.startswith("auditanalytics: ")
        assert seen.stderr.count("\n") == 1
        assert kept == 0 or lost > REJECT_LIMIT * (lost + kept)


def test_rows_read_are_accepted_rejected_or_skipped(seen: Seen) -> None:
    files = seen.found["files"]
    for entry in [seen.found, *files]:
        assert entry["rows_read"] == entry["accepted"] + entry["rejected"] + entry["skipped"]
    assert [seen.found[name] for name in COUNTS] == [sum(entry[name] for entry in files) for name in COUNTS]


def test_what_is_printed_and_what_is_written_say_the_same(seen: Seen) -> None:
    assert {path.stem for path in (seen.out / "tables").iterdir()} >= TABLES
    assert [list(problem) for problem in seen.problems if sorted(problem) != sorted(PROBLEM)] == []
    assert all(isinstance(value, str) for problem in seen.problems for value in problem.values())
    for name in TABLES:
        assert (seen.out / "tables" / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    place = ("code", "file", "cell", "row")
    printed, written = seen.problems, read_table(seen.out, "problems")
    assert [[each[name] for name in place] for each in written] == [[each[name] for name in place] for each in printed]
    assert len(read_table(seen.out, "grade-ledger")) == len(seen.found["ledger"])
    printed, written = seen.found["files"], read_table(seen.out, "row-accounting")
    assert [row_counts(each) for each in written] == [row_counts(each) for each in printed if each["rows_read"]]


def row_counts(entry: dict[str, str | int]) -> list[str]:
    return [str(entry[name]) for name in ("file", "sheet", *COUNTS)]


def test_the_hashes_are_those_of_the_files(seen: Seen) -> None:
    hashes = {entry["file"]: entry["sha256"] for entry in seen.found["files"] if entry["kind"] != "not read"}
    assert hashes == {name: hashlib.sha256((seen.folder / name).read_bytes()).hexdigest() for name in hashes}


def test_no_name_and_no_comment_is_told(seen: Seen) -> None:
    assert [(place, canary) for place, said in seen.said() for canary in f.CANARIES if canary in said] == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes left behind are looked for in /proc")
def test_nothing_is_left_behind(seen: Seen) -> None:
    assert seen.left_behind == []


@pytest.mark.skipif(not POSIX, reason="file modes are POSIX")
def test_what_is_written_is_its_owners_alone(seen: Seen) -> None:
    for path in seen.out.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


@pytest.mark.skipif(not POSIX, reason="memory and processor time of a process are measured as POSIX has them")
def test_time_and_memory_are_bounded(seen: Seen, good: Seen, fault: Fault) -> None:
    assert seen.megabytes < fault.megabytes
    assert seen.wall_seconds < good.wall_seconds + WALL_SECONDS
    # Processor time, because other programs on the machine make the clock on the wall a poor measure of seconds.
    assert seen.cpu_seconds < good.cpu_seconds + fault.extra_seconds


def test_how_a_return_is_written_changes_no_number(
    seen: Seen, fault: Fault, numbers_of: Callable[[f.Builder], list[bytes]]
) -> None:
    if fault.twin and seen.exit == 0:
        assert seen.numbers() == numbers_of(fault.twin)


# ---------------------------------------------------------------------------------------------------------- the report

REPORT = ("report", "--quarter", "2025-Q2", "--set", "domain=risk")
HOSTILE = {
    "damaged": f.cut_in_half,
    "password_or_legacy": f.raw_file("a.xlsx", f.ENCRYPTED_WORKBOOK),
    "out_of_range": f.cell_at_the_last_corner,
    "too_large": f.one_gigantic_string,
    "dtd_forbidden": f.with_entity(f.STRINGS, f.BILLION_LAUGHS),
}


def twenty_good_and(hostile: f.Builder) -> f.Builder:
    """Twenty workbooks of two audits each, and one more file."""
    books = [workbook([HEADER, *GOOD[at : at + 2]], name=f"good-{at:02}.xlsx") for at in range(1, 41, 2)]
    return together(*books, hostile)


@pytest.mark.thorough
@pytest.mark.parametrize("code", HOSTILE)
def test_a_hostile_workbook_does_not_stop_the_twenty_beside_it(code: str, tmp_path: Path) -> None:
    seen = run_watched(tmp_path, twenty_good_and(HOSTILE[code]))
    assert (seen.exit, seen.stderr) == (0, "")
    assert seen.codes("error", "warning") == {code}
    counts(40)(seen)
    told(code, file="a.xlsx", severity="error")(seen)


@pytest.mark.thorough
def test_a_report_is_made_of_the_twenty_beside_a_hostile_workbook(tmp_path: Path) -> None:
    seen = run_watched(tmp_path, twenty_good_and(f.cell_at_the_last_corner), command=REPORT)
    assert (seen.exit, seen.stderr, seen.left_behind) == (0, "", [])
    report = seen.out / "2025-Q2"
    assert sum(int(row["accepted"]) for row in read_table(report, "row-accounting")) == 40
    assert ("out_of_range", "a.xlsx") in {(row["code"], row["file"]) for row in read_table(report, "problems")}


@pytest.mark.thorough
def test_a_report_says_how_its_inputs_were_written(tmp_path: Path) -> None:
    rows = [["Audits of April"], [], *ODD]
    seen = run_watched(tmp_path, text(rows, encoding="cp1252"), command=REPORT)
    assert seen.exit == 0, seen.stderr
    (given,) = json.loads((seen.out / "2025-Q2" / "run.json").read_text(encoding="utf-8"))["inputs"]
    assert (given["file"], given["encoding"]) == ("a.csv", "cp1252")
    assert given["sha256"] == hashlib.sha256((seen.folder / "a.csv").read_bytes()).hexdigest()
    assert [(sheet["header_row"], sheet["hidden_rows"]) for sheet in given["sheets"]] == [(3, 0)]


@pytest.mark.thorough
def test_a_word_that_is_no_grade_is_in_no_report_and_no_log(tmp_path: Path) -> None:
    rows = with_last(audit(91, Spotting="Good/Rubbish"), audit(92, Spotting="Goood"))
    seen = run_watched(tmp_path, text(rows), command=REPORT)
    assert seen.exit == 0, seen.stderr
    assert seen.left_behind == []
    for word in ("Goood", "Rubbish", *f.CANARIES):
        nowhere(word)(seen)


@pytest.mark.thorough
def test_too_many_rejected_audits_keep_the_last_good_report(tmp_path: Path) -> None:
    assert run_watched(tmp_path, text(), command=REPORT).exit == 0
    report = tmp_path / "out" / "2025-Q2"
    before = {path: path.read_bytes() for path in report.rglob("*") if path.is_file()}
    seen = run_watched(tmp_path, f.too_many_rejected, command=REPORT)
    assert seen.exit == 3
    assert seen.stderr.startswith("auditanalytics: ")
    assert (seen.stderr.count("\n"), seen.left_behind) == (1, [])
    assert {path: path.read_bytes() for path in report.rglob("*") if path.is_file()} == before
    problems = read_table(seen.out / "not-published", "problems")
    assert {row["code"] for row in problems if row["severity"] == "error"} == {"date_format"}
