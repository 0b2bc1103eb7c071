"""A year of audits of a service whose auditors' severity is known, graded, moderated and graded again by moderators.

One step of the latent scale is the standard deviation of case quality. A case has a quality; each of its fifteen
categories departs from it; whoever reads a category errs by something of their own, and may also misread the whole
case. What is read is cut into four grades: 4% Outstanding, 31% Good, 42% Requires improvement, 23% Inadequate of a fair
auditor's. The overall grade is the middle one, but Inadequate where more than a third of the categories are. Every
audit that is overall Inadequate or Outstanding is moderated, and one in ten of the others; moderators grade all of it
anew and do not see the first grades.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from auditanalytics.frameworks import OVERALL
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import AUDITS, JUDGEMENTS

QUARTERS = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
_VARIANCE = 2.5
"""Of what is read of a category; that of case quality, 1, is two fifths of it, as the audits of a year resemble."""

_CUTS = np.array([2.768, 0.609, -1.168])
"""What is read at least, for Outstanding, Good and Requires improvement."""


@dataclass(frozen=True)
class Service:
    """How a service audits.

    Attributes
    ----------
    audits
        How many each auditor makes.
    severity
        By how many steps each reads lower than moderators do.
    misreading
        The variance of an error in reading a category.
    misreading_of_case
        The variance of an error that a reader makes in all categories of a case alike.
    moderated
        The share of the other audits that is moderated at random; None where nothing is moderated at all.
    certainty
        Whether all audits that are overall Inadequate or Outstanding are moderated.
    teams, apart, at_home
        How many teams there are, the standard deviation of what their cases are worth, and the share of an auditor's
        audits that are of one team.
    recorded
        Whether the team is written down.
    seen
        How often a moderator lets the first grade stand unread.
    """

    audits: tuple[int, ...]
    severity: tuple[float, ...]
    misreading: float = 0.6
    misreading_of_case: float = 0.0
    moderated: float | None = 0.1
    certainty: bool = True
    teams: int = 1
    apart: float = 0.0
    at_home: float = 0.0
    recorded: bool = True
    seen: float = 0.0


def planted(chance: np.random.Generator, **how: object) -> Service:
    """Twelve auditors of whom the first, with 30 audits, is harsher by half a step, and so is the second, with 5."""
    others = chance.integers(20, 31, 10).tolist()
    return Service(audits=(30, 5, *others), severity=(0.5, 0.5, *[0.0] * 10), **how)  # type: ignore[arg-type]


def fair(chance: np.random.Generator, *, auditors: int = 12, **how: object) -> Service:
    """Auditors who are all alike."""
    audits = chance.integers(20, 31, auditors).tolist()
    return Service(audits=tuple(audits), severity=(0.0,) * auditors, **how)  # type: ignore[arg-type]


def audit_year(returns: AuditReturns, service: Service, chance: np.random.Generator) -> AuditReturns:
    """The returns of a year of a service, with the framework of some returns; auditors are numbered in order."""
    auditor = np.repeat(np.arange(len(service.audits)), service.audits)
    number = len(auditor)
    at_home = chance.random(number) < service.at_home
    team = np.where(at_home, auditor % service.teams, chance.integers(service.teams, size=number))
    quality = chance.normal(size=number) + chance.normal(scale=service.apart, size=service.teams)[team]
    categories = [(domain.id, category.id) for domain in returns.framework.domains for category in domain.categories]
    spread = _VARIANCE - 1 - service.misreading - service.misreading_of_case
    worth = quality[:, None] + chance.normal(scale=spread**0.5, size=(number, len(categories)))
    first = _read(worth - np.array(service.severity)[auditor][:, None], service, chance)
    second = _read(worth, service, chance)
    second = np.where(chance.random(second.shape) < service.seen, first, second)
    first, second = (np.column_stack([grades, _overall(grades)]) for grades in (first, second))
    drawn = np.zeros(number, dtype=bool)
    if service.moderated is not None:
        drawn = (chance.random(number) < service.moderated) | (service.certainty & np.isin(first[:, -1], (0, 3)))
    quarter = chance.integers(4, size=number)
    names = pd.Series([f"audit-{at:03}" for at in range(number)])
    audits = pd.DataFrame(
        {
            "audit_id": names,
            "auditor": [f"auditor-{at:02}" for at in auditor],
            "quarter": np.array(QUARTERS)[quarter],
            "period_date": pd.to_datetime(np.array(["2025-02-03", "2025-05-06", "2025-08-04", "2025-11-03"])[quarter]),
            "team": [f"Team {at}" if service.recorded else None for at in team],
            "moderator": np.where(drawn, np.array(["moderator-1", "moderator-2"])[np.arange(number) % 2], None),
        }
    )
    words = np.array(returns.framework.scale(OVERALL).grades, dtype=object)
    places = [*categories, (OVERALL, OVERALL)]
    judgements = pd.DataFrame(
        {
            "audit_id": names.repeat(len(places)).to_numpy(),
            "domain": [domain for domain, _ in places] * number,
            "category": [category for _, category in places] * number,
            "grade": words[first.ravel()],
            "moderated_grade": np.where(np.repeat(drawn, len(places)), words[second.ravel()], None),
            "outcome": "graded",
        }
    )
    return replace(
        returns,
        audits=AUDITS.build(audits),
        judgements=JUDGEMENTS.build(judgements),
        published=returns.published[:0],
    )


def _read(worth: np.ndarray, service: Service, chance: np.random.Generator) -> np.ndarray:
    """The grades that one reader gives, as places on the scale from 0, the best."""
    of_case = chance.normal(scale=service.misreading_of_case**0.5, size=(len(worth), 1))
    read = worth + of_case + chance.normal(scale=service.misreading**0.5, size=worth.shape)
    return (read[:, :, None] < _CUTS).sum(axis=2)


def _overall(grades: np.ndarray) -> np.ndarray:
    """The middle grade, but Inadequate where more than a third are."""
    middle = np.sort(grades, axis=1)[:, grades.shape[1] // 2]
    return np.where((grades == 3).sum(axis=1) * 3 > grades.shape[1], 3, middle)
