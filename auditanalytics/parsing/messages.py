"""Messages between the parser's process and its parent: a length, then so many bytes.

Plain text and JSON, because what comes back from a process that parsed a hostile file must not be able to do
anything. Cells travel as one text with separators, which no cell can hold: it is the quickest way there is.
"""

import json
import struct
from typing import Any, BinaryIO

from auditanalytics.parsing.cells import ParsedSheet

_BETWEEN_CELLS = "\x1f"

_LENGTH = struct.Struct(">Q")


def write_message(stream: BinaryIO, message: bytes) -> None:
    """Write a message.

    Parameters
    ----------
    stream
        Where to.
    message
        The message.
    """
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """Read a message.

    Parameters
    ----------
    stream
        Where from.

    Returns
    -------
    bytes or None
        The message, or None where the other side ended.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> write_message(stream, b"a,b")
    >>> _ = stream.seek(0)
    >>> read_message(stream), read_message(stream)
    (b'a,b', None)
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    message = stream.read(_LENGTH.unpack(head)[0])
    return message if len(message) == _LENGTH.unpack(head)[0] else None


def write_sheet(stream: BinaryIO, sheet: ParsedSheet) -> None:
    """Write a sheet that was tidied, so that no cell holds a separator.

    Parameters
    ----------
    stream
        Where to.
    sheet
        The sheet.
    """
    widths = [len(row) for row in sheet.rows]
    width = max(widths, default=0)
    about: dict[str, Any] = {name: value for name, value in vars(sheet).items() if name != "rows"}
    about |= {"height": len(widths), "width": width, "widths": widths if sheet.is_ragged else None}
    write_message(stream, json.dumps(about).encode())
    rows = [row if len(row) == width else row + [""] * (width - len(row)) for row in sheet.rows]
    text = _BETWEEN_CELLS.join([cell for row in rows for cell in row])
    write_message(stream, text.encode("utf-8", "surrogatepass"))


def read_sheet(stream: BinaryIO) -> tuple[dict[str, Any], list[str]] | None:
    """Read a sheet.

    Parameters
    ----------
    stream
        Where from.

    Returns
    -------
    tuple or None
        What there is to say of the sheet, its ``height`` and ``width`` among it, and its cells row after row; None
        where the other side ended.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> write_sheet(stream, ParsedSheet("May", [["a"], ["1", "2"]]))
    >>> _ = stream.seek(0)
    >>> read_sheet(stream)[1]
    ['a', '', '1', '2']
    """
    head, text = read_message(stream), read_message(stream)
    if head is None or text is None:
        return None
    about = json.loads(head)
    number = about["height"] * about["width"]
    return about, text.decode("utf-8", "surrogatepass").split(_BETWEEN_CELLS) if number else []
