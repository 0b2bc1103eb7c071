"""What the page of moderation shows: how alike audits are graded, what to look at again, and who grades otherwise.

A coefficient stands last and never alone; nobody is ranked, an auditor is a pseudonym, and where a number cannot bear a
sentence the page says so in its place. All of it comes from single audits and is in no report for sharing.
"""

import pandas as pd

from auditanalytics.frameworks import OVERALL
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.moderation import ALL, count_contested
from auditanalytics.moderation_measures import (
    ANY,
    graded_pairs,
    grades_of_record,
    moderation_basis,
    moderation_direction,
    moderation_grades,
    moderation_measures,
)
from auditanalytics.periods import resolve_quarter
from auditanalytics.reporting import moderation_sentences as sentences
from auditanalytics.reporting.fragments import Fragment, for_internal_use, paragraphs, plain_table, render
from auditanalytics.reporting.moderation_charts import draw_agreement
from auditanalytics.reporting.wording import TAIL_TITLES, chance, percent
from auditanalytics.returns import AuditReturns
from auditanalytics.service_agreement import service_agreement
from auditanalytics.trends import DomainTrend

_for_internal_use = for_internal_use(sentences.NOT_SHARED)


def _titles(returns: AuditReturns) -> dict[str, str]:
    return returns.framework.domain_titles | {ANY: "All domains together"}


@_for_internal_use
def show_agreement(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show how far moderators gave the grades that auditors gave: what it says, what it does not, and each domain.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``; earlier quarters count too.

    Returns
    -------
    Fragment
        Sentences, a figure and a table; a sentence where nothing was moderated.
    """
    quarter = resolve_quarter(returns, quarter)
    pairs, basis = graded_pairs(returns, through=quarter), moderation_basis(returns, through=quarter)
    when = sentences.until(returns, quarter)
    if pairs.empty:
        return paragraphs(sentences.describe_nothing_moderated(basis, when), lead=True)
    of_domains = pairs[pairs["domain"] != OVERALL]
    contested = count_contested(returns, through=quarter)
    said = sentences.describe_agreement(of_domains if len(of_domains) else pairs, basis, when, contested=contested)
    said += sentences.describe_service(service_agreement(returns, through=quarter))
    measures = moderation_measures(returns, through=quarter)
    measures = measures[measures["quarter"] == ALL]
    titles, caption = _titles(returns), f"How far moderators gave the auditors' grades, up to {when}"
    parts = [paragraphs(said, lead=True).html]
    audits = pairs.groupby("domain")["audit"].nunique().to_dict() | {ANY: of_domains["audit"].nunique()}
    bearing = measures[measures["domain"].map(audits) >= FEWEST_AUDITS_FOR_A_PERCENTAGE]
    if len(bearing):
        chart = draw_agreement(bearing, titles, caption)
        parts.append(render("figure", chart=chart, caption=caption, notes=_AGREEMENT_NOTES))
    parts.append(_shares_table(measures, audits, titles, f"{caption}, in numbers"))
    parts.append(_directions_table(moderation_direction(returns, through=quarter), titles))
    parts.append(_coefficients_table(measures, titles))
    return Fragment("".join(parts), " ".join(said))


_AGREEMENT_NOTES = [
    "Filled: the same grade. Hollow: the same or the next.",
    "Lines are 95% intervals, which allow for several judgements coming from one audit.",
]


def _shares_table(measures: pd.DataFrame, audits: dict[str, int], titles: dict[str, str], caption: str) -> str:
    cells = measures.set_index(["domain", "measure"])
    heads = ("Domain", "Audits", "Same grade", "Within one step")
    rows = [
        [
            titles[domain],
            f"{audits[domain]:,}",
            *(_share(cells.loc[(domain, name)], audits[domain]) for name in ("exact", "adjacent")),
        ]
        for domain in measures["domain"].unique()
    ]
    return plain_table(caption, heads, rows, numbers=heads[1:], note=sentences.NOTE_ON_SHARES)


def _directions_table(directions: pd.DataFrame, titles: dict[str, str]) -> str:
    heads = ("Domain", "Moved up", "Same", "Moved down", "Audits up", "Audits down", "Sign test, p")
    rows = [
        [
            titles[row.domain],
            *(f"{n:,}" for n in (row.moved_up, row.same, row.moved_down, row.audits_up, row.audits_down)),
            "–" if pd.isna(row.sign_test) else chance(row.sign_test),
        ]
        for row in directions.itertuples()
    ]
    caption = "Which way moderation moved grades"
    return plain_table(caption, heads, rows, numbers=heads[1:], note=sentences.NOTE_ON_DIRECTION)


def _coefficients_table(measures: pd.DataFrame, titles: dict[str, str]) -> str:
    names = ("kappa_linear", "kappa_quadratic", "ac2_quadratic")
    if measures.loc[measures["measure"].isin(names), "value"].isna().all():
        return paragraphs([sentences.NO_COEFFICIENTS]).html
    cells = measures.set_index(["domain", "measure"])
    heads = ("Domain", "Kappa, linear", "Kappa, quadratic", "AC2, quadratic")
    rows = [
        [titles[domain], *(_coefficient(cells.loc[(domain, name)]) for name in names)]
        for domain in measures["domain"].unique()
    ]
    caption = "Agreement beyond chance"
    return plain_table(caption, heads, rows, numbers=heads[1:], note=sentences.NOTE_ON_COEFFICIENTS)


def _share(row: pd.Series, audits: int) -> str:
    of = int(row["n"])
    count = f"{round(row['value'] * of):,} of {of:,}"
    if audits < FEWEST_AUDITS_FOR_A_PERCENTAGE:
        return count
    return f"{count}, {percent(row['value'])} ({percent(row['low'])} to {percent(row['high'])})"


def _coefficient(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return "–"
    limits = f" ({_decimal(row['low'])} to {_decimal(row['high'])})" if pd.notna(row["low"]) else ""
    return f"{_decimal(row['value'])}{limits}"


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


@_for_internal_use
def show_agreement_by_quarter(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show agreement quarter by quarter, over all domains, and how the audits of each were chosen.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``.

    Returns
    -------
    Fragment
        A sentence and a table.
    """
    quarter = resolve_quarter(returns, quarter)
    basis = moderation_basis(returns, through=quarter)
    if basis.empty:
        return paragraphs(["No audit was moderated."])
    measures = moderation_measures(returns, through=quarter)
    of_all = measures[(measures["domain"] == ANY) & (measures["quarter"] != ALL)].set_index(["quarter", "measure"])
    pairs = graded_pairs(returns, through=quarter)
    audits = pairs[pairs["domain"] != OVERALL].groupby("quarter")["audit"].nunique()
    rows = []
    for each, ways in basis[basis["quarter"] != ALL].groupby("quarter"):
        chosen = "; ".join(f"{row.audits} {sentences.WAYS_IN_SHORT[row.stratum]}" for row in ways.itertuples())
        shares = ["–", "–"]
        if each in audits.index:
            shares = [_share(of_all.loc[(each, name)], int(audits[each])) for name in ("exact", "adjacent")]
        rows.append([sentences.quarter_in_words(returns, str(each)), chosen, *shares])
    sentence = sentences.describe_quarters(audits)
    table = plain_table(
        "Agreement by quarter, all domains together",
        ("Quarter", "Audits moderated", "Same grade", "Within one step"),
        rows,
        numbers=("Same grade", "Within one step"),
    )
    return Fragment(paragraphs([sentence]).html + table, sentence)


@_for_internal_use
def show_grade_pairs(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show every pair of an auditor's and a moderated grade, a square table for each scale.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``; earlier quarters count too.

    Returns
    -------
    Fragment
        Tables; a sentence where nothing was moderated.
    """
    pairs = moderation_grades(returns, through=resolve_quarter(returns, quarter))
    if pairs.empty:
        return paragraphs(["There is no moderated audit from which agreement can be estimated."])
    scales = pairs["domain"].map(returns.framework.scale_name)
    tables = []
    for (scale, _), of_scale in pairs.groupby([scales.rename("scale"), pairs["domain"] == OVERALL], sort=False):
        grades = list(returns.framework.scales[scale].grades)
        square = of_scale.groupby(["grade", "moderated_grade"])["n"].sum().unstack().loc[grades, grades]
        titles = [returns.framework.domain_titles[domain] for domain in of_scale["domain"].unique()]
        tables.append(
            render(
                "square-table",
                caption="Auditor's grade by row, moderated grade by column: " + "; ".join(titles),
                grades=grades,
                rows=[(grade, [int(n) for n in square.loc[grade]]) for grade in grades],
            )
        )
    return Fragment("".join(tables), sentences.describe_pairs(pairs))


@_for_internal_use
def show_grades_of_record(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show what the grades of record change in the reported quarter, and what became of challenges.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``.

    Returns
    -------
    Fragment
        Sentences, and a table of the counts that differ.
    """
    quarter = resolve_quarter(returns, quarter)
    rows = grades_of_record(returns, through=quarter)
    rows = rows[rows["quarter"] == quarter]
    differ = rows[(rows["by_auditors"] != rows["by_record"]) | (rows["of_auditors"] != rows["of_record"])]
    said = [sentences.WHICH_GRADE_COUNTS, *sentences.describe_challenges(returns.audits, quarter)]
    when = sentences.quarter_in_words(returns, quarter)
    if differ.empty:
        said.append(f"In {when} the auditors' grades and the grades of record give the same numbers in every domain.")
        return paragraphs(said)
    table = plain_table(
        f"Where the auditors' grades and the grades of record give other numbers, {when}",
        ("Domain", "Grade", "By the auditors' grades", "By the grades of record"),
        [
            (
                returns.framework.domain_titles[row.domain],
                TAIL_TITLES[row.grade],
                f"{row.by_auditors:,} of {row.of_auditors:,}",
                f"{row.by_record:,} of {row.of_record:,}",
            )
            for row in differ.itertuples()
        ],
        numbers=("By the auditors' grades", "By the grades of record"),
        note="Both are in tables/grades-of-record.csv for every domain and quarter.",
    )
    return Fragment(paragraphs(said).html + table, " ".join(said))


def show_which_grade_counts(returns: AuditReturns, trend: DomainTrend) -> Fragment:
    """Show which grade a domain's shares count, and what the auditors' own grades would give for the reported quarter.

    Parameters
    ----------
    returns
        Audit returns.
    trend
        The domain's periods.

    Returns
    -------
    Fragment
        A sentence or two.
    """
    said = [sentences.GRADE_OF_RECORD]
    if not returns.is_shared:
        rows = grades_of_record(returns, through=trend.quarter)
        rows = rows[(rows["domain"] == trend.domain) & (rows["quarter"] == trend.quarter)]
        said += sentences.describe_record(rows, trend.title_of(trend.quarter))
    return paragraphs(said)
