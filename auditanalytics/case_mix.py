"""Which audits were made, or how practice was within them: what goes with a change from one quarter to another.

A share moves when practice moves, and also when a weaker team is drawn more often, when other kinds of case are
audited, or when a stricter auditor audits more. The change is split, without remainder, into what goes with the mix of
teams, case types and auditors and what is left within them, called practice here. The quarters are not an experiment:
a part "goes with" its factor and need not come from it.
"""

import numpy as np
import pandas as pd

from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.frameworks import Framework
from auditanalytics.grades import TAILS, fold_label
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.kept_tables import FEWEST_OF_A_WORD, OTHER_TYPES
from auditanalytics.moderation import grade_of_record
from auditanalytics.quarters import parse_quarter
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import CASE_MIX

AUDITS_WITHOUT_EFFECT = 3
"""Average audits without an effect that every group is given beside its own, so that a handful is not taken at its
word; the penalty of the ridge regression, in audits."""

MOST_OF_A_CHANGE = 0.5
"""The share of a change that has to go with the mix for it to be called mostly that."""

LEAST_OVERLAP = 0.5
"""Where fewer of the audits belong to groups seen in both quarters, a factor cannot be told from the quarter itself."""

SMALLEST_CHANGE_TO_SPLIT = 0.05
"""A change of fewer points is not worth saying what it goes with."""

LARGEST_DIFFERENCE_IN_TYPES = 0.2
"""From this share of the audits being of another type on, two quarters did not audit the same thing."""

MOSTLY_MIX, MOSTLY_PRACTICE = "mostly mix", "mostly practice"
TOO_SMALL, NOT_SPLIT = "too small to split", "not split"

NO_AUDIT_TYPE = "no type given"

_FACTORS = {"team": "teams", "case_type": "case types", "auditor": "auditors"}
_NOT_GIVEN, _ALL_THE_SAME, _TOO_FEW_AUDITS = "not given", "all the same", "too few audits"
_WITHOUT_PART = (_NOT_GIVEN, _ALL_THE_SAME)
_ROUNDING = 1e-9
"""0.3 - 0.25 is five points, although not to a computer."""


def split_change(
    returns: AuditReturns,
    domain: str,
    since: str,
    until: str,
    *,
    fewest_audits: int = FEWEST_AUDITS_FOR_A_PERCENTAGE,
) -> pd.DataFrame:
    """Split the change of both tails between two quarters into the mix of audits and practice within it.

    One linear model is fitted to the audits of both quarters that have a graded judgement in the domain. The response
    is the audit's share of judgements in the tail and its weight the number of its judgements, so that weighted means
    are the shares that are published. Columns are an intercept, the later quarter, and every team, case type and
    auditor; the effects of these groups are drawn toward none by a ridge penalty of `AUDITS_WITHOUT_EFFECT` average
    audits. As neither intercept nor quarter is penalised, the residuals sum to zero within each quarter, and the change
    is exactly the coefficient of the quarter (practice) and, for every factor, its effects times the change in its
    composition. A group that is not given is a group like others.

    Parameters
    ----------
    returns
        Audit returns.
    domain
        The id of a domain, or ``overall``.
    since, until
        The earlier and the later quarter; they need not follow each other.
    fewest_audits
        With fewer audits in either quarter nothing is split.

    Returns
    -------
    pandas.DataFrame
        `schema.CASE_MIX`: a row for each tail. Where it was split, ``practice`` and the parts that are not missing sum
        to ``change``. A factor is missing, and its part within practice, where the quarters overlap too little in it;
        it is 0 where it is not given or the same in all audits. The grade of record is counted.

    Raises
    ------
    ChoiceError
        If there is no such domain.
    ArgumentError
        If a quarter is not written like one, or ``since`` is not before ``until``.

    Notes
    -----
    The pooled decomposition of Oaxaca (1973, International Economic Review 14, 693) and Blinder (1973, Journal of Human
    Resources 8, 436), as in Jann (2008, Stata Journal 8, 453), in the form of Gelbach (2016, Journal of Labor Economics
    34, 509), in which the order of the factors does not matter; the effects are shrunken here. With one factor and
    without a penalty it is akin to Kitagawa (1955, Journal of the American Statistical Association 50, 1168).

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> split = split_change(read_returns("data/example"), "risk", "2019-Q3", "2019-Q4")
    >>> split[["grade", "change", "practice", "finding"]].round(2).to_numpy().tolist()
    [['good', 0.06, 0.11, 'mostly practice'], ['inadequate', 0.03, -0.02, 'too small to split']]
    """
    if domain not in returns.framework.domain_titles:
        raise ChoiceError("domain", domain, returns.framework.domain_titles)
    _check_quarters(returns, since, until)
    audits = _graded_audits(returns, domain, since, until)
    enough = audits["quarter"].value_counts().reindex([since, until], fill_value=0).min() >= max(fewest_audits, 1)
    left_out = _factors_left_out(audits, until) if enough else {}
    compared = enough and any(left_out.get(factor, _ALL_THE_SAME) == _ALL_THE_SAME for factor in _FACTORS)
    sums = audits.groupby("quarter")[["of", *TAILS]].sum().reindex([since, until])
    rows = []
    for tail in TAILS:
        shares = sums[tail] / sums["of"]
        change = shares[until] - shares[since]
        row = {"domain": domain, "grade": tail, "since": since, "until": until, "change": change}
        if compared:
            parts = _parts(audits, until, tail, [factor for factor in _FACTORS if factor not in left_out])
            row |= parts | dict.fromkeys([factor for factor, why in left_out.items() if why in _WITHOUT_PART], 0.0)
            row |= {"left_out": _listed(left_out), "finding": _finding(change, change - parts["practice"])}
        else:
            row |= {"left_out": _listed(left_out) or _TOO_FEW_AUDITS, "finding": NOT_SPLIT}
        rows.append(row)
    return CASE_MIX.build(pd.DataFrame(rows))


def _check_quarters(returns: AuditReturns, since: str, until: str) -> None:
    first, second = (parse_quarter(name, calendar=returns.framework.quarters) for name in (since, until))
    if not first < second:
        raise ArgumentError(f"since must be a quarter before until; not {since} and {until}")


def _graded_audits(returns: AuditReturns, domain: str, since: str, until: str) -> pd.DataFrame:
    """Give the audits of both quarters with their groups, graded judgements (``of``) and judgements in each tail."""
    judgements = returns.judgements[returns.judgements["domain"] == domain]
    record = grade_of_record(judgements)
    tails = {tail: record.isin(grades) for tail, grades in returns.framework.scale(domain).tails.items()}
    counted = pd.DataFrame({"audit_id": judgements["audit_id"], "of": 1, **tails})[record.notna()]
    audits = returns.audits.loc[returns.audits["quarter"].isin([since, until]), ["audit_id", "quarter", *_FACTORS]]
    folded = {factor: _tidied(audits[factor]).map(fold_label) for factor in _FACTORS}
    return audits.assign(**folded).merge(counted.groupby("audit_id").sum(), on="audit_id")


def _tidied(written: pd.Series) -> pd.Series:
    """Give texts without runs of white space; a missing one is empty."""
    texts = written.astype(object)
    return texts.where(texts.notna(), "").map(lambda text: " ".join(text.split())).astype(object)


def _factors_left_out(audits: pd.DataFrame, until: str) -> dict[str, str]:
    """Say why, for every factor that has no columns in the model."""
    later = audits["quarter"] == until
    left_out = {}
    for factor, plural in _FACTORS.items():
        groups = audits[factor]
        shared = set(groups[later]) & set(groups[~later])
        if groups.eq("").all():
            left_out[factor] = _NOT_GIVEN
        elif groups.nunique() == 1:
            left_out[factor] = _ALL_THE_SAME
        elif groups.isin(shared).mean() < LEAST_OVERLAP:
            left_out[factor] = f"the quarters share too few {plural}"
    return left_out


def _parts(audits: pd.DataFrame, until: str, tail: str, factors: list[str]) -> dict[str, float]:
    """Fit the model, and multiply every effect with the change in what it belongs to; the parts sum to the change."""
    weights = audits["of"].to_numpy(float)
    later = (audits["quarter"] == until).to_numpy(float)
    groups = [pd.get_dummies(audits[factor]).to_numpy(float) for factor in factors]
    columns = np.column_stack([np.ones_like(later), later, *groups])
    penalty = np.full(columns.shape[1], AUDITS_WITHOUT_EFFECT * weights.mean())
    penalty[:2] = 0
    # The weight times the share is the number in the tail.
    totals = columns.T @ audits[tail].to_numpy(float)
    effects = np.linalg.solve(columns.T @ (columns * weights[:, None]) + np.diag(penalty), totals)
    before, after = ((weights * quarter) @ columns / (weights @ quarter) for quarter in (1 - later, later))
    parts = effects * (after - before)
    ends = np.cumsum([2, *(group.shape[1] for group in groups)])
    mix = [float(part.sum()) for part in np.split(parts, ends)[1:-1]]
    return {"practice": float(parts[1])} | dict(zip(factors, mix, strict=True))


def _finding(change: float, mix: float) -> str:
    if abs(change) < SMALLEST_CHANGE_TO_SPLIT - _ROUNDING:
        return TOO_SMALL
    return MOSTLY_MIX if mix / change > MOST_OF_A_CHANGE + _ROUNDING else MOSTLY_PRACTICE


def _listed(left_out: dict[str, str]) -> str:
    return "; ".join(f"{factor.replace('_', ' ')}: {why}" for factor, why in left_out.items())


def audit_types(returns: AuditReturns, since: str, until: str) -> pd.DataFrame:
    """Count the audits of every type in two quarters.

    Parameters
    ----------
    returns
        Audit returns.
    since, until
        The earlier and the later quarter.

    Returns
    -------
    pandas.DataFrame
        A row for every type, those with most audits first, and a column for each quarter. A type is the title of the
        form that was used, or where there is none the type as it is mostly written. Rare types are one row, as are
        audits that give none.

    Raises
    ------
    ArgumentError
        If a quarter is not written like one, or ``since`` is not before ``until``.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> audit_types(read_returns("data/example"), "2019-Q3", "2019-Q4").loc["Deep dive"].tolist()
    [24, 21]
    """
    _check_quarters(returns, since, until)
    audits = returns.audits[returns.audits["quarter"].isin([since, until])]
    types = _types(audits["audit_type"], returns.framework)
    often = types.map(types.value_counts()) >= FEWEST_OF_A_WORD
    types = types.where(often | (types == NO_AUDIT_TYPE), OTHER_TYPES)
    counts = pd.crosstab(types, audits["quarter"]).reindex(columns=[since, until], fill_value=0)
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return counts.loc[order].rename_axis(index="audit_type", columns="quarter")


def _types(written: pd.Series, framework: Framework) -> pd.Series:
    texts = _tidied(written)
    folded = texts.map(fold_label)
    titles = {"": NO_AUDIT_TYPE}
    for word in set(folded) - {""}:
        spellings = texts[folded == word]
        form = framework.form(spellings.iloc[0])
        titles[word] = form.title if form else spellings.mode().iloc[0]
    return folded.map(titles).astype(object)


def audit_types_differ(counts: pd.DataFrame) -> bool:
    """Say whether two quarters audited different things.

    Parameters
    ----------
    counts
        The counts of `audit_types`.

    Returns
    -------
    bool
        Whether at least `LARGEST_DIFFERENCE_IN_TYPES` of the audits would have to be of another type for the quarters
        to be composed alike; False if either has no audit.

    Examples
    --------
    >>> audit_types_differ(pd.DataFrame({"2019-Q3": [24, 0], "2019-Q4": [18, 3]}, index=["Deep dive", "Re-audit"]))
    False
    >>> audit_types_differ(pd.DataFrame({"2019-Q3": [24, 0], "2019-Q4": [12, 9]}, index=["Deep dive", "Re-audit"]))
    True
    """
    totals = counts.sum()
    if (totals == 0).any():
        return False
    since, until = ((counts[quarter] / totals[quarter]) for quarter in counts)
    return bool((since - until).abs().sum() / 2 >= LARGEST_DIFFERENCE_IN_TYPES - _ROUNDING)
