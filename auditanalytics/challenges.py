"""Whether the grades of an audit were challenged, and what came of it.

What people write of a challenge may name whoever made it, so it becomes one of a few words and the written text goes no
further. An outcome is read only where it is plain: "upheld" may be said of the challenge or of the grade, and is not.
"""

import pandas as pd

from auditanalytics.grades import fold_label

CHALLENGED = "challenged"
CHANGED, STANDS, NOT_SAID = "grade changed", "grade stands", "not said"

_NO_CHALLENGE = frozenset(
    fold_label(text)
    for text in ("", "no", "n", "none", "nil", "false", "0", "-", "n/a", "na", "not applicable", "not challenged")
)
_OUTCOMES = {
    CHANGED: ("grade changed", "changed", "grading changed", "grade amended", "amended", "re-graded", "regraded"),
    STANDS: ("grade stands", "stands", "unchanged", "no change", "grade unchanged", "grading stands", "not changed"),
}
_OUTCOME_OF = {fold_label(word): outcome for outcome, words in _OUTCOMES.items() for word in words}


def read_challenges(written: pd.DataFrame) -> pd.DataFrame:
    """Say of every audit whether its grades were challenged, and what came of it.

    Parameters
    ----------
    written
        Columns ``challenge`` and ``challenge_outcome`` as written, "" where blank.

    Returns
    -------
    pandas.DataFrame
        The same columns: ``challenged`` or missing; ``grade changed``, ``grade stands`` or ``not said``, and missing
        where nothing was challenged. An outcome alone says that there was a challenge.

    Examples
    --------
    >>> written = pd.DataFrame({"challenge": ["Yes, by the manager", "No"], "challenge_outcome": ["Changed", ""]})
    >>> read_challenges(written).iloc[0].tolist()
    ['challenged', 'grade changed']
    """
    folded = {name: written[name].map(fold_label) for name in ("challenge", "challenge_outcome")}
    outcome = folded["challenge_outcome"].map(_OUTCOME_OF)
    challenged = ~folded["challenge"].isin(_NO_CHALLENGE) | outcome.notna()
    return pd.DataFrame(
        {
            "challenge": pd.Series(CHALLENGED, index=written.index, dtype=object).where(challenged, None),
            "challenge_outcome": outcome.astype(object).fillna(NOT_SAID).where(challenged, None),
        }
    )
