"""Sentences about moderation: how alike audits are graded, how that is known, and what it does not say.

Each sentence of a finding carries its number; each number its n. What cannot be said is said to be so, because an empty
place would be read as agreement.
"""

import pandas as pd

from auditanalytics.challenges import CHANGED, NOT_SAID, STANDS
from auditanalytics.english import as_sentence, counted, listed, were
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.moderated_grades import CERTAINTY, RANDOM
from auditanalytics.moderation import ALL, NOT_RECORDED
from auditanalytics.months import month_title
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reporting.wording import percent
from auditanalytics.returns import AuditReturns

WAYS_OF_CHOOSING = {
    RANDOM: "drawn at random",
    CERTAINTY: "chosen for a reason",
    NOT_RECORDED: "chosen in a way that was not recorded",
}
"""How moderated audits came to be so, in words for a sentence."""

NOT_SHARED = "Moderation speaks of single audits and is not part of a report for sharing."

WAYS_IN_SHORT = {RANDOM: "at random", CERTAINTY: "for a reason", NOT_RECORDED: "(how is not recorded)"}
"""The same, in fewer words for a cell of a table."""

GRADE_OF_RECORD = "The grade of record is counted: the moderated grade where there is one, otherwise the auditor's."

WHICH_GRADE_COUNTS = (
    "Every other page counts the grade of record: the moderated grade where there is one, otherwise the auditor's. "
    "What the auditor wrote is kept beside it."
)

NOTE_ON_SHARES = "Percentages only from ten audits on; in brackets the 95% interval."

NOTE_ON_DIRECTION = (
    "The moderator's grade against the auditor's. In the sign test an audit has one vote: p is the chance of so "
    "uneven a split if neither way prevailed."
)

NOTE_ON_COEFFICIENTS = (
    "From −1 to 1, which is full agreement, with the 95% interval. Kappa falls when nearly all cases have one grade, "
    "however often both agree; AC2 hardly does, so they are read together. A dash: fewer than ten audits, nothing to "
    "tell apart, or domains on several scales."
)
NO_COEFFICIENTS = (
    "Neither kappa nor AC2 is given: they need at least ten moderated audits, grades that differ and one scale."
)


def quarter_in_words(returns: AuditReturns, quarter: str) -> str:
    """Say a quarter in words.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        One of their quarters.

    Returns
    -------
    str
        Its first and last month, and its year.
    """
    return period_title(parse_quarter(quarter, calendar=returns.framework.quarters))


def until(returns: AuditReturns, quarter: str) -> str:
    """Say the last month of a quarter in words.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        One of their quarters.

    Returns
    -------
    str
        The month and its year.
    """
    last = parse_quarter(quarter, calendar=returns.framework.quarters).asfreq("M", how="end")
    return f"{month_title(last)} {last.year}"


def describe_nothing_moderated(basis: pd.DataFrame, when: str) -> list[str]:
    """Say that there is nothing from which agreement could be estimated.

    Parameters
    ----------
    basis
        `schema.MODERATION_BASIS`.
    when
        The reported quarter in words.

    Returns
    -------
    list of str
        A sentence or two.
    """
    if basis.empty:
        return [f"No audit up to {when} was moderated, so nothing here says how alike audits are graded."]
    audits = int(basis.loc[basis["quarter"] == ALL, "audits"].sum())
    return [
        f"{counted(audits, 'audit')} up to {when} {were(audits)} moderated, but none from which agreement can be "
        "estimated: those were chosen for a reason, or the auditor gave no grade."
    ]


def describe_agreement(pairs: pd.DataFrame, basis: pd.DataFrame, when: str, *, contested: int) -> list[str]:
    """Say how far moderators gave the grades that auditors gave, how that is known, and what it does not say.

    Parameters
    ----------
    pairs
        Rows of `schema.MODERATED_JUDGEMENTS` from which agreement is estimated; at least one.
    basis
        `schema.MODERATION_BASIS`.
    when
        The reported quarter in words.
    contested
        How many judgements moderators differ on, so that they are not among the pairs.

    Returns
    -------
    list of str
        Sentences, the finding first.
    """
    same, up, down = (int(each.sum()) for each in (pairs["steps"] == 0, pairs["steps"] > 0, pairs["steps"] < 0))
    audits, of = pairs["audit"].nunique(), len(pairs)
    share = f" ({percent(same / of)})" if audits >= FEWEST_AUDITS_FOR_A_PERCENTAGE else ""
    moved = f"; of the others {up:,} moved up and {down:,} down" if same < of else ""
    finding = (
        f"In {same:,} of {of:,} judgements{share} on {counted(audits, 'audit')} up to {when}, the moderator gave the "
        f"grade that the auditor had given{moved}."
    )
    said = [finding, _describe_choice(pairs, basis), _describe_blindness(pairs)]
    if contested:
        said.append(
            f"Not counted: {counted(contested, 'judgement')} on which moderators differ and nobody wrote down what "
            "they agreed on."
        )
    return [*said, _WHAT_IT_SAYS]


_WHAT_IT_SAYS = (
    "This says how often a second reader of these cases came to the same grade. It does not say that the first was "
    "right, nor how any one team or auditor grades."
)


def _describe_choice(pairs: pd.DataFrame, basis: pd.DataFrame) -> str:
    ways = pairs.drop_duplicates("audit")["stratum"].fillna(NOT_RECORDED).value_counts()
    ways = ways.reindex([way for way in WAYS_OF_CHOOSING if way in ways.index])
    parts = [f"{counted(number, 'audit')} {WAYS_OF_CHOOSING[way]}" for way, number in ways.items()]
    sentence = f"It rests on {listed(parts)}"
    if NOT_RECORDED in ways.index:
        sentence += f", so that {'they' if len(ways) == 1 else 'the last'} may not stand for the rest"
    beside = basis[(basis["quarter"] == ALL) & (basis["counted"] == "no")]
    if beside.empty:
        return f"{sentence}."
    why = "for a reason" if set(beside["stratum"]) == {CERTAINTY} else "for a reason, or it was not recorded why,"
    verbs = "was looked at {} and is" if beside["audits"].sum() == 1 else "were looked at {} and are"
    return f"{sentence}. Another {beside['audits'].sum():,} {verbs.format(why)} not counted here."


def _describe_blindness(pairs: pd.DataFrame) -> str:
    by_audit = pairs.drop_duplicates("audit")["blind"]
    blind, seen, unknown = int((by_audit == "yes").sum()), int((by_audit == "no").sum()), int(by_audit.isna().sum())
    if blind == len(by_audit):
        return "The moderators did not see the auditors' grades."
    if unknown == len(by_audit):
        return f"Whether the moderators saw the auditors' grades was not recorded; {_ANCHORING}"
    parts = [
        *([f"in {counted(blind, 'audit')} the moderator did not see the auditor's grade"] if blind else []),
        *([f"in {counted(seen, 'audit')} the moderator saw the auditor's grade"] if seen else []),
        *([f"in {counted(unknown, 'audit')} it was not recorded"] if unknown else []),
    ]
    return as_sentence(f"{listed(parts)}; {_ANCHORING}")


_ANCHORING = "who sees a grade agrees with it more easily."


def describe_service(service: pd.DataFrame) -> list[str]:
    """Say how far moderators would agree with auditors on all audits of the quarters that were drawn from.

    Parameters
    ----------
    service
        `schema.SERVICE_AGREEMENT`.

    Returns
    -------
    list of str
        A sentence; none where no draw was recorded, or too few were drawn at random for an interval.
    """
    of_all = service[(service["quarter"] == ALL) & service["low"].notna()]
    if of_all.empty:
        return []
    row = of_all.iloc[0]
    return [
        "Each audit weighted by the probability with which it was drawn, and those looked at for a reason counted too, "
        f"agreement is about {percent(row['value'])} an audit (95% interval {percent(row['low'])} to "
        f"{percent(row['high'])}): estimated from {counted(row['audits'], 'audit')}, {row['drawn_by_lot']:,} of them "
        "drawn at random, for the quarters whose draw was recorded."
    ]


def describe_quarters(audits: pd.Series) -> str:
    """Say which quarters bear a percentage.

    Parameters
    ----------
    audits
        How many audits agreement is estimated from, by quarter.

    Returns
    -------
    str
        A sentence.
    """
    bearing = int((audits >= FEWEST_AUDITS_FOR_A_PERCENTAGE).sum())
    if not len(audits):
        return "No quarter has judgements on domains from which agreement can be estimated."
    if bearing == len(audits):
        return "Each quarter has ten moderated audits or more, and so bears a percentage with its interval."
    if not bearing:
        return "No quarter has ten moderated audits, so that counts alone are shown; all of them together say more."
    has = "quarter has" if bearing == 1 else "quarters have"
    return f"{bearing} {has} ten moderated audits or more; the others show counts alone."


def describe_pairs(pairs: pd.DataFrame) -> str:
    """Say how many pairs of grades were the same, for those who see no table.

    Parameters
    ----------
    pairs
        `schema.MODERATION_GRADES`.

    Returns
    -------
    str
        A sentence.
    """
    same = int(pairs.loc[pairs["grade"] == pairs["moderated_grade"], "n"].sum())
    return f"{same:,} of {int(pairs['n'].sum()):,} pairs of grades are the same."


def describe_record(rows: pd.DataFrame, when: str) -> list[str]:
    """Say what a domain's tails are by the auditors' grades and by the grades of record.

    Parameters
    ----------
    rows
        Rows of `schema.GRADES_OF_RECORD` of one domain and quarter.
    when
        The quarter in words.

    Returns
    -------
    list of str
        A sentence; none where there are no returns.
    """
    if rows.empty:
        return []
    tails = rows.set_index("grade")
    by = {
        name: (int(tails.loc[GOOD_OR_BETTER, name]), int(tails.loc[INADEQUATE, name]), int(tails[of].iloc[0]))
        for name, of in (("by_auditors", "of_auditors"), ("by_record", "of_record"))
    }
    if by["by_auditors"] == by["by_record"]:
        return [f"In {when} the auditors' own grades give the same numbers."]
    good, inadequate, of = by["by_auditors"]
    return [
        f"In {when} it was Good or better {by['by_record'][0]:,} times and Inadequate {by['by_record'][1]:,} times of "
        f"{by['by_record'][2]:,}; by the auditors' own grades {good:,} and {inadequate:,} of {of:,}."
    ]


def describe_challenges(audits: pd.DataFrame, quarter: str) -> list[str]:
    """Say how many audits of a quarter were challenged, and what came of it.

    Parameters
    ----------
    audits
        `schema.AUDITS`.
    quarter
        The quarter.

    Returns
    -------
    list of str
        A sentence; none where nothing was challenged.
    """
    outcomes = audits.loc[(audits["quarter"] == quarter) & audits["challenge"].notna(), "challenge_outcome"]
    if outcomes.empty:
        return []
    words = {CHANGED: "changed the grade", STANDS: "left the grade as it was", NOT_SAID: "has no outcome recorded"}
    parts = [f"{n:,} {words[outcome]}" for outcome in words if (n := int((outcomes == outcome).sum()))]
    n = len(outcomes)
    return [f"The grades of {counted(n, 'audit')} {were(n)} challenged: {listed(parts)}."]
