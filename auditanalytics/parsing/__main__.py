"""The child: parses one file after another until nobody asks any more.

Started by `client`, never by hand. It may not grow beyond its memory, write a file or leave a core dump; what kills it
is noticed by the parent, which starts another.
"""

import gc
import json
import sys
from typing import Any, BinaryIO

from auditanalytics.parsing.cells import ParsedSheet
from auditanalytics.parsing.columnar import parse_parquet
from auditanalytics.parsing.limits import MEMORY, MOST_CELLS, MOST_RECORDS, RefusedError
from auditanalytics.parsing.messages import read_message, write_message, write_sheet
from auditanalytics.parsing.opendocument import parse_opendocument
from auditanalytics.parsing.queried import QUERIED, parse_rows
from auditanalytics.parsing.text import parse_text
from auditanalytics.parsing.word import parse_word
from auditanalytics.parsing.workbook import parse_workbook


def _limit_this_process() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parse(ending: str, data: bytes) -> tuple[dict[str, Any], list[ParsedSheet]]:
    """What there is to say of a file, and its sheets."""
    encoding, problems, from_1904 = "", [], False
    if ending in (".csv", ".tsv"):
        sheets, encoding = parse_text(data)
    elif ending == ".parquet":
        sheets = parse_parquet(data)
    elif ending == QUERIED:
        sheets = parse_rows(data)
    elif ending == ".ods":
        sheets, problems, from_1904 = parse_opendocument(data)
    elif ending in (".xlsx", ".xlsm"):
        sheets, problems, from_1904 = parse_workbook(data)
    elif ending in (".docx", ".docm"):
        sheets = parse_word(data)
    else:
        raise RefusedError("unsupported_type", ending=ending)
    _check_size(sheets)
    about = {"problems": problems, "encoding": encoding, "counts_from_1904": from_1904}
    return about, [sheet.tidied() for sheet in sheets]


def _check_size(sheets: list[ParsedSheet]) -> None:
    cells = sum(len(sheet.rows) * max(map(len, sheet.rows), default=0) for sheet in sheets)
    if cells > MOST_CELLS or any(len(sheet.rows) > MOST_RECORDS for sheet in sheets):
        raise RefusedError("too_large")


def _answer(ending: str, data: bytes) -> tuple[dict[str, Any], list[ParsedSheet]]:
    try:
        return _parse(ending, data)
    except RefusedError as refused:
        return {"refused": refused.code, "details": refused.details}, []
    except MemoryError:
        return {"refused": "too_large"}, []
    except BaseException:  # a panic of a parser written in Rust is no Exception
        return {"refused": "damaged"}, []


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    while (ending := read_message(requests)) is not None:
        about, sheets = _answer(ending.decode(), read_message(requests) or b"")
        write_message(replies, json.dumps(about | {"sheets": len(sheets)}).encode())
        while sheets:  # each is let go when it is written: clearing up takes time that the parent can use
            write_sheet(replies, sheets.pop(0))


if __name__ == "__main__":
    _limit_this_process()
    gc.disable()  # there is nothing but text, and looking for cycles in it takes a fifth of the time
    _serve(sys.stdin.buffer, sys.stdout.buffer)
