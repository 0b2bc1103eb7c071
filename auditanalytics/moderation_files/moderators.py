"""Who moderates: a table with a row for each moderator, their service and how many audits they can take.

Names are needed in full, because they stand in the workbook; whether somebody audited or moderates a case is compared
by pseudonym, as everywhere. A table that cannot be relied on is refused, because a moderator who is left out by mistake
would not be missed by anybody.
"""

from pathlib import Path

import pandas as pd

from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.frameworks import Framework
from auditanalytics.grades import fold_label
from auditanalytics.intake import TableBeside, plain
from auditanalytics.intake.tables_beside import recognise_table
from auditanalytics.moderated_grades import CONSENSUS
from auditanalytics.moderation_files.filled import read_book
from auditanalytics.privacy import pseudonym_key, pseudonymise

_NAMES = {
    "moderator": ("Moderator", "Name", "Name of the moderator"),
    "service": ("Service",),
    "team": ("Team",),
    "most": ("Most", "Most audits"),
}
_NEEDED = {"moderator": "Moderator (or Name)", "service": "Service"}


def read_moderators(path: Path, framework: Framework) -> pd.DataFrame:
    """Read the table of moderators.

    Parameters
    ----------
    path
        A file with the columns Moderator (or Name) and Service, and where there are any Team and Most.
    framework
        The framework, whose words for these columns are accepted too.

    Returns
    -------
    pandas.DataFrame
        A row for each: ``moderator`` (pseudonym), ``service``, ``team``, ``most`` (how many audits they can take;
        missing: any number) and ``name``, as written.

    Raises
    ------
    NoInputError
        If it is not there.
    ArgumentError
        If it cannot be read, lacks a column or a name, or names somebody twice; the sentence says where.
    """
    table = _find_table(path, framework)
    at, data = table.positions, table.data
    if repeated := table.repeated():
        raise ArgumentError(f"'{path.name}': cell {repeated[0].cell}: {repeated[0].message}; {repeated[0].remedy}")
    if torn := next((found for row in data.index if (found := table.torn(row))), None):
        raise ArgumentError(f"'{path.name}', row {torn.row}: {torn.message}")
    written = pd.DataFrame({name: data[at[name]].map(plain) if name in at else "" for name in _NAMES}, index=data.index)
    folded = written["moderator"].map(fold_label)
    unnamed, most = written["moderator"] == "", written["most"]
    wrong = (most != "") & ~most.str.fullmatch(r"\d{1,4}")
    for is_met, name, said in (
        (unnamed, "moderator", "has no name"),
        (folded == CONSENSUS, "moderator", "names nobody: Consensus stands for what several moderators agreed on"),
        (folded.duplicated() & ~unnamed, "moderator", "names somebody a second time; give each one row"),
        (wrong, "most", "must be a whole number, how many audits they can take, or blank"),
    ):
        if is_met.any():
            raise ArgumentError(f"'{path.name}': cell {table.sheet.cell(int(is_met.idxmax()), at[name])} {said}")
    if written.empty:
        raise ArgumentError(f"'{path.name}' names no moderator under its header")
    return pd.DataFrame(
        {
            "moderator": pseudonymise(written["moderator"], "auditor", key=pseudonym_key()),
            "service": written["service"].where(written["service"] != "", None),
            "team": written["team"].where(written["team"] != "", None),
            "most": pd.to_numeric(most.where(most != "", None)).astype("Int64"),
            "name": written["moderator"],
        }
    ).reset_index(drop=True)


def _find_table(path: Path, framework: Framework) -> TableBeside:
    headers = {name: (*words, *framework.columns.get(name, ())) for name, words in _NAMES.items()}
    try:
        sheets = read_book(path)
    except ReturnsError as error:
        raise ArgumentError(str(error)) from None
    for needed in (set(_NEEDED), {"moderator"}):
        for sheet in sheets:
            table = recognise_table(sheet, framework, headers, needed=needed, may_name_audits=True)
            if table and needed == set(_NEEDED):
                return table
            if table:
                raise ArgumentError(f"'{path.name}' has no column {_NEEDED['service']}, by which cases are given out")
    raise ArgumentError(f"'{path.name}' has no column {_NEEDED['moderator']}; the first row is to name the columns")
