"""How a header in a return finds its meaning.

Headers are compared folded: case, spacing and punctuation do not count. A field's own name and a category's id and
title are always accepted, so that a file needs to list only the words people really use; the words that it does list
win over those accepted by default, and none may have two meanings.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from auditanalytics.frameworks.fields import AUDIT_FIELDS, LONG_FIELDS, NUMBERED_FIELDS
from auditanalytics.frameworks.tables import Category, Comments, Domain

_MODERATED, _COMMENT = "moderated", "comment"
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
"""Of an action on a row; what has more digits is no such number."""


class Meaning(NamedTuple):
    """What a header means.

    A field of the audit (``name``), with the number of a numbered one; a category's grade or moderated grade; or a
    comment box (``name`` is its kind) of a domain or, where ``category`` is given, of a category.
    """

    kind: Literal["field", "grade", "moderated grade", "comment"]
    name: str = ""
    domain: str = ""
    category: str = ""
    number: int = 0


def fold_header(text: str) -> str:
    """Fold a header to what is compared: letters and digits only, with "&" read as "and".

    Parameters
    ----------
    text
        A header as it was written.

    Returns
    -------
    str
        The header as it is compared.

    Examples
    --------
    >>> fold_header("Identification & response to RISK:") == fold_header("identification and response to risk")
    True
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return "".join(character for character in text if character.isalnum())


def header_meanings(domains: Iterable[Domain], columns: Mapping[str, tuple[str, ...]]) -> dict[str, Meaning]:
    """Say what every accepted header means.

    Parameters
    ----------
    domains
        The domains of a framework.
    columns
        The headers of its fields, as ``[columns]`` lists them.

    Returns
    -------
    dict of Meaning
        The meanings by folded header; listed headers win over the names accepted by default.

    Raises
    ------
    ValueError
        If a listed header has two meanings, or two categories have one name.

    Examples
    --------
    >>> header_meanings([], {"team": ("Locality",)})["locality"]
    Meaning(kind='field', name='team', domain='', category='', number=0)
    """
    listed, default = _Meanings(listed=True), _Meanings(listed=False)
    names: dict[str, str] = {}
    for domain in domains:
        for category in domain.categories:
            _name_once(names, category)
            grade = Meaning("grade", "", domain.id, category.id)
            moderated_grade = grade._replace(kind="moderated grade")
            own = (category.id, category.title or category.id)
            listed.accept(category.headers, grade, f"headers of the category '{category.id}'")
            listed.accept(
                category.moderated_headers, moderated_grade, f"moderated_headers of the category '{category.id}'"
            )
            default.accept(own, grade)
            default.accept([f"{header} {_MODERATED}" for header in (*category.headers, *own)], moderated_grade)
            for kind in (_COMMENT, *Comments.model_fields):
                comment = Meaning("comment", kind, domain.id, category.id)
                default.accept([f"{header} {kind}" for header in (*category.headers, *own)], comment)
            _accept_comments(listed, category.comments, domain.id, category.id)
        _accept_comments(listed, domain.comments, domain.id)
    for field in AUDIT_FIELDS + LONG_FIELDS:
        listed.accept(columns.get(field, ()), Meaning("field", field), f"columns.{field}")
        default.accept([field], Meaning("field", field))
    overall = columns.get("overall", ("overall",))
    default.accept([f"{header} {_MODERATED}" for header in overall], Meaning("field", "moderated_overall"))
    return default.by_header | listed.by_header


class _Meanings:
    """Headers with their meanings, as they are gathered."""

    def __init__(self, *, listed: bool) -> None:
        self.by_header: dict[str, Meaning] = {}
        self._place: dict[str, str] = {}
        self._listed = listed

    def accept(self, headers: Iterable[str], meaning: Meaning, place: str = "") -> None:
        for header in headers:
            folded = fold_header(header)
            earlier = self.by_header.setdefault(folded, meaning)
            first = self._place.setdefault(folded, place)
            if earlier != meaning and self._listed:
                raise ValueError(f"the header '{header}' is listed by both {first} and {place}; leave it with one")


def _accept_comments(meanings: _Meanings, comments: Comments, domain: str, category: str = "") -> None:
    whose = f"the category '{category}'" if category else f"the domain '{domain}'"
    for kind in Comments.model_fields:
        meaning = Meaning("comment", kind, domain, category)
        meanings.accept(getattr(comments, kind), meaning, f"comments.{kind} of {whose}")


def _name_once(names: dict[str, str], category: Category) -> None:
    """Refuse a category whose id or title, folded, is that of an earlier one."""
    for name in (category.id, category.title):
        earlier = names.setdefault(fold_header(name), category.id) if name else category.id
        if earlier != category.id:
            raise ValueError(
                f"the categories '{earlier}' and '{category.id}' both have the name '{name}', so nothing could tell "
                "their columns apart; give one of them another title"
            )


def find_meaning(meanings: Mapping[str, Meaning], header: str) -> Meaning | None:
    """Find what a header of a return means.

    Parameters
    ----------
    meanings
        The meanings by folded header.
    header
        A header as it was written.

    Returns
    -------
    Meaning or None
        Its meaning, with the number of a numbered header such as "Action 2"; None where it has none.

    Examples
    --------
    >>> find_meaning(header_meanings([], {}), "Action 2")
    Meaning(kind='field', name='action', domain='', category='', number=2)
    """
    folded = fold_header(header)
    meaning = meanings.get(folded)
    if meaning is None and len(numbers := _NUMBER.findall(folded)) == 1:
        meaning = meanings.get(_NUMBER.sub("", folded))
        meaning = meaning._replace(number=int(numbers[0])) if meaning and meaning.name in NUMBERED_FIELDS else None
    return meaning
