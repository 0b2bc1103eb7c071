"""Which audits of a quarter are looked at a second time: those with a reason, and some of the rest by lot.

The two strata are kept apart, because what is looked at for a reason is not like the rest: agreement in the audits that
were drawn by lot is that of all audits without a reason, and agreement in both together is that of nothing. Every audit
has a known probability of being drawn, so that the quarter can be estimated from both by weights. The lot comes from
the pseudonyms, the quarter and a seed, so that anybody can draw it again, whatever order the files were read in.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.english import as_sentence, counted
from auditanalytics.errors import ArgumentError
from auditanalytics.grades import fold_label
from auditanalytics.moderated_grades import CERTAINTY, RANDOM
from auditanalytics.moderation import moderated_audits
from auditanalytics.periods import resolve_quarter
from auditanalytics.reasons_to_look import graded_audits, reasons_to_look
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import SPOT_CHECK, TEXT

SHARE_DRAWN = 0.10
"""The share of audits that is drawn at random where the framework does not say; local frameworks commonly ask it."""

_FRAME = {"audit": TEXT, "quarter": TEXT, "stratum": TEXT, "probability": "float64", "drawn": TEXT}

_ROUNDING = 1e-9
"""0.07 of 100 is seven audits and not eight, although not to a computer."""

_STARTS = 2**32
"""Where a lot may begin, in parts of the distance between two audits drawn: whole numbers, which do not round."""


@dataclass(frozen=True)
class SpotChecks:
    """The audits that were drawn for a second look, and those that might have been.

    Attributes
    ----------
    quarter
        The quarter of the audits.
    seed, share
        What the lot was drawn with.
    drawn
        `schema.SPOT_CHECK`: certainty first, then random.
    frame
        Every audit that had its chance: ``audit``, ``quarter``, ``stratum``, ``probability`` and ``drawn`` (yes or no).
        All frames so far, one below the other, are what the next draw is to know of.
    sentences
        What was drawn of how many, what was left out, and what could not be told.
    """

    quarter: str
    seed: int
    share: float
    drawn: pd.DataFrame
    frame: pd.DataFrame
    sentences: tuple[str, ...]


class _Chances(NamedTuple):
    """The audits of a quarter that may be drawn, which of them had their chance before, and what is left out.

    ``by_lot`` counts those moderated already that were drawn at random, as their table of moderated grades says.
    """

    audits: pd.DataFrame
    had_chance: pd.Series
    left_out: dict[str, int]
    by_lot: int

    def number(self, share: float) -> int:
        """How many are to be drawn at random for a share, rounded up, to be reached with those drawn before."""
        of = int((~self.had_chance).sum()) + self.by_lot
        return max(0, math.ceil(share * of - _ROUNDING) - self.by_lot)


def draw_spot_checks(
    returns: AuditReturns,
    *,
    quarter: str,
    share: float | None = None,
    seed: int = 0,
    earlier: pd.DataFrame | None = None,
) -> SpotChecks:
    """Draw the audits of a quarter that are looked at a second time.

    Every audit with a reason (`reasons_to_look`) is drawn. Of the rest so many are drawn at random as are the share,
    rounded up, of all audits that have their chance now, less those of an earlier draw at random that are moderated.
    Moderated audits are not drawn, nor are those in which nothing was graded, which leave nothing to compare.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        A quarter, or ``latest``.
    share
        The share drawn at random; if None that of the framework, or `SHARE_DRAWN`.
    seed
        What the lot is drawn with; the same seed draws the same audits.
    earlier
        The frames of earlier draws (``audit`` and ``drawn``). An audit in them is not drawn at random again, and one
        that was drawn is not drawn again; a reason that arose since draws one that was not.

    Returns
    -------
    SpotChecks
        What was drawn, and what might have been.

    Raises
    ------
    ChoiceError
        If there is no such quarter.
    ArgumentError
        If the share is not from 0 to 1, or the earlier draws are not frames of draws.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> checks = draw_spot_checks(read_returns("data/example"), quarter="2019-Q3", seed=7)
    >>> len(checks.frame), checks.drawn["stratum"].value_counts()["random"].item(), checks.sentences[-1]
    (21, 3, 'Not to be drawn: 3 moderated already.')
    """
    quarter = resolve_quarter(returns, quarter)
    share = next(each for each in (share, returns.framework.moderation.share, SHARE_DRAWN) if each is not None)
    if not 0 <= share <= 1:
        raise ArgumentError(f"the share to draw must be from 0 to 1; not {share}")
    chances = _find_chances(returns, quarter, earlier)
    reasons = reasons_to_look(returns, chances.audits["audit_id"])
    has_reason = chances.audits["audit_id"].isin(list(reasons))
    rest = chances.audits[~has_reason & ~chances.had_chance]
    number = min(chances.number(share), len(rest))
    units = [tuple(map(str, unit)) for unit in rest[["auditor", "case_type", "audit_id"]].fillna("").to_numpy()]
    by_lot = rest["audit_id"].iloc[draw_systematically(units, number, seed=seed, quarter=quarter)]
    frame = pd.DataFrame({"audit": pd.concat([chances.audits.loc[has_reason, "audit_id"], rest["audit_id"]])})
    frame = frame.assign(quarter=quarter, stratum=np.where(frame["audit"].isin(list(reasons)), CERTAINTY, RANDOM))
    is_certain = frame["stratum"] == CERTAINTY
    frame["probability"] = np.where(is_certain, 1, number / max(len(rest), 1))
    frame["drawn"] = np.where(is_certain | frame["audit"].isin(by_lot), "yes", "no")
    frame = frame.sort_values(["stratum", "audit"], ignore_index=True).astype(_FRAME)
    sentences = [*_describe_draw(chances, has_reason, number, share), *_describe_new_auditors(returns, quarter)]
    drawn = _say_why(frame[frame["drawn"] == "yes"], reasons, returns.flags, share)
    return SpotChecks(quarter, seed, share, drawn, frame, tuple(sentences))


def propose_spot_checks(returns: AuditReturns, *, quarter: str) -> SpotChecks:
    """Say what a report proposes to look at a second time.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        A quarter, or ``latest``.

    Returns
    -------
    SpotChecks
        What `draw_spot_checks` draws with the seed 0 and the framework's share; only audits with a reason where some of
        the quarter that were drawn at random are back, because the others are in a workbook and not to be drawn anew.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> len(propose_spot_checks(read_returns("data/example"), quarter="2019-Q4").drawn)
    8
    """
    quarter = resolve_quarter(returns, quarter)
    by_lot = returns.moderations.loc[returns.moderations["stratum"] == RANDOM, "audit_id"]
    if not returns.audits.loc[returns.audits["quarter"] == quarter, "audit_id"].isin(by_lot).any():
        return draw_spot_checks(returns, quarter=quarter)
    checks = draw_spot_checks(returns, quarter=quarter, share=0)
    number = len(checks.drawn)
    sentence = (
        f"{counted(number, 'audit')} not moderated yet {'has' if number == 1 else 'have'} a reason to look. Those of "
        "this quarter to be looked at by lot were drawn before; their workbook says which are left."
    )
    return replace(checks, sentences=(sentence, *checks.sentences[1:]))


def _find_chances(returns: AuditReturns, quarter: str, earlier: pd.DataFrame | None) -> _Chances:
    if earlier is None:
        earlier = pd.DataFrame({"audit": [], "drawn": []})
    if not {"audit", "drawn"} <= set(earlier) or not earlier["drawn"].isin(["yes", "no"]).all():
        raise ArgumentError("earlier draws must have the columns audit and drawn, and say yes or no under drawn")
    audits = returns.audits[returns.audits["quarter"] == quarter]
    is_moderated = audits["audit_id"].isin(moderated_audits(returns))
    is_graded = audits["audit_id"].isin(graded_audits(returns)["audit_id"])
    was_drawn = audits["audit_id"].isin(earlier.loc[earlier["drawn"] == "yes", "audit"])
    left_out = {
        "moderated already": int(is_moderated.sum()),
        "drawn before": int((was_drawn & ~is_moderated).sum()),
        "without a grade": int((~is_graded & ~is_moderated & ~was_drawn).sum()),
    }
    moderated = audits.loc[is_moderated, "audit_id"]
    audits = audits[~is_moderated & is_graded & ~was_drawn]
    by_lot = set(returns.moderations.loc[returns.moderations["stratum"] == RANDOM, "audit_id"]) & set(moderated)
    by_lot -= set(earlier["audit"])  # their frame is left out, too
    return _Chances(audits, audits["audit_id"].isin(earlier["audit"]), left_out, len(by_lot))


def _say_why(frame: pd.DataFrame, reasons: dict[str, list[str]], flags: pd.DataFrame, share: float) -> pd.DataFrame:
    by_chance = [f"drawn at random ({_percent(share)} of the audits)"]
    parts = ["; ".join(reasons.get(audit, by_chance)) for audit in frame["audit"]]
    why = [as_sentence(text) for text in parts]
    codes = {audit: "; ".join(sorted(set(found))) for audit, found in flags.groupby("audit")["flag"]}
    return SPOT_CHECK.build(frame.assign(selection_reason=why, flags=frame["audit"].astype(object).map(codes)))


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _describe_draw(chances: _Chances, has_reason: pd.Series, number: int, share: float) -> list[str]:
    now = int((~chances.had_chance).sum())
    certain = int((has_reason & ~chances.had_chance).sum())
    since, waiting = (int((chances.had_chance & each).sum()) for each in (has_reason, ~has_reason))
    less = f", less the {chances.by_lot} drawn and moderated before" if chances.by_lot else ""
    sentences = [
        f"{counted(now, 'audit')} {'has a' if now == 1 else 'have their'} chance: {certain} drawn for a reason, and "
        f"{number} of the other {now - certain} at random ({_percent(share)} of {now + chances.by_lot}, rounded "
        f"up{less})."
    ]
    if since:
        sentences.append(
            f"{counted(since, 'audit')} that an earlier draw passed over, drawn now for a reason that arose since."
        )
    left_out = chances.left_out | {"with a chance in an earlier draw": waiting}
    if any(left_out.values()):
        parts = ", ".join(f"{count} {why}" for why, count in left_out.items() if count)
        sentences.append(f"Not to be drawn: {parts}.")
    return sentences


def _describe_new_auditors(returns: AuditReturns, quarter: str) -> list[str]:
    is_first = quarter <= min(returns.audits["quarter"], default=quarter)
    if not is_first or not returns.framework.moderation.first_audits:
        return []
    return ["The returns begin with this quarter, so that nobody can be told to be a new auditor."]


def draw_systematically(units: Sequence[tuple[str, str, str]], number: int, *, seed: int, quarter: str) -> list[int]:
    """Draw audits by lot, spread over auditors and their case types, each with the same probability.

    Parameters
    ----------
    units
        The auditor, the case type and the pseudonym of every audit.
    number
        How many to draw; no more than there are.
    seed, quarter
        What the lot is drawn with.

    Returns
    -------
    list of int
        The positions of those drawn.

    Notes
    -----
    Systematic with a random start (Cochran 1977, Sampling Techniques, chapter 8; Särndal, Swensson and Wretman 1992,
    Model Assisted Survey Sampling, section 3.4) over a list in which the audits of an auditor stand together, and among
    them those of a case type, all else in random order. Every audit of N has the probability number/N, and of the a
    audits of an auditor a·number/N are drawn, rounded up or down. A group stands where its first audit would, so that
    nothing depends on what auditors and case types are called.

    Examples
    --------
    >>> units = [("auditor-a", "CIN", "audit-1"), ("auditor-a", "CP", "audit-2"), ("auditor-b", "CIN", "audit-3")]
    >>> draw_systematically(units, 2, seed=1, quarter="2019-Q4")
    [1, 2]
    """
    own = [keyed_number(audit, quarter, seed=seed) for _, _, audit in units]
    groups = [((auditor,), (auditor, fold_label(case_type))) for auditor, case_type, _ in units]
    first_of: dict[tuple[str, ...], int] = {}
    for at in sorted(range(len(units)), key=own.__getitem__):
        for group in groups[at]:
            first_of.setdefault(group, own[at])
    order = sorted(range(len(units)), key=lambda at: (*(first_of[group] for group in groups[at]), own[at]))
    start = keyed_number("start", quarter, seed=seed) % _STARTS
    return [order[(start + at * _STARTS) * len(units) // (number * _STARTS)] for at in range(number)]


def keyed_number(*words: str, seed: int) -> int:
    """Give a number that looks random, and is always the same for the same words and seed.

    Parameters
    ----------
    words
        What it is the number of.
    seed
        Another seed gives numbers that have nothing to do with these.

    Returns
    -------
    int
        From 0 to 2⁶⁴ - 1, each equally likely.

    Examples
    --------
    >>> keyed_number("audit-1", seed=1) == keyed_number("audit-1", seed=1) != keyed_number("audit-1", seed=2)
    True
    """
    text = "\x1f".join((str(seed), *words))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
