"""Rules about files, and about the sheets and rows in them."""

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
from auditanalytics.rules.rule import Rule

RULES_OF_FILES: dict[str, dict[str, Rule]] = {
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
            "expected .csv, .tsv, .xlsx, .ods, .parquet or .docx; found '{ending}'",
            "file not read",
            "save it as .xlsx or .csv, a form as .docx",
        ),
        "not_a_workbook": Rule(
            "error",
            "the file is not of the kind that its name promises",
            "file not read",
            "open it in the program that made it and export it again as .xlsx, a form as .docx",
        ),
        "password_or_legacy": Rule(
            "error",
            "the file is locked with a password or in the format of before 2007",
            "file not read",
            "open it in the program that made it, remove any password and save it as .xlsx, a form as .docx",
        ),
        "macros": Rule(
            "error", "the file carries macros", "file not read", "save it as .xlsx, a form as .docx, without macros"
        ),
        "tracked_changes": Rule(
            "error",
            "the document holds changes that nobody has accepted or rejected, so it says two things",
            "file not read",
            "accept or reject all changes (on the Review tab) and save it",
        ),
        "damaged": Rule(
            "error",
            "the file is damaged",
            "file not read",
            "open it in the program that made it and export it again",
        ),
        "dtd_forbidden": Rule(
            "error",
            "the file declares a document type, which no office program writes",
            "file not read",
            "ask the sender where it comes from",
        ),
        "unsafe_part": Rule(
            "error",
            "the file holds a part whose name leads outside it or is there twice",
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
        "form_not_recognised": Rule(
            "error",
            "the document has no table or line with the words of a return beside an answer",
            "file not read",
            "if it is a filled form, name its words in the framework file",
        ),
        "form_layout": Rule(
            "error",
            "{what}",
            "audit rejected",
            "lay it out as the blank form is, one audit to a form, or send a spreadsheet",
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
}
