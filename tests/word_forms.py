"""Word forms as people fill them in, written part by part, so that a test can also write what no program writes."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


class Xml(str):
    """What is written as it is."""

    __slots__ = ()


def run(text: str) -> Xml:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return Xml(f"<w:r>{lines}</w:r>")


def paragraph(*pieces: str, style: str = "") -> Xml:
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return Xml(f"<w:p>{about}{''.join(piece if isinstance(piece, Xml) else run(piece) for piece in pieces)}</w:p>")


def heading(text: str) -> Xml:
    return paragraph(text, style="Heading2")


def drop_down(choices: Iterable[str], chosen: str) -> Xml:
    """A content control; one in which nothing is chosen shows what it prompts with."""
    prompt = "" if chosen else "<w:showingPlcHdr/>"
    items = "".join(f"<w:listItem w:displayText={quoteattr(each)} w:value={quoteattr(each)}/>" for each in choices)
    about = f"<w:sdtPr>{prompt}<w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
    return Xml(f"<w:sdt>{about}<w:sdtContent>{run(chosen or 'Choose an item.')}</w:sdtContent></w:sdt>")


def date_control(shown: str) -> Xml:
    prompt = "" if shown else "<w:showingPlcHdr/>"
    about = f'<w:sdtPr>{prompt}<w:date><w:dateFormat w:val="dd/MM/yyyy"/></w:date></w:sdtPr>'
    return Xml(f"<w:sdt>{about}<w:sdtContent>{run(shown or 'Click or tap to enter a date.')}</w:sdtContent></w:sdt>")


def check_box(*, ticked: bool) -> Xml:
    about = f'<w:sdtPr><w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox></w:sdtPr>'
    return Xml(f"<w:sdt>{about}<w:sdtContent>{run('☒' if ticked else '☐')}</w:sdtContent></w:sdt>")


def boxes(choices: Iterable[str], chosen: Iterable[str]) -> Xml:
    """A box before each word."""
    return Xml("".join(check_box(ticked=each in chosen) + run(f" {each}  ") for each in choices))


def _form_field(about: str, result: str = "") -> Xml:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return Xml(
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{about}</w:ffData></w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> FORM FIELD </w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def old_check_box(*, ticked: bool) -> Xml:
    return _form_field(f'<w:checkBox><w:sizeAuto/><w:default w:val="0"/>{"<w:checked/>" * ticked}</w:checkBox>')


def old_drop_down(choices: Iterable[str], chosen: str) -> Xml:
    listed = list(choices)
    entries = "".join(f"<w:listEntry w:val={quoteattr(each)}/>" for each in listed)
    return _form_field(f'<w:ddList><w:result w:val="{listed.index(chosen)}"/>{entries}</w:ddList>')


def old_text(text: str) -> Xml:
    return _form_field("<w:textInput/>", text or "\u2002\u2002\u2002\u2002\u2002")


def table(*rows: Iterable[str]) -> Xml:
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(*_pieces(cell))}</w:tc>" for cell in cells) + "</w:tr>" for cells in rows
    )
    return Xml(f"<w:tbl>{lines}</w:tbl>{paragraph()}")


def _pieces(cell: object) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else tuple(cell)  # type: ignore[arg-type]


def write_form(path: Path, *blocks: str, beside: dict[str, str | bytes] | None = None, prologue: str = "") -> Path:
    """Write a document of blocks, with more parts and a prologue where a test wants them."""
    body = f"<w:body>{''.join(blocks)}<w:sectPr/></w:body>"
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{prologue}<w:document {_NAMESPACES}>{body}'
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": f"{xml}</w:document>"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (parts | (beside or {})).items():
            archive.writestr(name, part)
    return path
