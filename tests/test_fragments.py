"""Pieces of pages and pages: escaped, in order, and nothing that the library did not make."""

import re
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from auditanalytics import (
    close_page,
    domain_trend,
    domain_trends,
    show_grades,
    show_position,
    show_trend,
)
from auditanalytics.errors import PrivacyError
from auditanalytics.frameworks.framework import Expected
from auditanalytics.reporting.fragments import FRAGMENT, Fragment
from auditanalytics.reporting.pages import Link, Page, export_page, index_page
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import QUARTERLY_GRADES

PAGE = Page("a.html", "A", "Audit: October to December 2019", [Link("a.html", "A"), Link("b.html", "B")], "Made by.")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def shown(fragment: Fragment, **more: object) -> object:
    return new_output("display_data", data=fragment._repr_mimebundle_() | more)


def notebook(*outputs: object) -> object:
    return new_notebook(cells=[new_markdown_cell("# What?"), new_code_cell("secret_code()", outputs=list(outputs))])


def test_a_page_shows_prose_and_pieces_and_no_code(example: AuditReturns) -> None:
    html = export_page(notebook(shown(show_position(domain_trend(example, "risk")))), PAGE)
    assert "<h1>What?</h1>" in html or '<h1 id="What?">What?</h1>' in html
    assert "12 of 42 judgements" in html
    assert "secret_code" not in html
    assert "<script" not in html
    assert 'lang="en-GB"' in html
    assert html.index('class="skip"') < html.index("<nav")


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="Canary Wharfinger"),
        new_output("display_data", data={"text/html": "<table>Canary Wharfinger</table>"}),
        new_output("execute_result", data={"text/plain": "Canary Wharfinger"}, execution_count=1),
        new_output("error", ename="ValueError", evalue="Canary Wharfinger", traceback=[]),
    ],
)
def test_what_the_library_did_not_make_stops_the_page_and_is_not_repeated(output: object) -> None:
    with pytest.raises(PrivacyError, match=r"cell 2 of the notebook for a\.html shows") as caught:
        export_page(notebook(output), PAGE)
    assert "Canary" not in str(caught.value)


def test_warnings_of_libraries_are_not_shown() -> None:
    html = export_page(notebook(new_output("stream", name="stderr", text="Canary Wharfinger")), PAGE)
    assert "Canary" not in html


def test_hostile_words_are_inert_wherever_they_stand(example: AuditReturns) -> None:
    trend = replace(domain_trend(example, "risk"), title=HOSTILE)
    page = replace(
        PAGE, title=HOSTILE, report=HOSTILE, subject=HOSTILE, links=[Link("a.html", HOSTILE)], provenance=HOSTILE
    )
    pieces = [shown(make(trend)) for make in (show_trend, show_grades, show_position)]
    html = export_page(notebook(*pieces), page)
    html += index_page(example, [trend], page, [QUARTERLY_GRADES])
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert" in html


def test_the_last_piece_proves_the_run(example: AuditReturns) -> None:
    bundle = close_page(example, domain_trends(example), run="abc")._repr_mimebundle_()
    assert bundle[FRAGMENT] == {"run": "abc", "audits": 96, "judgements": 1536}
    assert "part-quarter" in bundle["text/html"]


def test_the_index_links_only_to_pages_that_were_made(example: AuditReturns) -> None:
    page = replace(PAGE, links=[Link("index.html", "Summary"), Link("domain-risk.html", "Risk")])
    html = index_page(example, domain_trends(example), page, [])
    assert set(re.findall(r'href="(domain-[^"]*)"', html)) == {"domain-risk.html"}


def test_a_return_rate_is_only_given_where_every_month_with_audits_has_an_expectation(example: AuditReturns) -> None:
    by_month = {month: number for month, number in example.framework.expected.by_month.items() if month != "2019-10"}
    framework = example.framework.model_copy(update={"expected": Expected(by_month=by_month)})
    html = index_page(replace(example, framework=framework), domain_trends(example, quarter="2019-Q4"), PAGE, [])
    assert "21 audits were returned for October to December 2019." in html
    assert "expected." not in html
