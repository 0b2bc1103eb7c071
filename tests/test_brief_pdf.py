"""The brief as a PDF, read as a program for the blind would: its tags, its words, and nothing that is not the brief's."""

import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from defusedxml.ElementTree import fromstring

from auditanalytics.briefs.model import BriefFigure, BriefTable, LearningBrief, Paragraph, Point, Points, Section
from auditanalytics.briefs.pdf import pdf_document
from auditanalytics.errors import PublishingError
from auditanalytics.reporting.canvas import Chart, Drawing
from auditanalytics.reporting.charts import draw_trend
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend

ADDRESS = "https://www.gov.uk/government/publications/working-together-to-safeguard-children--2"
HOSTILE = (
    '#panic("x") $x^2$ *b* _i_ @ref <label> \\ "q" \'s\' // c /* d */ www.example.org `raw` ~ -- --- ... [c] {d} '
    '#include "brief.typ" #let a = b\\u{41} = H + i - j'
)
MONTHS = BriefTable("Every month", ("Month", "Audits"), tuple((f"Month {n}", str(n * 7)) for n in range(1, 70)))


@pytest.fixture(scope="module")
def chart(example: AuditReturns) -> Chart:
    return draw_trend(domain_trend(example, "risk", quarter="2019-Q4"))


@pytest.fixture(scope="module")
def brief(chart: Chart) -> LearningBrief:
    themes = BriefTable("Themes of the quarter", ("Theme", "Said"), (("Supervision", "It was late."),), of_words=True)
    shares = BriefTable(
        "Every domain",
        ("Domain", "Audits", "Good or better"),
        (("Identification and response to risk", "1000", "29% (12 of 42)"), ("Plans", "64", "38% (16 of 42)")),
        note="Shares are of the judgements that were graded.",
    )
    points = Points((Point("Spoken of in 14 audits.", "Plans without dates"), Point("The guidance", "Read", ADDRESS)))
    risk = Section("risk", "Risk", (Paragraph("Fewer were good."), BriefFigure("Risk over time", chart, "No August.")))
    return LearningBrief(
        kind="quarterly",
        title="Learning brief: October to December 2019",
        framework="South Gloucestershire case audit",
        period="2019-Q4",
        when="October to December 2019",
        headline=("Fewer audits graded risk good or better.", "Nothing else changed."),
        sections=(
            Section("worries", "What to worry about", (points, themes, Paragraph("A theme counts once.", quiet=True))),
            Section("figures", "The figures", (shares,), (risk,)),
        ),
        notice="Only 2 of 3 months were returned.",
        provenance="Made from 3 files with 98 audits.",
    )


@pytest.fixture(scope="module")
def read(brief: LearningBrief) -> pypdf.PdfReader:
    return reader(brief)


def reader(brief: LearningBrief) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_document(brief)))


def with_parts(brief: LearningBrief, *parts: Any) -> LearningBrief:
    return replace(brief, sections=(Section("only", "Only", parts),))


def words(read: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def tags(read: pypdf.PdfReader, kind: str = "") -> Iterator[Any]:
    """Every element of the structure, or those of a kind, in the order in which they are read."""
    waiting = [read.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        element = waiting.pop(0).get_object()
        if isinstance(element, list):
            waiting = [*element, *waiting]
        elif isinstance(element, dict) and "/S" in element:
            if kind in ("", element["/S"]):
                yield element
            waiting = [element["/K"], *waiting] if "/K" in element else waiting


def names(read: pypdf.PdfReader) -> list[str]:
    return [element["/S"] for element in tags(read)]


def starts(read: pypdf.PdfReader) -> dict[str, float]:
    """How far from the left each piece of text begins."""
    found: dict[str, float] = {}

    def keep(text: str, matrix: list[float], at: list[float], *rest: object) -> None:
        found[text.strip()] = at[4] * matrix[0] + matrix[4]

    for page in read.pages:
        page.extract_text(visitor_text=keep)
    return found


def strings(value: object) -> Iterator[str]:
    """Every text of a brief but the words that its charts draw."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Chart):
        return
    elif isinstance(value, tuple):
        for inner in value:
            yield from strings(inner)
    elif hasattr(value, "__dict__"):
        yield from strings(tuple(vars(value).values()))


def test_it_says_that_it_is_tagged_and_conforms(read: pypdf.PdfReader, brief: LearningBrief) -> None:
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.title == brief.title
    assert read.metadata.author is None and read.metadata.keywords is None


def test_every_page_is_an_upright_a4(read: pypdf.PdfReader) -> None:
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in read.pages} == {(595, 842)}


def test_headings_are_those_of_the_brief_each_at_its_depth(read: pypdf.PdfReader, brief: LearningBrief) -> None:
    found = [(element["/S"], element["/T"]) for element in tags(read) if re.fullmatch("/H.", element["/S"])]
    assert found == [
        ("/H1", brief.title),
        ("/H2", "What to worry about"),
        ("/H2", "The figures"),
        ("/H3", "Risk"),
    ]
    assert [item["/Title"] for item in read.outline if isinstance(item, dict)] == [brief.title]


def test_lists_tables_and_figures_are_tagged_as_what_they_are(read: pypdf.PdfReader, chart: Chart) -> None:
    found = names(read)
    assert (found.count("/L"), found.count("/LI"), found.count("/LBody")) == (1, 2, 2)
    assert (found.count("/Table"), found.count("/THead"), found.count("/TR")) == (2, 2, 5)
    assert (found.count("/TH"), found.count("/TD"), found.count("/Caption")) == (5, 8, 3)
    assert all(cell["/A"][0]["/Scope"] == "/Column" for cell in tags(read, "/TH"))
    (figure,) = tags(read, "/Figure")
    assert figure["/Alt"] == chart.alternative


def test_a_link_leads_to_its_address_and_is_tagged(read: pypdf.PdfReader) -> None:
    found = [link.get_object() for page in read.pages for link in page.get("/Annots", [])]
    assert [link["/A"]["/URI"] for link in found] == [ADDRESS]
    assert all(link["/Contents"] for link in found)
    assert names(read).count("/Link") == 1


def test_only_an_address_of_the_web_is_a_link(brief: LearningBrief) -> None:
    addresses = ("javascript:alert(1)", "file:///etc/passwd", "", "https://", "https://e.org/" + "a" * 9000)
    read = reader(with_parts(brief, Points(tuple(Point(f"text {n}", "", a) for n, a in enumerate(addresses)))))
    assert "/Link" not in names(read) and not any("/Annots" in page for page in read.pages)
    assert all(f"text {n}" in words(read) for n in range(len(addresses)))
    odd = reader(with_parts(brief, Points((Point("odd", "", ' https://e.org/?q=ä b"(<>\\)#x\n'),))))
    (link,) = (link.get_object() for page in odd.pages for link in page.get("/Annots", []))
    assert link["/A"]["/URI"] == "https://e.org/?q=%C3%A4%20b%22(%3C%3E%5C)#x"


def test_every_word_of_the_brief_is_there(read: pypdf.PdfReader, brief: LearningBrief) -> None:
    found = words(read)
    for text in (*strings(brief.headline), brief.title, brief.framework, brief.when, brief.notice, brief.provenance):
        assert text in found
    for section, _ in brief.walk():
        for text in strings((section.title, section.parts)):
            assert text in found or text in ("paragraph", "points", "table", "figure", ADDRESS)
    assert "Plans without dates: Spoken of in 14 audits." in found


def test_no_number_is_there_that_is_not_the_brief_s(brief: LearningBrief) -> None:
    number = re.compile(r"\d+(?:[.,]\d+)*")
    many = BriefTable("Rows", ("Row", "Words"), (("A name", "some words"),) * 80)
    sections = (*brief.sections[1:], Section("many", "Many", (many, many)))
    long = replace(brief, notice="", period="", provenance="Made from 98 audits.", sections=sections)
    read = reader(long)
    its_own = {found for text in strings(long) for found in number.findall(text)}
    assert len(read.pages) > 4 and not its_own & set("12345")
    assert set(number.findall(words(read))) == its_own


@pytest.mark.parametrize("text", [HOSTILE, *HOSTILE.split()])
def test_text_that_looks_like_markup_is_text(brief: LearningBrief, chart: Chart, text: str) -> None:
    parts = (
        Paragraph(text),
        Paragraph(text, quiet=True),
        Points((Point(text, text, ADDRESS), Point(text))),
        BriefTable(text, (text, text), ((text, text),), note=text, of_words=True),
        BriefFigure(text, replace(chart, alternative=text), note=text),
    )
    read = reader(
        replace(
            with_parts(brief, *parts),
            title=text,
            framework=text,
            when=text,
            headline=(text,),
            notice=text,
            provenance=text,
        )
    )
    assert words(read).replace(" ", "").count(text.replace(" ", "")) >= 18
    assert read.metadata.title == text
    (figure,) = tags(read, "/Figure")
    assert figure["/Alt"] == text


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("学习简报", "����"),
        ("ملخص", "ملخص"),
        ("fine 😀", "fine 😀"),
        ("family 👨‍👩‍👧 ✈️", "family ��� ✈"),
        ("हिन्दी", "������"),
        ("private \ue000\uef00", "private ��"),
        ("not in bold \U0001ee00", "not in bold �"),
        ("cafe\u0301", "café"),
        ("control \x00\x07\x1b\x84s \ufffe\ud800", "control s"),
        ("turned \u202etxt\u202c", "turned txt"),
        ("two\nlines", "two lines"),
        ("Zoë – “said” £5 ½ → ≥", "Zoë – “said” £5 ½ → ≥"),
    ],
)
def test_what_no_font_draws_is_drawn_as_missing_and_nothing_fails(
    brief: LearningBrief, written: str, drawn: str
) -> None:
    # A text of right-to-left script is put on the page from its end, so that only its letters can be compared.
    read = reader(replace(with_parts(brief, Points((Point(written, written),))), title=written, notice=written))
    assert all(letter in words(read) for letter in drawn)
    if not any(unicodedata.bidirectional(letter) == "AL" for letter in drawn):
        assert drawn in words(read)
    assert "/H1" in names(read)


@pytest.mark.parametrize(
    ("written", "given"), [("学习简报 👨‍👩‍👧", "学习简报 👨‍👩‍👧"), ("two \n lines\x07", "two lines")]
)
def test_programs_that_have_other_fonts_are_given_the_title_as_it_is(
    brief: LearningBrief, written: str, given: str
) -> None:
    assert reader(replace(brief, title=written)).metadata.title == given


def test_the_words_of_a_picture_are_shapes_and_not_among_those_of_the_page(brief: LearningBrief, chart: Chart) -> None:
    drawn = {"".join(text.itertext()) for text in fromstring(chart.wide).iter("{http://www.w3.org/2000/svg}text")}
    assert "34%" in drawn and b"<text" not in chart.outlined
    assert "34%" not in words(reader(with_parts(brief, BriefFigure("Chart", chart))))


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:There are no gridspecs")
def test_a_picture_with_words_that_no_font_draws_does_not_fail(brief: LearningBrief) -> None:
    drawing = Drawing((4.0, 3.0), lambda figure: figure.suptitle("风险 asterisk*\ufe0e 👨‍👩‍👧"))
    read = reader(with_parts(brief, BriefFigure("Odd", Chart(drawing, drawing, "Odd."))))
    assert "asterisk" not in words(read) and "/Figure" in names(read)


def test_every_letter_is_drawn_in_the_font_that_comes_with_matplotlib(read: pypdf.PdfReader) -> None:
    fonts: set[str] = set()
    waiting = [page["/Resources"] for page in read.pages]
    while waiting:
        resources = waiting.pop().get_object()
        fonts |= {font.get_object()["/BaseFont"].split("+")[-1] for font in resources.get("/Font", {}).values()}
        inner = (drawn.get_object() for drawn in resources.get("/XObject", {}).values())
        waiting += [drawn["/Resources"] for drawn in inner if "/Resources" in drawn]
    assert fonts == {"DejaVuSans", "DejaVuSans-Bold"}


def test_what_the_brief_was_made_from_is_on_every_page_and_once_in_the_structure(brief: LearningBrief) -> None:
    long = reader(with_parts(brief, MONTHS))
    bare = reader(replace(with_parts(brief, MONTHS), provenance=""))
    assert len(long.pages) > 1
    assert [page.extract_text().count(brief.provenance) for page in long.pages] == [1] * len(long.pages)
    assert names(long).count("/P") == names(bare).count("/P") + 1


def test_the_head_of_a_long_table_is_on_every_page_and_once_in_the_structure(brief: LearningBrief) -> None:
    read = reader(with_parts(brief, MONTHS))
    with_rows = [page.extract_text() for page in read.pages if re.search(r"Month \d", page.extract_text())]
    assert len(with_rows) > 1
    assert all("Month Audits" in text for text in with_rows)
    assert names(read).count("/THead") == 1 and names(read).count("/TR") == 70


@pytest.mark.parametrize("of_words", [True, False])
def test_numbers_are_compared_at_their_right_and_words_read_from_their_left(
    brief: LearningBrief, of_words: bool
) -> None:
    table = BriefTable("T", ("Name", "Count"), (("alpha", "77777"), ("be", "8")), of_words=of_words)
    found = starts(reader(with_parts(brief, table)))
    lefts = {text: start for line, start in found.items() for text in line.split()}
    assert lefts["alpha"] == pytest.approx(lefts["be"])
    assert (lefts["77777"] == pytest.approx(lefts["8"])) == of_words


def test_seven_columns_fit_and_no_word_of_them_is_broken(brief: LearningBrief) -> None:
    head = ("Domain", "Audits", "Good or better", "Before", "Change", "Inadequate", "What could have been seen")
    row = ("Identification and response to risk", "112", "38% (19 of 56)", "45%", "+12 points", "29%", "24 points")
    read = reader(with_parts(brief, BriefTable("Domains", head, (row, row))))
    assert len(read.pages) == 1
    assert read.pages[0].extract_text().count(" ".join(row[1:])) == 2  # none of them on two lines
    assert max(starts(read).values()) < 595 - 51


@pytest.mark.parametrize("of_words", [True, False])
def test_a_word_longer_than_its_line_stays_on_the_page(brief: LearningBrief, of_words: bool) -> None:
    long = "abcdefghij" * 30
    table = BriefTable("T", (long,), ((long,),), of_words=of_words)
    beside = BriefTable("T", ("a", "b", "c"), ((long, long, long),), of_words=of_words)
    read = reader(with_parts(brief, Paragraph(long), Points((Point(long),)), table, beside))
    assert max(len(line) for page in read.pages for line in page.extract_text().splitlines()) < 110
    assert words(read).replace(" ", "").count(long) >= 4


def test_a_brief_of_hardly_anything_is_a_page() -> None:
    empty = (
        Paragraph(""),
        Points(()),
        Points((Point(""),)),
        BriefTable("", ("", "b"), ()),
        BriefTable("c", ("a",), (("",),)),
    )
    brief = LearningBrief("monthly", "Nothing", "", "2019-05", "", (), (Section("a", "A", empty), Section("b", "B")))
    assert len(reader(brief).pages) == 1


def test_the_same_brief_gives_the_same_bytes(brief: LearningBrief) -> None:
    once = pdf_document(brief)
    assert pdf_document(brief) == once
    assert pdf_document(replace(brief, notice="Other.")) != once
    read = pypdf.PdfReader(io.BytesIO(once))
    assert read.metadata.creation_date is None and read.metadata.modification_date is None
    assert "Date>" not in read.trailer["/Root"]["/Metadata"].get_data().decode()


@pytest.mark.slow
def test_neither_the_clock_nor_the_place_changes_a_byte() -> None:
    program = (
        "import sys, hashlib\n"
        "from auditanalytics.briefs.model import LearningBrief, Paragraph, Section\n"
        "from auditanalytics.briefs.pdf import pdf_document\n"
        "brief = LearningBrief('monthly', 'Title', 'F', '2019-05', 'May', ('One.',), "
        "(Section('a', 'A', (Paragraph('Text.'),)),))\n"
        "print(hashlib.sha256(pdf_document(brief)).hexdigest())\n"
    )
    places = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "1700000000"},
    ]
    found = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ | place
        ).stdout.strip()
        for place in places
    }
    section = Section("a", "A", (Paragraph("Text."),))
    here = pdf_document(LearningBrief("monthly", "Title", "F", "2019-05", "May", ("One.",), (section,)))
    assert found == {hashlib.sha256(here).hexdigest()}


def test_a_refusal_is_a_sentence_that_repeats_nothing(brief: LearningBrief) -> None:
    with pytest.raises(PublishingError) as raised:
        pdf_document(replace(brief, title="", headline=("Zebedee",)))
    assert "PDF/UA-1" in str(raised.value) and "Zebedee" not in str(raised.value)
    assert raised.value.__suppress_context__ and raised.value.__cause__ is None
