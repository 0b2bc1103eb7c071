"""The gate: a name planted anywhere, in any kind of artefact and any spelling, is found; what is not there is not."""

import base64
import csv
import gzip
import html
import io
import json
import random
import re
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import nbformat
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
import pytest
import xlsxwriter
from conftest import EXAMPLE, ROOT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin
from pypdf.annotations import FreeText

from auditanalytics.errors import PrivacyError
from auditanalytics.gate import GateResult, check_artefacts, printed_texts
from auditanalytics.gate.search import _OVERLAP, _PIECE
from auditanalytics.intake import find_sources, read_sheets

NAME, NUMBER = "Jane Marrowby", "313658"
LONG = (
    "Nobody asked the child what she wanted, and the plan was written a week before anybody had met her or the "
    "grandmother with whom she lives."
)
PEOPLE = pd.DataFrame(
    [("child", NUMBER), ("worker", NAME), ("auditor", "Siobhán O'Brien"), ("child", "943 476 5919"), ("comment", LONG)],
    columns=["kind", "text"],
)


def search(folder: Path, content: str | bytes, name: str = "page.html", *values: str, kind: str = "worker") -> str:
    """What the gate says of one artefact; "" if it lets it pass."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    wanted = pd.DataFrame({"kind": kind, "text": list(values)}) if values else PEOPLE
    try:
        result = check_artefacts(folder, wanted)
    except PrivacyError as error:
        assert error.exit_code == 5
        for value in wanted["text"]:
            assert value not in str(error)
        return str(error)
    assert result.artefacts == 1
    return ""


# ------------------------------------------------------------------------------------------------------ kinds of artefact


def zipped(**parts: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def office(**parts: str | bytes) -> bytes:
    return zipped(**{"[Content_Types].xml": "<Types/>"}, **{f"{name}.xml": content for name, content in parts.items()})


def word(body: str) -> bytes:
    return office(word__document=f'<w:document xmlns:w="w"><w:body><w:p>{body}</w:p></w:body></w:document>')


def run(text: str) -> str:
    return (
        f'<w:r w:rsidR="00AB1234"><w:rPr><w:b/><w:sz w:val="24"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    )


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book)
    return buffer.getvalue()


def rich(book: xlsxwriter.Workbook) -> None:
    bold = book.add_format({"bold": True})
    book.add_worksheet().write_rich_string(0, 0, "seen with Ja", bold, "ne Mar", "rowby")


def commented(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().write_comment("B2", f"ask {NAME}", {"author": "x"})


def headed(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().set_header(f"&L{NAME}")


def pdf(fill: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer, buffer = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    fill(writer)
    writer.write(buffer)
    return buffer.getvalue()


def drawn_pdf() -> bytes:
    buffer = io.BytesIO()
    with mpl.rc_context({"pdf.fonttype": 42}):
        figure = Figure()
        figure.text(0.1, 0.5, f"seen with {NAME}")
        figure.savefig(buffer, format="pdf")
    return buffer.getvalue()


def picture(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(buffer, kind, **options)
    return buffer.getvalue()


def png_text(*, packed: bool = False, international: bool = False) -> bytes:
    about = PngImagePlugin.PngInfo()
    (about.add_itxt if international else about.add_text)("Comment", f"by {NAME}", zip=packed)
    return picture("PNG", pnginfo=about)


def exif() -> Image.Exif:
    about = Image.Exif()
    about[0x010E] = f"seen with {NAME}"
    return about


def parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def notebook() -> str:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    shown = base64.encodebytes(png_text(packed=True)).decode()
    made.cells[0].outputs = [nbformat.v4.new_output("display_data", {"image/png": shown})]
    return nbformat.writes(made)


SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{NAME}</title></svg>'
URI = base64.b64encode(SVG.encode()).decode()
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator xmlns:dc="d">{NAME}</dc:creator></x:xmpmeta>'
SPREADSHEETS = {
    "a cell": lambda book: book.add_worksheet().write(0, 0, NAME),
    "a number": lambda book: book.add_worksheet().write(0, 0, int(NUMBER)),
    "runs of a cell": rich,
    "a sheet name": lambda book: book.add_worksheet(NAME),
    "a defined name": lambda book: (book.add_worksheet(), book.define_name("Jane_Marrowby", "=Sheet1!$A$1")),
    "a comment": commented,
    "a header": headed,
    "core properties": lambda book: (book.add_worksheet(), book.set_properties({"author": NAME})),
    "custom properties": lambda book: (book.add_worksheet(), book.set_custom_property("case", NUMBER)),
    "a picture": lambda book: book.add_worksheet().insert_image(0, 0, "a.png", {"image_data": io.BytesIO(png_text())}),
}
PDFS = {
    "document information": lambda writer: writer.add_metadata({"/Subject": NAME}),
    "a key of document information": lambda writer: writer.add_metadata({"/JaneMarrowby": "x"}),
    "XMP": lambda writer: setattr(writer, "xmp_metadata", XMP.encode()),
    "an attachment": lambda writer: writer.add_attachment("a.csv", f"a,b\r\n1,{NAME}\r\n".encode()),
    "the name of an attachment": lambda writer: writer.add_attachment("jane-marrowby.csv", b"1"),
    "an attached archive": lambda writer: writer.add_attachment("a.zip", zipped(a=NAME)),
    "an outline": lambda writer: writer.add_outline_item(title=NAME, page_number=0),
    "a link": lambda writer: writer.add_uri(0, "https://example.org/?q=Jane%20Marrowby", (0, 0, 9, 9)),
    "an annotation": lambda writer: writer.add_annotation(0, FreeText(text=NAME, rect=(0, 0, 9, 9))),
}
ARTEFACTS = {
    "text.html": f"<p>seen with {NAME}</p>",
    "attribute.html": f'<img alt="seen with {NAME}">',
    "attribute without quotes.html": "<a href=/case/313658>x</a>",
    "comment.html": f"<!-- {NAME} -->",
    "script.html": '<script type="application/json">{"a": "Jane\\u0020Marrowby"}</script>',
    "style.html": f"<style>/* {NAME} */</style>",
    "tags within.html": "<p>Ja<b>ne</b> <i>Marrow</i>by</p>",
    "cells beside each other.html": "<tr><td>Jane</td>\n<td>Marrowby</td></tr>",
    "data uri.html": f'<img src="data:image/svg+xml;base64,{URI}">',
    "data uri in lines.html": f'<img src="data:image/svg+xml;base64,\n{URI[:76]}\n{URI[76:]}">',
    "data uri in percent.html": "<img src='data:image/svg+xml,%3Csvg%3E%3Ctitle%3EJane%20Marrowby%3C/title%3E'>",
    "srcset.html": f'<source srcset="data:image/svg+xml;base64,{URI} 2x">',
    "picture within a picture.svg": '<svg><image href="data:image/png;base64,'
    + base64.b64encode(png_text(packed=True)).decode()
    + '"/></svg>',
    "written markup.html": "<p>&lt;b&gt;Jane&lt;/b&gt; Marrowby</p>",
    "escaped twice.html": "<p>Jane&amp;#32;Marrowby and Jane&amp;nbsp;Marrowby</p>",
    "no end.html": f"<p title='{NAME}",
    "chart.svg": SVG,
    "lines of a chart.svg": "<svg><text>Jane</text><text y='12'>Marrowby</text></svg>",
    "metadata.svg": f"<svg><metadata><rdf:RDF><dc:creator>{NAME}</dc:creator></rdf:RDF></metadata></svg>",
    "cell.csv": f"a,b\r\n1,{NAME}\r\n",
    "number.csv": f"a,b\r\n1,{NUMBER}\r\n",
    "escaped.csv": f"a\r\n'{NAME}\r\n",
    "columns.csv": "a,b\r\nJane,Marrowby\r\n",
    "quoted.csv": 'a\r\n"Marrowby, Jane"\r\n',
    "value.json": json.dumps({"a": [{"b": NAME}]}),
    "key.json": json.dumps({NAME: 1}),
    "escapes.json": '{"a": "Jane\\u00a0Marr\\u006fwby"}',
    "twice.json": f'{{"a": "{NAME}", "a": "x"}}',
    "number.json": f'{{"a": {NUMBER}}}',
    "not.json": f"{{a: {NAME}",
    "lines.jsonl": f'{{"a": 1}}\n{{"a": "{NAME}"}}\n',
    "note.txt": NAME,
    "wide.txt": f"seen with {NAME}".encode("utf-16"),
    "wide without a mark.bin": f"\0\0\1seen with {NAME}".encode("utf-16-le"),
    "western.txt": "Siobhán O’Brien".encode("cp1252"),
    "unknown.bin": b"\x00\x01\x02" + NAME.encode() + b"\x00\xff",
    "no ending": NAME,
    "packed.json.gz": gzip.compress(json.dumps({"a": NAME}).encode()),
    "two members.gz": gzip.compress(b"a ") + gzip.compress(NAME.encode()),
    "archive.zip": zipped(a__b=gzip.compress(zipped(c=NAME))),
    "name in an archive.zip": zipped(jane_marrowby="x"),
    "base64.txt": base64.b64encode(f"seen with {NAME} on Monday".encode()),
    "text.png": png_text(),
    "packed text.png": png_text(packed=True),
    "international.png": png_text(international=True),
    "packed international.png": png_text(packed=True, international=True),
    "exif.png": picture("PNG", exif=exif()),
    "behind the end.png": picture("PNG") + NAME.encode(),
    "exif.jpg": picture("JPEG", exif=exif()),
    "comment.jpg": picture("JPEG", comment=NAME.encode()),
    "xmp.jpg": picture("JPEG", xmp=XMP.encode()),
    "exif.webp": picture("WEBP", exif=exif()),
    "page.pdf": drawn_pdf(),
    **{f"{what}.pdf": pdf(fill) for what, fill in PDFS.items()},
    "runs.docx": word(run("seen with Ja") + run("ne ") + '<w:proofErr w:type="spellStart"/>' + run("Marrowby")),
    "digits in runs.docx": word(run("case 313") + run("658")),
    "deleted.docx": word(f'<w:del w:author="x"><w:r><w:delText>{NAME}</w:delText></w:r></w:del>'),
    "author.docx": word(f'<w:ins w:author="{NAME}">{run("x")}</w:ins>'),
    "tag.docx": word(f'<w:sdt><w:sdtPr><w:tag w:val="{NUMBER}"/></w:sdtPr></w:sdt>'),
    "alternative.docx": word(f'<w:drawing><wp:docPr id="1" name="a" descr="{NAME}"/></w:drawing>'),
    "header.docx": office(word__header1=f"<w:hdr><w:p>{run('Jane')}</w:p><w:p>{run('Marrowby')}</w:p></w:hdr>"),
    "comments.docx": office(word__comments=f"<w:comments><w:comment>{run(NAME)}</w:comment></w:comments>"),
    "link.docx": office(word___rels__document=f'<Relationship Id="rId1" Target="https://example.org/{NUMBER}"/>'),
    "slide.pptx": office(ppt__slides__slide1="<a:p><a:r><a:t>Jane Mar</a:t></a:r><a:r><a:t>rowby</a:t></a:r></a:p>"),
    **{f"{what}.xlsx": workbook(fill) for what, fill in SPREADSHEETS.items()},
    "cell.parquet": parquet(pa.table({"a": [NAME]})),
    "number.parquet": parquet(pa.table({"a": [int(NUMBER)]})),
    "column.parquet": parquet(pa.table({NAME: [1]})),
    "metadata.parquet": parquet(pa.table({"a": [1]}).replace_schema_metadata({"by": NAME})),
    "category.parquet": parquet(pa.table({"a": pa.array([NAME]).dictionary_encode(), "b": [[["x"]]]})),
    "picture.ipynb": notebook(),
}


@pytest.mark.parametrize("name", ARTEFACTS)
def test_a_name_is_found_in_every_kind_of_artefact(tmp_path: Path, name: str) -> None:
    said = search(tmp_path, ARTEFACTS[name], name)
    assert said.startswith(f"{name} holds the name"), said


@pytest.mark.parametrize("name", [name for name in ARTEFACTS if name != "no ending"])
def test_the_same_artefact_passes_where_others_are_looked_for(tmp_path: Path, name: str) -> None:
    assert search(tmp_path, ARTEFACTS[name], name, "Jane Marrow", "Ane Marrowby", "31365", "13658", "3136581") == ""


@pytest.mark.parametrize(
    "name", ["jane-marrowby.html", "a/jane_marrowby/b.html", "JaneMarrowby.csv", "case-313658.txt"]
)
def test_a_name_of_a_file_or_folder_is_found_and_not_repeated(tmp_path: Path, name: str) -> None:
    said = search(tmp_path, f"<p>{NAME}</p>", name)
    assert said.startswith("the name of a file or folder holds the name")
    assert not re.search("jane|marrowby|313658", said, re.IGNORECASE)


# --------------------------------------------------------------------------------------------------------------- spellings


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (NAME, each)
        for each in (
            "JANE MARROWBY", "jane  marrowby", "Jane\nMarrowby", "Jane\u00a0Marrowby", "Marrowby, Jane", "Marrowby Jane",
            "MARROWBY,Jane", "Ja\u200bne Mar\u00adrowby", "\u202eJane\u202c Marrowby", "Jané Marrowbÿ", "Jane Marrowby’s",
            "Ｊａｎｅ Marrowby", "jane.marrowby@example.org", "Jane-Marrowby", "Jane_Marrowby", "JaneMarrowby",
            "Jane%20Marrowby", "Jane+Marrowby", "Jane\\u0020Marrowby", "Jane&nbsp;Marrowby", "Jane&#x20;Marrowby",
            "Jane_x0020_Marrowby", "'Jane Marrowby", "Ja\x07ne Marrowby", "(Jane Marrowby)", "“Jane Marrowby”:",
        )
    ]
    + [("O'Brien, Siobhán", each) for each in ("Siobhan O’Brien", "SIOBHÁN OBRIEN", "Siobhan O Brien", "siobhan-o-brien")]
    + [
        ("Mrs. Jane Marrowby", "Jane Marrowby"),
        ("Dr Marrowby, Jane (agency)", "Jane Marrowby"),
        ("Jane Marrowby; Ann Roe", "by Ann Roe"),
        ("Jane Marrowby and Ann Roe", "by Ann Roe"),
        ("Jane Marrowby / Ann Roe", "Marrowby, Jane"),
        ("jane.marrowby@example.org", "Jane Marrowby"),
        ("Smith-Jones, Anna", "Anna Smith Jones"),
        ("Jane Mary Marrowby", "Marrowby, Jane Mary"),
        ("Marrowby, Jane Mary", "Jane Mary Marrowby"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Straße, Jörg", "Jorg Strasse"),
        ("王小明", "审核由王小明完成"),
        ("Jane Marrowby (3136581)", "case 3136581"),
        ("Marrowby", "Ms Marrowby's"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(tmp_path: Path, value: str, printed: str) -> None:
    assert "the name of a worker" in search(tmp_path, f"<p>Seen with {printed}.</p>", "a.html", value)
    (tmp_path / "a.html").unlink()
    assert "the name of a worker" in search(tmp_path, f"seen with {printed} today", "a.txt", value)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("943 476 5919", "9434765919"), ("9434765919", "943 476 5919"), ("943-476-5919", "943 476 5919"),
        ("9434765919", "943-476-5919"), ("9434765919", "943.476.5919"), ("9434765919", "９４３４７６５９１９"),
        ("943/4765919", "943/4765919"), ("313658", "case-313658"), ("313658", "case313658"), ("313658", "#313658"),
        ("313658", "313,658"), ("313658", "313658.0"), ("313658.0", "313658"), ("0313658", "313658"), ("313658", "(313658)."),
        ("313658", "a\u00a0313658"), ("313658", "313 658"), ("DD-19-001", "dd19001"), ("DD/19/001", "DD-19-001"),
        ("A-2019/0042", "a 2019 0042"), ("C 12345", "C12345"), ("12-345", "12-345"),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_grouped(tmp_path: Path, value: str, printed: str) -> None:
    assert "the reference of an audit" in search(tmp_path, f"<p>see {printed}</p>", "a.html", value, kind="audit")


@pytest.mark.parametrize(
    "printed",
    [
        "0.313658", "0,313658", "0.3136580001", "12.313658", ".313658", "1313658", "3136589", "1,313,658", "313,658,000",
        "3a313658b", "e3b0c44298fc1c149afbf4c8996fb313658ae41e4649b934ca495991b7852b855", "3.13658e+05", "3136-58", "31 3658",
        "3.136.58", "2019-313658a", "child-k3jq313658xw",
    ],
)  # fmt: skip
def test_digits_of_another_number_are_not_that_number(tmp_path: Path, printed: str) -> None:
    assert search(tmp_path, f"<p>see {printed}</p>", "a.html", NUMBER) == ""


@pytest.mark.parametrize(
    "content",
    [
        '<svg><path d="M 313658 12 L313658,7z" transform="translate(313658 1)"/><use x="313658" y="313658.5"/></svg>',
        "<svg><g style='fill: #313658; stroke:#313658'/><rect fill='#313658'/></svg>",
        "<td>313</td><td>658</td>",
        "<p>313</p><p>658</p>",
    ],
)
def test_coordinates_colours_and_cells_beside_each_other_are_not_a_number(tmp_path: Path, content: str) -> None:
    assert search(tmp_path, content, "a.html", NUMBER) == ""


def test_addresses_and_places_in_a_workbook_are_not_what_it_says(tmp_path: Path) -> None:
    rows = [f"words of row {row}" for row in range(12_400)]
    made = workbook(lambda book: book.add_worksheet().write_column(0, 0, rows[:50]))
    assert search(tmp_path, made, "a.xlsx", "A12345", "12345", "12240", "191029", "124519") == ""
    sheet = '<row r="12345" spans="1:2"><c r="A12345" t="s"><v>12345</v></c></row>'
    assert search(tmp_path, office(xl__worksheets__sheet1=sheet), "a.xlsx", "A12345", "12345") == ""


# ---------------------------------------------------------------------------------------------------------------- comments


@pytest.mark.parametrize(
    "printed",
    [
        LONG,
        LONG.upper(),
        LONG[:45] + "…",
        " ".join(LONG.split()[:8]),
        " ".join(LONG.split()[9:20]),
        " ".join(LONG.split()[-8:]),
        html.escape(LONG).replace("child", "<mark>child</mark>"),
        LONG.replace(" ", "\n"),
        f"One auditor wrote: ‘{LONG}’",
    ],
)
def test_a_comment_and_a_piece_of_one_are_found(tmp_path: Path, printed: str) -> None:
    assert "holds a comment or a piece of one" in search(tmp_path, f"<p>It says: {printed}</p>")


@pytest.mark.parametrize("printed", ["Nobody asked the child", "the plan was written a week", LONG[:30]])
def test_a_common_turn_of_phrase_is_nobodys_comment(tmp_path: Path, printed: str) -> None:
    assert search(tmp_path, f"<p>{printed}</p>") == ""


@pytest.mark.parametrize("comment", ["Good", "n/a", "No concerns at all", "See above.", "Requires improvement"])
def test_a_comment_that_anybody_may_write_is_not_looked_for(tmp_path: Path, comment: str) -> None:
    page = tmp_path / "a.html"
    page.write_text(f"<p>{comment}</p>", encoding="utf-8")
    assert check_artefacts(tmp_path, pd.DataFrame({"kind": ["comment"], "text": [comment]})) == GateResult(0, 1, 1)


def test_a_short_comment_is_found_whole(tmp_path: Path) -> None:
    assert search(
        tmp_path, "<p>Plan never shared with mother.</p>", "a.html", "plan never shared with mother", kind="comment"
    )


# ------------------------------------------------------------------------------------------------- what cannot be looked for


@pytest.mark.parametrize(
    "value",
    ["", " ", "?", "JD", "Al", "42", "2019", "A12", "1234", "2019-10-14", "14/10/2019", "Q4 2019", "2019-Q4", "12 May 2019",
     "2019/20", "N/A", "-"],
)  # fmt: skip
def test_what_is_too_short_or_a_date_is_counted_and_not_looked_for(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.html").write_text(f"<p>{value} {value}</p>", encoding="utf-8")
    result = check_artefacts(tmp_path, pd.DataFrame({"kind": ["child"], "text": [value]}))
    assert result == GateResult(0, 1 if value.strip() else 0, 1)


@pytest.mark.parametrize(
    "value", ["Duty Team", "North", "Children's Disability Team 2", "Independent Reviewing Officer"]
)
def test_a_team_in_place_of_a_worker_is_nobodys_name(tmp_path: Path, value: str) -> None:
    """It stands in the list of teams, and no report would ever pass."""
    content = f"<td>{value}</td>"
    assert search(tmp_path, content, "page.html", value, kind="worker") == ""
    assert search(tmp_path, content, "page.html", f"{value} Marrowby", kind="worker") == ""
    assert search(tmp_path, f"{value}: Marrowby", "page.html", f"{value} Marrowby", kind="worker") != ""
    assert search(tmp_path, content, "page.html", value, kind="child") != ""


def test_what_the_product_prints_anyway_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>In May risk was seen; A1001; Good practice. Jane Roe</p>", encoding="utf-8")
    people = pd.DataFrame({"kind": "child", "text": ["May", "Risk", "A1001", "Good Practice", "Will", "Ann Doe", None]})
    known = ["April, May", "Identification of risk", "A1000 A1001", "Good practice means", "it will be"]
    assert check_artefacts(tmp_path, people, known=known) == GateResult(1, 5, 1)
    with pytest.raises(PrivacyError):
        check_artefacts(tmp_path, people)


# --------------------------------------------------------------------------------------------------- what the gate says


def test_it_names_the_artefacts_and_the_kinds(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    for name in ("a.html", "b.html", "c.html", "d.html", "tables/e.csv"):
        (tmp_path / name).write_text(f"{NAME}, {NUMBER}" if name == "a.html" else NAME, encoding="utf-8")
    with pytest.raises(PrivacyError) as caught:
        check_artefacts(tmp_path, PEOPLE)
    assert str(caught.value).startswith(
        "a.html holds the name or number of a child and the name of a worker (and 4 more artefacts of the kind: b.html, "
        "c.html, ...); nothing was published. Look for it in the name of a team, "
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7 nothing of the sort"),
        ("a.gz", gzip.compress(b"a" * 99)[:-20]),
        ("a.zip", zipped(a="a" * 9999, b="b")[:60] + b"\xff" * 20 + zipped(a="a" * 9999, b="b")[80:]),
        ("a.parquet", b"PAR1 nothing of the sort"),
    ],
)
def test_what_cannot_be_opened_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    said = search(tmp_path, content, name)
    assert said == f"{name} cannot be opened, so it cannot be searched for names; nothing was published"


def test_what_is_encrypted_or_too_deep_is_refused(tmp_path: Path) -> None:
    locked = pypdf.PdfWriter()
    locked.add_blank_page(9, 9)
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "a.pdf")
    with pytest.raises(PrivacyError, match="cannot be searched"):
        check_artefacts(tmp_path, PEOPLE)
    deep = b"x"
    for _ in range(9):
        deep = gzip.compress(deep)
    (tmp_path / "a.pdf").unlink()
    assert "too many layers" in search(tmp_path, deep, "a.gz")


def test_what_unpacks_to_more_than_a_report_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditanalytics.gate.artefacts.MOST_BYTES", 1_000_000)
    assert "holds too much" in search(tmp_path, gzip.compress(b"a" * 5_000_000), "a.gz")
    (tmp_path / "a.gz").unlink()
    assert "holds too much" in search(tmp_path, zipped(a=b"a" * 5_000_000), "a.zip")
    (tmp_path / "a.zip").unlink()
    chunk = b"Comment\0\0" + zlib.compress(b"a" * 5_000_000)
    made = b"\x89PNG\r\n\x1a\n" + len(chunk).to_bytes(4, "big") + b"zTXt" + chunk + b"0000"
    assert "holds too much" in search(tmp_path, made, "a.png")


# ---------------------------------------------------------------------------------------------------------------- property

ABC = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
NAMES = st.builds("{} {}".format, *[st.from_regex(r"[A-Z][b-df-hj-np-tv-z]{4,9}", fullmatch=True)] * 2)
NUMBERS = st.from_regex(r"[1-9]\d{5,9}", fullmatch=True)


def as_html(before: str, value: str, after: str) -> bytes:
    return f'<p title="{html.escape(before)}">{html.escape(f"{before} {value} {after}")}</p>'.encode()


def as_csv(before: str, value: str, after: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([[before, after], [after, value, before]])
    return buffer.getvalue().encode("utf-8-sig")


def as_json(before: str, value: str, after: str) -> bytes:
    return json.dumps({before: [after, {after: value}]}, ensure_ascii=len(before) % 2 == 0).encode()


WRITERS = {"a.html": as_html, "a.csv": as_csv, "a.json": as_json}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.text(ABC), after=st.text(ABC), value=NAMES | NUMBERS, name=st.sampled_from(sorted(WRITERS)))
@example(before="0", after="1", value="313658", name="a.csv")
def test_what_is_planted_is_found_and_what_is_not_planted_is_not(
    tmp_path: Path, before: str, after: str, value: str, name: str
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    assert search(tmp_path, WRITERS[name](before, value, after), name, value)
    if not re.search(r"[b-df-hj-np-tv-z]{4}|\d{2}", (before + after).casefold()):
        assert search(tmp_path, WRITERS[name](before, "x", after), name, value) == ""


def test_what_stands_where_a_long_text_is_cut_is_found(tmp_path: Path) -> None:
    filler = "word " * ((_PIECE - 20) // 5)
    for shift in range(0, 60, 3):
        text = f"{'x' * shift} {filler}{NAME} 943 476 5919 {filler}"
        assert "the name of a worker" in search(tmp_path, text, "a.txt")
    assert "a child" in search(tmp_path, f"{'x' * (_PIECE + 2 * _OVERLAP)} {NUMBER} {'y' * _PIECE}", "a.txt")


# ------------------------------------------------------------------------------------------------------------------- speed


def seconds(work: Callable[[], object], *, times: int = 3) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def many_people(count: int) -> pd.DataFrame:
    rng = random.Random(7)
    letters = "bcdfghjklmnpqrstvwz"
    names = [f"{''.join(rng.choices(letters, k=6))} {''.join(rng.choices(letters, k=8))}" for _ in range(count // 2)]
    numbers = [f"{rng.randrange(10**9, 10**10)}" for _ in range(count // 2)]
    return pd.DataFrame({"kind": "child", "text": names + numbers})


def page_of(paragraphs: int) -> str:
    rng = random.Random(11)
    said = "the of audits were Good or better in this quarter 0.25 17 interval &amp; <b>share</b> domain 31 42"
    return "\n".join(f"<p>{' '.join(rng.choices(said.split(), k=60))}</p>" for _ in range(paragraphs))


def test_time_grows_with_the_text_and_hardly_with_the_identifiers(tmp_path: Path) -> None:
    folders = []
    for paragraphs in (1500, 3000):
        folders.append(tmp_path / str(paragraphs))
        folders[-1].mkdir()
        (folders[-1] / "a.html").write_text(page_of(paragraphs), encoding="utf-8")
    few, many, nobody = many_people(20), many_people(20_000), tmp_path / "empty"
    nobody.mkdir()
    once, twice = (seconds(lambda folder=folder: check_artefacts(folder, few)) for folder in folders)
    preparing = seconds(lambda: check_artefacts(nobody, many))
    with_many = seconds(lambda: check_artefacts(folders[1], many)) - preparing
    assert twice < 3 * once + 0.05
    assert with_many < 3 * twice + 0.1
    assert preparing < 4


@pytest.mark.parametrize(
    "piece", ["<!-- ", "<a '", '<a "', "&lt;!--", "data:;base64,", "A" * 30 + " ", "%41", "\\u0041", "1 ", "0."]
)
def test_hostile_repetition_costs_no_more_than_its_length(tmp_path: Path, piece: str) -> None:
    def work(times: int) -> float:
        (tmp_path / "a.html").write_text(piece * times, encoding="utf-8")
        return seconds(lambda: check_artefacts(tmp_path, PEOPLE), times=2)

    assert work(80_000) < 4 * work(40_000) + 0.2


# ------------------------------------------------------------------------------------------------------- the example's report

HEADERS = {
    "Audit ref": "audit", "Child ref": "child", "Social": "worker", "Auditor": "auditor", "Moderator": "moderator",
    "Person": "action person", "Next step": "comment",
}  # fmt: skip


def example_identifiers() -> pd.DataFrame:
    found = []
    for source in find_sources([EXAMPLE])[0]:
        for sheet in read_sheets([source])[0]:
            if sheet.sheet != "Returns":
                continue
            for at, header in sheet.cells.loc[3].items():
                kind = next((kind for begins, kind in HEADERS.items() if header.startswith(begins)), None)
                kind = kind or ("comment" if header.endswith("?") else None)
                found += [(kind, text) for text in sheet.cells.loc[4:, at] if kind and text]
    return pd.DataFrame(found, columns=["kind", "text"])


NASTY = pd.DataFrame(
    [("audit", "2019"), ("audit", "42"), ("audit", "A12"), ("audit", "AB1"), ("child", "May"), ("child", "Will"),
     ("worker", "Good"), ("worker", "Mark"), ("worker", "Page"), ("worker", "Grace Change"), ("comment", "Good"),
     ("comment", "Requires improvement to be good"), ("child", "12345"), ("child", "Risk"), ("worker", "Root"),
     ("comment", "The two belong together: a domain can gain Good judgements"), ("worker", "Arial"), ("worker", "TBC")],
    columns=["kind", "text"],
)  # fmt: skip


def printed() -> list[str]:
    framework = ROOT / "auditanalytics" / "frameworks" / "south-gloucestershire.toml"
    return [*printed_texts(ROOT / "notebooks"), framework.read_text(encoding="utf-8")]


@pytest.mark.slow
def test_the_example_report_passes_with_its_own_identifiers_and_nasty_ones(example_report: Path) -> None:
    known, people = printed(), example_identifiers()
    assert len(people) > 1000
    result = check_artefacts(example_report, people, known=known)
    assert result == GateResult(result.searched, 0, sum(path.is_file() for path in example_report.rglob("*")))
    result = check_artefacts(example_report, pd.concat([people, NASTY]), known=known)
    assert result.not_searchable >= 10


@pytest.mark.slow
def test_any_identifier_of_the_example_planted_in_any_page_is_found(example_report: Path, tmp_path: Path) -> None:
    known, people = printed(), example_identifiers().drop_duplicates()
    pages = sorted(path for path in example_report.rglob("*") if path.suffix in (".html", ".csv", ".json"))
    rng = random.Random(3)
    for person in people.sample(40, random_state=1).itertuples():
        source = rng.choice(pages)
        text = source.read_text(encoding="utf-8-sig")
        between = {".html": r"</p>", ".csv": r"\n", ".json": r"\"quarter\": \""}[source.suffix]
        places = [at.end() for at in re.finditer(between, text)]
        at = rng.choice(places)
        planted = tmp_path / source.name
        planted.write_text(f"{text[:at]} {html.escape(person.text)} {text[at:]}", encoding="utf-8")
        with pytest.raises(PrivacyError, match=re.escape(source.name)):
            check_artefacts(tmp_path, people[people["kind"] == person.kind], known=known)
        planted.unlink()


@pytest.mark.thorough
@pytest.mark.slow
def test_a_report_that_is_eight_times_as_long_takes_about_eight_times_as_long(
    example_report: Path, tmp_path: Path
) -> None:
    people, known = example_identifiers(), printed()
    for copy in range(8):
        shutil.copytree(example_report, tmp_path / str(copy))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.html")) > 9_000_000
    one = seconds(lambda: check_artefacts(tmp_path / "0", people, known=known), times=2)
    assert seconds(lambda: check_artefacts(tmp_path, people, known=known), times=2) < 20 * one  # not 64 times


def test_common_names_are_no_words_that_every_report_prints() -> None:
    """Redaction lists them; that does not make them the product's own words."""
    known = set(" ".join(printed_texts(ROOT / "notebooks")).casefold().split())
    assert {"ahmed", "khan", "hussain", "oliwia", "marrowby"} & known == set()
