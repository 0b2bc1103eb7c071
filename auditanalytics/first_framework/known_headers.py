"""What the shipped frameworks know of a header: which fields and categories it is, and which field it resembles.

Only a header that is known, folded, is ever taken for a field. One that merely resembles a known one is a question,
because "Date of audit" and "Date of audit report" differ by a word and by a month.
"""

import difflib
import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import NamedTuple

from auditanalytics.frameworks import Framework, Meaning, fold_header, load_framework, shipped_frameworks

_RESEMBLES = 0.8
_SHORTEST_WORD = 3


class KnownCategory(NamedTuple):
    """A category of a shipped framework, by its domain."""

    framework: str
    domain: str
    title: str


class KnownHeaders:
    """The headers of frameworks.

    Parameters
    ----------
    frameworks
        The frameworks.
    """

    def __init__(self, frameworks: Iterable[Framework]) -> None:
        self._frameworks = list(frameworks)

    def meaning(self, header: str) -> Meaning | None:
        """Give what a header means in the first framework that knows it."""
        return next(iter(self._meanings(header)), None)

    def fields(self, header: str) -> list[Meaning]:
        """List the fields that a header is, one for each that a framework takes it for."""
        return [meaning for meaning in self._meanings(header) if meaning.kind == "field"]

    def category(self, header: str) -> KnownCategory | None:
        """Give the domain that a header is a category of, in the first framework that knows it."""
        for framework in self._frameworks:
            meaning = framework.meaning(header)
            if meaning and meaning.kind == "grade":
                return KnownCategory(framework.id, meaning.domain, framework.domain_titles[meaning.domain])
        return None

    def comment(self, header: str) -> Meaning | None:
        """Give the domain whose comment box a header is."""
        found = [meaning for meaning in self._meanings(header) if meaning.kind == "comment" and not meaning.category]
        return found[0] if found else None

    def resembles(self, header: str) -> list[str]:
        """List the fields that a header resembles without being one of their headers, the likeliest first.

        It resembles a header that has all its words, or all of whose words it has, or that is spelt almost like it.
        """
        words, folded = _words(header), fold_header(header)
        likeness: dict[str, float] = {}
        for field, known, known_words in self._listed:
            alike = _alike(folded, known)
            shared = len(words & known_words) / len(words | known_words) if words else 0
            within = words <= known_words or known_words <= words
            near = max(alike, shared if within else 0)
            likeness[field] = max(near, likeness.get(field, 0))
        return sorted((field for field, near in likeness.items() if near), key=lambda field: -likeness[field])

    @cached_property
    def _listed(self) -> list[tuple[str, str, set[str]]]:
        """Every listed header of a field: the field, the header folded, and its words."""
        return [
            (field, fold_header(header), _words(header))
            for framework in self._frameworks
            for field, headers in framework.columns.items()
            for header in headers
            if _words(header)
        ]

    def _meanings(self, header: str) -> list[Meaning]:
        found = (framework.meaning(header) for framework in self._frameworks)
        return list(dict.fromkeys(meaning for meaning in found if meaning))


@cache
def shipped_headers() -> KnownHeaders:
    """Give the headers of the frameworks that come with the library.

    Returns
    -------
    KnownHeaders
        What they mean.

    Examples
    --------
    >>> known = shipped_headers()
    >>> [field.name for field in known.fields("NEXT STEP 1")], known.resembles("Auditor's full name")
    (['next_step', 'action'], ['auditor'])
    >>> known.category("Planning").title
    'Plans'
    """
    return KnownHeaders(load_framework(name) for name in shipped_frameworks())


def _alike(one: str, other: str) -> float:
    """How alike two headers are spelt, 0 where they are not."""
    matcher = difflib.SequenceMatcher(None, one, other)
    bounds = (
        matcher.real_quick_ratio,
        matcher.quick_ratio,
        matcher.ratio,
    )  # the cheapest first; none is below the next
    return matcher.ratio() if all(bound() >= _RESEMBLES for bound in bounds) else 0


_OF_LITTLE_MEANING = {"the", "and", "for", "was", "were", "are", "what", "which"}


def _words(header: str) -> set[str]:
    """The words of a header that say something."""
    words = {fold_header(word) for word in re.split(r"[\s/_\-–—:(),.]+", header.replace("'s", "").replace("’s", ""))}
    return {word for word in words if len(word) >= _SHORTEST_WORD} - _OF_LITTLE_MEANING
