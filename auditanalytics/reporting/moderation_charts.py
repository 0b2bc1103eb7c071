"""The charts of moderation: how often moderators gave the auditors' grades, and each auditor against the rest."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from auditanalytics.reporting.canvas import Chart, Drawing, add_key, legend_mark, name_rows
from auditanalytics.reporting.colours import BLACK, DARK_BLUE, DARK_GREY, ORANGE
from auditanalytics.reporting.wording import percent
from auditanalytics.severity import GRADED_HIGHER, GRADED_LOWER

_MEASURES = {"exact": ("Same grade", DARK_BLUE, "o", False), "adjacent": ("Same or next grade", ORANGE, "D", True)}
_FINDINGS = {GRADED_LOWER: (ORANGE, "v"), GRADED_HIGHER: (DARK_BLUE, "^")}


def draw_agreement(measures: pd.DataFrame, titles: dict[str, str], subject: str) -> Chart:
    """Draw exact and adjacent agreement of every domain with their intervals.

    Parameters
    ----------
    measures
        Rows of `schema.MODERATION` of one period.
    titles
        The titles of the domains.
    subject
        What the picture is of, for its text alternative.

    Returns
    -------
    Chart
        The chart.
    """
    shares = measures[measures["measure"].isin(_MEASURES) & measures["value"].notna()]
    domains = list(shares["domain"].unique())

    def draw(figure: Figure, *, characters: int) -> None:
        panel = figure.subplots()
        for aside, (measure, (_, colour, marker, hollow)) in zip((-0.13, 0.13), _MEASURES.items(), strict=True):
            rows = shares[shares["measure"] == measure].set_index("domain").loc[domains]
            _draw_points(panel, rows["value"], rows["low"], rows["high"], aside, colour, marker, hollow=hollow)
        name_rows(panel, [titles[domain] for domain in domains], characters)
        panel.set_ylim(len(domains) - 0.5, -0.5)
        panel.set_xlim(0, 1.02)
        panel.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        panel.set_xlabel("share of moderated judgements")
        _lay_out_rows(panel)
        marks = [
            legend_mark(marker, colour, label, hollow=hollow) for label, colour, marker, hollow in _MEASURES.values()
        ]
        add_key(figure, marks)

    height = 1.3 + 0.5 * len(domains)
    return Chart(
        on_wide=Drawing((9.0, height), lambda figure: draw(figure, characters=34)),
        on_narrow=Drawing((4.7, height + 0.4), lambda figure: draw(figure, characters=16)),
        alternative=f"{subject}. " + " ".join(_describe_domain(shares, domain, titles) for domain in domains),
    )


def _describe_domain(shares: pd.DataFrame, domain: str, titles: dict[str, str]) -> str:
    rows = shares[shares["domain"] == domain].set_index("measure")
    exact, adjacent = rows.loc["exact"], rows.loc["adjacent"]
    return (
        f"{titles[domain]}: the same grade in {percent(exact['value'])} of {int(exact['n']):,} judgements, "
        f"95% interval {percent(exact['low'])} to {percent(exact['high'])}; "
        f"the same or the next in {percent(adjacent['value'])}."
    )


def draw_severity(severity: pd.DataFrame, subject: str) -> Chart:
    """Draw every assessed auditor against the rest, in the order of the pseudonyms.

    Parameters
    ----------
    severity
        Rows of `schema.AUDITOR_SEVERITY` of auditors with enough audits.
    subject
        What the picture is of, for its text alternative.

    Returns
    -------
    Chart
        The chart.
    """
    rows = severity.set_index("auditor")

    def draw(figure: Figure, *, characters: int) -> None:
        panel = figure.subplots()
        for at, (_, row) in enumerate(rows.iterrows()):
            colour, marker = _FINDINGS.get(row["finding"], (DARK_GREY, "o"))
            _draw_points(panel, *([row[name]] for name in ("lower", "low", "high")), at, colour, marker, hollow=False)
        panel.axvline(0.5, color=BLACK, linewidth=1.2)
        name_rows(panel, rows.index, characters)
        panel.set_ylim(len(rows) - 0.5, -0.5)
        panel.set_xlim(0, 1)
        panel.set_xticks(np.linspace(0, 1, 5), [f"{100 * tick:.0f}" for tick in np.linspace(0, 1, 5)])
        panel.set_xlabel("higher than the rest  ◂   50: alike   ▸  lower than the rest")
        _lay_out_rows(panel)

    height = 0.9 + 0.34 * len(rows)
    return Chart(
        on_wide=Drawing((9.0, height), lambda figure: draw(figure, characters=30)),
        on_narrow=Drawing((4.7, height), lambda figure: draw(figure, characters=30)),
        alternative=f"{subject}. "
        + " ".join(
            f"{auditor}: lower than the rest in {100 * row['lower']:.0f} of 100 pairs, 95% interval "
            f"{100 * row['low']:.0f} to {100 * row['high']:.0f}, {row['finding']}."
            for auditor, row in rows.iterrows()
        ),
    )


def _draw_points(
    panel: Axes,
    value: pd.Series,
    low: pd.Series,
    high: pd.Series,
    aside: float,
    colour: str,
    marker: str,
    *,
    hollow: bool,
) -> None:
    """Points with their intervals, one a row from 0 on, each a little aside of it."""
    value, low, high = (np.asarray(each, dtype=float) for each in (value, low, high))
    at = np.arange(len(value)) + aside
    panel.errorbar(value, at, xerr=[value - low, high - value], fmt="none", ecolor=colour, elinewidth=1.6, capsize=2.5)
    face = "white" if hollow else colour
    panel.plot(value, at, linestyle="none", marker=marker, color=colour, markerfacecolor=face, markersize=6.5)


def _lay_out_rows(panel: Axes) -> None:
    panel.tick_params(axis="y", length=0)
    panel.grid(visible=False, axis="y")
    panel.grid(visible=True, axis="x")
