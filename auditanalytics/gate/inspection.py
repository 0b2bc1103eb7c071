"""The last door: nothing of a run is published while a name, a number or a comment of its returns stands in it.

Whatever made an artefact, and however carefully, everything that is about to be published is read back and searched for
everything that identifies a person in the returns of the run. The door names the artefact and the kind of thing that it
holds, and never the thing itself. What it could not look for, it counts.
"""

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pypdf.errors import PyPdfError

from auditanalytics.errors import PrivacyError
from auditanalytics.gate.artefacts import Reader, UnsearchableError
from auditanalytics.gate.identifiers import terms_of
from auditanalytics.gate.search import Index

_WORDS = {
    "child": "the name or number of a child",
    "worker": "the name of a worker",
    "auditor": "the name of an auditor",
    "moderator": "the name of a moderator",
    "audit": "the reference of an audit",
    "action person": "the name of a person who has to act",
    "comment": "a comment or a piece of one",
}
_MOST_NAMED = 3
_CANNOT_BE_READ = (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, PyPdfError, pa.ArrowException)


@dataclass(frozen=True)
class GateResult:
    """What the gate looked for, when it found nothing.

    Attributes
    ----------
    searched
        How many different identifiers were looked for.
    not_searchable
        How many could not be, because they are too short, read as dates, or are words that stand in every report.
    artefacts
        How many files were searched.
    """

    searched: int
    not_searchable: int
    artefacts: int


def check_artefacts(folder: Path, identifiers: pd.DataFrame, *, known: Iterable[str] = ()) -> GateResult:
    """Refuse to publish a folder in which anything identifies a person or quotes a comment of the returns.

    Parameters
    ----------
    folder
        What is about to be published.
    identifiers
        What to look for: columns ``kind`` (child, worker, auditor, moderator, audit, action person, comment) and
        ``text``, the value as it was written in a return.
    known
        Texts that stand in a report whatever the data. What is nothing but a piece of them is not looked for.

    Returns
    -------
    GateResult
        What was looked for.

    Raises
    ------
    PrivacyError
        If anything was found, or an artefact cannot be opened. The sentence never holds what was found.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "page.html").write_text("<p>Seen with <b>Jane</b> Doe in May.")
    >>> people = pd.DataFrame({"kind": ["child", "worker"], "text": ["Roe, Ann", "May"]})
    >>> check_artefacts(folder, people, known=["May"])
    GateResult(searched=1, not_searchable=1, artefacts=1)
    >>> check_artefacts(folder, pd.DataFrame({"kind": ["child"], "text": ["Doe, Jane"]}))
    Traceback (most recent call last):
    auditanalytics.errors.PrivacyError: page.html holds the name or number of a child; nothing was published. ...
    """
    index, searched, not_searchable = _index_of(identifiers, known)
    paths = sorted(path for path in folder.rglob("*"))
    held: dict[str, set[str]] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if kinds := _kinds_in(index, index.find(name)):
            held.setdefault("the name of a file or folder", set()).update(kinds)
            name = "a file whose name says too much"
        if path.is_file() and (kinds := _kinds_held(path, name, index)):
            held.setdefault(name, set()).update(kinds)
    if held:
        raise PrivacyError(_sentence(held))
    return GateResult(searched, not_searchable, sum(path.is_file() for path in paths))


def _index_of(identifiers: pd.DataFrame, known: Iterable[str]) -> tuple[Index, int, int]:
    """What to look for, how many identifiers that is, and how many there are that cannot be looked for."""
    given = identifiers.dropna(subset=["text"]).astype({"text": str})
    distinct = given[given["text"].str.strip() != ""].drop_duplicates(["kind", "text"])
    kinds, texts = distinct["kind"].tolist(), distinct["text"].tolist()
    wanted = [terms_of(text, kind) for kind, text in zip(kinds, texts, strict=True)]
    whole = Index(zip(wanted, kinds, strict=True))
    printed = {term for text in known for term in whole.find(text)}
    kept = [terms.without(printed) for terms in wanted]
    searched = sum(map(bool, kept))
    return Index(zip(kept, kinds, strict=True)) if printed else whole, searched, len(kept) - searched


def _kinds_in(index: Index, found: Iterable[str | int]) -> set[str]:
    return {str(owner) for owner in index.owners(found)}


def _kinds_held(path: Path, name: str, index: Index) -> set[str]:
    found: set[str | int] = set()
    try:
        for text in Reader().texts(path.read_bytes(), path.name):
            found |= index.find(text)
    except UnsearchableError as error:
        raise PrivacyError(f"{name} cannot be searched for names: {error}; nothing was published") from None
    except _CANNOT_BE_READ:
        raise PrivacyError(
            f"{name} cannot be opened, so it cannot be searched for names; nothing was published"
        ) from None
    return _kinds_in(index, found)


def _sentence(held: dict[str, set[str]]) -> str:
    """What holds what; where to look for the cause, since this sentence cannot show the place."""
    order = [*_WORDS]
    ranked = sorted({kind for kinds in held.values() for kind in kinds}, key=lambda kind: (kind not in order, kind))
    first, *others = held
    kinds = [_WORDS.get(kind, f"a value of the kind {kind}") for kind in ranked if kind in held[first]]
    named = ", ".join(others[: _MOST_NAMED - 1]) + (", ..." if len(others) >= _MOST_NAMED else "")
    more = f" (and {len(others)} more artefact{'s' if len(others) > 1 else ''} of the kind: {named})" if others else ""
    return (
        f"{first} holds {' and '.join(kinds)}{more}; nothing was published. Look for it in the name of a team, a file "
        "or a sheet, in a type of audit or the label of an event, which are shown as they were given, or in a notebook "
        "or framework of your own"
    )
