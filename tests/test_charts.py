"""The pictures, read as the XML they are: what is written in them, and that nothing else is."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import WIDE_HEADER
from defusedxml.ElementTree import fromstring

from auditanalytics.reporting.canvas import Chart
from auditanalytics.reporting.charts import draw_overview, draw_trend
from auditanalytics.reporting.colours import DARK_BLUE, ORANGE
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend, domain_trends

Read = Callable[..., AuditReturns]
SVG = "{http://www.w3.org/2000/svg}"


def words(svg: bytes) -> list[str]:
    return ["".join(text.itertext()).strip() for text in fromstring(svg).iter(f"{SVG}text")]


def both(chart: Chart) -> list[bytes]:
    return [chart.wide, chart.narrow]


@pytest.fixture(scope="module")
def risk(example: AuditReturns) -> Chart:
    return draw_trend(domain_trend(example, "risk", quarter="2019-Q4"))


def test_the_pair_its_percentages_and_its_counts_are_printed(risk: Chart) -> None:
    for svg in both(risk):
        found = words(svg)
        for text in ("Good or better", "Inadequate", "34%", "29%", "38%", "19 of 56", "12 of 42", "16 of 42"):
            assert text in found


def test_part_quarters_say_which_month_they_lack(risk: Chart) -> None:
    for svg in both(risk):
        assert words(svg).count("no Aug") == 2
        assert words(svg).count("no Dec") == 2


def test_colours_are_the_palette_for_two_series_in_its_order(risk: Chart) -> None:
    text = risk.wide.decode().upper()
    assert text.index(DARK_BLUE.upper()) < text.index(ORANGE.upper())
    assert (DARK_BLUE, ORANGE) == ("#12436D", "#F46A25")


def test_a_picture_holds_no_script_no_link_and_no_date(risk: Chart) -> None:
    for svg in both(risk):
        assert not re.search(rb"<script|onload|href=\"http|<dc:date|DejaVu", svg)


def test_the_same_trend_gives_the_same_bytes(example: AuditReturns, risk: Chart) -> None:
    again = draw_trend(domain_trend(example, "risk", quarter="2019-Q4"))
    assert both(again) == both(risk)


def test_a_title_with_markup_or_mathematics_is_a_title(example: AuditReturns) -> None:
    title = "$\\frac{a}$ <script>alert(1)</script>"
    svg = draw_overview([replace(domain_trend(example, "risk"), title=title)]).wide
    assert b"<script" not in svg
    assert "$\\frac{a}$ <script>" in " ".join(words(svg))


def test_a_quarter_without_returns_is_a_visible_gap(read_small: Read) -> None:
    rows = [["A1", "01/02/2025", "N", "Good", "RI", "Good"], ["A2", "01/08/2025", "N", "Good", "RI", "Good"]]
    chart = draw_trend(domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q3"))
    assert words(chart.wide).count("graded") == 2
    assert "0 of 0" in words(chart.wide)
    assert b"#efefef" in chart.wide.lower()


def test_below_ten_audits_labels_are_counts(read_small: Read) -> None:
    chart = draw_trend(
        domain_trend(read_small([WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", ""]]), "risk", quarter="2025-Q1")
    )
    axis = {f"{percent}%" for percent in range(0, 101, 20)}
    assert {word for word in words(chart.wide) if word.endswith("%")} <= axis


def test_a_published_table_alone_has_no_interval(example: AuditReturns) -> None:
    alone = replace(example, audits=example.audits[:0], judgements=example.judgements[:0])
    for chart in (draw_trend(domain_trend(alone, "risk")), draw_overview(domain_trends(alone))):
        assert "95% interval" not in words(chart.wide)
        assert any("as published" in word for word in words(chart.wide))
        assert chart.alternative


def test_fifty_quarters_and_a_domain_of_which_little_was_graded_can_be_drawn(read_small: Read) -> None:
    rows = [
        [f"A{y}{m}", f"01/{m:02}/{y}", "N", "Good", "RI", "Good" if y == 2010 else ""]
        for y in range(2010, 2023)
        for m in (2, 5, 8, 11)
    ]
    trends = domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2022-Q4")
    assert len(trends[0].periods) == 52
    for chart in (draw_trend(trends[0]), draw_overview(trends)):
        assert all(fromstring(svg) is not None for svg in both(chart))
    assert {"2010", "2012", "2022"} <= set(words(draw_trend(trends[0]).wide))
