"""The thresholds of moderation, of the signs that a second look is due, and of auditors: their values, and why."""

from auditanalytics import (
    auditor_comparison,
    coefficients,
    drift,
    reasons_to_look,
    service_agreement,
    spot_checks,
)
from auditanalytics.consistency import (
    asked,
    chance,
    comments,
    contradictions,
    habits,
    likeness,
    overall,
    profiles,
    repeats,
)
from auditanalytics.method.thresholds import Threshold, table_of
from auditanalytics.moderation_files import pack, summary_of_reading
from auditanalytics.reporting import second_looks

_SHARE = "{:.0%}".format
_TUNED = "our choice, by simulated returns: see the rates above"

THRESHOLDS = (
    Threshold(
        "audits for a coefficient of agreement",
        coefficients,
        "FEWEST_CASES_FOR_A_COEFFICIENT",
        str,
        "our choice: with fewer the interval spans most of what it can be",
    ),
    Threshold(
        "audits with a disagreement for judgements to count as they cluster",
        coefficients,
        "FEWEST_CASES_THAT_DISAGREE",
        str,
        "our choice between 10 and 20, by simulation: fewer do not show how disagreements cluster",
    ),
    Threshold(
        "share drawn at random",
        spot_checks,
        "SHARE_DRAWN",
        _SHARE,
        "what authorities ask; `share` sets another",
    ),
    Threshold(
        "share of judgements by which an audit without an overall one counts as at an end of the scale",
        reasons_to_look,
        "MOST_JUDGEMENTS",
        _SHARE,
        "more than this: no other reading of the whole has more of them on its side",
    ),
    Threshold(
        "audits drawn at random for an interval of the whole",
        service_agreement,
        "AUDITS_FOR_AN_INTERVAL",
        str,
        "our choice, by simulation: of fewer it spans more than half of the scale",
    ),
    Threshold("graded categories for a profile", asked, "FEWEST_GRADED", str, "of fewer, one grade is common"),
    Threshold(
        "clustering within an audit, at the least", chance, "LEAST_CLUSTERING", str, "local audits report 0.3 to 0.5"
    ),
    Threshold("clustering within an audit, at the most", chance, "MOST_CLUSTERING", str, "at 1 nothing is improbable"),
    Threshold("graded parts for a range and a middle", overall, "FEWEST_PARTS", str, "one has neither"),
    Threshold(
        "steps from the middle that an overall grade may be",
        overall,
        "STEPS_FROM_MEDIAN",
        str,
        "further is hardly met in published inspections",
    ),
    Threshold(
        "share of a domain's categories by which it is Inadequate",
        overall,
        "LIMITING_SHARE",
        _SHARE,
        "more than this: most of it is",
    ),
    Threshold(
        "audits in 100 that would be as uniform by chance", profiles, "IMPROBABLE", _SHARE, f"at most so many; {_TUNED}"
    ),
    Threshold("other grades in a uniform audit", profiles, "OTHER_GRADES", str, "all but one are alike"),
    Threshold("share of Inadequate that is nearly all", profiles, "NEARLY_ALL", _SHARE, "our choice"),
    Threshold("audits for a profile of the rest", profiles, "FEWEST_AUDITS", str, "of fewer no fence is to be trusted"),
    Threshold(
        "interquartile ranges to the fence",
        profiles,
        "FENCE",
        str,
        "Tukey's, here on the square root of the distance; our choice, by simulation",
    ),
    Threshold("steps that a far profile is away at least", profiles, "FEWEST_STEPS", str, "less is no other profile"),
    Threshold("words in the boxes of a graded domain", comments, "FEWEST_WORDS_OF_A_DOMAIN", str, _TUNED),
    Threshold(
        "words in the boxes of a whole audit",
        comments,
        "FEWEST_WORDS_OF_AN_AUDIT",
        str,
        "where these are the only boxes; our choice",
    ),
    Threshold(
        "worries without a strength under good grades",
        contradictions,
        "FEWEST_WORRIES",
        str,
        "one may stand beside much that is good",
    ),
    Threshold("words of a comment that may be copied", repeats, "FEWEST_WORDS", str, "fewer are alike by chance"),
    Threshold("words of the runs by which comments are compared", likeness, "WORDS_OF_A_RUN", str, "the usual number"),
    Threshold("share of such runs in common that is nearly the same", likeness, "NEARLY_SAME", _SHARE, "our choice"),
    Threshold(
        "auditors who make a comment a phrase of the house",
        repeats,
        "FEWEST_AUDITORS_OF_A_PHRASE",
        str,
        "our choice: what so many write is nobody's copy",
    ),
    Threshold(
        "share of such phrases from which only long comments are compared between audits",
        repeats,
        "BANKED",
        _SHARE,
        "our choice: the house writes from a bank of sentences",
    ),
    Threshold("words of a long comment, then", repeats, "FEWEST_WORDS_BANKED", str, "our choice"),
    Threshold("share of audits that makes a sign in comments a habit", habits, "HABIT", _SHARE, _TUNED),
    Threshold("audits that make a habit at least", habits, "FEWEST_OF_A_HABIT", str, "fewer are a handful"),
    Threshold(
        "auditors without whom it must still be one", habits, "OTHERS_ONLY", str, "what only they do is no habit"
    ),
    Threshold(
        "audits of an auditor who is compared",
        auditor_comparison,
        "FEWEST_AUDITS_OF_AN_AUDITOR",
        str,
        "our choice: with fewer only what nobody could miss would show",
    ),
    Threshold(
        "audits to spare in a comparison", auditor_comparison, "FEWEST_TO_SPARE", str, "for an error to be estimated"
    ),
    Threshold(
        "confidence at which grades and moderation contradict each other",
        auditor_comparison,
        "CONTRADICTION",
        _SHARE,
        "our choice: then the cases differ, and nothing is said",
    ),
    Threshold(
        "confidence at which auditors are named, over all of them",
        auditor_comparison,
        "NAMING",
        _SHARE,
        "so that a fair service names nobody in at least 95 of 100 reports, by simulation",
    ),
    Threshold("quarters for a drift", drift, "FEWEST_QUARTERS", str, "with fewer there is nothing to compare"),
    Threshold("steps apart that a pack puts first", pack, "FAR_APART", str, "readers differ by one step"),
    Threshold("places that reading back names", summary_of_reading, "MOST_PLACES", str, "what somebody reads"),
    Threshold("audits that the page lists", second_looks, "MOST_ROWS", str, "what somebody reads; all are tabled"),
)
"""What moderation, signs and auditors are judged by."""


def moderation_threshold_table() -> str:
    """Write the thresholds of moderation as a table.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> "| share drawn at random | 10% | `spot_checks.SHARE_DRAWN` |" in moderation_threshold_table()
    True
    """
    return table_of(THRESHOLDS)
