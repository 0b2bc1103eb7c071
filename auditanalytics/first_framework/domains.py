"""How what is judged becomes categories in domains.

A category whose header a shipped framework knows goes to the domain that it has there; all others to one domain, to be
divided by somebody who knows the audits. A domain has one scale, so that one with two is two.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from auditanalytics.first_framework.judged import Judged
from auditanalytics.first_framework.known_headers import KnownCategory, KnownHeaders
from auditanalytics.first_framework.scales import ProposedScale
from auditanalytics.frameworks import Meaning, fold_header
from auditanalytics.intake import plain

PRACTICE = "practice"
"""The domain of everything that no shipped framework knows."""

_LONGEST_ID = 40


@dataclass(frozen=True)
class ProposedCategory:
    """A category: its short name, and what it was found as."""

    id: str
    judged: Judged

    @property
    def title(self) -> str:
        """Its header, on one line."""
        return plain(self.judged.header)


@dataclass(frozen=True)
class ProposedDomain:
    """A domain.

    Attributes
    ----------
    id, title
        Its short name and its title.
    scale
        The name of its scale.
    known_from
        The framework whose domain it is; "" where none is.
    is_certain
        Whether its columns hold grades beyond doubt.
    categories
        Its categories, at least one.
    comments
        The headers of its comment boxes, by their kind.
    """

    id: str
    title: str
    scale: str
    known_from: str
    is_certain: bool
    categories: tuple[ProposedCategory, ...]
    comments: dict[str, str]


class _Group(NamedTuple):
    """What belongs into one domain."""

    domain: KnownCategory
    scale: str
    is_certain: bool


def propose_domains(
    scales: Iterable[ProposedScale], known: KnownHeaders, boxes: dict[str, Meaning]
) -> list[ProposedDomain]:
    """Put what is judged into domains.

    Parameters
    ----------
    scales
        The scales, with what is graded on each.
    known
        What the shipped frameworks know.
    boxes
        The domain and kind of every header of a comment box of a domain.

    Returns
    -------
    list of ProposedDomain
        Domains, those that a shipped framework knows first.
    """
    groups: dict[_Group, list[Judged]] = {}
    sources = {PRACTICE: KnownCategory("", PRACTICE, PRACTICE.capitalize())}
    for scale in scales:
        for each in scale.judged:
            found = known.category(each.header) or sources[PRACTICE]
            source = sources.setdefault(found.domain, found)  # several frameworks may have a domain of one name
            if not each.is_overall:
                groups.setdefault(_Group(source, scale.vocabulary.id, each.is_certain), []).append(each)
    ids = _category_ids([each for group in groups.values() for each in group])
    domains: list[ProposedDomain] = []
    for group in sorted(groups, key=lambda group: (not group.is_certain, group.domain.domain == PRACTICE)):
        domains.append(_domain(group, [ProposedCategory(ids[each.header], each) for each in groups[group]], domains))
    return [_with_comments(domain, boxes) for domain in domains]


def _domain(group: _Group, categories: list[ProposedCategory], before: list[ProposedDomain]) -> ProposedDomain:
    """A domain whose name no earlier one has: later ones add their scale, and where that is taken a number."""
    source, words = group.domain, group.scale.replace("-", " ")
    names = [(source.domain, source.title), (f"{source.domain}-{group.scale}", f"{source.title} ({words})")]
    names.append((f"{source.domain}-{group.scale}-2", f"{source.title} ({words}, 2)"))
    name, title = next(pair for pair in names if pair[0] not in {domain.id for domain in before})
    return ProposedDomain(name, title, group.scale, source.framework, group.is_certain, tuple(categories), {})


def _with_comments(domain: ProposedDomain, boxes: dict[str, Meaning]) -> ProposedDomain:
    comments = {box.name: header for header, box in boxes.items() if domain.is_certain and box.domain == domain.id}
    return replace(domain, comments=comments)


def _category_ids(judged: list[Judged]) -> dict[str, str]:
    """A short name for each header, and none that is the title of another."""
    titles = {fold_header(each.header) for each in judged}
    taken: set[str] = set()
    ids: dict[str, str] = {}
    for number, each in enumerate(judged, 1):
        own = fold_header(each.header)
        base = short_name(each.header) or f"category-{number}"
        candidates = (base, *(f"{base}-{further}" for further in range(2, 2 * len(judged) + 3)))
        ids[each.header] = next(
            name for name in candidates if (folded := fold_header(name)) not in taken and folded not in titles - {own}
        )
        taken.add(fold_header(ids[each.header]))
    return ids


def short_name(header: str) -> str:
    """Make the short name of a category from its header.

    Parameters
    ----------
    header
        A header.

    Returns
    -------
    str
        Small letters and digits with "-" between the words; "" where the header has none of them.

    Examples
    --------
    >>> short_name("Child's voice & wishes?"), short_name("النتيجة")
    ('childs-voice-and-wishes', '')
    """
    letters = unicodedata.normalize("NFKD", header.replace("&", " and ")).casefold()
    ascii_only = re.sub(r"['’`]", "", letters).encode("ascii", "ignore").decode("ascii")
    return "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:_LONGEST_ID].strip("-")
