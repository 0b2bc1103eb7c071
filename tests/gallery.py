"""Draws the gallery: a chart of every rung of the ladder, from invented returns with known truth.

`make gallery` writes them into reports/gallery; tests/test_gallery.py holds what is committed against what is drawn now.
"""

import csv
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from conftest import SMALL_FRAMEWORK, WIDE_HEADER
from simulated_services import audit_year, planted

from auditanalytics import read_returns
from auditanalytics.moderation import ALL
from auditanalytics.moderation_measures import ANY, moderation_measures
from auditanalytics.reporting.canvas import Chart
from auditanalytics.reporting.charts import draw_grades, draw_grades_of_all, draw_overview, draw_trend
from auditanalytics.reporting.moderation_charts import draw_agreement, draw_severity
from auditanalytics.reporting.theme_charts import draw_themes
from auditanalytics.severity import auditor_severity
from auditanalytics.theme_measures import count_themes
from auditanalytics.themes import NO_THEME
from auditanalytics.trends import DomainTrend, domain_trend, domain_trends

GALLERY = Path(__file__).parent.parent / "reports" / "gallery"
TARGETS = "[targets]\ngood_at_least = 0.5\ninadequate_at_most = 0.1\n"
Shares = Callable[[int], float]


@dataclass(frozen=True)
class Series:
    """Invented audits, a number a quarter, whose shares follow a known course; quarters left out are gaps."""

    quarters: int
    audits: int
    good: Shares
    inadequate: Shares
    events: tuple[tuple[str, str, str], ...] = ()
    gaps: tuple[int, ...] = ()

    def rows(self) -> list[list[str]]:
        """The rows of a wide return; a weak case is weak throughout."""
        chance, rows = random.Random(2019), [WIDE_HEADER]
        for quarter in (each for each in range(self.quarters) if each not in self.gaps):
            for number in range(self.audits):
                quality = chance.random()
                luck = [quality if chance.random() < 0.6 else chance.random() for _ in range(3)]
                grades = [self._grade(each, quarter) for each in luck]
                month = 3 * (quarter % 4) + 1 + number % 3
                day = f"{2015 + quarter // 4}-{month:02}-{chance.randint(1, 28):02}"
                rows.append([f"A{quarter}-{number}", day, chance.choice("NSEW"), *grades])
        return rows

    def _grade(self, luck: float, quarter: int) -> str:
        if luck < self.good(quarter):
            return "Outstanding" if luck < self.good(quarter) / 12 else "Good"
        return "Inadequate" if luck > 1 - self.inadequate(quarter) else "Requires improvement"

    def trends(self, *, unit: str = "quarter") -> list[DomainTrend]:
        """The domains of these audits, the last quarter reported, with the targets of an invented framework."""
        with tempfile.TemporaryDirectory() as scratch:
            framework, returns = Path(scratch) / "invented.toml", Path(scratch) / "returns"
            framework.write_text(SMALL_FRAMEWORK + TARGETS, encoding="utf-8")
            returns.mkdir()
            _write(returns / "returns.csv", self.rows())
            _write(returns / "events.csv", [["date", "label", "rebase"], *self.events])
            read = read_returns(returns, framework=framework)
        return domain_trends(read, quarter=max(read.audits["quarter"]), unit=unit)


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _steady(share: float) -> Shares:
    return lambda quarter: share


def _shift(before: float, after: float, first: int) -> Shares:
    return lambda quarter: before if quarter < first else after


DOTS = Series(5, 24, _steady(0.35), _steady(0.2))
MONTHS = Series(4, 36, _steady(0.35), _steady(0.2))
RUN_CHART = Series(
    10, 24, _shift(0.3, 0.5, 5), _steady(0.25), events=(("2016-02-10", "New audit form", ""),), gaps=(3,)
)
P_CHART = Series(
    20, 30, _shift(0.35, 0.6, 14), _shift(0.3, 0.06, 14), events=(("2018-06-10", "New head of service", ""),)
)
REBASED = Series(30, 30, _shift(0.35, 0.6, 14), _steady(0.25), events=(("2018-07-01", "New audit form", "yes"),))
FEW_AUDITS = Series(16, 7, _steady(0.4), _steady(0.2))


def draw_gallery() -> dict[str, Chart]:
    """Draw every chart of the gallery, by the name of its file."""
    example = read_returns(Path(__file__).parent.parent / "data" / "example", framework="south-gloucestershire")
    of_example = domain_trends(example, quarter="2019-Q4")
    themes = count_themes(example, through="2019-Q4")
    of_plans = (themes["domain"] == "plans") & (themes["quarter"] == "2019-Q4") & (themes["theme"] != NO_THEME)
    measures = moderation_measures(example, through="2019-Q4")
    chance = np.random.default_rng(2025)
    severity = auditor_severity(audit_year(example, planted(chance), chance))
    return {
        "dots": draw_trend(DOTS.trends()[0]),
        "dots-beside-published": draw_trend(domain_trend(example, "plans", quarter="2019-Q4")),
        "run-chart": draw_trend(RUN_CHART.trends()[0]),
        "run-chart-of-months": draw_trend(MONTHS.trends(unit="month")[0]),
        "run-chart-of-few-audits": draw_trend(FEW_AUDITS.trends()[0]),
        "p-chart": draw_trend(P_CHART.trends()[0]),
        "p-chart-rebased": draw_trend(REBASED.trends()[0]),
        "grades": draw_grades(RUN_CHART.trends()[0]),
        "grades-of-all-domains": draw_grades_of_all(of_example),
        "overview": draw_overview(of_example),
        "themes": draw_themes(themes[of_plans], example.themes, "Plans: what the comments speak of"),
        "agreement": draw_agreement(
            measures[measures["quarter"] == ALL],
            example.framework.domain_titles | {ANY: "All domains together"},
            "How far moderators gave the auditors' grades",
        ),
        "auditors": draw_severity(severity[severity["lower"].notna()], "Each auditor against the rest"),
    }


def main() -> None:
    """Write the gallery."""
    GALLERY.mkdir(exist_ok=True)
    charts = draw_gallery()
    for name, chart in charts.items():
        (GALLERY / f"{name}.svg").write_bytes(chart.wide)
        (GALLERY / f"{name}-phone.svg").write_bytes(chart.narrow)
    (GALLERY / "README.md").write_text(gallery_readme(charts), encoding="utf-8")


def gallery_readme(charts: dict[str, Chart]) -> str:
    """Show every chart with what it says in words."""
    lines = ["# Gallery", "", "Every kind of chart, from invented returns. `make gallery` draws them anew.", ""]
    for name, chart in charts.items():
        title = name.replace("-", " ").capitalize()
        lines += [f"## {title}", "", f"![{title}]({name}.svg)", "", chart.alternative, ""]
        lines += [f"[On a phone]({name}-phone.svg)", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
