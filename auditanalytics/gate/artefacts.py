"""Every text that a file holds, whatever kind of file it is and however deep the text lies in it.

A file is taken for what its first bytes say, not its name. Archives, office documents among them, are opened part by
part; of pictures everything but the pixels is read, of a PDF every string besides its pages. What is none of these is
read as bytes, for whatever looks like writing. What cannot be opened cannot be searched, and is refused.
"""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
from pypdf import generic

from auditanalytics.gate.readings import readings, unpack

MOST_BYTES = 500_000_000
"""What may come out of one artefact; more is taken for an attempt to hide something, or to stop the search."""

MOST_PARTS, DEEPEST = 200_000, 6
"""Parts of an archive, and archives within archives."""

_PNG, _JPEG, _GZIP, _ZIP, _PDF, _PARQUET = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\x1f\x8b", b"PK", b"%PDF", b"PAR1"
_OLE, _ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WRITING = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")
_PICTURE_CHUNKS = {b"IHDR", b"IDAT", b"PLTE", b"tRNS", b"IEND", b"fdAT"}
_DRAWN = ("/Form", "/Image", "/Type1C", "/CIDFontType0C", "/OpenType")
_DRAWING = ("/Contents", "/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/CharProcs")
"""What draws a page of a PDF; its words are read where the page is."""

_OFFICE_PART = re.compile(r"(?:^|/)(?:\[Content_Types\]|(?:word|xl|ppt|docProps|_rels|customXml)/.*)")


class UnsearchableError(ValueError):
    """An artefact cannot be opened; the sentence says why, and nothing of what it holds."""


class Reader:
    """Reads one artefact, and keeps count of what came out of it."""

    def __init__(self) -> None:
        self._bytes_left, self._parts_left = MOST_BYTES, MOST_PARTS

    def texts(self, content: bytes, name: str, *, depth: int = 0) -> Iterator[str]:
        r"""Give every reading of every text of a file.

        Parameters
        ----------
        content
            The bytes of the file.
        name
            Its name, of which the ending counts where the bytes do not say what they are.
        depth
            How many archives it lies in.

        Yields
        ------
        str
            Texts.

        Raises
        ------
        UnsearchableError
            If the file, or one in it, cannot be opened.

        Examples
        --------
        >>> list(Reader().texts(b'{"a": ["Jane", 2.5]}', "a.json"))
        ['a\nJane\n2.5']
        """
        self._bytes_left -= len(content)
        self._parts_left -= 1
        if self._bytes_left < 0 or self._parts_left < 0 or depth > DEEPEST:
            raise UnsearchableError("it holds too much, or in too many layers")
        for found in self._parts(content, name, depth):
            if isinstance(found, tuple):
                inner, inner_name = found
                yield from self.texts(inner, inner_name, depth=depth + 1)
                continue
            rest, packed = unpack(found)
            yield from readings(rest, of_office=_OFFICE_PART.search(name) is not None)
            for inner in packed:
                yield from self.texts(inner, "", depth=depth + 1)

    def _parts(self, content: bytes, name: str, depth: int) -> Iterator[str | tuple[bytes, str]]:
        """Texts, and files within the file with their names."""
        if content.startswith(_PDF):
            return _parts_of_pdf(content)
        if content.startswith(_ZIP) and zipfile.is_zipfile(io.BytesIO(content)):
            return self._parts_of_zip(content)
        if content.startswith(_GZIP):
            return iter([(self._gunzipped(content), PurePath(name).stem)])
        if content.startswith(_PNG):
            return self._parts_of_png(content)
        if content.startswith(_JPEG):
            return _parts_of_jpeg(content)
        if content.startswith(_PARQUET):
            return _texts_of_parquet(content)
        if content.startswith(_OLE) and _ENCRYPTED in content:
            raise UnsearchableError("it is encrypted")
        return _texts_of_text(content, PurePath(name).suffix.lower())

    def _parts_of_zip(self, content: bytes) -> Iterator[str | tuple[bytes, str]]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _writing_in(archive.comment)
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise UnsearchableError("it is encrypted")
                yield part.filename
                yield from _writing_in(part.comment + b"\n" + part.extra)
                if part.is_dir():
                    continue
                with archive.open(part) as file:
                    inner = file.read(max(self._bytes_left, 0) + 1)
                yield inner, part.filename

    def _gunzipped(self, content: bytes) -> bytes:
        room, whole = max(self._bytes_left, 0) + 1, b""
        while content.startswith(_GZIP) and len(whole) < room:  # members may follow each other
            member = zlib.decompressobj(wbits=31)
            whole += member.decompress(content, room - len(whole))
            if not member.eof and len(whole) < room:
                raise EOFError
            content = member.unused_data
        header = content[:512] if content else b""
        return whole + b"\n" + header

    def _parts_of_png(self, content: bytes) -> Iterator[str | tuple[bytes, str]]:
        at, end = len(_PNG), len(content)
        while at + 8 <= end:
            length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
            chunk = content[at + 8 : at + 8 + length]
            at += 12 + length
            if kind == b"IEND":
                break
            if kind in (b"zTXt", b"iTXt", b"iCCP"):
                chunk = self._inflated(chunk)
            if kind not in _PICTURE_CHUNKS:
                yield chunk.replace(b"\0", b"\n"), ""
                yield from _writing_in(chunk)
        yield content[at:], ""

    def _inflated(self, chunk: bytes) -> bytes:
        """A chunk with its compressed part, wherever it begins, in place of itself."""
        for start in (at.start() for at in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", chunk)):
            try:
                plain = zlib.decompressobj().decompress(chunk[start:], max(self._bytes_left, 0) + 1)
            except zlib.error:
                continue
            return chunk[:start] + b"\n" + plain
        return chunk


def _texts_of_text(content: bytes, ending: str) -> Iterator[str]:
    """The text of a file of text, cell by cell and value by value where it has some; the writing in any other."""
    mark = next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    if not mark and _NOT_TEXT.search(content):
        yield from _writing_in(content)
        return
    try:
        text = content.decode(mark or "utf-8")
    except UnicodeDecodeError:
        yield from _writing_in(content)
        text = content.decode("cp1252", errors="replace")
    if ending == ".csv":
        yield _cells(text)
    elif ending in (".json", ".ipynb", ".geojson") or text[:1] in ("{", "["):
        yield _values(text)
    else:
        yield text


def _cells(text: str) -> str:
    """The cells of a CSV file, one a line, so that no number runs on from one cell into the next."""
    try:
        return "\n".join(cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
    except csv.Error:
        return text


def _values(text: str) -> str:
    """The names and values of JSON, one a line, its escapes undone."""
    try:
        whole = json.loads(text, object_pairs_hook=list)
        waiting, values = [whole], []
        while waiting:
            value = waiting.pop()
            if isinstance(value, (list, tuple)):
                waiting.extend(reversed(value))
            elif value is not None and not isinstance(value, bool):
                values.append(str(value))
    except (ValueError, RecursionError):
        return text
    return "\n".join(values)


def _writing_in(content: bytes) -> Iterator[str]:
    """What looks like writing in bytes of any kind, in eight or in sixteen bits."""
    if not content:
        return
    yield "\n".join(_WRITING.findall(content.decode("utf-8", errors="replace")))
    if b"\0" in content:
        for start in (0, 1):
            for encoding in ("utf-16-le", "utf-16-be"):
                wide = content[start:].decode(encoding, errors="replace")
                yield "\n".join(_WRITING.findall(wide))
    if any(byte > 127 for byte in content[:100_000]):
        yield "\n".join(re.findall(r"[\x20-\x7e\xc0-\xff]{4,}", content.decode("latin-1")))


def _parts_of_jpeg(content: bytes) -> Iterator[str | tuple[bytes, str]]:
    """The segments before the picture itself, where descriptions are kept, and whatever follows it."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        yield from _writing_in(content[at + 4 : at + 2 + length])
        at += 2 + max(length, 2)
    yield content[content.rfind(b"\xff\xd9") + 2 :], ""


def _texts_of_parquet(content: bytes) -> Iterator[str]:
    table = pq.read_table(io.BytesIO(content))
    yield "\n".join(table.column_names)
    metadata = [table.schema.metadata or {}, *((column.metadata or {}) for column in table.schema)]
    for key, value in (item for each in metadata for item in each.items()):
        if key != b"ARROW:schema":
            yield _values(f"{key.decode(errors='replace')}\n{value.decode(errors='replace')}")
            yield _values(value.decode(errors="replace"))
    for column in table.columns:
        if not pa.types.is_floating(column.type):
            yield "\n".join(map(str, column.to_pylist()))


def _parts_of_pdf(content: bytes) -> Iterator[str | tuple[bytes, str]]:
    """The text of each page, and every string and every stream of words that any object holds."""
    document = pypdf.PdfReader(io.BytesIO(content))
    if document.is_encrypted and not document.decrypt(""):
        raise UnsearchableError("it is encrypted")
    for page in document.pages:
        yield page.extract_text()
    waiting: list[Any] = [document.trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, generic.IndirectObject):
            if (value.idnum, value.generation) in seen:
                continue
            seen.add((value.idnum, value.generation))
            value = value.get_object()
        if isinstance(value, generic.StreamObject) and value.get("/Subtype") not in _DRAWN:
            yield value.get_data(), ""
        if isinstance(value, generic.DictionaryObject):
            left_out = _DRAWING if value.get("/Type") in ("/Page", "/Font", "/FontDescriptor") else ()
            yield "\n".join(str(key)[1:] for key in value)
            waiting.extend(value.raw_get(key) for key in value if key not in left_out)
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, (generic.TextStringObject, generic.NameObject)):
            yield str(value).removeprefix("/")
        elif isinstance(value, generic.ByteStringObject):
            yield bytes(value), ""
