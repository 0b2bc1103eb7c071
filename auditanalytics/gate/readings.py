"""The ways in which one text can be read: as it stands, without its tags, and with its escapes undone.

A name may be cut in two by a tag, written with entities, or packed into a data URI, so a text is searched once as it
stands (attributes, comments and scripts included) and once as a reader sees it. Coordinates and colours, of which
markup is full, are left out where nothing but numbers can stand: by chance they are anybody's case number.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

_DATA_URI = re.compile(
    r"data:[^,\s\"'<>]{0,200};base64,\s*"
    r"([A-Za-z0-9+/=_-]+(?:\s+[A-Za-z0-9+/=_-]{40,})*(?:\s+[A-Za-z0-9+/=_-]+(?=\s*[\"')]))?)",
    re.IGNORECASE,
)
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:(?:[A-Za-z0-9+/]{60,76}\r?\n)+([A-Za-z0-9+/]{4,76}={0,2})|[A-Za-z0-9+/]{24,}={0,2})"
    r"(?![A-Za-z0-9+/=])"
)
_PACKED = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"<svg", b"<?xml")

_LOOKS_LIKE_MARKUP = re.compile(r"<[A-Za-z/!?]")
_ATTRIBUTES = r"(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
_COMMENT = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_SECTION = re.compile(r"<!\[CDATA\[|\]\]>")
_PROPERTIES_OF_A_RUN = re.compile(r"<((?:\w+:)?rPr)\b[^>]*(?<!/)>(?:[^<]++|<(?!/\1>))*+</\1>")
_WITHIN_A_LINE = re.compile(
    r"</?(?:w:|a:|x:|text:)?(?:r|t|rPr|b|i|u|s|a|em|strong|span|small|sub|sup|mark|code|font|abbr|cite|q|label|wbr|"
    r"hyperlink|ins|del|delText|instrText|smartTag|sdt|sdtContent|proofErr|bookmarkStart|bookmarkEnd|noBreakHyphen|"
    r"lastRenderedPageBreak|softHyphen|fldSimple|fld)"
    rf"(?:[\s/]{_ATTRIBUTES})?>",
    re.IGNORECASE,
)
_TAG = re.compile(rf"<[/!?]?[A-Za-z]{_ATTRIBUTES}>")

_GEOMETRY = re.compile(
    r"""\s(?:d|points|transform|viewBox|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|dx|dy|width|height|offset)=(["'])"""
    r"""(?:[\s\d.,()+-]++|[MLHVCSQTAZE](?![A-Z])|translate|scale|rotate|matrix|skew[XY]|px|pt)*+\1""",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"((?:fill|stroke|colou?r|background|stop-color)\s*[:=]\s*[\"']?)#[0-9a-f]{3,8}(?![0-9a-z])", re.IGNORECASE
)
_LAYOUT = re.compile(
    r"(?<!w:tag)(?<!w:alias)\s"
    r"(?!(?:\w+:)?(?:name|title|descr|alt|author|initials|tooltip|display|location|target|subject|text)=)"
    r"(?:typeface=\"[^\"]*\"|[\w:]+=\"(?:#?[\s\d.,:%-]*|[0-9A-F]{6}|[0-9A-F]{8}|[A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?|"
    r"\{?[0-9A-F]{8}-[0-9A-F-]{27}\}?)\")",
    re.IGNORECASE,
)
_PLACE_IN_SHARED_STRINGS = re.compile(r"<c\b[^>]*\bt=\"s\"[^>]*><v>\d+</v>")

_CODE_OF_A_HEADER = re.compile(r"&amp;(?:[A-Z]|\d{1,2}(?!\d)|&quot;[^&<]*&quot;)")

_ENTITY = re.compile(r"&(?:#\w+|[A-Za-z]\w*);")
_WRITTEN_TAG = re.compile(r"&(?:lt|#0*60|#x0*3c);", re.IGNORECASE)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|_x([0-9A-Fa-f]{4})_|\\(?:[nrtbf](?=[^a-z])|[\"'/\\])")
_MOST_LAYERS = 3
"""Escapes within escapes that are undone."""


def unpack(text: str) -> tuple[str, list[bytes]]:
    """Take what is packed as base64 out of a text.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    tuple
        The text without it, and what it holds.

    Examples
    --------
    >>> unpack("<img src='data:text/plain;base64,SmFuZSBEb2U='>")
    ("<img src=' '>", [b'Jane Doe'])
    """
    found: list[bytes] = []

    def take(match: re.Match[str]) -> str:
        content = _decoded(match[1] if match.re is _DATA_URI else match[0])
        if match.re is _BASE64 and not (content.startswith(_PACKED) or _is_readable(content)):
            return match[0]
        found.append(content)
        # The last of several lines may be a word that only stands below them.
        return f" {match[1]} " if match.re is _BASE64 and match[1] else " "

    rest = _DATA_URI.sub(take, text)
    return _BASE64.sub(take, rest), found


def _decoded(packed: str) -> bytes:
    plain = re.sub(r"[\s=]", "", packed).translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _is_readable(content: bytes) -> bool:
    try:
        return content.decode("utf-8").replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False


def readings(text: str, *, of_office: bool = False) -> Iterator[str]:
    r"""Give the readings of a text.

    Parameters
    ----------
    text
        Any text, without what `unpack` takes out of it.
    of_office
        Whether it is XML of an office document, where an attribute that is a number is always layout.

    Yields
    ------
    str
        The text as it stands and as a reader sees it, and again as long as undoing its escapes changes it.

    Examples
    --------
    >>> list(readings('<p title="x">Ja<b>ne</b>&#32;Doe</p>'))
    ['<p title="x">Ja<b>ne</b> Doe</p>', '\nJane Doe\n']
    """
    for _ in range(_MOST_LAYERS):
        is_markup = _LOOKS_LIKE_MARKUP.search(text) is not None
        kept = _without_numbers_of_markup(text, of_office=of_office) if is_markup else text
        yield html.unescape(kept)
        if is_markup:
            yield html.unescape(_without_tags(kept))
        plain = html.unescape(text)
        undone = _undo_escapes(plain)
        if undone == plain and not (_ENTITY.search(plain) or _WRITTEN_TAG.search(text)):
            return
        text = undone


def _without_numbers_of_markup(text: str, *, of_office: bool) -> str:
    text = _COLOUR.sub(r"\1", _GEOMETRY.sub(" ", text))
    if of_office:
        for pattern, kept in ((_LAYOUT, " "), (_PLACE_IN_SHARED_STRINGS, "<c>"), (_CODE_OF_A_HEADER, " ")):
            text = pattern.sub(kept, text)
    return text


def _without_tags(text: str) -> str:
    end = max(text.rfind("-->"), text.rfind("?>")) + 3  # what is opened behind it is never closed, and not looked for
    text = _COMMENT.sub("", text[:end]) + text[end:]
    for gone in (_SECTION, _PROPERTIES_OF_A_RUN, _WITHIN_A_LINE):
        text = gone.sub("", text)
    return _TAG.sub("\n", text)


def _undo_escapes(text: str) -> str:
    if _PERCENT.search(text):
        text = unquote(text, errors="replace")
    return _ESCAPE.sub(_undo_escape, text) if _ESCAPE.search(text) else text


def _undo_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(int(code, 16))
    return match[0][1] if match[0][1] in "\"'/\\" else " "
