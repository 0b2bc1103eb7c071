"""How often themes are spoken of: in audits, not in statements, over the whole grid.

One auditor may say a thing three times, so what is counted is audits that say it, out of those that say anything about
the domain: a box left blank says neither that there was a strength nor that there was none. An audit counts once, so
plain intervals serve. Whether a theme goes with a grade, or rose, is given as a difference with its interval, widened
for every such comparison, because with sixteen themes something always stands out.
"""

import numpy as np
import pandas as pd

from auditanalytics.comparisons import difference_interval, family_confidence
from auditanalytics.evidence import NO_EVIDENCE
from auditanalytics.frameworks import OVERALL
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE
from auditanalytics.intervals import wilson_interval
from auditanalytics.moderation import grade_of_record
from auditanalytics.periods import reported_quarters
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import THEME_CHANGES, THEME_CONTRASTS, THEME_COVERAGE, THEMES, THEMES_BY_GRADE
from auditanalytics.themes import KINDS, NO_THEME
from auditanalytics.themes.coding import COMMENT, WORKED_WELL, WORRIED_ABOUT

ANY_GRADE = "any"
"""Stands in place of a grade for all audits."""

TAIL_OF = {WORRIED_ABOUT: INADEQUATE, WORKED_WELL: GOOD_OR_BETTER}
"""The tail that a kind of statement is held against: worries against Inadequate, strengths against Good throughout."""

_CELL = ["domain", "kind", "theme", "quarter"]


def _statements(returns: AuditReturns, quarters: list[str]) -> pd.DataFrame:
    """The coded statements of some quarters, with the quarter of each."""
    coded = returns.coded.merge(returns.audits[["audit_id", "quarter"]], on="audit_id")
    return coded[coded["quarter"].isin(quarters)]


def themed_domains(returns: AuditReturns) -> dict[str, str]:
    """Give the domains on which statements may be made, by id: those of the framework, and the whole audit.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    dict of str
        Titles.
    """
    titles = dict(returns.framework.domain_titles)
    if OVERALL not in titles and (returns.coded["domain"] == OVERALL).any():
        titles[OVERALL] = "The whole audit"
    return titles


def _grid(returns: AuditReturns, quarters: list[str]) -> pd.MultiIndex:
    """Every domain, kind, theme and quarter; plain comments only where there are any."""
    kinds = [kind for kind in KINDS if kind != COMMENT or (returns.coded["kind"] == COMMENT).any()]
    themes = [*returns.themes, NO_THEME]
    return pd.MultiIndex.from_product([themed_domains(returns), kinds, themes, quarters], names=_CELL)


def count_themes(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count in how many audits each theme is spoken of, by domain, kind of statement and quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.THEMES`; no row where no return holds a comment. What a report for sharing hides is missing.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> themes = count_themes(read_returns("data/example"))
    >>> themes.query("domain == 'plans' and kind == 'worried_about' and theme == 'planning'")["of_audits"].tolist()
    [28, 23, 24, 21]
    """
    quarters = reported_quarters(returns, through=through)
    if returns.coded.empty or not quarters:
        return THEMES.build([])
    statements = _statements(returns, quarters)
    cells = statements.groupby(_CELL)[["statement", "audit_id"]].nunique()
    grid = _grid(returns, quarters)
    counts = cells.reindex(grid, fill_value=0).set_axis(["n", "audits"], axis=1).reset_index()
    base = statements.groupby(["domain", "quarter"])["audit_id"].nunique().rename("of_audits")
    counts = counts.join(base, on=["domain", "quarter"]).fillna({"of_audits": 0})
    counts["share"] = counts["audits"] / counts["of_audits"].where(counts["of_audits"] > 0)
    return _as_shared(THEMES.build(counts), returns) if returns.is_shared else THEMES.build(counts)


def _as_shared(counts: pd.DataFrame, returns: AuditReturns) -> pd.DataFrame:
    """The counts that may be shared, rounded where the framework says so; missing where they are hidden."""
    policy, hidden = returns.disclosure_policy, returns.hidden_themes
    without_base = _are_among(counts, hidden[hidden["theme"].isna()], ["domain", "quarter"])
    without_count = without_base | _are_among(counts, hidden.dropna(), _CELL)
    shown = counts.assign(**{name: policy.rounded(counts[name]) for name in ("n", "audits", "of_audits")})
    shown["share"] = (shown["audits"] / shown["of_audits"].where(shown["of_audits"] > 0)).astype(float)
    shown.loc[without_count, ["n", "audits", "share"]] = None
    shown.loc[without_base, "of_audits"] = None
    bears = policy.share_may_be_shown(without_count, without_base, shown["of_audits"].fillna(0))
    shown.loc[~bears, "share"] = None
    return THEMES.build(shown)


def _are_among(rows: pd.DataFrame, others: pd.DataFrame, names: list[str]) -> pd.Series:
    """Which rows have what other rows have in some columns."""
    found = pd.MultiIndex.from_frame(rows[names]).isin(pd.MultiIndex.from_frame(others[names]))
    return pd.Series(found, index=rows.index)


def theme_coverage(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count the statements, and those that carry no theme, by domain and quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.THEME_COVERAGE`; no row where no return holds a comment.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> theme_coverage(read_returns("data/example")).query("domain == 'plans'")["of_audits"].tolist()
    [28, 23, 24, 21]
    """
    quarters = reported_quarters(returns, through=through)
    if returns.coded.empty or not quarters:
        return THEME_COVERAGE.build([])
    statements = _statements(returns, quarters)
    keys = ["domain", "quarter"]
    grid = pd.MultiIndex.from_product([themed_domains(returns), quarters], names=keys)
    counts = pd.DataFrame(
        {
            "of_audits": statements.groupby(keys)["audit_id"].nunique(),
            "statements": statements.groupby(keys)["statement"].nunique(),
            "without_theme": statements[statements["theme"] == NO_THEME].groupby(keys)["statement"].nunique(),
        }
    )
    counts = counts.reindex(grid).fillna(0).reset_index()
    counts["audits"] = counts["quarter"].map(returns.audits["quarter"].value_counts()).fillna(0)
    counts["share_without"] = counts["without_theme"] / counts["statements"].where(counts["statements"] > 0)
    return THEME_COVERAGE.build(counts)


def _memberships(returns: AuditReturns) -> pd.DataFrame:
    """Every audit, domain and grade that it belongs to: each that was given, the tails, and any."""
    judged = returns.judgements.assign(grade=grade_of_record(returns.judgements)).dropna(subset="grade")
    parts = [judged[["audit_id", "domain", "grade"]].drop_duplicates()]
    for domain in returns.framework.domain_titles:
        scale, of_domain = returns.framework.scale(domain), judged[judged["domain"] == domain]
        flags = pd.DataFrame(
            {
                GOOD_OR_BETTER: of_domain["grade"].isin(scale.good).groupby(of_domain["audit_id"]).all(),
                INADEQUATE: of_domain["grade"].isin(scale.inadequate).groupby(of_domain["audit_id"]).any(),
                ANY_GRADE: True,
            }
        )
        for grade in flags.columns:
            parts.append(
                pd.DataFrame(
                    {"audit_id": flags.index[flags[grade].to_numpy(dtype=bool)], "domain": domain, "grade": grade}
                )
            )
    return pd.concat(parts, ignore_index=True)


def audits_at_tail(returns: AuditReturns, tail: str) -> pd.DataFrame:
    """List the audits that belong to a tail, domain by domain.

    Parameters
    ----------
    returns
        Audit returns.
    tail
        ``good`` for audits with every judgement good or better, ``inadequate`` for those with any inadequate one.

    Returns
    -------
    pandas.DataFrame
        ``audit_id`` and ``domain``.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> audits_at_tail(read_returns("data/example"), "good").columns.tolist()
    ['audit_id', 'domain']
    """
    members = _memberships(returns)
    return members.loc[members["grade"] == tail, ["audit_id", "domain"]].reset_index(drop=True)


def _spoken(statements: pd.DataFrame) -> pd.DataFrame:
    """Every audit, domain, kind and theme once."""
    return statements[["audit_id", *_CELL]].drop_duplicates()


def themes_by_grade(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count in how many audits each theme is spoken of, by the grades of the audits.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.THEMES_BY_GRADE`. An audit with several grades in a domain counts under each of them.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> rows = themes_by_grade(read_returns("data/example"))
    >>> rows.query("domain == 'risk' and quarter == '2019-Q4' and grade == 'any'")["of_audits"].max().item()
    21
    """
    quarters = reported_quarters(returns, through=through)
    if returns.coded.empty or not quarters:
        return THEMES_BY_GRADE.build([])
    statements = _statements(returns, quarters)
    members = _memberships(returns)
    commented = statements[["audit_id", "domain", "quarter"]].drop_duplicates()
    base_keys = ["domain", "quarter", "grade"]
    base = commented.merge(members, on=["audit_id", "domain"]).groupby(base_keys).size().rename("of_audits")
    counts = _spoken(statements).merge(members, on=["audit_id", "domain"]).groupby([*_CELL, "grade"]).size()
    grid = _grid(returns, quarters).to_frame(index=False)
    grades = pd.DataFrame(
        [
            (domain, grade)
            for domain in returns.framework.domain_titles
            for grade in (*returns.framework.scale(domain).grades, GOOD_OR_BETTER, INADEQUATE, ANY_GRADE)
        ],
        columns=["domain", "grade"],
    )
    rows = grid.merge(grades, on="domain").join(counts.rename("audits"), on=[*_CELL, "grade"]).join(base, on=base_keys)
    rows = rows.fillna({"audits": 0, "of_audits": 0})
    rows["share"] = rows["audits"] / rows["of_audits"].where(rows["of_audits"] > 0)
    rows["low"], rows["high"] = wilson_interval(rows["audits"], rows["of_audits"])
    return THEMES_BY_GRADE.build(rows)


def theme_contrasts(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Hold worries of audits with an Inadequate against those without, and strengths of Good audits against others.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The last quarter to count; the last with returns if None. All quarters up to it are counted together.

    Returns
    -------
    pandas.DataFrame
        `schema.THEME_CONTRASTS`: a row for every domain and theme that was named, where there are audits of both kinds.

    Notes
    -----
    Newcombe's interval of a difference (1998, Statistics in Medicine 17, 873 to 890), widened by Bonferroni's
    inequality for every row. Audits are the units; nothing is said of what causes what.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> rows = theme_contrasts(read_returns("data/example"))
    >>> sorted(set(rows["grade"])), bool((rows["low_of_all"] <= rows["low"]).all())
    (['good', 'inadequate'], True)
    """
    quarters = reported_quarters(returns, through=through)
    if returns.coded.empty or not quarters:
        return THEME_CONTRASTS.build([])
    statements = _statements(returns, quarters)
    members = _memberships(returns)
    graded = members.loc[members["grade"] == ANY_GRADE, ["audit_id", "domain"]]
    graded = graded.merge(statements[["audit_id", "domain"]].drop_duplicates(), on=["audit_id", "domain"])
    parts = []
    for kind, tail in TAIL_OF.items():
        of_tail = members.loc[members["grade"] == tail, ["audit_id", "domain"]].assign(is_in_tail=True)
        audits = graded.merge(of_tail, how="left", on=["audit_id", "domain"])
        audits = audits.assign(is_in_tail=audits["is_in_tail"].notna())
        parts.append(_named_in_tail(statements[statements["kind"] == kind], audits).assign(kind=kind, grade=tail))
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["of_with"] > 0) & (table["of_without"] > 0)]
    weighed = _weigh(table, before=("audits_without", "of_without"), after=("audits_with", "of_with"))
    weighed["finding"] = _verdicts(weighed, "more often", "less often")
    return THEME_CONTRASTS.build(_in_order(weighed.rename(columns={"change": "difference"}), returns))


def _named_in_tail(statements: pd.DataFrame, audits: pd.DataFrame) -> pd.DataFrame:
    """By domain and theme, how many audits of a tail name the theme, of how many, and how many of the others."""
    spoken = _spoken(statements)
    spoken = spoken[spoken["theme"] != NO_THEME].merge(audits, on=["audit_id", "domain"])
    sides = {True: "with", False: "without"}
    named = spoken.groupby(["domain", "theme", "is_in_tail"]).size().unstack(fill_value=0)
    named = named.reindex(columns=list(sides), fill_value=0).rename(columns=lambda side: f"audits_{sides[side]}")
    of = audits.groupby(["domain", "is_in_tail"]).size().unstack(fill_value=0)
    of = of.reindex(columns=list(sides), fill_value=0).rename(columns=lambda side: f"of_{sides[side]}")
    return named.reset_index().merge(of.reset_index(), on="domain")


def theme_changes(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Hold the themes of the reported quarter against those of the last quarter before it with statements.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The quarter that is reported; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.THEME_CHANGES`: a row for every domain, kind and theme that anybody spoke of in either.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> rows = theme_changes(read_returns("data/example"), through="2019-Q4")
    >>> set(rows["since"]), set(rows["until"])
    ({'2019-Q3'}, {'2019-Q4'})
    """
    counts = count_themes(returns, through=through)
    counts = counts[counts["kind"].isin(TAIL_OF) & (counts["theme"] != NO_THEME)]
    if counts.empty:
        return THEME_CHANGES.build([])
    until = counts["quarter"].max()
    earlier = counts[(counts["quarter"] < until) & (counts["of_audits"] > 0)]
    last = earlier.groupby("domain")["quarter"].transform("max")
    keys = ["domain", "kind", "theme"]
    pairs = earlier[earlier["quarter"] == last].merge(
        counts[(counts["quarter"] == until) & (counts["of_audits"] > 0)], on=keys, suffixes=("_since", "_until")
    )
    table = pairs.rename(
        columns={"quarter_since": "since", "quarter_until": "until"}
        | {f"of_audits_{when}": f"of_{when}" for when in ("since", "until")}
    )
    table = table[table["audits_since"] + table["audits_until"] > 0]
    weighed = _weigh(table, before=("audits_since", "of_since"), after=("audits_until", "of_until"))
    weighed["finding"] = _verdicts(weighed, "rose", "fell")
    return THEME_CHANGES.build(_in_order(weighed, returns))


def _weigh(table: pd.DataFrame, *, before: tuple[str, str], after: tuple[str, str]) -> pd.DataFrame:
    """The table with the difference of two shares, its interval, and that widened for every row."""
    sides = [table[name].astype(float) for name in (*before, *after)]
    shares = sides[0] / sides[1], sides[2] / sides[3]
    number = len(table)
    low, high = difference_interval(shares[0], sides[1], shares[1], sides[3])
    confidence = family_confidence(number)
    widened = difference_interval(shares[0], sides[1], shares[1], sides[3], confidence=confidence)
    return table.assign(
        change=shares[1] - shares[0],
        low=low,
        high=high,
        comparisons=number,
        low_of_all=widened[0],
        high_of_all=widened[1],
    )


def _verdicts(weighed: pd.DataFrame, above: str, below: str) -> np.ndarray:
    return np.select([weighed["low_of_all"] > 0, weighed["high_of_all"] < 0], [above, below], NO_EVIDENCE)


def _in_order(table: pd.DataFrame, returns: AuditReturns) -> pd.DataFrame:
    """Rows by domain, kind and theme, each in its usual order."""
    orders = {"domain": list(themed_domains(returns)), "kind": list(KINDS), "theme": [*returns.themes, NO_THEME]}
    return table.sort_values(list(orders), key=lambda column: column.map(orders[column.name].index), kind="stable")
