"""What a page shows of every grade: how often each was given, also those nobody received.

The two tails that the charts show leave out most of practice, which lies between them. Each chart stands with the table
of its numbers; where some are hidden, the table says so and the chart has no bar for that period.
"""

from typing import Any

import pandas as pd

from auditanalytics.grades import TAILS
from auditanalytics.reporting.charts import MOST_BARS, draw_grades, draw_grades_of_all
from auditanalytics.reporting.fragments import Fragment, paragraphs, render
from auditanalytics.reporting.wording import HIDDEN
from auditanalytics.trends import DomainTrend


def show_grades(trend: DomainTrend) -> Fragment:
    """Show how often each grade was given, period by period, also those nobody received.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    Fragment
        A figure and a table; a sentence where only shares were published.
    """
    if not trend.has_returns:
        return paragraphs([_NO_GRADES_PUBLISHED])
    rows = trend.grades[~trend.grades["grade"].isin(TAILS)]
    grades = list(trend.scale.grades)
    counts = rows.pivot(index="period", columns="grade", values="n")
    ungraded = trend.ungraded.set_index("period")
    table = [
        {
            "period": trend.short_title_of(period),
            "counts": [_number(counts.at[period, grade]) for grade in grades],
            "not_graded": int(ungraded.at[period, "not_graded"]),
            "not_counted": int(ungraded.at[period, "not_counted"]),
        }
        for period in trend.periods
    ]
    caption = f"{trend.title}: judgements at each grade"
    html = render("grades-table", caption=caption, unit=trend.unit, grades=grades, rows=table, shared=trend.is_shared)
    if counts.isna().any(axis=1).all():
        return Fragment(html, caption)
    chart = draw_grades(trend)
    notes = [_BARS_NOTE] + [f"The last {MOST_BARS} {trend.unit}s."] * (len(trend.periods) > MOST_BARS)
    figure = render("figure", chart=chart, caption=f"{trend.title}: every grade, by {trend.unit}", notes=notes)
    return Fragment(figure + html, chart.alternative)


def _number(count: Any) -> str:
    return HIDDEN if pd.isna(count) else str(int(count))


_NO_GRADES_PUBLISHED = "A published table does not say how often each grade was given."
_GRADES_WITHHELD = "The chart of every grade is withheld: in every domain some of the numbers are hidden."
_BARS_NOTE = "Each bar is all graded judgements; to the right of the line are those that were Good or better."


def show_grades_of_all(trends: list[DomainTrend]) -> Fragment:
    """Show every grade of the reported period in every domain.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    Fragment
        A figure for each scale on which domains are graded.
    """
    counted = [trend for trend in trends if trend.has_returns]
    if not counted:
        return paragraphs([_NO_GRADES_PUBLISHED])
    if all(trend.grades.loc[trend.grades["period"] == trend.latest, "n"].isna().any() for trend in counted):
        return paragraphs([_GRADES_WITHHELD])
    groups: dict[str, list[DomainTrend]] = {}
    for trend in counted:
        groups.setdefault(trend.framework.scale_name(trend.domain), []).append(trend)
    when = counted[0].title_of(counted[0].latest)
    charts = [draw_grades_of_all(group) for group in groups.values()]
    caption = f"Every grade in {when}"
    html = "".join(render("figure", chart=chart, caption=caption, notes=[_BARS_NOTE]) for chart in charts)
    return Fragment(html, " ".join(chart.alternative for chart in charts))
