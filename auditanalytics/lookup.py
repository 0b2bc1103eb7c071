"""The way back from a pseudonym to the record behind it, for the one who holds the key and the returns.

A moderator who reads "audit-k3jq5a7rm2xw" on a list has to find the file. Nothing is stored for that: the returns are
read again and their own values made into pseudonyms, so that without the key, or without the returns, there is no way.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditanalytics.errors import ArgumentError
from auditanalytics.grades import fold_label
from auditanalytics.intake import IDENTITY_SEPARATOR, Given
from auditanalytics.privacy import KINDS, pseudonym_key, pseudonymise
from auditanalytics.reporting.wording import placed
from auditanalytics.returns import AuditReturns, read_returns

_PSEUDONYM = re.compile(rf"({'|'.join(KINDS)})-[a-z2-7]{{12}}")
_COLUMNS = {
    "audit": ("audit_id", "re_audit_of"),
    "child": ("child",),
    "worker": ("worker",),
    "auditor": ("auditor", "moderator"),
}


@dataclass(frozen=True)
class Record:
    """What stands behind a pseudonym.

    Attributes
    ----------
    written
        The value as written in the returns, in every spelling.
    places
        File, sheet and row of each place where it stands.
    """

    written: list[str]
    places: pd.DataFrame


def find_record(pseudonym: str, paths: Given | Iterable[Given], *, framework: str | Path | None = None) -> Record:
    """Find the record behind a pseudonym.

    Parameters
    ----------
    pseudonym
        Such as ``audit-k3jq5a7rm2xw``.
    paths
        Files and folders of returns, and a query of a database.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.

    Returns
    -------
    Record
        What was written, and where.

    Raises
    ------
    ArgumentError
        If it is no pseudonym, or none of these returns under this key.
    KeyFileError
        If the pseudonym key cannot be used.

    Examples
    --------
    >>> audit = read_returns("data/example").audits["audit_id"].iloc[0]
    >>> len(find_record(audit, "data/example").written)
    1
    """
    found = _PSEUDONYM.fullmatch(pseudonym.strip().lower())
    if not found:
        raise ArgumentError("a pseudonym is written like audit-k3jq5a7rm2xw; this is none")
    returns = read_returns(paths, framework=framework)
    written = _written(returns, found[1], found[0])
    if not written:
        raise ArgumentError(
            f"no {found[1]} of these returns has the pseudonym {found[0]} under this key; was the report made from "
            "other returns, or under the key of somebody else?"
        )
    return Record(written, _places(returns, found[1], found[0]))


def _written(returns: AuditReturns, kind: str, pseudonym: str) -> list[str]:
    texts = returns.identifiers.loc[returns.identifiers["kind"] == kind, "text"].astype(object)
    # An identity of several columns is folded part by part.
    keys = texts.map(lambda text: IDENTITY_SEPARATOR.join(fold_label(part) for part in text.split(IDENTITY_SEPARATOR)))
    return texts[pseudonymise(keys, kind, key=pseudonym_key()) == pseudonym].tolist()


def _places(returns: AuditReturns, kind: str, pseudonym: str) -> pd.DataFrame:
    names = ["file", "sheet", "row"]
    rows = [returns.audits.loc[returns.audits[column] == pseudonym, names] for column in _COLUMNS[kind]]
    if kind == "auditor":
        rows.append(returns.senders.loc[returns.senders["auditor"] == pseudonym, names])
    if kind == "worker":
        acting = returns.actions.loc[returns.actions["person"] == pseudonym, "audit_id"]
        rows.append(returns.audits.loc[returns.audits["audit_id"].isin(acting), names])
    places = pd.concat([part.astype({"row": str}) for part in rows])
    return places.drop_duplicates(ignore_index=True)


def describe_record(record: Record) -> str:
    """Write a record for the terminal.

    Parameters
    ----------
    record
        A record.

    Returns
    -------
    str
        What was written, and a line for every place.

    Examples
    --------
    >>> places = pd.DataFrame({"file": ["may.csv"], "sheet": [""], "row": ["7"]})
    >>> print(describe_record(Record(["A 17"], places)))
    A 17
      may.csv row 7
    """
    # A control character could rewrite the terminal.
    written = [" / ".join(text.split(IDENTITY_SEPARATOR)) for text in record.written]
    lines = ["".join(letter if letter.isprintable() else " " for letter in text) for text in written]
    places = [placed(**place) for place in record.places.to_dict("records")]
    lines += [f"  {place}" for place in places or ["only in rows of audits that were rejected"]]
    return "\n".join(lines)
