"""What forms are called where others look: a form named after its child or case is told by its number instead.

A Word form is one audit, and people name it after the case. Whoever checks returns by hand has to find the file; in a
report, and in a workbook for moderators, its name would give the child away.
"""

import re
from dataclasses import replace

import pandas as pd

from auditanalytics.frameworks import fold_header
from auditanalytics.returns import AuditReturns

_OF_CASES, _OF_PEOPLE = ("audit", "child"), ("child", "worker", "auditor")
_SHORTEST = 3
_WORDS = re.compile(r"[^\W_]+")


def number_telling_forms(returns: AuditReturns) -> AuditReturns:
    """Give the forms whose file name holds a reference or a name a number in place of it.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    AuditReturns
        The same returns, in which such a form is called ``form 7 of 60``, counted in the order of the files.
    """
    forms = returns.sheets.loc[returns.sheets["kind"] == "form", "file"].tolist()
    is_telling = _Telling(returns.identifiers)
    names = {name: f"form {number} of {len(forms)}" for number, name in enumerate(sorted(forms), 1) if is_telling(name)}
    if not names:
        return returns
    tables = {
        table: rows.assign(file=rows["file"].replace(names))
        for table in ("audits", "problems", "accounting", "sheets", "headers", "senders")
        for rows in [getattr(returns, table)]
    }
    # Longest first: the name of one form may be the beginning of another's.
    any_name = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    messages = [any_name.sub(lambda found: names[found[0]], text) for text in tables["problems"]["message"]]
    tables["problems"]["message"] = pd.Series(messages, tables["problems"].index, dtype="str")
    sources = {names.get(name, name): sha256 for name, sha256 in returns.sources.items()}
    return replace(returns, **tables, sources=sources)


class _Telling:
    """Whether a file name holds a reference or a name.

    Parameters
    ----------
    identifiers
        `schema.IDENTIFIERS`.
    """

    def __init__(self, identifiers: pd.DataFrame) -> None:
        cases = identifiers.loc[identifiers["kind"].isin(_OF_CASES), "text"]
        self._references = {fold_header(text) for text in cases} - {""}
        people = identifiers.loc[identifiers["kind"].isin(_OF_PEOPLE), "text"]
        self._words = {word.casefold() for text in people for word in _WORDS.findall(text) if len(word) >= _SHORTEST}

    def __call__(self, name: str) -> bool:
        words = {word.casefold() for word in _WORDS.findall(name)}
        whole = fold_header(name)
        references = (text in whole if len(text) >= _SHORTEST else text in words for text in self._references)
        return not words.isdisjoint(self._words) or any(references)
