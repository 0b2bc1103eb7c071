"""The tables of what was counted: shares by period, what charts hold them against, and what changes bear."""

from auditanalytics.schema.table import Column, Table

_COUNTED = (
    Column("grade", "text", "a grade of the scale, or a tail: good (or better) or inadequate"),
    Column("n", "whole number", "judgements at the grade"),
    Column("of", "whole number", "graded judgements"),
    Column("share", "number", "n / of, unrounded; missing where of is 0"),
    Column("low", "number", "lower limit of the 95% interval"),
    Column("high", "number", "upper limit of the 95% interval"),
    Column("audits", "whole number", "audits that the graded judgements come from"),
)
_DOMAIN = Column("domain", "text", "id of the domain; overall for the judgement on the whole audit")
_QUARTER, _MONTH = Column("quarter", "text", "quarter"), Column("month", "text", "month, such as 2019-11")
_PERIOD = Column("period", "text", "quarter or month")

GRADE_COUNTS = Table(
    "grade-counts",
    "one domain, period and grade, with what tests need of how judgements cluster in audits",
    (
        _DOMAIN,
        _PERIOD,
        *_COUNTED,
        Column("effective", "number", "how many independent judgements the graded ones are worth"),
        Column("sum_xx", "number", "over the audits, the sum of x squared, x being an audit's judgements at the grade"),
        Column("sum_xm", "number", "over the audits, the sum of x times m, m being an audit's graded judgements"),
        Column("sum_mm", "number", "over the audits, the sum of m squared"),
    ),
)

HIDDEN_COUNTS = Table(
    "hidden-counts",
    "one count that a report for sharing does not show",
    (
        _DOMAIN,
        _QUARTER,
        Column("grade", "text", "a grade or a tail; missing for the number of graded judgements"),
        Column("reason", "text", "small, or to protect a small one"),
    ),
)

QUARTERLY_GRADES = Table(
    "quarterly-grades",
    "one domain, quarter and grade, whether or not anybody received it",
    (_DOMAIN, _QUARTER, *_COUNTED),
)

MONTHLY_GRADES = Table(
    "monthly-grades",
    "one domain, month and grade, whether or not anybody received it",
    (_DOMAIN, _MONTH, *_COUNTED),
)

YEARLY_GRADES = Table(
    "yearly-grades",
    "one domain, year and grade, whether or not anybody received it; the last year up to the reported quarter",
    (_DOMAIN, Column("year", "text", "year, such as 2019 or 2019-20"), *_COUNTED),
)

_UNGRADED = (
    Column("not_graded", "whole number", "judgements left blank or marked as not applicable or not judged"),
    Column("not_counted", "whole number", "judgements whose written grade is a problem"),
)

UNGRADED_COUNTS = Table("ungraded-counts", "one domain and period", (_DOMAIN, _PERIOD, *_UNGRADED))

UNGRADED_JUDGEMENTS = Table("ungraded-judgements", "one domain and quarter", (_DOMAIN, _QUARTER, *_UNGRADED))

_UNIT = Column("unit", "text", "what the points are: quarter or month")
_TAIL = Column("grade", "text", "a tail: good (or better) or inadequate")

COMPARISONS = Table(
    "comparisons",
    "one domain and tail, and two periods that are compared",
    (
        _UNIT,
        _DOMAIN,
        _TAIL,
        Column("comparison", "text", "step (from the last graded period) or year (over the last year of periods)"),
        Column("since", "text", "earlier period"),
        Column("until", "text", "later period: the one that is reported"),
        Column("n_since", "whole number", "judgements in the tail in the earlier period"),
        Column("of_since", "whole number", "graded judgements in the earlier period"),
        Column("audits_since", "whole number", "audits in the earlier period"),
        Column("effective_since", "number", "how many independent judgements those of the earlier period are worth"),
        Column("n_until", "whole number", "judgements in the tail in the later period"),
        Column("of_until", "whole number", "graded judgements in the later period"),
        Column("audits_until", "whole number", "audits in the later period"),
        Column("effective_until", "number", "how many independent judgements those of the later period are worth"),
        Column("change", "number", "share in the later period minus share in the earlier one, from -1 to 1"),
        Column("low", "number", "lower limit of the 95% interval of the change"),
        Column("high", "number", "upper limit of the 95% interval of the change"),
        Column("comparisons", "whole number", "how many comparisons and tests the report shows"),
        Column("low_of_all", "number", "lower limit, widened for that number"),
        Column("high_of_all", "number", "upper limit, widened for that number"),
        Column("z", "number", "trend over the periods of the year, on their effective numbers; missing for a step"),
        Column("p", "number", "two-sided probability of such a trend by chance"),
        Column("p_of_all", "number", "the same, times the number of comparisons and tests, at most 1"),
        Column("finding", "text", "better, worse or no evidence: whether the widened interval leaves out 0"),
        Column("trend", "text", "rising, falling or no evidence: whether p_of_all is under 0.05; missing for a step"),
        Column("seen_below", "number", "share at or below which a change would be seen with 80% power, by itself"),
        Column("seen_above", "number", "share at or above which a change would be seen with 80% power, by itself"),
        Column("seen_below_of_all", "number", "the same as one of all comparisons; missing where no share would be"),
        Column("seen_above_of_all", "number", "the same as one of all comparisons; missing where no share would be"),
        Column(
            "audits_needed",
            "whole number",
            "audits in each period that a change of 10 points would need to be seen by itself",
        ),
    ),
)

CHARTED_POINTS = Table(
    "charted-points",
    "one domain, tail and period, and what its chart holds it against",
    (
        _UNIT,
        _DOMAIN,
        _TAIL,
        _PERIOD,
        Column("chart", "text", "dots, run chart or p-chart"),
        Column("share", "number", "n / of"),
        Column("centre", "number", "median of a run chart, mean of a p-chart; missing where neither is drawn"),
        Column("low", "number", "lower control limit of a p-chart"),
        Column("high", "number", "upper control limit of a p-chart"),
        Column("signal", "text", "the rule by which the point is more than chance; missing where none"),
        Column("direction", "text", "better or worse, where there is a signal"),
    ),
)

CASE_MIX = Table(
    "case-mix",
    "one domain and tail, and what its change since an earlier quarter goes with",
    (
        _DOMAIN,
        _TAIL,
        Column("since", "text", "the earlier quarter"),
        Column("until", "text", "the later quarter"),
        Column("change", "number", "share in the later quarter less that in the earlier, from -1 to 1"),
        Column("practice", "number", "part of the change within teams, case types and auditors; missing if not split"),
        Column("team", "number", "part that goes with which teams were audited; missing if left out or not split"),
        Column("case_type", "number", "part that goes with which case types were audited; missing likewise"),
        Column("auditor", "number", "part that goes with who audited; missing likewise"),
        Column("left_out", "text", "what was left out and why; empty if nothing"),
        Column("finding", "text", "mostly mix, mostly practice, too small to split, or not split (left_out says why)"),
    ),
)

_KIND = Column("kind", "text", "worked_well, worried_about, next_step or comment, as the statements' words have it")
_THEME = Column("theme", "text", "id of the theme; none for statements that carry none")
_AUDITS_OF_SHARE = (
    Column("audits", "whole number", "audits with such a statement"),
    Column("of_audits", "whole number", "audits with any statement on the domain"),
    Column("share", "number", "audits / of_audits, unrounded; missing where of_audits is 0"),
)
_LIMITS = (
    Column("low", "number", "lower limit of the 95% interval"),
    Column("high", "number", "upper limit of the 95% interval"),
)
_LIMITS_OF_ALL = (
    Column("comparisons", "whole number", "how many such comparisons the table holds"),
    Column("low_of_all", "number", "lower limit, widened for that number"),
    Column("high_of_all", "number", "upper limit, widened for that number"),
)

THEMES = Table(
    "themes",
    "one domain, kind of statement, theme and quarter, whether or not anybody spoke of it",
    (_DOMAIN, _KIND, _THEME, _QUARTER, Column("n", "whole number", "statements"), *_AUDITS_OF_SHARE),
)

THEMES_BY_GRADE = Table(
    "themes-by-grade",
    "one domain, kind of statement, theme, quarter and grade",
    (
        _DOMAIN,
        _KIND,
        _THEME,
        _QUARTER,
        Column(
            "grade",
            "text",
            "a grade: audits with a judgement at it in the domain; inadequate: with any such judgement; good: with "
            "every judgement good or better; any: all graded audits",
        ),
        *_AUDITS_OF_SHARE,
        *_LIMITS,
    ),
)

THEME_CONTRASTS = Table(
    "theme-contrasts",
    "one domain and theme that was named, as a worry or a strength, where there are graded audits of both kinds",
    (
        _DOMAIN,
        _KIND,
        _THEME,
        Column("grade", "text", "inadequate for worries, good for strengths"),
        Column("audits_with", "whole number", "audits of the tail that have the theme"),
        Column("of_with", "whole number", "audits of the tail that have any statement on the domain"),
        Column("audits_without", "whole number", "other graded audits that have the theme"),
        Column("of_without", "whole number", "other graded audits that have any statement on the domain"),
        Column("difference", "number", "share with less share without, from -1 to 1"),
        *_LIMITS,
        *_LIMITS_OF_ALL,
        Column("finding", "text", "more often, less often or no evidence: whether the widened interval leaves out 0"),
    ),
)

THEME_CHANGES = Table(
    "theme-changes",
    "one domain, kind of statement and theme, in the reported quarter and in the last one before it with statements",
    (
        _DOMAIN,
        _KIND,
        _THEME,
        Column("since", "text", "the earlier quarter"),
        Column("until", "text", "the reported quarter"),
        Column("audits_since", "whole number", "audits with the theme in the earlier quarter"),
        Column("of_since", "whole number", "audits with any statement on the domain in the earlier quarter"),
        Column("audits_until", "whole number", "audits with the theme in the reported quarter"),
        Column("of_until", "whole number", "audits with any statement on the domain in the reported quarter"),
        Column("change", "number", "share in the reported quarter less that in the earlier one, from -1 to 1"),
        *_LIMITS,
        *_LIMITS_OF_ALL,
        Column("finding", "text", "rose, fell or no evidence: whether the widened interval leaves out 0"),
    ),
)

HIDDEN_THEMES = Table(
    "hidden-themes",
    "one theme count that a report for sharing does not show",
    (
        _DOMAIN,
        _KIND,
        Column("theme", "text", "id of the theme; missing, as the kind is, for the number of audits with statements"),
        _QUARTER,
    ),
)

THEME_COVERAGE = Table(
    "theme-coverage",
    "one domain and quarter: how many statements there are, and how many carry a theme",
    (
        _DOMAIN,
        _QUARTER,
        Column("audits", "whole number", "audits"),
        Column("of_audits", "whole number", "audits with any statement on the domain"),
        Column("statements", "whole number", "statements"),
        Column("without_theme", "whole number", "statements that carry no theme"),
        Column("share_without", "number", "without_theme / statements; missing where there is no statement"),
    ),
)

TABLES = (
    GRADE_COUNTS,
    HIDDEN_COUNTS,
    QUARTERLY_GRADES,
    MONTHLY_GRADES,
    YEARLY_GRADES,
    UNGRADED_COUNTS,
    UNGRADED_JUDGEMENTS,
    COMPARISONS,
    CHARTED_POINTS,
    CASE_MIX,
    THEMES,
    THEMES_BY_GRADE,
    THEME_CONTRASTS,
    THEME_CHANGES,
    THEME_COVERAGE,
    HIDDEN_THEMES,
)
