"""The parent's side of parsing: hands over bytes, takes back text, and outlives whatever happens in between.

One child serves a whole reading, because starting one costs more than parsing most files. When a file kills it or
takes too long, that file is refused and the next gets a new child.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from auditanalytics.parsing.limits import SECONDS
from auditanalytics.parsing.messages import read_message, read_sheet, write_message

_MODULE = __package__
_LIBRARY = Path(__file__).parents[2]


@dataclass(frozen=True)
class TextSheet:
    """A sheet of text.

    Attributes
    ----------
    name
        Its name; "" in a file that has no sheets.
    cells
        Text, without white space around it, "" where blank; rows by columns.
    widths
        How many fields each row had, where somebody wrote that and can be wrong; None in a workbook.
    spoiled, hidden_rows, too_long, twice_encoded
        As in `cells.ParsedSheet`.
    """

    name: str
    cells: np.ndarray
    widths: list[int] | None
    spoiled: list[int]
    hidden_rows: int
    too_long: list[tuple[int, int]]
    twice_encoded: list[int]


@dataclass
class ParsedFile:
    """What parsing a file gave.

    Attributes
    ----------
    sheets
        Its visible sheets.
    problems
        Code and sheet of each problem that did not keep the file from being read.
    encoding
        The encoding of a text file.
    counts_from_1904
        Whether the bare number of a day counts from 1904.
    refused
        The code of the problem for which the file is not read; "" where it is.
    details
        What the message of that problem names.
    """

    sheets: list[TextSheet] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    encoding: str = ""
    counts_from_1904: bool = False
    refused: str = ""
    details: dict[str, str] = field(default_factory=dict)


class Parser:
    r"""Parses files in a process of its own.

    Parameters
    ----------
    seconds
        That one file may take.

    Examples
    --------
    >>> with Parser() as parser:
    ...     parser.parse(".csv", b"a,b\n1,2\n").sheets[0].cells.tolist()
    [['a', 'b'], ['1', '2']]
    """

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Parser":
        self._child = _start()  # at once, so that it is ready when the first file has been read
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop(kill=kind is not None)

    def parse(self, ending: str, data: bytes) -> ParsedFile:
        """Parse a file.

        Parameters
        ----------
        ending
            The ending of its name, in small letters, such as ``.xlsx``.
        data
            Its bytes.

        Returns
        -------
        ParsedFile
            Its text, or why it is refused.
        """
        self._child = self._child or _start()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _end, [self._child, late])
        timer.start()
        try:
            parsed = _ask(self._child, ending, data)
        finally:
            timer.cancel()
        if parsed is None:
            self._stop(kill=True)
            # A parser that cannot get the memory it asks for does not say so: it ends.
            return ParsedFile(refused="took_too_long" if late.is_set() else "too_large")
        return parsed

    def _stop(self, *, kill: bool) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if kill:
            _kill(child)
        for stream in (child.stdin, child.stdout):
            try:
                if stream:
                    stream.close()
            except OSError:  # what was not sent yet has nobody to read it
                pass
        child.wait()


def _ask(child: subprocess.Popen[bytes], ending: str, data: bytes) -> ParsedFile | None:
    """What the child makes of a file, None where it ended before it had answered."""
    assert child.stdin is not None and child.stdout is not None
    try:
        write_message(child.stdin, ending.encode())
        write_message(child.stdin, data)
        if (reply := read_message(child.stdout)) is None:
            return None
        about: dict[str, Any] = json.loads(reply)
        expected = about.pop("sheets")
        sheets = [_sheet(found) for _ in range(expected) if (found := read_sheet(child.stdout))]
    except OSError:
        return None
    return ParsedFile(sheets, **about) if len(sheets) == expected else None


def _sheet(found: tuple[dict[str, Any], list[str]]) -> TextSheet:
    about, texts = found
    cells = np.array(texts, dtype=object).reshape(about.pop("height"), about.pop("width"))
    del about["is_ragged"]
    return TextSheet(cells=cells, **about)


def _end(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with the process that may check something beside it."""
    if os.name == "posix" and child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()


def _start() -> subprocess.Popen[bytes]:
    # -P: a file called json.py beside the returns must not be taken for Python's own.
    path = os.pathsep.join(filter(None, [str(_LIBRARY), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # so that it can be killed with all that it started
        stderr=subprocess.DEVNULL,  # what a parser says when it dies may hold a cell
        # Without memory, writing down where it ran out would wait for ever.
        env=os.environ | {"PYTHONPATH": path, "RUST_BACKTRACE": "0"},
    )
