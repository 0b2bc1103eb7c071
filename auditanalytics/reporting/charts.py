"""Charts: Good and Inadequate as a pair by period, and every grade as a bar that diverges where Good begins.

Each chart is drawn twice, for a wide page and for a phone. Every series has its own shape and label besides its colour,
and every chart a text alternative that begins with its finding.
"""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from auditanalytics.grades import GOOD_OR_BETTER, TAILS, GradeScale
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.reporting.canvas import Chart, Drawing, add_key, grade_colours, ink_on, legend_mark, name_rows
from auditanalytics.reporting.colours import BLACK
from auditanalytics.reporting.descriptions import describe_chart, describe_grades
from auditanalytics.reporting.panels import (
    draw_tail,
    key_of,
    label_last,
    title_panel,
)
from auditanalytics.reporting.period_labels import MOST_LABELLED, label_periods
from auditanalytics.reporting.wording import percent
from auditanalytics.trends import DomainTrend

MOST_IN_OVERVIEW = 8
"""Periods that a small chart of an overview shows."""

MOST_BARS = 12
"""Periods that a chart of every grade shows."""


def draw_trend(trend: DomainTrend) -> Chart:
    """Draw a domain's periods: a panel for Good or better and one for Inadequate, on the chart that they bear.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    Chart
        The chart.
    """

    def draw(figure: Figure, *, side_by_side: bool) -> None:
        grid = (1, 2) if side_by_side else (2, 1)
        for panel, tail in zip(figure.subplots(*grid, sharey=True).ravel(), TAILS, strict=True):
            draw_tail(panel, trend, tail)
            label_periods(panel, trend, tail, wide=figure.get_figwidth() > 6 and not side_by_side)
            title_panel(panel, trend, tail)
        add_key(figure, key_of([trend]))

    few = len(trend.periods) <= MOST_LABELLED
    return Chart(
        on_wide=Drawing((9.0, 4.3 if few else 6.6), lambda figure: draw(figure, side_by_side=few)),
        on_narrow=Drawing((4.7, 7.6), lambda figure: draw(figure, side_by_side=False)),
        alternative=describe_chart(trend),
    )


def draw_overview(trends: list[DomainTrend]) -> Chart:
    """Draw every domain small, Good or better beside Inadequate, on one scale.

    Parameters
    ----------
    trends
        The domains' periods.

    Returns
    -------
    Chart
        The chart.
    """
    shown = [trend.last(MOST_IN_OVERVIEW) for trend in trends]

    def draw(figure: Figure, *, columns: int) -> None:
        rows = -(-len(shown) // columns)
        panels = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
        for panel, trend in zip(panels, shown, strict=False):
            for tail, aside in zip(TAILS, (-0.14, 0.14), strict=True):
                draw_tail(panel, trend, tail, aside=aside, small=True)
            label_last(panel, trend)
            label_periods(panel, trend, None, wide=False)
            panel.set_title(textwrap.fill(trend.title, 36), fontsize=10.5)
        for panel in panels[len(shown) :]:
            panel.set_axis_off()
        add_key(figure, key_of(shown, small=True))

    return Chart(
        on_wide=Drawing((9.0, 0.6 + 2.6 * -(-len(shown) // 3)), lambda figure: draw(figure, columns=3)),
        on_narrow=Drawing((4.7, 0.6 + 2.6 * len(shown)), lambda figure: draw(figure, columns=1)),
        alternative=" ".join(describe_chart(trend, small=True) for trend in shown),
    )


def draw_grades(trend: DomainTrend) -> Chart:
    """Draw every grade of a domain's last periods as a bar a period, diverging where Good begins.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    Chart
        The chart.
    """
    shown = trend.last(MOST_BARS)
    bars = {trend.short_title_of(period): shown.grades[shown.grades["period"] == period] for period in shown.periods}
    return _draw_bars(bars, trend.scale, describe_grades(shown))


def draw_grades_of_all(trends: list[DomainTrend]) -> Chart:
    """Draw every grade of the reported period as a bar a domain, diverging where Good begins.

    Parameters
    ----------
    trends
        The periods of domains that are graded on one scale.

    Returns
    -------
    Chart
        The chart.
    """
    bars = {trend.title: trend.grades[trend.grades["period"] == trend.latest] for trend in trends}
    words = " ".join(describe_grades(trend.last(1)) for trend in trends)
    return _draw_bars(bars, trends[0].scale, words)


def _draw_bars(bars: dict[str, pd.DataFrame], scale: GradeScale, alternative: str) -> Chart:
    def draw(figure: Figure, *, characters: int) -> None:
        panel = figure.subplots()
        for at, rows in enumerate(bars.values()):
            _draw_bar(panel, at, rows.set_index("grade"), scale)
        name_rows(panel, bars, characters)
        panel.set_ylim(len(bars) - 0.4, -0.6)
        panel.axvline(0, color=BLACK, linewidth=1.2)
        panel.set_xlim(*_extent(bars, scale, room=0.8 / figure.get_figwidth()))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{abs(share):.0%}"))
        panel.set_xlabel("below Good  ◂   ▸  Good or better")
        panel.tick_params(length=0)
        panel.grid(visible=False, axis="y")
        panel.grid(visible=True, axis="x")
        colours = grade_colours(scale)
        add_key(figure, [legend_mark("s", colours[grade], grade) for grade in reversed(scale.grades)])

    height = 1.3 + 0.42 * len(bars)
    return Chart(
        on_wide=Drawing((9.0, height), lambda figure: draw(figure, characters=34)),
        on_narrow=Drawing((4.7, height + 0.5), lambda figure: draw(figure, characters=16)),
        alternative=alternative,
    )


def _extent(bars: dict[str, pd.DataFrame], scale: GradeScale, *, room: float) -> tuple[float, float]:
    """How far the bars reach to either side, with room for the numbers on the right; at least a tenth."""
    good = [rows.loc[rows["grade"] == GOOD_OR_BETTER, "share"].max() for rows in bars.values()]
    right, left = np.nanmax([0.1, *good]), np.nanmax([0.1, *(1 - share for share in good)])
    return -left - 0.03, right + room * (right + left)


def _draw_bar(panel: Axes, at: int, rows: pd.DataFrame, scale: GradeScale) -> None:
    """One bar: outwards from Good to the right, and from the grade below it to the left."""
    if rows["n"].isna().any():
        panel.annotate("hidden", (0.02, at), ha="left", va="center", fontsize=9)
        return
    of, audits = float(rows["of"].iloc[0]), float(rows["audits"].iloc[0])
    if of == 0:
        panel.annotate("none graded", (0.02, at), ha="left", va="center", fontsize=9)
        return
    good = [grade for grade in reversed(scale.grades) if grade in scale.good]
    below = [grade for grade in scale.grades if grade not in scale.good]
    ends = []
    for side, grades in ((1, good), (-1, below)):
        shares = rows.loc[grades, "n"].to_numpy(dtype=float) / of
        for grade, share, inner in zip(grades, shares, np.cumsum(shares) - shares, strict=True):
            colour = grade_colours(scale)[grade]
            panel.barh(at, side * share, left=side * inner, height=0.72, color=colour, edgecolor="white")
            if share >= _NARROWEST_LABELLED:
                text = percent(share) if audits >= FEWEST_AUDITS_FOR_A_PERCENTAGE else str(int(rows.at[grade, "n"]))
                x = side * (inner + share / 2)
                panel.annotate(text, (x, at), ha="center", va="center", fontsize=8.5, color=ink_on(colour))
        ends.append(side * shares.sum())
    panel.annotate(
        f"of {int(of)}",
        (max(ends), at),
        xytext=(5, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        fontsize=8.5,
    )


_NARROWEST_LABELLED = 0.08
"""Share from which a grade's figure fits into its part of a bar."""
