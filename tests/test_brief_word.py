"""The Word file, opened as Word and LibreOffice open it: what stands in it, in which styles, and in whose template."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm

from auditanalytics.briefs import word_template
from auditanalytics.briefs.model import (
    BriefFigure,
    BriefTable,
    LearningBrief,
    Paragraph,
    Point,
    Points,
    Section,
)
from auditanalytics.briefs.word import PLACE, word_document
from auditanalytics.briefs.word_styles import NEEDED
from auditanalytics.errors import TemplateError
from auditanalytics.reporting.canvas import Chart
from auditanalytics.reporting.charts import draw_trend
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend

SOFFICE = shutil.which("soffice")
DOCUMENT = "word/document.xml"
NUMBERS = BriefTable(
    "Audits by domain",
    ("Domain", "Audits", "Good or better"),
    (("Risk", "42", "16 (38%)"), ("Plans", "41", "20 (49%)")),
    note="n is the number of audits.",
)
WORDS = BriefTable(
    "What auditors wrote", ("Theme", "What to do"), (("Supervision", "Write down why."),), of_words=True
)  # fmt: skip


@pytest.fixture(scope="module")
def chart(example: AuditReturns) -> Chart:
    return draw_trend(domain_trend(example, "risk", quarter="2019-Q4"))


@pytest.fixture(scope="module")
def brief(chart: Chart) -> LearningBrief:
    points = (
        Point("written late in 7 audits", lead="Assessments"),
        Point("Working together", address="https://example.org/guide?a=1&b=2"),
    )
    deepest = Section("deepest", "Below", (Paragraph("Deep down."),))
    again = Section("again", "What came up again", (Points(points),), (Section("deep", "Deeper", (), (deepest,)),))
    figure = BriefFigure("Risk by quarter", chart, note="Bars are intervals.")
    found = Section("found", "What was found", (Paragraph("Risk was graded in 42 audits."), NUMBERS, figure), (again,))
    worries = Section("worries", "Worries", (WORDS, Paragraph("A small difference can be chance.", quiet=True)))
    return LearningBrief(
        kind="monthly",
        title="Learning brief: May 2019",
        framework="Case audits",
        period="2019-05",
        when="May 2019",
        headline=("Risk was Good or better in 16 of 42 audits.", "Supervision worries auditors most."),
        sections=(found, worries),
        notice="Draft: 3 returns are missing.",
        provenance="Made from 6 returns.",
    )


@pytest.fixture(scope="module")
def written(brief: LearningBrief) -> bytes:
    return word_document(brief)


@pytest.fixture(scope="module")
def document(written: bytes) -> WordDocument:
    return Document(io.BytesIO(written))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


def with_parts(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The same file with some parts changed or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in ({name: old.read(name) for name in old.namelist()} | changed).items():
            new.writestr(name, content)
    return packed.getvalue()


def saved(document: WordDocument, path: Path) -> Path:
    document.save(str(path))
    return path


def of_style(document: WordDocument, name: str) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == name]


def test_every_paragraph_has_the_style_of_what_it_is(document: WordDocument) -> None:
    assert of_style(document, "Title") == ["Learning brief: May 2019"]
    assert of_style(document, "Subtitle") == ["Case audits"]
    assert of_style(document, "Brief notice") == ["Draft: 3 returns are missing."]
    assert len(of_style(document, "Brief headline")) == 2
    assert of_style(document, "Caption") == ["Audits by domain", "Risk by quarter", "What auditors wrote"]
    assert "Risk was graded in 42 audits." in of_style(document, "Normal")
    notes = ["n is the number of audits.", "Bars are intervals.", "", "A small difference can be chance."]
    assert of_style(document, "Brief note") == notes
    cells = [cell.paragraphs[0].style.name for row in document.tables[0].rows for cell in row.cells]
    assert cells == ["Brief table head"] * 3 + ["Brief table cell"] * 6


def test_headings_are_as_deep_as_their_sections_and_never_deeper_than_three(document: WordDocument) -> None:
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "What was found"), ("Heading 2", "What came up again"), ("Heading 3", "Deeper"),
        ("Heading 3", "Below"), ("Heading 1", "Worries"),
    ]  # fmt: skip


def test_the_period_is_named_once_in_the_title_or_under_it(brief: LearningBrief) -> None:
    renamed = Document(io.BytesIO(word_document(replace(brief, title="Learning brief"))))
    assert of_style(renamed, "Subtitle") == ["Case audits, May 2019"]


def test_everything_comes_in_the_order_in_which_it_is_read(document: WordDocument) -> None:
    body = [element.tag.rpartition("}")[2] for element in document.element.body]
    texts = ["".join(element.itertext(qn("w:t"))) for element in document.element.body]
    assert body.count("tbl") == 2
    table = body.index("tbl")
    assert texts[table - 1] == "Audits by domain"
    picture = next(at for at, element in enumerate(document.element.body) if element.xpath(".//w:drawing"))
    assert texts[picture - 1 : picture + 2] == ["Risk by quarter", "", "Bars are intervals."]
    assert table < picture < texts.index("What came up again") < texts.index("Worries")


def test_the_page_is_portrait_a4_with_margins_of_two_centimetres(document: WordDocument) -> None:
    page = document.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    margins = {page.left_margin, page.right_margin, page.top_margin, page.bottom_margin}
    assert [round(margin.cm, 1) for margin in margins] == [2.0]


def test_the_language_is_british_english_everywhere(written: bytes, document: WordDocument) -> None:
    for name in ("word/styles.xml", "word/settings.xml", DOCUMENT, "word/header1.xml", "word/footer1.xml"):
        assert "en-US" not in part(written, name)
    assert re.search(r'<w:rPrDefault>.*<w:lang w:val="en-GB"', part(written, "word/styles.xml"), re.DOTALL)
    assert '<w:themeFontLang w:val="en-GB"' in part(written, "word/settings.xml")
    assert document.core_properties.language == "en-GB"


def test_letters_are_arial_and_no_font_of_the_theme_comes_before_it(written: bytes) -> None:
    styles = part(written, "word/styles.xml")
    assert 'w:ascii="Arial"' in styles
    assert not re.search("(?:ascii|hAnsi)Theme=", styles)


def test_colours_are_those_of_the_charts(document: WordDocument) -> None:
    colours = {name: str(document.styles[name].font.color.rgb) for name in ("Normal", "Heading 1", "Title")}
    assert colours == {"Normal": "1A1A1A", "Heading 1": "12436D", "Title": "12436D"}
    rule = document.styles["Subtitle"].element.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}")
    assert (rule.get(qn("w:sz")), rule.get(qn("w:color"))) == ("32", "12436D")  # eighths of a point
    notice = document.styles["Brief notice"].element
    assert notice.find(f".//{qn('w:shd')}").get(qn("w:fill")) == "FFF6DB"
    assert notice.find(f".//{qn('w:pBdr')}/{qn('w:left')}").get(qn("w:color")) == "F46A25"


def test_the_first_row_of_a_table_is_its_head_on_every_page(document: WordDocument) -> None:
    for table in document.tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True, *[False] * (len(heads) - 1)]
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")


def test_a_row_stays_whole_and_a_short_table_on_one_page_with_its_caption_and_note(
    document: WordDocument, brief: LearningBrief
) -> None:
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    assert captions
    assert all(caption.paragraph_format.keep_with_next for caption in captions)
    rows = document.tables[0].rows
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in rows for cell in row.cells)
    long = replace(NUMBERS, rows=NUMBERS.rows * 20)
    data = word_document(replace(brief, sections=(Section("long", "Long", (long,)),)))
    kept = [
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in Document(io.BytesIO(data)).tables[0].rows
    ]
    assert kept == [True, *[None] * 39, True]


def test_numbers_stand_at_the_right_and_words_at_the_left(document: WordDocument) -> None:
    numbers, words = ([cell.paragraphs[0].alignment for cell in table.rows[1].cells] for table in document.tables)
    assert numbers == [None, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.RIGHT]
    assert words == [None, None]


def test_columns_fill_the_text_and_the_first_is_the_widest_of_a_table_of_numbers(document: WordDocument) -> None:
    for table in document.tables:
        assert not table.autofit
        assert sum(column.width for column in table.columns) == pytest.approx(Cm(17), rel=0.001)
        assert [cell.width for cell in table.rows[1].cells] == [column.width for column in table.columns]
    first, *others = [column.width for column in document.tables[0].columns]
    assert first > max(others)


def test_no_word_and_no_number_of_a_table_of_seven_columns_is_broken(brief: LearningBrief) -> None:
    head = ("Domain", "Judgements", "Audits", "Outstanding", "Good", "Requires improvement", "Inadequate")
    row = ("Identification and response to risk", "1,234", "96", "12 (10%)", "105 (27%)", "165 (43%)", "106 (28%)")
    table = BriefTable("Judgements at each grade", head, (row,) * 3)
    data = word_document(replace(brief, sections=(Section("grades", "Grades", (table,)),)))
    columns = Document(io.BytesIO(data)).tables[0].columns
    # A letter of nine points and a half takes two millimetres at most, and the edges of a cell three.
    for column, title, cell in zip(list(columns)[1:], head[1:], row[1:], strict=True):
        longest = max(len(cell), *map(len, title.split()))
        assert column.width >= Cm(0.18 * longest + 0.3), title


def test_a_table_says_what_it_is_to_whoever_does_not_see_it(document: WordDocument) -> None:
    properties = document.tables[0]._tbl.tblPr
    assert properties.find(qn("w:tblCaption")).get(qn("w:val")) == "Audits by domain"
    described = properties.find(qn("w:tblDescription")).get(qn("w:val"))
    assert described == "Domain, Audits, Good or better. n is the number of audits."


def test_a_picture_brings_its_alternative_and_fills_the_text(document: WordDocument, chart: Chart) -> None:
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == chart.alternative
    assert shape._inline.docPr.get("title") == "Risk by quarter"
    assert shape.width == pytest.approx(Cm(17), rel=0.001)
    assert shape.width / shape.height == pytest.approx(chart.on_wide.size[0] / chart.on_wide.size[1], rel=0.01)
    assert shape._inline.get("distL") == "0"
    (holder,) = [p for p in document.paragraphs if p._p.xpath(".//w:drawing")]
    assert holder.paragraph_format.keep_with_next  # its note follows


def test_a_tall_picture_leaves_room_for_its_caption(brief: LearningBrief, chart: Chart) -> None:
    tall = replace(chart, on_wide=replace(chart.on_wide, size=(3, 9)))
    data = word_document(replace(brief, sections=(Section("tall", "Tall", (BriefFigure("Tall", tall),)),)))
    (shape,) = Document(io.BytesIO(data)).inline_shapes
    assert shape.height == pytest.approx(Cm(25.7) * 0.8, rel=0.01)


def test_what_a_point_is_about_is_bold_and_an_address_is_a_link(document: WordDocument) -> None:
    about, linked = [p for p in document.paragraphs if p.style.name == "List Bullet"]
    assert [(run.text, bool(run.bold)) for run in about.runs] == [
        ("Assessments", True), (": ", False), ("written late in 7 audits", False),
    ]  # fmt: skip
    (link,) = linked.hyperlinks
    assert (link.text, link.address) == ("Working together", "https://example.org/guide?a=1&b=2")
    assert [run.style.name for run in link.runs] == ["Hyperlink"]
    assert linked.text == "Working together"
    style = document.styles["Hyperlink"].font
    assert (style.underline, str(style.color.rgb)) == (True, "12436D")


def test_an_address_holds_only_what_an_address_may(brief: LearningBrief) -> None:
    points = Points((Point("a", address='https://example.org/a b"<>\x07é'),))
    data = word_document(replace(brief, sections=(Section("links", "Links", (points,)),)))
    (link,) = [link for p in Document(io.BytesIO(data)).paragraphs for link in p.hyperlinks]
    assert link.address == "https://example.org/a%20b%22%3C%3E%C3%A9"


def test_header_and_footer_say_what_when_and_from_what_and_the_page(written: bytes, document: WordDocument) -> None:
    page = document.sections[0]
    assert [p.text for p in page.header.paragraphs] == ["Case audits\tMay 2019"]
    assert [p.text for p in page.footer.paragraphs] == ["Made from 6 returns.", "\tPage "]
    assert [p.style.name for p in [*page.header.paragraphs, *page.footer.paragraphs]] == ["Header", "Footer", "Footer"]
    footer = part(written, "word/footer1.xml")
    assert footer.count(" PAGE ") == 1
    assert '<w:fldSimple w:instr=" PAGE "/>' in footer
    assert "fldSimple" not in part(written, DOCUMENT)


def test_no_number_is_shown_that_is_not_in_the_brief(written: bytes, brief: LearningBrief) -> None:
    known = set(re.findall(r"\d+", str(replace(brief, sections=()))))
    for section, _ in brief.walk():
        shown = [replace(each, chart=None) if isinstance(each, BriefFigure) else each for each in section.parts]
        known |= set(re.findall(r"\d+", str(shown)))
    found: set[str] = set()
    for name in (DOCUMENT, "word/header1.xml", "word/footer1.xml"):
        for text in re.findall(r"<w:t[ >][^<]*</w:t>", part(written, name)):
            found |= set(re.findall(r"\d+", re.sub("<[^>]*>", "", text)))
    assert {"42", "16", "38", "2019", "3", "6", "7"} <= found
    assert found <= known


def test_the_properties_name_the_brief_and_nobody(document: WordDocument) -> None:
    about = document.core_properties
    assert (about.title, about.subject) == ("Learning brief: May 2019", "Case audits")
    assert (about.author, about.last_modified_by, about.comments, about.revision) == ("", "", "", 1)
    assert {about.created.isoformat(), about.modified.isoformat()} == {"2000-01-01T00:00:00+00:00"}


def test_a_title_may_be_longer_than_a_property(brief: LearningBrief) -> None:
    long = Document(io.BytesIO(word_document(replace(brief, title="Risk " * 100))))
    assert of_style(long, "Title") == ["Risk " * 100]
    assert long.core_properties.title == ("Risk " * 100)[:255]


def test_nothing_of_another_document_comes_along(written: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        names = archive.namelist()
    assert not [name for name in names if re.search("thumbnail|app.xml|customXml|stylesWithEffects", name)]
    assert 'w:name="compatibilityMode"' in part(written, "word/settings.xml")
    assert re.search(r'compatibilityMode"[^>]*w:val="15"', part(written, "word/settings.xml"))


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_the_same_brief_gives_the_same_bytes_anywhere_and_at_any_time(
    written: bytes, brief: LearningBrief, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    now = time.localtime(2_000_000_000)
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setattr(time, "localtime", lambda *_: now)  # which zipfile asks
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        again = word_document(brief)
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()
    assert again == written
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


@pytest.mark.parametrize("text", ["a\x00b\x0bc\x1fd", "a\ud800bc\uffffd", "a\x7fbcd"])
def test_characters_that_xml_forbids_are_dropped_wherever_they_stand(
    brief: LearningBrief, chart: Chart, text: str
) -> None:
    parts = (
        Paragraph(text),
        Points((Point(text, lead=text, address=f"https://example.org/{text}"),)),
        BriefTable(text, (text, text), ((text, text),), note=text),
        BriefFigure(text, replace(chart, alternative=text), note=text),
    )
    fields = {"title": text, "framework": text, "when": text, "notice": text, "provenance": text}
    data = word_document(replace(brief, headline=(text,), sections=(Section("s", text, parts),), **fields))
    opened = Document(io.BytesIO(data))
    shown = {p.text for p in opened.paragraphs} | {cell.text for row in opened.tables[0].rows for cell in row.cells}
    assert shown == {"abcd", "abcd: abcd", ""}
    assert opened.inline_shapes[0]._inline.docPr.get("descr") == "abcd"


def test_text_is_text_and_neither_markup_nor_field(brief: LearningBrief) -> None:
    text = '<w:br/> { PAGE } HYPERLINK "x" &amp; {{ title }} [brief]'
    data = word_document(replace(brief, sections=(Section("s", "S", (Paragraph(text),)),)))
    assert text in of_style(Document(io.BytesIO(data)), "Normal")
    assert "instr" not in part(data, DOCUMENT)


# Templates


@pytest.fixture
def template(written: bytes, tmp_path: Path) -> Callable[[Callable[[WordDocument], None]], Path]:
    """A council's template: a brief, emptied, and then changed."""

    def make(change: Callable[[WordDocument], None]) -> Path:
        document = Document(io.BytesIO(written))
        for element in list(document.element.body):
            if element.tag != qn("w:sectPr"):
                element.getparent().remove(element)
        change(document)
        return saved(document, tmp_path / "council.docx")

    return make


def around(document: WordDocument) -> None:
    document.add_paragraph("From the director")
    document.add_paragraph(PLACE)
    document.add_paragraph("Contact us")


def test_the_brief_stands_in_the_place_that_the_template_names(
    brief: LearningBrief, written: bytes, template: Callable[..., Path]
) -> None:
    opened = Document(io.BytesIO(word_document(brief, template=template(around))))
    texts = [p.text for p in opened.paragraphs]
    own = [p.text for p in Document(io.BytesIO(written)).paragraphs]
    assert texts == ["From the director", *own, brief.provenance, "Contact us"]
    assert len(opened.tables) == 2
    assert len(opened.inline_shapes) == 1


def test_without_a_named_place_the_brief_stands_at_the_end(brief: LearningBrief, template: Callable[..., Path]) -> None:
    path = template(lambda document: document.add_paragraph(f"Not {PLACE}"))
    texts = [p.text for p in Document(io.BytesIO(word_document(brief, template=path))).paragraphs]
    assert texts[:2] == ["Not [brief]", "Learning brief: May 2019"]
    assert texts[-2:] == ["A small difference can be chance.", brief.provenance]


def test_a_brief_is_a_template_itself(brief: LearningBrief, written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(written)
    opened = Document(io.BytesIO(word_document(brief, template=path)))
    assert of_style(opened, "Title") == ["Learning brief: May 2019"] * 2


def test_page_header_footer_and_look_are_the_template_s_and_the_title_the_brief_s(
    brief: LearningBrief, template: Callable[..., Path]
) -> None:
    def change(document: WordDocument) -> None:
        document.sections[0].left_margin = document.sections[0].right_margin = Cm(4)
        document.sections[0].header.paragraphs[0].text = "Council"
        document.sections[0].footer.is_linked_to_previous = True
        document.styles["Title"].font.name = "Georgia"
        document.core_properties.author = document.core_properties.title = "Somebody"

    opened = Document(io.BytesIO(word_document(brief, template=template(change))))
    page = opened.sections[0]
    assert round(page.left_margin.cm, 1) == 4
    assert [p.text for p in page.header.paragraphs] == ["Council"]
    assert page.footer.is_linked_to_previous
    assert opened.styles["Title"].font.name == "Georgia"
    assert (opened.core_properties.title, opened.core_properties.author) == ("Learning brief: May 2019", "")
    assert opened.inline_shapes[0].width == pytest.approx(Cm(13), rel=0.001)
    assert sum(column.width for column in opened.tables[0].columns) == pytest.approx(Cm(13), rel=0.001)


def test_the_width_is_that_of_the_section_in_which_the_place_lies(
    brief: LearningBrief, template: Callable[..., Path]
) -> None:
    def change(document: WordDocument) -> None:
        document.add_paragraph(PLACE)
        document.add_section()
        document.sections[0].left_margin, document.sections[1].left_margin = Cm(7), Cm(3)
        document.add_paragraph("After")

    opened = Document(io.BytesIO(word_document(brief, template=template(change))))
    assert opened.inline_shapes[0].width == pytest.approx(Cm(12), rel=0.001)


def test_a_place_that_ends_a_section_leaves_the_section_with_its_page(
    brief: LearningBrief, template: Callable[..., Path]
) -> None:
    def change(document: WordDocument) -> None:
        paragraph = document.add_paragraph(PLACE)
        document.add_section()
        ending = paragraph._p.getnext()
        paragraph._p.get_or_add_pPr().append(ending.pPr.find(qn("w:sectPr")))
        ending.getparent().remove(ending)
        document.sections[0].left_margin = Cm(5)

    opened = Document(io.BytesIO(word_document(brief, template=template(change))))
    assert [round(page.left_margin.cm) for page in opened.sections] == [5, 2]
    assert PLACE not in [p.text for p in opened.paragraphs]


def test_styles_are_found_whatever_their_case_and_their_ids(
    brief: LearningBrief, template: Callable[..., Path]
) -> None:
    def change(document: WordDocument) -> None:
        names = {"heading 1": "Heading 1", "Brief note": "brief Note", "caption": "Caption"}
        for style in document.styles.element.style_lst:
            if style.name_val in names:
                style.name_val = names[style.name_val]
                style.set(qn("w:styleId"), f"berschrift{style.styleId}")

    opened = Document(io.BytesIO(word_document(brief, template=template(change))))
    assert of_style(opened, "brief Note")
    used = {p._p.style for p in opened.paragraphs}
    assert {"berschriftHeading1", "berschriftCaption"} <= used


@pytest.mark.parametrize("name", NEEDED)
def test_a_style_that_is_missing_is_named(brief: LearningBrief, template: Callable[..., Path], name: str) -> None:
    def change(document: WordDocument) -> None:
        document.styles[name].element.name_val = "Other"

    with pytest.raises(
        TemplateError, match=f"council.docx cannot be used: it lacks the styles {name}; start from a brief"
    ):
        word_document(brief, template=template(change))


def test_a_style_of_another_kind_is_missing(brief: LearningBrief, template: Callable[..., Path]) -> None:
    def change(document: WordDocument) -> None:
        document.styles["Brief table"].element.set(qn("w:type"), "paragraph")

    with pytest.raises(TemplateError, match="lacks the styles Brief table;"):
        word_document(brief, template=template(change))


def test_any_other_document_lacks_the_styles_of_a_brief(brief: LearningBrief, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="Brief headline, Brief notice, Brief note") as refused:
        word_document(brief, template=saved(Document(), tmp_path / "plain.docx"))
    assert refused.value.exit_code == 2


def doctype(data: bytes) -> bytes:
    declared = part(data, DOCUMENT).replace("<w:document", '<!DOCTYPE w [<!ENTITY e "Umberfield">]><w:document', 1)
    return with_parts(data, {DOCUMENT: declared.encode()})


def macros(data: bytes) -> bytes:
    types = part(data, "[Content_Types].xml").replace(
        "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "vnd.ms-word.document.macroEnabled.main+xml",
    )
    return with_parts(data, {"[Content_Types].xml": types.encode()})


def locked(data: bytes) -> bytes:
    changed = bytearray(data)
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(header), data):
            changed[found.start() + flags] |= 1
    return bytes(changed)


def without_page(data: bytes) -> bytes:
    return with_parts(data, {DOCUMENT: re.sub(r"<w:sectPr.*</w:sectPr>", "", part(data, DOCUMENT)).encode()})


UNUSABLE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "text": (lambda _: b"Umberfield", "damaged, or no Word document"),
    "empty": (lambda _: b"", "damaged, or no Word document"),
    "cut off": (lambda data: data[: len(data) // 2], "damaged, or no Word document"),
    "another zip": (
        lambda _: with_parts(_empty_zip(), {"Umberfield.txt": b"Umberfield"}),
        "damaged, or no Word document",
    ),
    "no document": (lambda data: with_parts(data, {DOCUMENT: b"<Umberfield/>"}), "damaged, or no Word document"),
    "older format": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Umberfield", "locked with a password"),
    "locked": (locked, "locked with a password"),
    "doctype": (doctype, "declares a document type"),
    "macros in it": (lambda data: with_parts(data, {"word/vbaProject.bin": b"Umberfield"}), "carries macros"),
    "docm": (macros, "carries macros"),
    "no page": (without_page, "leaves no room"),
}


def _empty_zip() -> bytes:
    packed = io.BytesIO()
    zipfile.ZipFile(packed, "w").close()
    return packed.getvalue()


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_template_is_refused_in_a_sentence(
    brief: LearningBrief, written: bytes, tmp_path: Path, case: str
) -> None:
    spoil, why = UNUSABLE[case]
    path = tmp_path / "council.docx"
    path.write_bytes(spoil(written))
    with pytest.raises(TemplateError, match=f"^the template council.docx cannot be used: .*{why}") as refused:
        word_document(brief, template=path)
    assert "Umberfield" not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_bomb_is_refused_before_it_is_unpacked(
    brief: LearningBrief, written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(with_parts(written, {f"word/media/{n}.bin": b"\0" * 9_000_000 for n in range(12)}))
    assert path.stat().st_size < 1_000_000
    monkeypatch.setattr(word_template, "Document", lambda _: pytest.fail("it was parsed"))
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(TemplateError, match="unpacks to more than 100 megabytes"):
        word_document(brief, template=path)


def test_a_file_larger_than_any_template_is_not_read(
    brief: LearningBrief, written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.docx"
    path.write_bytes(written)
    monkeypatch.setattr(word_template, "_LARGEST_TEMPLATE", len(written) - 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(TemplateError, match="unpacks to more than"):
        word_document(brief, template=path)


def test_a_template_that_is_not_there_is_named_without_its_folder(brief: LearningBrief, tmp_path: Path) -> None:
    for path in (tmp_path / "none.docx", tmp_path):
        with pytest.raises(
            TemplateError, match=f"the template {path.name} cannot be used: it cannot be read"
        ) as refused:
            word_document(brief, template=path)
        assert str(tmp_path.parent) not in str(refused.value)


# LibreOffice


def convert(path: Path, to: str) -> Path:
    if SOFFICE is None:
        pytest.skip("soffice is not there; apt-get install libreoffice-writer")
    out = path.parent / "converted"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [SOFFICE, "--headless", profile, "--convert-to", to, "--outdir", str(out), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    made = out / f"{path.stem}.{to}"
    assert made.is_file(), done.stdout + done.stderr
    return made


@pytest.mark.slow
def test_libreoffice_opens_it_and_shows_every_word_and_the_page(written: bytes, tmp_path: Path) -> None:
    from pypdf import PdfReader

    path = tmp_path / "brief.docx"
    path.write_bytes(written)
    pages = PdfReader(convert(path, "pdf")).pages
    shown = " ".join(" ".join(page.extract_text() for page in pages).split())
    for text in ("Learning brief: May 2019", "Draft: 3 returns are missing.", "16 (38%)", "Page 1", "Working together"):
        assert text in shown
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
    assert any("/XObject" in page["/Resources"] for page in pages)
    links = [note.get_object() for page in pages for note in page.get("/Annots", [])]
    assert "https://example.org/guide?a=1&b=2" in [link["/A"]["/URI"] for link in links if "/A" in link]


@pytest.mark.slow
def test_what_libreoffice_saved_is_a_template(brief: LearningBrief, written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(written)
    data = word_document(brief, template=convert(path, "docx"))
    opened = Document(io.BytesIO(data))
    assert [text for text in of_style(opened, "Title") if text] == ["Learning brief: May 2019"] * 2
    assert opened.core_properties.title == "Learning brief: May 2019"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))
        about = [name for name in archive.namelist() if name.startswith("docProps/core")]
    assert about == ["docProps/core.xml"]
