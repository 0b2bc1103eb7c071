"""Example returns with known truth, made from nothing but a seed.

Ten monthly workbooks of 2019, as a council would send them. Each audit has a quality of its own, so that a weak case
is weak throughout, and the judgements of a quarter are ranked by it and cut where the published shares say: the
counts come out exactly, the clustering comes out naturally. Every person, place and comment is invented.
"""

import datetime as dt
import random
import tomllib
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter

from auditanalytics.frameworks import AUDIT_FIELDS, FEEDBACK_FIELDS, OVERALL, Framework, load_framework

SEED = 2019
FRAMEWORK = "south-gloucestershire"
_AUDIT_SHARE_OF_QUALITY = 0.4  # the correlation within an audit, between the 0.3 and 0.5 that the field reports
_OUTSTANDING_SHARE_OF_GOOD = 0.05
_MODERATED_SHARE = 0.1
_FEEDBACK_SHARE = 0.5
_LOWEST_OF_PLEASED = 0.6
_MADE_ON = dt.datetime(2020, 1, 6)
_WORKBOOK_FIELDS = (
    "audit_id",
    "child",
    "worker",
    "team",
    "case_type",
    "auditor",
    "audit_type",
    "topic",
    "allocated_on",
    "audited_on",
    "returned_on",
)
_CLOSING_FIELDS = (
    "overall",
    "moderator",
    "moderated_on",
    "moderated_overall",
    "action",
    "action_role",
    "action_person",
    "action_due_on",
    "action_completed_on",
)
_KINDS = ("worked_well", "worried_about")


class _Slot(NamedTuple):
    """One category of one audit."""

    audit: int
    domain: str
    category: str


def _profiles(slots: list[str]) -> dict[int, dict[str, float]]:
    """The quality that three audits of the first month are given, category by category.

    They follow the three cases by which a brief asked how consistent grading is: one nearly all Inadequate, one
    nearly all Good, one with several Outstanding.
    """
    weak = dict.fromkeys(slots, -9.0) | {"plan-quality": 0.0, "plan-contingency": 0.0}
    strong = dict.fromkeys(slots, 1.2) | {"collaboration-agencies": 0.0}
    starred = dict.fromkeys(slots, 1.2) | {"plan-contingency": 0.0, "review-visiting": 0.0}
    starred |= dict.fromkeys([name for name in slots if name.startswith("assessment-")], 9.0)
    return {0: weak, 3: strong, 6: starred}


def _grades(quarter: dict[str, Any], framework: Framework, chance: random.Random) -> dict[_Slot, str]:
    """Grade every category of every audit of a quarter so that each domain has exactly its published counts."""
    number = sum(quarter["audits"].values())
    categories = {domain.id: [category.id for category in domain.categories] for domain in framework.domains}
    of_audit = [chance.gauss(0, _AUDIT_SHARE_OF_QUALITY**0.5) for _ in range(number)]
    quality = {
        _Slot(audit, domain, category): of_audit[audit] + chance.gauss(0, (1 - _AUDIT_SHARE_OF_QUALITY) ** 0.5)
        for audit in range(number)
        for domain, names in categories.items()
        for category in names
    }
    if quarter["quarter"] == "2019-Q1":
        profiles = _profiles(list(chain(*categories.values())))
        quality |= {slot: profiles[slot.audit][slot.category] for slot in quality if slot.audit in profiles}
    grades = {}
    for domain in categories:
        ranked = sorted((slot for slot in quality if slot.domain == domain), key=quality.__getitem__, reverse=True)
        good, inadequate = quarter["good"][domain], quarter["inadequate"][domain]
        best = max(round(good * _OUTSTANDING_SHARE_OF_GOOD), sum(quality[slot] == 9.0 for slot in ranked))
        words = ["Outstanding"] * best + ["Good"] * (good - best)
        words += ["Requires improvement"] * (len(ranked) - good - inadequate) + ["Inadequate"] * inadequate
        grades |= dict(zip(ranked, words, strict=True))
    return grades


def _moderate(grades: dict[_Slot, str], audits: list[int], chance: random.Random) -> dict[_Slot, str]:
    """Grades after moderation: in some domains one goes up and another down, so that the counts stay."""
    moderated = {slot: grade for slot, grade in grades.items() if slot.audit in audits}
    for domain in sorted({slot.domain for slot in moderated}):
        for pair in (("Good", "Requires improvement"), ("Requires improvement", "Inadequate")):
            sides = [
                [
                    slot
                    for slot, grade in moderated.items()
                    if slot.domain == domain and grade == word and grades[slot] == word
                ]
                for word in pair
            ]
            if all(sides) and chance.random() < 0.4:
                upper, lower = (chance.choice(side) for side in sides)
                moderated[upper], moderated[lower] = pair[1], pair[0]
    return moderated


def _overall(grades: list[str], order: list[str]) -> str:
    """The auditor's judgement on the whole: the middle grade, pulled down when much is Inadequate."""
    ranks = sorted(order.index(grade) for grade in grades)
    middle = ranks[len(ranks) // 2]
    return order[-1] if ranks.count(len(order) - 1) * 3 > len(ranks) else order[middle]


def _working_day(month: pd.Period, chance: random.Random, *, first: int, last: int) -> dt.date:
    days = [day for day in range(first, last + 1) if dt.date(month.year, month.month, day).weekday() < 5]
    return dt.date(month.year, month.month, chance.choice(days))


class _Writer:
    """The words of an audit: people, dates, comments and next steps."""

    def __init__(self, framework: Framework, material: dict[str, Any], chance: random.Random) -> None:
        self.framework, self.material, self.chance = framework, material, chance
        people = material["people"]
        names = [f"{first} {last}" for first in people["first"] for last in people["last"]]
        chance.shuffle(names)
        self.auditors, self.workers, self.moderators = names[:14], names[14:38], names[38:42]
        self.children = chance.sample(range(310000, 399999), 400)
        self.number = 0

    def audit(self, month: pd.Period, grades: dict[_Slot, str], moderated: dict[_Slot, str]) -> dict[str, Any]:
        """One row of a workbook, by header."""
        chance, words = self.chance, self.material["words"]
        self.number += 1
        worker = chance.randrange(len(self.workers))
        audited = _working_day(month, chance, first=8, last=26)
        row: dict[str, Any] = {
            "audit_id": f"DD-{month.year % 100}-{self.number:03}",
            "child": str(self.children[self.number]),
            "worker": self.workers[worker],
            "team": words["teams"][worker % len(words["teams"])],
            "case_type": chance.choice(words["case_types"]),
            "auditor": chance.choice(self.auditors),
            "audit_type": "Deep dive",
            "topic": self.material["topics"][str(month)],
            "allocated_on": _working_day(month, chance, first=1, last=3 if month.month != 1 else 4),
            "audited_on": audited,
            "returned_on": audited + dt.timedelta(days=chance.choice([0, 1, 1, 2, 3, 5])),
        }
        order = list(self.framework.scale(OVERALL).grades)
        row["overall"] = self._spell(_overall(list(grades.values()), order))
        if moderated:
            row["moderator"] = chance.choice(self.moderators)
            row["moderated_on"] = row["returned_on"] + dt.timedelta(days=chance.choice([4, 5, 6, 7]))
            row["moderated_overall"] = self._spell(_overall(list(moderated.values()), order))
        row |= {slot.category: self._spell(grade) for slot, grade in grades.items()}
        row |= {f"{slot.category} moderated": self._spell(grade) for slot, grade in moderated.items()}
        return row | self._comments(grades, order) | self._action(audited)

    def _spell(self, grade: str) -> str:
        return str(self.chance.choice(self.material["spellings"][grade]))

    def _comments(self, grades: dict[_Slot, str], order: list[str]) -> dict[str, str]:
        """In each domain what the grades call for: the good half praises, the weak half worries, some do both."""
        row = {}
        for domain in self.framework.domains:
            ranks = [order.index(grade) for slot, grade in grades.items() if slot.domain == domain.id]
            mean_is_good = sum(ranks) < 2 * len(ranks) - len(ranks) / 2
            for kind in _KINDS:
                if mean_is_good == (kind == "worked_well") or self.chance.random() < 0.3:
                    row[f"{domain.id} {kind}"] = self.chance.choice(self.material["comments"][domain.id][kind])
        return row

    def _action(self, audited: dt.date) -> dict[str, Any]:
        chance = self.chance
        due = audited + dt.timedelta(days=chance.choice([14, 21, 28, 42]))
        done = due + dt.timedelta(days=chance.choice([-7, -3, 0, 2, 10])) if chance.random() < 0.7 else None
        return {
            "action": chance.choice(self.material["actions"]["steps"]),
            "action_role": chance.choice(self.material["words"]["roles"]),
            "action_person": chance.choice(self.workers),
            "action_due_on": due,
            "action_completed_on": done,
        }


def _headers(framework: Framework) -> dict[str, str]:
    """What stands above each column of a workbook, by the name under which a row holds its value."""
    headers = {field: framework.columns[field][0] for field in _WORKBOOK_FIELDS}
    for domain in framework.domains:
        headers |= {category.id: category.title for category in domain.categories}
        headers |= {f"{domain.id} {kind}": getattr(domain.comments, kind)[0] for kind in _KINDS}
    headers |= {field: framework.columns[field][0] for field in _CLOSING_FIELDS}
    categories = chain.from_iterable(domain.categories for domain in framework.domains)
    headers |= {f"{category.id} moderated": f"{category.title} (moderated)" for category in categories}
    return headers | {field: framework.columns[field][0] for field in FEEDBACK_FIELDS}


def _feedback(material: dict[str, Any], chance: random.Random) -> dict[str, str]:
    """What somebody said of the work, on about half of the audits; the small are shown smileys, few others a scale."""
    if chance.random() >= _FEEDBACK_SHARE:
        return {}
    person = chance.choice(material["people"])
    highest = chance.choice(person["scales"])
    share = chance.choice(material["shares"])
    said = person["pleased" if share >= _LOWEST_OF_PLEASED else "worried"]
    row = {"feedback_from": chance.choice(person["written"]), "feedback_text": chance.choice(said)}
    if not highest:
        return row | {"feedback_score": chance.choice(["", "N/A"])}
    score = max(1, round(share * highest))
    if highest == 5:
        return row | {"feedback_score": f"{score} smileys", "feedback_scale": "1 to 5"}
    return row | {"feedback_score": str(score), "feedback_scale": str(highest)}


def _write_workbook(
    path: Path, title: str, headers: dict[str, str], rows: list[dict[str, Any]], grades: list[str]
) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _MADE_ON, "title": title})
        sheet = book.add_worksheet("Returns")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for column, (name, header) in enumerate(headers.items()):
            sheet.write_string(2, column, header, bold)
            if name in ("overall", "moderated_overall") or not (name in AUDIT_FIELDS or name.endswith(_KINDS)):
                sheet.data_validation(
                    3,
                    column,
                    2 + len(rows),
                    column,
                    {"validate": "list", "source": grades, "error_type": "warning", "ignore_blank": True},
                )
            for number, row in enumerate(rows, 3):
                value = row.get(name)
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(value, dt.time()), date)
                elif value:
                    sheet.write_string(number, column, value)
        sheet.set_column(0, len(headers) - 1, 18)
        sheet.freeze_panes(3, 1)
        guidance = book.add_worksheet("Guidance")
        guidance.write_column(
            0,
            0,
            [
                "How to fill in this return",
                "One row for each audit; one grade in each box.",
                "Write N/A where a category does not apply to the child.",
            ],
        )


def _material() -> dict[str, Any]:
    return tomllib.loads(resources.files("auditanalytics").joinpath("samples.toml").read_text(encoding="utf-8"))


def write_example(folder: Path) -> list[Path]:
    """Write the example returns and the table that was published of them.

    Parameters
    ----------
    folder
        A folder; files of the same names are replaced.

    Returns
    -------
    list of pathlib.Path
        Ten monthly workbooks of 96 audits, and a published table.
    """
    framework, material, chance = load_framework(FRAMEWORK), _material(), random.Random(SEED)
    headers, grades_of = _headers(framework), list(framework.scale(OVERALL).grades)
    writer = _Writer(framework, material, chance)
    of_feedback = random.Random(SEED + 1)  # so that it changes nothing else
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for quarter in material["quarters"]:
        grades = _grades(quarter, framework, chance)
        number = sum(quarter["audits"].values())
        sample = sorted(chance.sample(range(number), max(3, round(number * _MODERATED_SHARE))))
        moderated = _moderate(grades, sample, chance)
        audits = iter(range(number))
        for month, count in quarter["audits"].items():
            period = pd.Period(month, freq="M")
            rows = [
                writer.audit(
                    period,
                    *(
                        {slot: grade for slot, grade in some.items() if slot.audit == audit}
                        for some in (grades, moderated)
                    ),
                )
                | _feedback(material["feedback"], of_feedback)
                for audit in [next(audits) for _ in range(count)]
            ]
            written.append(folder / f"audit-returns-{month}.xlsx")
            title = f"Deep dive audit returns, {period.strftime('%m/%Y')}"
            _write_workbook(written[-1], title, headers, rows, grades_of)
    return [*written, _write_published(folder, framework, material)]


def _write_published(folder: Path, framework: Framework, material: dict[str, Any]) -> Path:
    rows = [
        (
            domain.title,
            quarter["quarter"][:4],
            quarter["quarter"][5:],
            f"{quarter['published_good'][domain.id]}%",
            f"{quarter['published_inadequate'][domain.id]}%",
        )
        for domain in framework.domains
        for quarter in material["quarters"]
    ]
    path = folder / "published-shares-2019.csv"
    frame = pd.DataFrame(rows, columns=["Domain", "Year", "Quarter", "Good", "Inadequate"])
    frame.to_csv(path, index=False, lineterminator="\n")
    return path
