"""The rules: what can be wrong with a return, by its subject and its code.

Every rule has one code, one home and one wording, here. What finds it stands elsewhere, one small function for each;
what became of the cell, and what to do, are said in the same words wherever it is met. Codes never change meaning.
"""

from typing import Literal, NamedTuple

from auditanalytics.parsing.limits import (
    LARGEST_FILE,
    LONGEST_CELL,
    MEGABYTE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_RECORDS,
    MOST_ROWS,
    SECONDS,
)

Severity = Literal["error", "warning", "note"]


class Rule(NamedTuple):
    """What a code means."""

    severity: Severity
    message: str
    outcome: str
    remedy: str = ""


_AS_DATE = "write the date as dd/mm/yyyy"

LONGEST_LABEL = 80
"""Characters of the label of an event: what a chart has room for; of the title of a link too."""

LONGEST_ADDRESS = 2000
"""Characters of the address of a link: what every browser takes."""

RULES_BY_SUBJECT: dict[str, dict[str, Rule]] = {
    "files": {
        "ignored": Rule("note", "a file that programs leave behind", "file not read"),
        "unreadable": Rule(
            "error", "the file cannot be opened: {reason}", "file not read", "check who may read the file"
        ),
        "not_regular_file": Rule(
            "error", "a link, pipe or device, not a file", "file not read", "put the file itself here"
        ),
        "same_content": Rule("warning", "the file is a copy of {earlier}", "file not read", "remove one of the two"),
        "changing": Rule(
            "error", "the file changed while it was read", "file not read", "wait until it is saved, then read it again"
        ),
        "unsupported_type": Rule(
            "error",
            "expected .csv, .tsv, .xlsx, .ods or .parquet; found '{ending}'",
            "file not read",
            "save it as .xlsx or .csv",
        ),
        "not_a_workbook": Rule(
            "error",
            "the name promises a workbook and the file is none",
            "file not read",
            "open it in a spreadsheet program and export it again as .xlsx",
        ),
        "password_or_legacy": Rule(
            "error",
            "the workbook is locked with a password or in the format of before 2007",
            "file not read",
            "open it in a spreadsheet program, remove any password and save it as .xlsx",
        ),
        "macros": Rule("error", "the workbook carries macros", "file not read", "save it as .xlsx, without macros"),
        "damaged": Rule(
            "error",
            "the file is damaged",
            "file not read",
            "open it in the program that made it and export it again",
        ),
        "dtd_forbidden": Rule(
            "error",
            "the workbook declares a document type, which no spreadsheet program writes",
            "file not read",
            "ask the sender where it comes from",
        ),
        "unsafe_part": Rule(
            "error",
            "the workbook holds a part whose name leads outside it or is there twice",
            "file not read",
            "ask the sender where it comes from",
        ),
        "out_of_range": Rule(
            "error",
            f"a cell beyond row {MOST_ROWS:,} or column {MOST_COLUMNS} holds something",
            "file not read",
            "delete the stray cell (Ctrl+End finds it)",
        ),
        "too_large": Rule(
            "error",
            f"more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns in a sheet, {MOST_RECORDS:,} rows in a text or "
            f"Parquet file or from a query, {MOST_CELLS:,} cells or {LARGEST_FILE // MEGABYTE} MB unpacked, or more "
            "than there is memory for",
            "file not read",
            "send a larger return as CSV or Parquet, or in several files; let a query ask for less",
        ),
        "took_too_long": Rule(
            "error",
            f"the file was not parsed within {SECONDS} seconds",
            "file not read",
            "export it again, without formats, or as CSV",
        ),
        "encoding": Rule(
            "error",
            "the text is neither UTF-8 nor Windows-1252; the first character that fits neither is on line {line}",
            "file not read",
            "save it again as CSV UTF-8",
        ),
        "mojibake": Rule(
            "warning",
            "cells whose text was encoded twice, so that letters are wrong: {count}; this is the first",
            "kept",
            "export it again as CSV UTF-8",
        ),
        "quote": Rule(
            "error",
            "a quotation mark is not closed where it should be, so rows run together",
            "file not read",
            "mend the quotation marks, or export the file again",
        ),
    },
    "sheets and rows": {
        "hidden_rows": Rule("note", "rows hidden or filtered away: {count}; they were read all the same", "kept"),
        "header_synonym": Rule("note", "headers were matched by other words for them", "kept"),
        "hidden_sheet": Rule("note", "the sheet is hidden", "sheet not read", "show it if it holds returns"),
        "header_not_found": Rule(
            "error",
            "no row has the headers of a return",
            "all rows skipped",
            "if it is a return, name its headers in the framework file",
        ),
        "missing_column": Rule(
            "error",
            "the header has no column for {what}",
            "sheet not read",
            "add the column, or name its header in the framework file",
        ),
        "duplicate_header": Rule(
            "error",
            "two columns mean '{what}'; the other is in cell {other}",
            "sheet not read",
            "rename or remove one of the two",
        ),
        "category_without_column": Rule(
            "warning",
            "no column for {what}, of which nothing is counted from this sheet",
            "kept",
            "if the sheet has it, name its header in the framework file",
        ),
        "column_without_meaning": Rule(
            "note", "columns whose headers the framework does not know: {count}", "column not read"
        ),
        "published_table": Rule("note", "shares without audits, charted apart from the returns", "all rows skipped"),
        "events_table": Rule("note", "events to annotate charts with, read apart from the returns", "all rows skipped"),
        "moderated_table": Rule(
            "note", "grades after moderation, which join the audits that they are of", "all rows skipped"
        ),
        "links_table": Rule("note", "links to learning, read apart from the returns", "all rows skipped"),
        "skipped_blank": Rule("note", "nothing is written here", "row skipped"),
        "skipped_title": Rule("note", "a title or note above the header", "row skipped"),
        "skipped_note": Rule("note", "a note, not an audit", "row skipped"),
        "skipped_total": Rule("note", "a total, not an audit", "row skipped"),
        "width": Rule(
            "error",
            "the row has more or fewer fields than the header",
            "audit rejected",
            "mend the row: a delimiter too many or too few",
        ),
        "cell_too_long": Rule(
            "error",
            f"a cell of more than {LONGEST_CELL:,} characters, more than a spreadsheet cell can hold",
            "audit rejected",
            "shorten it, or look for a quotation mark too many",
        ),
    },
    "audits": {
        "id_missing": Rule("error", "the audit has no identifier", "audit rejected", "write the audit's reference"),
        "duplicate": Rule(
            "error",
            "an audit with this identifier was read before, in {earlier}",
            "audit rejected",
            "remove one of the two, or correct its reference",
        ),
        "date_missing": Rule("error", "the audit has no date", "audit rejected", _AS_DATE),
        "date_format": Rule(
            "error",
            "expected a day that exists, written like 31/01/2019",
            "audit rejected",
            _AS_DATE,
        ),
        "date_order": Rule("error", "expected the day before the month", "audit rejected", _AS_DATE),
        "date_range": Rule("error", "the date is in the future or before 1990", "audit rejected", "correct the date"),
        "cell_error": Rule(
            "error",
            "the spreadsheet put an error in place of a value",
            "audit rejected",
            "mend the formula, or write the value",
        ),
        "formula_not_calculated": Rule(
            "error",
            "the cell holds a formula that was never calculated",
            "audit rejected",
            "open the file in a spreadsheet program and save it, or write the value",
        ),
        "id_precision": Rule(
            "error",
            "the identifier is a number of more than 15 digits, of which a spreadsheet keeps only 15",
            "audit rejected",
            "format the column as text and write the identifier again",
        ),
        "torn_row": Rule("error", "another row of this audit is torn: row {other}", "audit rejected", "mend that row"),
    },
    "grades": {
        "grade_unknown": Rule(
            "error",
            "expected {grades}",
            "grade not counted",
            "correct the grade, or add the word under [scales.{scale}.labels] in the framework file",
        ),
        "two_grades": Rule(
            "error", "two grades in one cell; expected one of {grades}", "grade not counted", "keep the one that holds"
        ),
        "grade_repeated": Rule(
            "error", "the audit has an earlier grade for this category", "grade not counted", "remove one of the two"
        ),
        "not_on_form": Rule(
            "warning", "the form of this audit does not ask this", "kept", "check the audit type, or clear the cell"
        ),
        "prefilled": Rule(
            "warning",
            "the answer is the one that the blank form comes with, so perhaps nobody gave it",
            "kept",
            "ask the auditor whether it was meant",
        ),
        "category_unknown": Rule(
            "error",
            "expected a category of the framework",
            "grade not counted",
            "correct the cell, or add the category to the framework file",
        ),
    },
    "published tables": {
        "domain_unknown": Rule("error", "expected a domain of the framework", "share not read", "correct the cell"),
        "quarter_unknown": Rule(
            "error", "expected a quarter such as 'Jan - Mar' or '2019-Q1'", "share not read", "correct the cell"
        ),
        "scale": Rule(
            "error",
            "a bare number on another scale than the rest of the table",
            "share not read",
            "write it with a percent sign",
        ),
        "share_format": Rule(
            "error", "expected a share from 0 to 1 or a percentage", "share not read", "correct the cell"
        ),
    },
    "events": {
        "event_undated": Rule("warning", "the event has no date", "event not read", _AS_DATE),
        "event_unreadable": Rule(
            "warning",
            f"expected a label of 1 to {LONGEST_LABEL} characters that can be printed",
            "event not read",
            "write a short label: what happened, in a few words",
        ),
        "rebase_unclear": Rule(
            "warning",
            "expected yes or no; nothing starts anew from an event that does not say so plainly",
            "kept",
            "write yes or no, or leave the cell blank",
        ),
    },
    "links to learning": {
        "link_unusable": Rule(
            "warning",
            f"expected the address of a web page, with http:// or https:// before it, at most {LONGEST_ADDRESS:,} "
            "characters, and no space, name or password in it",
            "link left out",
            "copy the address from the browser's address bar",
        ),
        "link_theme_unknown": Rule(
            "warning",
            "expected one theme of the codebook, by id or title, or a blank for a link that belongs to every brief",
            "link left out",
            "correct the cell, give each further theme a row of its own, or add the theme to the codebook",
        ),
        "link_untitled": Rule(
            "warning",
            f"expected a title of 1 to {LONGEST_LABEL} characters that can be printed",
            "link left out",
            "write a short title: what the reader finds there",
        ),
    },
    "moderated grades": {
        "moderated_audit_unknown": Rule(
            "warning",
            "expected the reference or the pseudonym of an audit that was accepted",
            "moderated grade not counted",
            "read the table with the returns that it is of, and with the key under which its pseudonyms were made",
        ),
        "moderated_otherwise": Rule(
            "warning",
            "the return itself has another grade after moderation, which counts",
            "moderated grade not counted",
            "correct one of the two",
        ),
        "moderated_draw_unclear": Rule(
            "warning",
            "expected {expected}; without it nobody can tell what the grade may be counted for",
            "left out",
            "write it so, or leave the cell blank where it is not known",
        ),
        "moderated_draw_differs": Rule(
            "warning",
            "tables of moderated grades tell differently how this audit was drawn; the first one counts",
            "kept",
            "correct one of them",
        ),
        "moderation_workbook": Rule(
            "warning",
            "a moderators' workbook, of which only the grades are read, not who moderated and how audits were drawn",
            "kept",
            "take it in with 'auditanalytics moderate read' and keep the table that this writes in its place",
        ),
        "moderators_differ": Rule(
            "warning",
            "moderators gave different grades, so that the auditor's counts",
            "kept",
            "add a row with the grade that they agreed on and Consensus as the moderator",
        ),
    },
    "feedback": {
        "feedback_unclear": Rule(
            "warning",
            "expected a score from 0 up to its scale, such as 9 or 9 of 10; found {found}",
            "feedback score left out",
            "write score and scale as '9 of 10', which no spreadsheet turns into a date, or leave the cell blank",
        ),
    },
    "comments": {
        "theme_unknown": Rule(
            "warning",
            "expected themes of the codebook, by id or title, with semicolons between them",
            "theme left out",
            "correct the cell, or add the theme to the codebook",
        ),
    },
    "what the audits say": {
        "nothing_graded": Rule("warning", "nothing on this audit was graded", "kept", "ask whether it was finished"),
        "overall_missing": Rule(
            "warning", "parts are graded and the audit as a whole is not", "kept", "give the overall judgement"
        ),
        "dates_out_of_order": Rule(
            "warning",
            "{later} comes before {earlier}, in the order of the work",
            "kept",
            "correct one of the two dates",
        ),
        "moderator_is_auditor": Rule(
            "warning", "the auditor moderated this audit", "kept", "name the moderator, or have it moderated by another"
        ),
        "child_twice": Rule(
            "warning",
            "another audit of the same child has the same date, in {other}",
            "kept",
            "look whether it is the same audit under two references",
        ),
        "inadequate_unexplained": Rule(
            "warning", "Inadequate without a word in any comment box", "kept", "ask the auditor for the reasons"
        ),
    },
}
"""Every rule by its subject and its code."""

RULES = {code: rule for rules in RULES_BY_SUBJECT.values() for code, rule in rules.items()}
"""Every rule by its code; codes never change their meaning."""
