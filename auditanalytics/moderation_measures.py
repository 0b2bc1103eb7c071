"""What moderation says of grading: the square table, agreement, direction, and what the grades of record change.

Agreement is first a count of the same grades, then of grades within one step, then which way the others moved; a
coefficient comes last, because it depends on how common each grade is, and needs more cases than a month has. What is
estimated for a service comes from the audits that were drawn at random, wherever that was recorded.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from auditanalytics.agreement import (
    SAME_GRADE,
    WITHIN_ONE_GRADE,
    bowker_test,
    clustered_share,
    count_agreeing,
    count_moves,
    stuart_maxwell_test,
)
from auditanalytics.coefficients import (
    LINEAR,
    QUADRATIC,
    Coefficient,
    gwet_coefficient,
    krippendorff_alpha,
    weighted_kappa,
)
from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.moderated_grades import CERTAINTY, CONSENSUS, RANDOM
from auditanalytics.moderation import ALL, NOT_RECORDED, grade_of_record, moderated_judgements, representative
from auditanalytics.periods import reported_quarters
from auditanalytics.ratings import square_table
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import (
    GRADES_OF_RECORD,
    MODERATION,
    MODERATION_BASIS,
    MODERATION_DIRECTION,
    MODERATION_GRADES,
    MODERATORS_AGREEMENT,
)

ANY = "any"
"""Stands in place of a domain for all of them together, without the judgements on whole audits."""


def moderation_basis(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Say of every quarter how its moderated audits were chosen, and which of them agreement is estimated from.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MODERATION_BASIS`: a row for each quarter with moderated audits and way of choosing that occurred, and
        all quarters together last.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> moderation_basis(read_returns("data/example")).tail(1).to_dict("records")
    [{'quarter': 'all', 'stratum': 'not recorded', 'audits': 12, 'counted': 'yes'}]
    """
    rows = moderated_judgements(returns, through=through)
    rows = rows.assign(stratum=rows["stratum"].fillna(NOT_RECORDED), counted=representative(rows))
    audits = rows.drop_duplicates("audit")[["audit", "quarter", "stratum", "counted"]]
    together = pd.concat([audits, audits.assign(quarter=ALL)])
    together["counted"] = together["counted"].map({True: "yes", False: "no"})
    counts = together.groupby(["quarter", "stratum", "counted"]).size().rename("audits").reset_index()
    order = {name: at for at, name in enumerate((RANDOM, CERTAINTY, NOT_RECORDED))}
    return MODERATION_BASIS.build(
        counts.sort_values(
            ["quarter", "stratum"], key=lambda names: names.map(order) if names.name == "stratum" else names
        )
    )


def moderation_grades(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count every pair of an auditor's and a moderated grade, by domain, over all quarters.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MODERATION_GRADES`: for every domain with a moderated judgement the square table of its scale, pairs
        that did not occur with 0. Counted are the judgements that agreement is estimated from.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> pairs = moderation_grades(read_returns("data/example")).query("domain == 'risk'")
    >>> len(pairs), int(pairs["n"].sum())
    (16, 24)
    """
    rows = graded_pairs(returns, through=through)
    parts = [MODERATION_GRADES.build([])]
    for domain in returns.framework.domain_titles:
        of_domain = rows[rows["domain"] == domain]
        if of_domain.empty:
            continue
        table = square_table(of_domain[["grade", "moderated_grade"]], order=returns.framework.scale(domain).grades)
        counts = table.rename_axis(index="grade", columns="moderated_grade").stack().rename("n").reset_index()
        parts.append(MODERATION_GRADES.build(counts.assign(domain=domain, quarter=ALL)))
    return pd.concat(parts, ignore_index=True)


def graded_pairs(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give the moderated judgements from which agreement is estimated: both graded them, and they stand for others.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        Rows of `schema.MODERATED_JUDGEMENTS`.
    """
    rows = moderated_judgements(returns, through=through)
    return rows[representative(rows) & rows["steps"].notna()].reset_index(drop=True)


def moderation_measures(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Say how far moderators agree with auditors, by domain, for each quarter and for all of them together.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MODERATION`: for each domain with a pair of grades, and for all domains together, seven measures for
        each quarter with such pairs and for all of them. Intervals allow for several judgements coming from one audit.
        A coefficient is missing below ten audits and for domains on several scales together, kappa also where all
        grades are one.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> measures = moderation_measures(read_returns("data/example")).query("domain == 'any' and quarter == 'all'")
    >>> [f"{row.measure} {row.value:.2f}" for row in measures.itertuples()][:4]
    ['exact 0.84', 'adjacent 1.00', 'moved_up 0.08', 'moved_down 0.08']
    """
    rows = graded_pairs(returns, through=through)
    parts = [
        MODERATION.build(pd.DataFrame(_measured(pairs, order)).assign(domain=domain, quarter=quarter))
        for domain, of_domain, order in _by_domain(rows, returns.framework)
        for quarter, pairs in [*of_domain.groupby("quarter"), (ALL, of_domain)]
    ]
    return pd.concat([MODERATION.build([]), *parts], ignore_index=True)


def _by_domain(rows: pd.DataFrame, framework: Framework) -> Iterator[tuple[str, pd.DataFrame, list[str] | None]]:
    """Each domain of the rows, with its scale; then all of them together, with theirs where it is the same."""
    for domain in framework.domain_titles:
        of_domain = rows[rows["domain"] == domain]
        if len(of_domain):
            yield domain, of_domain, list(framework.scale(domain).grades)
    of_all = rows[rows["domain"] != OVERALL]
    scales = {framework.scale_name(domain) for domain in of_all["domain"].unique()}
    if len(of_all):
        yield ANY, of_all, list(framework.scales[scales.pop()].grades) if len(scales) == 1 else None


def _measured(pairs: pd.DataFrame, order: list[str] | None) -> list[dict[str, Any]]:
    """The measures of some pairs; without a scale of all of them those that a coefficient would give are missing."""
    ratings, audits, steps = pairs[["grade", "moderated_grade"]], pairs["audit"], pairs["steps"].astype(int)
    met = {
        "exact": steps.abs() <= SAME_GRADE,
        "adjacent": steps.abs() <= WITHIN_ONE_GRADE,
        "moved_up": steps > 0,
        "moved_down": steps < 0,
    }
    shares = {name: clustered_share(each, clusters=audits) for name, each in met.items()}
    measured = [(name, each.share, each.low, each.high) for name, each in shares.items()]
    for name, (coefficient, weights) in _COEFFICIENTS.items():
        given = coefficient(ratings, order=order, weights=weights, clusters=audits) if order else None
        measured.append((name, given.value, given.low, given.high) if given else (name, None, None, None))
    return [dict(zip(("measure", "value", "low", "high"), each, strict=True)) | {"n": len(pairs)} for each in measured]


_COEFFICIENTS = {
    "kappa_linear": (weighted_kappa, LINEAR),
    "kappa_quadratic": (weighted_kappa, QUADRATIC),
    "ac2_quadratic": (gwet_coefficient, QUADRATIC),
}


def moderation_direction(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Say which way moderation moved grades, by domain, over all quarters, and whether one way prevails.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MODERATION_DIRECTION`: a row for each domain with a pair of grades, and for all together. In the sign
        test an audit has one vote, because what moves one of its grades moves others. The tests of the square table are
        missing for domains on several scales together.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> row = moderation_direction(read_returns("data/example")).set_index("domain").loc["any"]
    >>> int(row["moved_up"]), int(row["moved_down"]), f"{row['sign_test']:.2f}"
    (14, 14, '0.75')
    """
    rows = graded_pairs(returns, through=through)
    parts = [_directed(pairs, order) | {"domain": name} for name, pairs, order in _by_domain(rows, returns.framework)]
    return MODERATION_DIRECTION.build(pd.DataFrame(parts, columns=MODERATION_DIRECTION.names))


def _directed(pairs: pd.DataFrame, order: list[str] | None) -> dict[str, Any]:
    # Steps from a place of their own, so that grades of several scales can be counted together.
    steps = pairs["steps"].astype(int)
    places = list(range(-steps.abs().max() - 1, steps.abs().max() + 2))
    moves = count_moves(pd.DataFrame({"from": 0, "to": -steps}), order=places, clusters=pairs["audit"])
    found = {"moved_up": moves.up, "same": moves.same, "moved_down": moves.down, "sign_test": moves.p}
    found |= {"audits_up": moves.cases_up, "audits_down": moves.cases_down}
    if order:
        table = square_table(pairs[["grade", "moderated_grade"]], order=order)
        for name, test in (("bowker", bowker_test(table)), ("stuart_maxwell", stuart_maxwell_test(table))):
            found |= {name: test.statistic, f"{name}_p": test.p}
    return found


def moderators_agreement(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Say how far moderators agree among themselves, where several of them graded the same.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MODERATORS_AGREEMENT`: three measures for each domain that several moderators graded, and for all
        domains together where these are on one scale. A grade that they agreed on afterwards is not counted.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> len(moderators_agreement(read_returns("data/example")))
    0
    """
    rows = returns.moderations[returns.moderations["moderator"] != CONSENSUS].dropna(subset="moderator")
    rows = rows.drop_duplicates(["audit_id", "category", "moderator"]).merge(
        returns.audits[["audit_id", "quarter"]], on="audit_id"
    )
    rows = rows[rows["quarter"].isin(reported_quarters(returns, through=through))]
    rows = rows[rows.groupby(["audit_id", "category"])["moderator"].transform("size") > 1]
    parts = [MODERATORS_AGREEMENT.build([])]
    for domain, of_domain, order in _by_domain(rows, returns.framework):
        if order:
            ratings = of_domain.pivot(index=["audit_id", "category"], columns="moderator", values="moderated_grade")
            of_audits = {"order": order, "clusters": ratings.index.get_level_values("audit_id")}
            found = {
                "exact": count_agreeing(ratings, within=SAME_GRADE, **of_audits),
                "adjacent": count_agreeing(ratings, within=WITHIN_ONE_GRADE, **of_audits),
                "alpha_ordinal": krippendorff_alpha(ratings, **of_audits),
            }
            measured = [
                (domain, name, each.value if isinstance(each, Coefficient) else each.share, each.low, each.high, *size)
                for name, each in found.items()
                for size in [(len(ratings), each.cases)]
            ]
            parts.append(MODERATORS_AGREEMENT.build(measured))
    return pd.concat(parts, ignore_index=True)


def grades_of_record(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count both tails by the auditors' grades and by the grades of record, so that one sees what moderation changed.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.GRADES_OF_RECORD`: a row for every domain, quarter with returns, and tail.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> rows = grades_of_record(read_returns("data/example"))
    >>> row = rows.query("domain == 'risk' and quarter == '2019-Q4' and grade == 'inadequate'").iloc[0]
    >>> f"{row['by_auditors']} of {row['of_auditors']}, {row['by_record']} of {row['of_record']}"
    '16 of 42, 16 of 42'
    """
    judgements = returns.judgements.assign(record=grade_of_record).merge(
        returns.audits[["audit_id", "quarter"]], on="audit_id"
    )
    judgements = judgements[judgements["quarter"].isin(reported_quarters(returns, through=through))]
    parts = []
    for domain in returns.framework.domain_titles:
        of_domain = judgements[judgements["domain"] == domain]
        for tail, grades in returns.framework.scale(domain).tails.items():
            marks = {
                "by_auditors": of_domain["grade"].isin(grades),
                "of_auditors": of_domain["grade"].notna(),
                "by_record": of_domain["record"].isin(grades),
                "of_record": of_domain["record"].notna(),
            }
            counts = pd.DataFrame(marks).groupby(of_domain["quarter"]).sum().reset_index()
            parts.append(counts.assign(domain=domain, grade=tail))
    together = pd.concat(parts, ignore_index=True) if parts else []
    return GRADES_OF_RECORD.build(together)
