"""The guard before every workbook: a look into the container before anything is unpacked or parsed.

A workbook is a zip archive of XML parts. A parser trusts both; so names that lead outside, parts that unpack to
thousands of times their size, and XML that declares entities (which can read files, reach the network and grow without
end) are refused here, in milliseconds.
"""

import codecs
import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NoReturn
from xml.parsers import expat

from auditanalytics.parsing.limits import (
    LARGEST_FILE,
    LARGEST_STEEP_PART,
    MOST_PARTS,
    STEEPEST_PACKING,
    RefusedError,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the old binary formats begin, and a new one that is locked with a password."""

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError)
_ENCRYPTED = 0x1
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")
_PACKED_XML = (".xml", ".rels")


class Archive:
    """The parts of a workbook that passed the guard.

    Parameters
    ----------
    data
        The bytes of a file.

    Raises
    ------
    RefusedError
        If it is no archive, is damaged, or holds what no honest workbook holds.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            raise RefusedError("password_or_legacy")
        if not data.startswith(b"PK"):
            raise RefusedError("not_a_workbook")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise RefusedError("damaged") from None
        self.names = [part.filename for part in self._zip.infolist()]
        self._check_parts(self._zip.infolist())

    def _check_parts(self, parts: list[zipfile.ZipInfo]) -> None:
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise RefusedError("password_or_legacy")
        # calamine finds a part whatever its case and slashes, and might find another than was looked into here.
        names = {name.casefold().replace("\\", "/") for name in self.names}
        if any(_leads_outside(part.orig_filename) for part in parts) or len(names) < len(parts):
            raise RefusedError("unsafe_part")
        steep = any(part.file_size > max(LARGEST_STEEP_PART, STEEPEST_PACKING * part.compress_size) for part in parts)
        if len(parts) > MOST_PARTS or steep or sum(part.file_size for part in parts) > LARGEST_FILE:
            raise RefusedError("too_large")

    def read(self, name: str) -> bytes:
        """Unpack a part; that its checksum holds is checked.

        Parameters
        ----------
        name
            The name of the part.

        Returns
        -------
        bytes
            What it holds.

        Raises
        ------
        RefusedError
            If it is missing or damaged.
        """
        try:
            return self._zip.read(name)
        except _DAMAGE:
            raise RefusedError("damaged") from None

    @property
    def size(self) -> int:
        """Bytes of all parts, unpacked."""
        return sum(part.file_size for part in self._zip.infolist())

    def check_xml(self) -> None:
        """Refuse XML parts that are damaged or declare entities, whether or not anything reads them.

        Raises
        ------
        RefusedError
            If there is such a part.
        """
        for name in self.names:
            if PurePosixPath(name).suffix.casefold() in _PACKED_XML:
                parse_xml(self.read(name))


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name


def parse_xml(xml: bytes, **handlers: object) -> None:
    """Parse a part without ever expanding an entity.

    Parameters
    ----------
    xml
        The part.
    **handlers
        Handlers of ``xml.parsers.expat``, by name, such as ``StartElementHandler``.

    Raises
    ------
    RefusedError
        If it is damaged or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _forbid_declarations
    parser.buffer_text = True
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):  # the last two of an encoding that Python has not
        raise RefusedError("damaged") from None
    if xml.startswith(_UTF_16):  # which calamine reads as if nothing stood there
        raise RefusedError("damaged")


def _forbid_declarations(*_: object) -> NoReturn:
    raise RefusedError("dtd_forbidden")


def check_names(sheets: list[str]) -> None:
    """Refuse two sheets of one name, which no spreadsheet program writes: one would be read for the other.

    Parameters
    ----------
    sheets
        The names of sheets.

    Raises
    ------
    RefusedError
        If a name is there twice.
    """
    if len(set(sheets)) < len(sheets):
        raise RefusedError("damaged")


def local_name(tag: str) -> str:
    """Give the name of an element without its prefix.

    Parameters
    ----------
    tag
        The name as written.

    Returns
    -------
    str
        The local name.

    Examples
    --------
    >>> local_name("x:row"), local_name("row")
    ('row', 'row')
    """
    return tag.rpartition(":")[2]
