"""What stands under the points of a chart: months, years, n of how many, as far as there is room.

Up to six periods are named in full with their counts, up to sixteen in short, and of more only the years are named.
"""

import pandas as pd
from matplotlib.axes import Axes

from auditanalytics.months import month_title
from auditanalytics.quarters import parse_period, period_months
from auditanalytics.reporting.wording import count_of
from auditanalytics.trends import DomainTrend

MOST_LABELLED = 6
"""Points up to which each has its share and its whole name printed."""

_MOST_COUNTED = 16
"""Points up to which the counts are printed under a panel as wide as the page."""


def label_periods(panel: Axes, trend: DomainTrend, tail: str | None, *, wide: bool) -> None:
    """Print under each period what it is called, n of how many, and the months it lacks, as far as there is room.

    Parameters
    ----------
    panel
        The panel.
    trend
        A domain's periods.
    tail
        The tail whose counts are printed; None for none.
    wide
        Whether the panel is as wide as the page.
    """
    panel.set_xticks(range(len(trend.periods)), [])
    size = 9 if tail else 8
    for at, period in enumerate(trend.periods):
        # Line by line: the lines of one text would be centred for another font than the reader's.
        for number, line in enumerate(_period_lines(trend, tail, period, wide=wide)):
            panel.annotate(
                line,
                (at, 0),
                xycoords=("data", "axes fraction"),
                xytext=(0, -6 - 1.35 * size * number),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=size,
            )


def _period_lines(trend: DomainTrend, tail: str | None, period: str, *, wide: bool) -> list[str]:
    months = period_months(parse_period(period, calendar=trend.calendar))
    number = len(trend.periods)
    counts = tail is not None and trend.has_returns
    if number <= 4 or (number <= MOST_LABELLED and tail is not None):
        names = dict.fromkeys(month_title(month, short=True) for month in (months[0], months[-1]))
        lines = ["–".join(names), str(months[-1].year)]
        if counts:
            point = trend.tail(str(tail)).loc[period]
            lines.append(count_of(point))
            if period in trend.months_missing:
                lacking = [month_title(month, short=True) for month in trend.months_missing[period]]
                lines.append("no " + ", ".join(lacking))
        return lines
    if number <= _MOST_COUNTED:
        # A name that fits, its year where one begins, and the counts where the panel is wide enough for them.
        name = month_title(months[0], short=True)[: 3 if wide else 1] if trend.unit == "month" else period[-2:]
        lines = [name, _year_beginning(trend, period, months)]
        if counts and wide:
            point = trend.tail(str(tail)).loc[period]
            lines.append(count_of(point, between="/"))
        return lines
    every = 1 + number // 40
    new_year = _year_beginning(trend, period, months)
    return [new_year] if new_year and months[0].month == _first_month(trend) and months[0].year % every == 0 else []


def _first_month(trend: DomainTrend) -> int:
    return 4 if trend.calendar == "financial-year" else 1


def _year_beginning(trend: DomainTrend, period: str, months: pd.PeriodIndex) -> str:
    """The year, under the first period of it and under the first shown."""
    if months[0].month != _first_month(trend) and period != trend.periods[0]:
        return ""
    return period[:-3] if trend.unit == "quarter" else str(months[0].year)
