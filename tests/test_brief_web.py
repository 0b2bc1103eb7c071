"""The brief as a web page, with a council's own template, and shown in a notebook."""

import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from auditanalytics.briefs.kinds import learning_brief
from auditanalytics.briefs.model import BriefTable, LearningBrief, Paragraph, Point, Points, Section
from auditanalytics.briefs.web import plain_text, show_brief, web_document
from auditanalytics.errors import TemplateError
from auditanalytics.returns import AuditReturns


@pytest.fixture(scope="module")
def brief(example: AuditReturns) -> LearningBrief:
    return learning_brief(example, "monthly", period="2019-05")


def own(folder: Path, text: str) -> Path:
    path = folder / "house.html"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_page_needs_nothing_else_and_holds_no_script(brief: LearningBrief) -> None:
    page = web_document(brief)
    assert re.match(r'<!DOCTYPE html>\n<html lang="en-GB">', page)
    assert f"<title>{brief.title}</title>" in page
    assert not re.search(r"<script|\son\w+=|@import|<link|src=\"(?!data:)|url\(", page)


def test_headings_go_down_one_step_at_a_time(example: AuditReturns) -> None:
    page = web_document(learning_brief(example, "annual", period="2019"))
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert set(levels) == {1, 2, 3}


def test_tables_have_captions_and_heads_that_say_their_scope(brief: LearningBrief) -> None:
    page = web_document(brief)
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert tables
    for table in tables:
        assert "<caption>" in table
        assert table.count('<th scope="row">') == table.count("<tr>") - 1


def test_a_link_leads_to_its_address(brief: LearningBrief) -> None:
    points = Points((Point("Chronologies in practice", lead="History", address="https://learning.example/a?b=1&c=2"),))
    page = web_document(replace(brief, sections=(Section("links", "Links to learning", (points,)),)))
    assert '<a href="https://learning.example/a?b=1&amp;c=2">Chronologies in practice</a>' in page


def test_the_notice_stands_before_anything_else(brief: LearningBrief) -> None:
    page = web_document(replace(brief, notice="An example."))
    assert page.index('<p class="notice">An example.</p>') < page.index(brief.headline[0])
    assert 'class="notice"' not in web_document(brief)


def test_a_notebook_shows_the_same_and_proves_its_origin(example: AuditReturns, brief: LearningBrief) -> None:
    shown = show_brief(example, brief, run="abc")
    assert shown.html in web_document(brief)
    assert shown.text == plain_text(brief)
    assert shown.proof == {"run": "abc", "audits": 96, "judgements": len(example.judgements)}


# ------------------------------------------------------------------------------------------------------ own templates


def test_an_own_template_is_given_the_brief_and_escapes_it(brief: LearningBrief, tmp_path: Path) -> None:
    template = own(tmp_path, "{{ brief.title }}|{{ brief.section('worries').title }}|{{ brief.headline[0] }}")
    page = web_document(replace(brief, headline=("<b>Eight</b>",)), template=template)
    assert page == "Learning brief: May 2019|What are we worried about?|&lt;b&gt;Eight&lt;/b&gt;"


def test_the_template_of_the_documentation_works(brief: LearningBrief, tmp_path: Path) -> None:
    documented = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    (template,) = re.findall(r"```\n(<!DOCTYPE.*?)```", documented, re.DOTALL)
    page = web_document(brief, template=own(tmp_path, template))
    for section, _ in brief.walk():
        assert f"{section.title}</h" in page
        for part in section.parts:
            if isinstance(part, BriefTable):
                assert f"<caption>{part.caption}</caption>" in page
            elif isinstance(part, Paragraph):
                assert part.text.replace("'", "&#39;") in page
    assert page.count("data:image/svg+xml;base64,") == 1


def test_the_python_of_the_documentation_works() -> None:
    documented = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", documented, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    assert names["brief"].kind == "monthly"


def test_every_attribute_of_the_value_is_documented() -> None:
    documented = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    for value in (LearningBrief, Section, Paragraph, Point, BriefTable):
        for name in value.__dataclass_fields__:
            assert name == "kind" or f"`{name}`" in documented, name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ brief.title", r"house\.html, line 1, cannot be used \(TemplateSyntaxError: unexpected end of template"),
        ("\n{{ breif.title }}", r"house\.html, line 2, cannot be used \(UndefinedError: 'breif' is undefined\)"),
        ("{{ brief.__class__.__mro__ }}", r"house\.html, line 1, cannot be used \(SecurityError\)"),
        ("\n\n{{ 1 // 0 }}", r"house\.html, line 3, cannot be used \(ZeroDivisionError\)"),
        ("{% include 'other.html' %}", r"house\.html, line 1, cannot be used \(TypeError\)"),
        (
            "{% for n in range(999999999) %}{{ n }}{% endfor %}",
            r"house\.html, line 1, cannot be used \(OverflowError\)",
        ),
    ],
)
def test_a_template_that_fails_is_named_in_one_sentence(
    brief: LearningBrief, tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(TemplateError, match=why):
        web_document(brief, template=own(tmp_path, text))


def test_a_template_that_is_not_there_or_not_text_is_refused(brief: LearningBrief, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read"):
        web_document(brief, template=tmp_path / "none.html")
    (tmp_path / "bytes.html").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="is not UTF-8"):
        web_document(brief, template=tmp_path / "bytes.html")
