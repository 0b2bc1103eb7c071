"""Word documents (.docx): the words of every paragraph and table cell as a person sees them, in their order.

A form's answers stand in cells, in content controls and in the form fields of older versions. What only prompts for an
answer is no answer; a drop-down is the entry that it shows; a box is ☒ or ☐, whichever way it was made. A document in
which somebody else still has to accept or reject changes has two versions, of which nobody can say which is meant: it
is refused.
"""

import posixpath
from collections.abc import Iterator
from xml.etree import ElementTree

from auditanalytics.parsing.archive import Archive, local_name, parse_xml
from auditanalytics.parsing.cells import ParsedSheet
from auditanalytics.parsing.limits import MOST_COLUMNS, RefusedError

Element = ElementTree.Element

TICKED, UNTICKED = "☒", "☐"

_CHANGES = {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"}
"""Elements of a change that nobody has accepted or rejected yet; one of formats only changes no word."""

_WRAPPERS = {"sdtContent", "customXml", "smartTag", "Choice", "AlternateContent", "hyperlink"}
_UNSEEN = {"pPr", "sdtPr", "sdtEndPr", "instrText", "delText", "Fallback", "tbl", "ffData"}
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_PROMPTS = {
    "Choose an item.",
    "Click here to enter text.",
    "Click or tap here to enter text.",
    "Click here to enter a date.",
    "Click or tap to enter a date.",
}
"""What Word shows in an empty control, where the program that saved it last forgot that it only prompts."""

_TICKED_SYMBOLS = {"FE", "FD", "FC", "78", "51", "52", "53", "54"}
_UNTICKED_SYMBOLS = {"A8", "6F", "71", "72", "A3"}
"""The last two digits of boxes in the fonts of symbols (Wingdings and Wingdings 2)."""

_SAME_AS = str.maketrans({"☑": TICKED, "🗹": TICKED, "🗷": TICKED, "▢": UNTICKED, "□": UNTICKED})


def parse_word(data: bytes) -> list[ParsedSheet]:
    """Read the paragraphs and tables of a Word document.

    Parameters
    ----------
    data
        The bytes of a .docx file.

    Returns
    -------
    list of ParsedSheet
        One sheet: a row for every paragraph that says something and for every row of every table, in their order. The
        first cell holds the number of the table, "" for a paragraph; the others hold the words.

    Raises
    ------
    RefusedError
        If it is not to be read.
    """
    archive = Archive(data)
    main = _main_part(archive)
    if any(name.casefold().endswith("vbaproject.bin") for name in archive.names):
        raise RefusedError("macros")
    archive.check_xml()
    try:
        root = ElementTree.fromstring(archive.read(main))  # declarations were refused just before
    except ElementTree.ParseError:
        raise RefusedError("damaged") from None
    if any(_name(element) in _CHANGES for element in root.iter()):
        raise RefusedError("tracked_changes")
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        raise RefusedError("not_a_workbook")
    return [ParsedSheet("", _Document().read(body), is_ragged=True)]


def _main_part(archive: Archive) -> str:
    """The part that holds the words; its name is usual, but any may be written."""
    mains = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            mains.append(posixpath.normpath(attributes.get("Target", "").lstrip("/")))

    if "_rels/.rels" not in archive.names:
        raise RefusedError("not_a_workbook")
    parse_xml(archive.read("_rels/.rels"), StartElementHandler=relation)
    if not mains or not mains[0].startswith("word/"):
        raise RefusedError("not_a_workbook")
    return mains[0]


def _name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _value(element: Element | None, name: str = "val") -> str | None:
    """An attribute by its name without the namespace; None where the element or the attribute is not there."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _is_on(element: Element | None) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and (_value(element) or "1") not in ("0", "false", "off")


class _Document:
    """The rows of a document as they grow."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.tables = 0

    def read(self, body: Element) -> list[list[str]]:
        for block, prompts in _inside(body, {"p", "tbl"}):
            if _name(block) == "tbl":
                self._read_table(block)
            elif not prompts and (text := _words(block)):
                self.rows.append(["", text])
        return self.rows

    def _read_table(self, table: Element) -> None:
        self.tables += 1
        number, nested = str(self.tables), []
        for row, _ in _inside(table, {"tr"}):
            cells = list(_inside(row, {"tc"}))
            if len(cells) >= MOST_COLUMNS:
                raise RefusedError("too_large")
            self.rows.append([number, *("" if prompts else _words_of_cell(cell) for cell, prompts in cells)])
            nested += [inner for cell, _ in cells for inner, _ in _inside(cell, {"tbl"})]
        for inner in nested:  # a table in a cell is one of its own, after the one it stands in
            self._read_table(inner)


def _inside(container: Element, names: set[str]) -> Iterator[tuple[Element, bool]]:
    """The elements of some names in a container, through all that only wraps them, and whether they only prompt."""
    for child in container:
        name = _name(child)
        if name in names:
            yield child, False
        elif name == "sdt":
            for found, prompts in _inside(child, names):
                yield found, prompts or _only_prompts(child)
        elif name in _WRAPPERS:
            yield from _inside(child, names)


def _only_prompts(control: Element) -> bool:
    about = _child(control, "sdtPr")
    return about is not None and _is_on(_child(about, "showingPlcHdr"))


def _words_of_cell(cell: Element) -> str:
    paragraphs = ["" if prompts else _words(block) for block, prompts in _inside(cell, {"p"})]
    text = "\n".join(filter(None, paragraphs))
    return "" if text in _PROMPTS and any(_name(element) == "sdt" for element in cell.iter()) else text


def _words(paragraph: Element) -> str:
    words: list[str] = []
    _gather(paragraph, words)
    return "".join(words).translate(_SAME_AS).strip()


def _gather(element: Element, words: list[str]) -> None:
    """Add the words under an element, as they are shown."""
    for child in element:
        name = _name(child)
        if name == "t":
            words.append(child.text or "")
        elif name in _BREAKS:
            words.append(_BREAKS[name])
        elif name == "r":
            if not _is_hidden(child):
                _gather(child, words)
        elif name == "sdt":
            _gather_control(child, words)
        elif name == "fldChar":
            words.append(_form_field(child))
        elif name == "sym":
            words.append(_symbol(child))
        elif name not in _UNSEEN and len(child):
            if name == "p":  # in a text box
                words.append("\n")
            _gather(child, words)


def _is_hidden(run: Element) -> bool:
    style = _child(run, "rPr")
    return style is not None and _is_on(_child(style, "vanish"))


def _gather_control(control: Element, words: list[str]) -> None:
    about = _child(control, "sdtPr")
    box = None if about is None else _child(about, "checkbox")
    if box is not None:
        state = _child(box, "checked")
        words.append(TICKED if _is_on(state) else UNTICKED)
    elif not _only_prompts(control):
        content = _child(control, "sdtContent")
        if content is not None:
            _gather(content, words)


def _form_field(begin: Element) -> str:
    """What a form field of an older version shows that is not written out after it."""
    about = _child(begin, "ffData")
    if about is None:
        return ""
    if (box := _child(about, "checkBox")) is not None:
        state = _child(box, "checked")
        return TICKED if _is_on(state if state is not None else _child(box, "default")) else UNTICKED
    if (choice := _child(about, "ddList")) is not None:
        entries = [_value(entry) or "" for entry in choice if _name(entry) == "listEntry"]
        chosen = _value(_child(choice, "result")) or _value(_child(choice, "default")) or "0"
        return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""
    return ""


def _symbol(symbol: Element) -> str:
    if not (_value(symbol, "font") or "").startswith("Wingdings"):
        return ""
    code = (_value(symbol, "char") or "")[-2:].upper()
    return TICKED if code in _TICKED_SYMBOLS else UNTICKED if code in _UNTICKED_SYMBOLS else ""
