"""The published tables: every number of every chart and table, as CSV that opens right in Excel.

What leaves the analyst's desk shows no written word that is not on a scale or a date: such a cell may hold anything,
a child's name included, so it is masked here. Text that a spreadsheet could take for a formula is made plain text.
"""

from pathlib import Path

import pandas as pd

from auditanalytics.consistency import FLAGS
from auditanalytics.drift import auditor_drift
from auditanalytics.funnel import auditor_funnel
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, UNKNOWN
from auditanalytics.moderation import moderated_judgements
from auditanalytics.moderation_measures import (
    grades_of_record,
    moderation_basis,
    moderation_direction,
    moderation_grades,
    moderation_measures,
    moderators_agreement,
)
from auditanalytics.period_measures import (
    count_feedback,
    good_features,
    return_rates,
    themes_by_period,
    track_actions,
)
from auditanalytics.periods import quarters_held
from auditanalytics.quarters import UNITS
from auditanalytics.reporting.wording import HIDDEN
from auditanalytics.returns import AuditReturns
from auditanalytics.rules import RULES_BY_SUBJECT
from auditanalytics.schema import (
    ACTIONS_TRACKED,
    AUDITOR_DRIFT,
    AUDITOR_FUNNEL,
    AUDITOR_SEVERITY,
    CASE_MIX,
    CHARTED_POINTS,
    CHECKS,
    COMPARISONS,
    CONSISTENCY_FLAGS,
    FEEDBACK_SCORES,
    GOOD_FEATURES,
    GRADE_LEDGER,
    GRADES_OF_RECORD,
    HEADERS,
    MODERATED_JUDGEMENTS,
    MODERATION,
    MODERATION_BASIS,
    MODERATION_DIRECTION,
    MODERATION_GRADES,
    MODERATORS_AGREEMENT,
    MONTHLY_GRADES,
    PROBLEMS,
    PUBLISHED_SHARES,
    QUARTERLY_GRADES,
    RETURN_RATES,
    ROW_ACCOUNTING,
    SERVICE_AGREEMENT,
    SHEETS,
    SPOT_CHECK,
    THEME_CHANGES,
    THEME_CONTRASTS,
    THEME_COVERAGE,
    THEMES,
    THEMES_BY_GRADE,
    THEMES_BY_PERIOD,
    UNGRADED_JUDGEMENTS,
    YEARLY_GRADES,
    Table,
)
from auditanalytics.service_agreement import service_agreement
from auditanalytics.severity import auditor_severity
from auditanalytics.sharing import returned_may_be_shown
from auditanalytics.spot_checks import propose_spot_checks
from auditanalytics.summary import monthly_grades, quarterly_grades, ungraded_judgements, yearly_grades
from auditanalytics.theme_measures import (
    count_themes,
    theme_changes,
    theme_contrasts,
    theme_coverage,
    themes_by_grade,
)
from auditanalytics.trends import charted_points, domain_trends

MASKED = "[masked]"
"""Stands where a written value was that may name a person."""

_FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def published_tables(returns: AuditReturns, *, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """Make the tables that a report publishes.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The quarter that is reported.

    Returns
    -------
    list
        The schema and the rows of each table.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> table, rows = published_tables(read_returns("data/example"), quarter="2019-Q4")[0]
    >>> table.name, len(rows)
    ('quarterly-grades', 144)
    """
    if returns.is_shared:
        return _shared_tables(returns, quarter)
    tables = counting_tables(returns, quarter=quarter) + _weighing_tables(returns, quarter)
    tables += _theme_tables(returns, quarter) + _tables_by_period(returns, quarter)
    tables += _moderation_tables(returns, quarter)
    return tables + checking_tables(returns)


def _moderation_tables(returns: AuditReturns, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """What moderation says, and which audits call for a second look."""
    if returns.audits.empty:
        return []
    until = returns.audits[returns.audits["quarter"] <= quarter]
    return [
        (MODERATION, moderation_measures(returns, through=quarter)),
        (MODERATION_DIRECTION, moderation_direction(returns, through=quarter)),
        (MODERATORS_AGREEMENT, moderators_agreement(returns, through=quarter)),
        (SERVICE_AGREEMENT, service_agreement(returns, through=quarter)),
        (MODERATION_BASIS, moderation_basis(returns, through=quarter)),
        (MODERATION_GRADES, moderation_grades(returns, through=quarter)),
        (MODERATED_JUDGEMENTS, moderated_judgements(returns, through=quarter)),
        (GRADES_OF_RECORD, grades_of_record(returns, through=quarter)),
        (SPOT_CHECK, propose_spot_checks(returns, quarter=quarter).drawn),
        (CONSISTENCY_FLAGS, returns.flags[returns.flags["audit"].isin(until["audit_id"])]),
        (AUDITOR_SEVERITY, auditor_severity(returns, through=quarter)),
        (AUDITOR_DRIFT, auditor_drift(returns, through=quarter)),
        (AUDITOR_FUNNEL, _funnels(returns, quarter)),
    ]


def _funnels(returns: AuditReturns, quarter: str) -> pd.DataFrame:
    domains = returns.framework.domain_titles
    return pd.concat([auditor_funnel(returns, domain=domain, through=quarter) for domain in domains])


def _tables_by_period(returns: AuditReturns, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """What learning briefs are made from, beside the grades."""
    if returns.audits.empty:
        return []
    return [
        (RETURN_RATES, return_rates(returns, through=quarter)),
        (THEMES_BY_PERIOD, themes_by_period(returns, through=quarter)),
        (GOOD_FEATURES, good_features(returns, through=quarter)),
        (FEEDBACK_SCORES, count_feedback(returns, through=quarter)),
        (ACTIONS_TRACKED, track_actions(returns, through=quarter)),
    ]


def _theme_tables(returns: AuditReturns, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """What the comments speak of; in a report for sharing nothing but the counts that are shown."""
    if returns.coded.empty:
        return []
    tables = [(THEMES, count_themes(returns, through=quarter))]
    if returns.is_shared:
        return tables
    return [
        *tables,
        (THEMES_BY_GRADE, themes_by_grade(returns, through=quarter)),
        (THEME_CONTRASTS, theme_contrasts(returns, through=quarter)),
        (THEME_CHANGES, theme_changes(returns, through=quarter)),
        (THEME_COVERAGE, theme_coverage(returns, through=quarter)),
    ]


def _shared_tables(returns: AuditReturns, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """What may be sent round: what is made from the counts that are shown, and what became of files and sheets.

    Tables by month and of case mix, and those of ungraded judgements, are not among them. Files are one in the row
    accounting, since there is often one a team. What is said of single audits is left out too: which words were written
    as grades tells what a handful of audits found, and a rule that asks about an Inadequate names its row.
    """
    trends = domain_trends(returns, quarter=quarter)
    tables = [
        (table, rows) for table, rows in counting_tables(returns, quarter=quarter) if table is not UNGRADED_JUDGEMENTS
    ]
    if len(returns.audits):
        tables += [
            (COMPARISONS, pd.concat([trend.changes for trend in trends])),
            (CHARTED_POINTS, charted_points(trends)),
        ]
    tables += _theme_tables(returns, quarter)
    if returned_may_be_shown(returns, quarter):
        rates = return_rates(returns, through=quarter)
        tables.append((RETURN_RATES, rates[rates["period"] == quarter]))
    together = pd.DataFrame([{"file": "all files", "sheet": ""} | returns.rows])
    for table, rows in checking_tables(returns):
        if table is not GRADE_LEDGER:
            kept = rows[~rows["code"].isin(_OF_SINGLE_AUDITS)] if "code" in rows else rows
            tables.append((table, together if table is ROW_ACCOUNTING else kept))
    return tables


_OF_SINGLE_AUDITS = FLAGS.keys() | {
    code
    for subject in ("audits", "grades", "moderated grades", "what the audits say")
    for code in RULES_BY_SUBJECT[subject]
}
"""Codes of problems and signs that tell something of the audits in which they are met, or of how many there are."""


def _weighing_tables(returns: AuditReturns, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """What charts hold the points against and what changes bear, by quarter and by month."""
    if returns.audits.empty:
        return []
    trends = {unit: domain_trends(returns, quarter=quarter, unit=unit) for unit in UNITS}
    everyone = [trend for unit in UNITS for trend in trends[unit]]
    return [
        (MONTHLY_GRADES, monthly_grades(returns, through=quarter)),
        (YEARLY_GRADES, yearly_grades(returns, through=quarter)),
        (COMPARISONS, pd.concat([trend.changes for trend in everyone])),
        (CHARTED_POINTS, charted_points(everyone)),
        (CASE_MIX, pd.concat([trend.mix for trend in everyone])),
    ]


def counting_tables(returns: AuditReturns, *, quarter: str | None = None) -> list[tuple[Table, pd.DataFrame]]:
    """Make the tables of counts and shares.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The last quarter to count; the last with returns if None.

    Returns
    -------
    list
        The schema and the rows of each table.
    """
    if quarter is None:
        quarter = max(quarters_held(returns), default="")
    shares = returns.published[returns.published["quarter"] <= quarter]
    if returns.audits.empty:
        tables = [(QUARTERLY_GRADES, _published_only(returns, quarter))]
    else:
        tables = [
            (QUARTERLY_GRADES, quarterly_grades(returns, through=quarter)),
            (UNGRADED_JUDGEMENTS, ungraded_judgements(returns, through=quarter)),
        ]
    return [*tables, (PUBLISHED_SHARES, shares)] if len(returns.published) else tables


def checking_tables(returns: AuditReturns, *, masked: bool = True) -> list[tuple[Table, pd.DataFrame]]:
    """Make the tables that say what became of every row, header and written grade.

    Parameters
    ----------
    returns
        Audit returns.
    masked
        Whether written values are masked, as in everything that is published; the one who checks returns by hand
        needs to see them.

    Returns
    -------
    list
        The schema and the rows of the row accounting, the problems, the grade ledger, the checks and the sheets; and
        where nothing is masked, the headers.
    """
    problems, ledger = returns.problems, returns.ledger
    if masked:
        problems = problems.assign(value=problems["value"].where(problems["value"] == "", MASKED))
        ledger = ledger.assign(label=ledger["label"].where(ledger["rule"] != UNKNOWN, MASKED))
    tables = [
        (ROW_ACCOUNTING, returns.accounting),
        (PROBLEMS, problems),
        (GRADE_LEDGER, ledger),
        (CHECKS, returns.checks),
        (SHEETS, returns.sheets),
    ]
    return tables if masked else [*tables, (HEADERS, returns.headers)]


def _published_only(returns: AuditReturns, quarter: str) -> pd.DataFrame:
    """Where no audit stands behind the shares: the shares alone, with neither numbers nor intervals."""
    shares = returns.published[returns.published["quarter"] <= quarter]
    order = pd.MultiIndex.from_product(
        [returns.framework.domain_titles, sorted(shares["quarter"].unique()), [GOOD_OR_BETTER, INADEQUATE]],
        names=["domain", "quarter", "grade"],
    )
    shares = shares.drop_duplicates(["domain", "quarter", "grade"]).set_index(order.names)
    return QUARTERLY_GRADES.build(shares.reindex(order)[["share"]].dropna().reset_index())


def write_tables(folder: Path, tables: list[tuple[Table, pd.DataFrame]]) -> None:
    """Write tables as CSV files that only their owner can read.

    Parameters
    ----------
    folder
        The folder of the files; it is made if it is not there, and files of the same names are replaced.
    tables
        The schema and the rows of each.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for table, rows in tables:
        path = folder / f"{table.name}.csv"
        draft = folder / f".{table.name}.csv"
        draft.touch(mode=0o600)
        write_csv(draft, table, rows)
        draft.replace(path)


def write_csv(path: Path, table: Table, rows: pd.DataFrame) -> None:
    """Write a table as CSV, UTF-8 with a byte order mark.

    Parameters
    ----------
    path
        The file.
    table
        Its schema.
    rows
        Its rows.
    """
    plain = table.build(rows)
    hidden = _hidden_rows(plain, rows)
    for column in table.columns:
        if column.kind == "text":
            plain[column.name] = plain[column.name].map(_as_plain_text, na_action="ignore")
        elif column.kind != "date" and hidden.any():
            plain[column.name] = plain[column.name].astype(object).mask(hidden & plain[column.name].isna(), HIDDEN)
    plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d")


def _hidden_rows(plain: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Which rows have a number that is hidden: then what is missing there is not merely not there."""
    if "hidden" in rows:
        return rows["hidden"].reset_index(drop=True).astype(bool)
    of = next((name for name in ("of", "of_audits") if name in plain), None)
    if "share" in plain and of:
        return plain["share"].isna() & plain[of].fillna(1).gt(0)
    return pd.Series(False, index=plain.index)


def _as_plain_text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_BEGINNINGS) else text
