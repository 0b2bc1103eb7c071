"""A sign that the whole house shows is no sign.

Where many auditors leave the same boxes empty, or write from one bank of sentences, it is how these returns are filled
in, and to flag each audit for it would bury the few that matter. It is not passed over in silence either: the flag then
counts as one that could not be asked, with this reason. What one or two auditors do is no habit of the house, however
often they do it.
"""

from collections.abc import Iterable

from auditanalytics.consistency.asked import Asked
from auditanalytics.consistency.flags import Sign

HABIT = 0.05
"""The share of audits above which a sign in the comments is a habit: with several such signs, and those in the grades,
one audit in ten is still looked at again at the most."""

FEWEST_OF_A_HABIT = 5
"""Audits that never make a habit, however few there are."""

OTHERS_ONLY = 2
"""Auditors, those who show a sign most, without whom it must still be a habit, so that it does not hide the worst."""

_AUDITORS_FOR_EACH = 3
"""For each auditor that is left out there must be so many: of three auditors one is, of two none."""


def is_habit(signs: Iterable[Sign], asked: Asked) -> bool:
    """Say whether signs are a habit of the house.

    Parameters
    ----------
    signs
        Signs of one kind.
    asked
        What was asked.

    Returns
    -------
    bool
        Whether more than `FEWEST_OF_A_HABIT` audits show it, and more than `HABIT` of those of the auditors who are
        not the `OTHERS_ONLY` that show it most.
    """
    showing = asked.audits["audit_id"].isin({sign.audit for sign in signs})
    if showing.sum() <= FEWEST_OF_A_HABIT:
        return False
    most = showing.groupby(asked.audits["auditor"]).sum().sort_values(ascending=False, kind="stable")
    left_out = most.index[: min(OTHERS_ONLY, len(most) // _AUDITORS_FOR_EACH)]
    others = showing[~asked.audits["auditor"].isin(left_out)]
    return bool(others.sum() > HABIT * len(others))


def describe_habit(what: str) -> str:
    """Say why a flag was not raised.

    Parameters
    ----------
    what
        What many audits show, as a part of a sentence.

    Returns
    -------
    str
        The reason.

    Examples
    --------
    >>> describe_habit("a domain without words")
    'more than one audit in twenty, of several auditors, has a domain without words: so are these returns filled in'
    """
    return f"more than one audit in twenty, of several auditors, has {what}: so are these returns filled in"
