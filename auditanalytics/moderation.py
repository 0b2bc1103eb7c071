"""Which grade counts after moderation.

The auditor's grade, the moderated grade and the grade of record are three things. Moderation never overwrites what
the auditor wrote; the grade of record is worked out from both whenever it is asked for, and every page says that it
is the one counted.
"""

import pandas as pd


def grade_of_record(judgements: pd.DataFrame) -> pd.Series:
    """Give the grade that counts: the moderated one where there is one, otherwise the auditor's.

    Parameters
    ----------
    judgements
        Judgements (`schema.JUDGEMENTS`).

    Returns
    -------
    pandas.Series
        Grades, missing where there is none, on the index of the judgements.

    Examples
    --------
    >>> grade_of_record(pd.DataFrame({"grade": ["Good", "Good"], "moderated_grade": [None, "Inadequate"]})).tolist()
    ['Good', 'Inadequate']
    """
    return judgements["moderated_grade"].where(judgements["moderated_grade"].notna(), judgements["grade"])
