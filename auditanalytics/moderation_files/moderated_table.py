"""Moderated grades as a table to be kept beside the returns: a row for each grade that a moderator gave.

It holds what its reader needs and no more: the return itself stays as the auditor sent it, and the two meet when they
are read together. How the audit was drawn stands on every row, because it decides what the grade may be counted for.
"""

from decimal import Decimal

import pandas as pd

from auditanalytics.csv_files import plain_text
from auditanalytics.intake import MODERATED_HEADERS
from auditanalytics.moderation_files.draw_record import BLIND, DrawRecord
from auditanalytics.moderation_files.filled import FilledWorkbook


def moderated_table(filled: FilledWorkbook) -> list[list[str]]:
    """Write the grades that were given as the rows of a table.

    Parameters
    ----------
    filled
        A moderation workbook that came back.

    Returns
    -------
    list of list of str
        The header (the words of `intake.MODERATED_HEADERS`) and a row for each grade; no text begins as a formula does.
    """
    strata, probabilities, blind = _of_the_draw(filled.draw)
    rows = [
        (
            *(each.audit, each.category, each.moderated_grade, each.moderator),
            "" if pd.isna(each.moderated_on) else f"{each.moderated_on:%Y-%m-%d}",
            *(each.reason, strata.get(each.audit, ""), probabilities.get(each.audit, ""), blind),
        )
        for each in filled.grades.itertuples(index=False)
    ]
    return [list(MODERATED_HEADERS.values()), *([plain_text(text) for text in row] for row in rows)]


def _of_the_draw(draw: DrawRecord | None) -> tuple[dict[str, str], dict[str, str], str]:
    """By audit the stratum and the probability, as far as they are known, and whether the draw is blind."""
    if draw is None:
        return {}, {}, ""
    frame = draw.frame.set_index("audit")
    probabilities = {audit: _decimal(number) for audit, number in frame["probability"].dropna().items()}
    blind = draw.settings.get(BLIND, "")
    return frame["stratum"].dropna().to_dict(), probabilities, blind if blind in ("yes", "no") else ""


def _decimal(number: float) -> str:
    """A number without an exponent, which not every program reads."""
    return f"{Decimal(repr(float(number))).normalize():f}"
