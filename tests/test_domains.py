"""What a page shows of domains: each piece with its numbers, its reasons and nothing that the numbers do not bear."""

import re
from collections.abc import Callable
from dataclasses import replace

from conftest import WIDE_HEADER
from test_charts import words

from auditanalytics import (
    domain_trend,
    domain_trends,
    show_case_mix,
    show_changes_in_shares,
    show_overview,
    show_position,
    show_summary,
    show_trend,
    show_year,
)
from auditanalytics.reporting.charts import draw_trend
from auditanalytics.reporting.every_grade import show_grades_of_all
from auditanalytics.returns import AuditReturns

Read = Callable[..., AuditReturns]
CLAIMS = re.compile(r"strengthening|weakening|improv(?!ement)|declin|deteriorat", re.I)


def test_the_figure_has_its_text_alternative_and_its_numbers(example: AuditReturns) -> None:
    html = show_trend(domain_trend(example, "risk", quarter="2019-Q4")).html
    assert 'alt="Identification and response to risk: 38% Inadequate, 16 of 42 judgements in 21 audits' in html
    assert html.count("<figure>") == html.count("<figcaption>") == 1
    assert html.count('scope="row"') == 4
    for text in ("23% to 55%", "16 of 42", "part-quarter", "Published"):
        assert text in html


def test_the_summary_has_every_domain(example: AuditReturns) -> None:
    html = show_summary(domain_trends(example), linked=list(example.framework.domain_titles)).html
    for domain, title in example.framework.domain_titles.items():
        assert f'<a href="domain-{domain}.html">{title}</a>' in html


def test_the_overview_speaks_for_every_domain_and_not_for_the_first(example: AuditReturns) -> None:
    risk, *others = domain_trends(example)
    html = show_overview([replace(risk, grades=risk.grades[:0]), *others]).html
    assert "Each mark is the share" in html
    assert "Shares as published" not in html


def test_the_year_is_told_without_a_claim_and_with_its_directions(example: AuditReturns) -> None:
    html = show_year(domain_trends(example, quarter="2019-Q4")).html
    assert "2019 shows no change in any domain that the audits can bear: no evidence of change." in html
    assert "Assessments (44% to 19%)" in html
    assert "Plans (9% to 29%)" in html
    assert not CLAIMS.search(html)


def test_nothing_on_the_pages_of_the_example_claims_a_change(example: AuditReturns) -> None:
    trends = domain_trends(example, quarter="2019-Q4")
    pieces = [show_summary(trends), show_overview(trends), show_changes_in_shares(trends), show_grades_of_all(trends)]
    for trend in trends:
        pieces += [show_position(trend), show_trend(trend), show_changes_in_shares([trend]), show_case_mix(trend)]
    for piece in pieces:
        assert not CLAIMS.search(piece.html + piece.text)


def test_the_table_of_changes_has_every_interval_as_it_is_and_widened(example: AuditReturns) -> None:
    html = show_changes_in_shares([domain_trend(example, "plans", quarter="2019-Q4")]).html
    text = re.sub(r"<[^>]+>|\s+", " ", html)
    assert "Widened for 36" in text
    assert re.search(r"Inadequate\s+5 of 56\s+12 of 42\s+20\s+2 to 37\s+−10 to 47", text)
    assert text.count("no evidence of change") == 2


def test_of_several_domains_the_longest_comparison_is_shown(example: AuditReturns) -> None:
    html = show_changes_in_shares(domain_trends(example, quarter="2019-Q4")).html
    assert html.count('scope="rowgroup"') == 6
    assert "What changed in every domain since Jan to Mar 2019" in html
    assert "Jul to Sep 2019" not in html


def test_the_parts_of_a_change_are_shown_and_what_was_left_out_is_named(example: AuditReturns) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", show_case_mix(domain_trend(example, "plans", quarter="2019-Q4")).html)
    assert "the parts add up to the change." in text
    assert "Which teams" in text
    assert "mostly practice" in text


def test_months_are_not_split_and_the_page_says_so(example: AuditReturns) -> None:
    trend = domain_trend(example, "plans", quarter="2019-Q4", unit="month")
    assert "between quarters, not between months" in show_case_mix(trend).html
    assert "by month" in show_trend(trend).html


def test_one_quarter_has_nothing_to_compare_with(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Good", "RI", "Good"] for n in range(12)]
    trends = domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q1")
    for piece in (show_year(trends), show_changes_in_shares(trends), show_case_mix(trends[0])):
        assert "There is no earlier period" in piece.html
    assert "Change" not in show_summary(trends).html


def test_below_ten_audits_a_change_has_counts_and_no_percentages(read_small: Read) -> None:
    rows = [[f"A{n}", f"0{1 + n % 2 * 3}/0{1 + n % 2 * 3}/2025", "N", "Good", "RI", "Good"] for n in range(8)]
    html = show_changes_in_shares(domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q2")).html
    assert "too few audits for percentages" in html
    assert "%" not in html.replace("95%", "")


def test_targets_stand_over_the_tails_and_are_held_against_the_interval(
    read_small: Read, small_framework: object
) -> None:
    text = small_framework.read_text(encoding="utf-8") + "[targets]\ngood_at_least = 0.4\n"
    small_framework.write_text(text, encoding="utf-8")
    rows = [[f"A{n}", "01/02/2025", "N", "Inadequate", "RI", "Good"] for n in range(12)]
    trends = domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q1")
    assert "target at least 40%" in show_summary(trends).html
    assert "0% misses the target of at least 40% Good or better" in show_position(trends[0]).html
    assert "target" in words(draw_trend(trends[0]).wide)


def test_events_are_lettered_and_named_and_escaped(read_small: Read) -> None:
    rows = [[f"A{n}", f"01/0{1 + n % 6}/2025", "N", "Good", "RI", "Good"] for n in range(24)]
    read_small([["date", "label"], ["2025-02-10", "New form <b>"], ["2030-01-01", "Later"]], name="events.csv")
    html = show_trend(domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q2")[0]).html
    assert "Marked: A: New form &lt;b&gt;, 10 February 2025." in html
    assert "Later" not in html


def test_a_quarter_without_grades_is_named_as_the_reason_that_nothing_is_compared(read_small: Read) -> None:
    rows = [
        [f"A{n}", f"01/0{1 + 3 * (n % 2)}/2025", "N", "Good", "RI", "Good" if n % 2 == 0 else ""] for n in range(24)
    ]
    plans = domain_trend(read_small([WIDE_HEADER, *rows]), "plans", quarter="2025-Q2")
    for piece in (show_changes_in_shares([plans]), show_case_mix(plans)):
        assert "Nothing was graded in April to June 2025, so there is nothing to compare." in piece.html


def test_a_new_baseline_is_named_as_the_reason_that_nothing_is_compared(read_small: Read) -> None:
    read_small([["date", "label", "rebase"], ["2025-04-01", "New form", "yes"]], name="events.csv")
    rows = [[f"A{n}", f"01/0{1 + 3 * (n % 2)}/2025", "N", "Good", "RI", "Good"] for n in range(24)]
    trends = domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q2")
    for piece in (show_changes_in_shares(trends), show_case_mix(trends[0]), show_year(trends)):
        assert "Nothing is compared with what was before the new baseline (New form, 1 April 2025)." in piece.html


def test_a_run_chart_of_few_points_says_that_it_can_hardly_show_a_shift(read_small: Read) -> None:
    rows = [
        [
            f"A{quarter}-{n}",
            f"01/{3 * (quarter % 4) + 1:02}/{2020 + quarter // 4}",
            "N",
            *["Good" if n <= quarter else "RI"] * 3,
        ]
        for quarter in range(8)
        for n in range(12)
    ]
    html = show_trend(domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2021-Q4")).html
    assert "no sign of a shift, which fewer than 10 points off the median can hardly show." in html
