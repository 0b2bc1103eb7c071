"""What checking found, as plain data: for ``check --json``, and for the record of a run."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from auditanalytics.returns import AuditReturns
from auditanalytics.schema import SHEETS

_NUMBERS = ("header_row", "hidden_rows", "rows_read", "accepted", "rejected", "skipped", "n", "found")


def file_records(returns: AuditReturns) -> list[dict[str, Any]]:
    """Describe every sheet that was looked at, and every file that was not read, as plain data.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    list of dict
        File, sheet, kind, header row, hidden rows, encoding and SHA-256, with the rows of `schema.ROW_ACCOUNTING`.
    """
    rows = returns.sheets.merge(returns.accounting, on=["file", "sheet"], how="outer", sort=False)
    records = [_plain(record) for record in rows.to_dict("records")]
    nothing = {"kind": "not read"} | dict.fromkeys(("rows_read", "accepted", "rejected", "skipped"), 0)
    refused = [file for file in returns.problems["file"].unique() if file not in set(rows["file"])]
    blank = dict.fromkeys(SHEETS.names, "") | {"header_row": None, "hidden_rows": 0}
    records += [blank | {"file": file} | nothing for file in refused]
    return [record | {"sha256": returns.sources.get(record["file"], "")} for record in records]


def check_record(returns: AuditReturns) -> dict[str, Any]:
    """Describe all that checking found, as plain data.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    dict
        ``framework``, ``files``, the totals of rows, ``audits``, and the rows of ``problems``, ``ledger``, ``checks``
        and ``headers`` with the names of their columns. Nothing is masked.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> record = check_record(read_returns("data/example"))
    >>> record["rows_read"] == record["accepted"] + record["rejected"] + record["skipped"]
    True
    """
    return {
        "framework": returns.framework.id,
        "files": file_records(returns),
        **returns.rows,
        "audits": {"accepted": len(returns.audits), "rejected": returns.rejected_audits},
        "problems": [_plain(record) for record in returns.problems.to_dict("records")],
        "ledger": [_plain(record) for record in returns.ledger.to_dict("records")],
        "checks": [_plain(record) for record in returns.checks.to_dict("records")],
        "headers": [_plain(record) for record in returns.headers.to_dict("records")],
    }


def _plain(record: dict[Hashable, Any]) -> dict[str, Any]:
    """A row with missing text blank and whole numbers as such."""
    return {
        str(name): ("" if name not in _NUMBERS else None)
        if pd.isna(value)
        else int(value)
        if name in _NUMBERS
        else str(value)
        for name, value in record.items()
    }
