"""Checking returns without making a report: everything that reading found, for the one who asked.

What a check writes is the only place where written values can be seen, so its files are its owner's alone and never
part of a report. That a check passed means that a report of the same returns would be published.
"""

from collections.abc import Iterable
from pathlib import Path

from auditanalytics.intake import Given
from auditanalytics.reporting.tables import checking_tables, counting_tables, write_tables
from auditanalytics.returns import AuditReturns, read_returns, read_with_rows
from auditanalytics.schema import TO_MEND
from auditanalytics.to_mend import write_to_mend


def check_returns(
    paths: Given | Iterable[Given],
    *,
    framework: str | Path | None = None,
    year: str | None = None,
    out: str | Path | None = None,
) -> AuditReturns:
    """Read audit returns and write down what became of every row, header and written grade.

    Parameters
    ----------
    paths
        Files and folders of returns, and a query of a database.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    year
        The year of a published table that does not say it.
    out
        Where ``tables/`` is written, if anywhere, and ``to-mend/`` with a workbook for each team that has something to
        mend.

    Returns
    -------
    AuditReturns
        The returns; `AuditReturns.check` says whether they may be published.

    Raises
    ------
    ArgumentError
        If an argument is wrong or there is nothing to read.

    Examples
    --------
    >>> check_returns("data/example").to_mend
    0
    """
    if out is None:
        return read_returns(paths, framework=framework, year=year)
    returns, rows = read_with_rows(paths, framework=framework, year=year)
    Path(out).mkdir(mode=0o700, parents=True, exist_ok=True)
    to_mend = write_to_mend(Path(out) / "to-mend", returns, rows)
    tables = counting_tables(returns) + checking_tables(returns, masked=False)
    write_tables(Path(out) / "tables", [*tables, (TO_MEND, to_mend)])
    return returns
