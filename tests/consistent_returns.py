"""Clean returns of many shapes, made from a seed: what auditors send who grade and write as they should.

An audit has a level of its own, about which its categories vary; the overall grade is the middle one, now and then a
step from it, and not good where risk is Inadequate. Comments say what the grades call for, in words of their own or of
a pool. Nothing in them is planted: every flag on such returns is a false alarm.
"""

import csv
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
SCALE = """
[scales.ofsted]
grades = ["Outstanding", "Good", "Requires improvement", "Inadequate"]
good = ["Outstanding", "Good"]
inadequate = ["Inadequate"]
not_graded = ["N/A"]
[scales.ofsted.labels]
"Requires improvement" = ["RI", "Requires improvement to be good"]
"""
FIFTEEN = {
    "Identification and response to risk": 2,
    "Assessments": 4,
    "Plans": 2,
    "Reviews": 4,
    "Collaboration": 3,
}
FIVE = dict.fromkeys(FIFTEEN, 1)
INSPECTION = {
    "Children who need help and protection": 1,
    "Children in care": 1,
    "Impact of leaders": 1,
}
BALANCED, NEARLY_ALL_RI, MOSTLY_GOOD = (0.02, 0.31, 0.43, 0.24), (0.01, 0.08, 0.85, 0.06), (0.08, 0.70, 0.18, 0.04)
WEAK = (0.01, 0.19, 0.45, 0.35)

_WHO = [
    "the worker",
    "the mother",
    "the father",
    "the school",
    "the health visitor",
    "her manager",
    "the reviewing officer",
    "grandparents",
    "the nursery",
    "the young person",
    "both parents",
    "the advocate",
]
_DID = [
    "wrote",
    "read",
    "asked for",
    "checked",
    "shared",
    "questioned",
    "updated",
    "followed",
    "discussed",
    "explained",
    "brought",
    "kept",
]
_WHAT = [
    "the chronology",
    "each goal",
    "the safety plan",
    "the minutes",
    "what was agreed",
    "the genogram",
    "the visiting pattern",
    "the referral",
    "the notes",
    "the family network's offer",
    "wishes and feelings",
    "the last decision",
]
_WHEN = [
    "within the week",
    "at each visit",
    "before the conference",
    "after the move",
    "in plain words",
    "with pictures",
    "together",
    "by telephone",
    "in supervision",
    "at the core group",
    "over the summer",
    "when plans changed",
]
_SHORT = [
    "Dates set",
    "Names given",
    "Voice heard",
    "Visits kept",
    "School asked",
    "Goals named",
    "Minutes sent",
    "History used",
    "Father found",
    "Review held",
]


class Shape(NamedTuple):
    """What the returns of a house are like."""

    domains: dict[str, int] = FIFTEEN
    shares: Sequence[float] = BALANCED
    clustering: float = 0.4
    comments: str = "own words"
    audits: int = 500
    auditors: int = 24
    is_loose: bool = False


SHAPES = {
    "15 categories": Shape(),
    "15 categories, strongly clustered": Shape(clustering=0.6),
    "5 domains of one category": Shape(FIVE),
    "3 judgements, as an inspection": Shape(INSPECTION, (0.10, 0.38, 0.37, 0.15), 0.7),
    "nearly all RI": Shape(shares=NEARLY_ALL_RI),
    "nearly all RI, 5 domains": Shape(FIVE, NEARLY_ALL_RI),
    "mostly good": Shape(shares=MOSTLY_GOOD),
    "weak service": Shape(shares=WEAK, clustering=0.5),
    "short comments": Shape(comments="short"),
    "very short comments": Shape(comments="very short"),
    "pool of 5 sentences a box": Shape(comments="pool of 5"),
    "bank of 60 sentences a box": Shape(comments="pool of 60"),
    "bank of 600 sentences a box": Shape(comments="pool of 600"),
    "comments on the whole audit": Shape(comments="whole"),
    "loose habits": Shape(is_loose=True),
    "loose habits, 5 domains": Shape(FIVE, is_loose=True),
    "96 audits": Shape(audits=96, auditors=14),
    "30 audits of 5 auditors": Shape(audits=30, auditors=5),
}


def framework_text(domains: dict[str, int], *, whole: bool = False) -> str:
    """A framework with these domains of so many categories each."""
    head = ['name = "Clean audit"', 'quarters = "calendar"', SCALE, "[columns]", 'audit_id = ["Ref"]']
    head += ['audited_on = ["Date"]', 'auditor = ["Auditor"]', 'team = ["Team"]', 'auditor_team = ["Auditor team"]']
    head += ['overall = ["Overall"]']
    head += ['worked_well = ["Well"]', 'worried_about = ["Worry"]'] if whole else []
    parts = ['[overall]\nscale = "ofsted"']
    for at, (title, number) in enumerate(domains.items()):
        boxes = "" if whole else f'comments = {{ worked_well = ["Well {at}"], worried_about = ["Worry {at}"] }}\n'
        categories = ", ".join(f'{{ id = "d{at}-c{each}", title = "Part {at}.{each}" }}' for each in range(number))
        parts.append(f'[[domains]]\nid = "d{at}"\ntitle = "{title}"\n{boxes}categories = [{categories}]')
    return "\n".join([*head, *parts]) + "\n"


def write_clean(folder: Path, shape: Shape, *, seed: int) -> tuple[Path, Path]:
    """Clean returns and their framework."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    whole = shape.comments == "whole"
    (folder / "clean.toml").write_text(framework_text(shape.domains, whole=whole), encoding="utf-8")
    rows = [_audit(number, shape, chance) for number in range(shape.audits)]
    (folder / "in").mkdir()
    with (folder / "in" / "returns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return folder / "in", folder / "clean.toml"


def _audit(number: int, shape: Shape, chance: random.Random) -> dict[str, str]:
    row = {
        "Ref": f"A{number:04}",
        "Date": f"{chance.randint(1, 28):02}/{chance.choice([4, 5, 6, 7, 9, 10, 11]):02}/2025",
        "Auditor": f"Auditor {chance.randrange(shape.auditors)}",
        "Team": f"Team {chance.randrange(6)}",
    }
    row["Auditor team"] = f"Team {(int(row['Team'][-1]) + chance.randint(1, 5)) % 6}"
    drawn = _ranks(shape, chance)
    asked = [name for at, name in enumerate(drawn) if at == 0 or chance.random() >= 0.03]
    ranks = {name: drawn[name] for name in asked}
    row |= {name: GRADES[ranks[name]] if name in ranks else "N/A" for name in drawn}
    row["Overall"] = GRADES[_overall(ranks, shape, chance)]
    return row | _comments(ranks, shape, chance)


def _ranks(shape: Shape, chance: random.Random) -> dict[str, int]:
    """Grades of a common level, cut where the shares say; some categories are harder than others."""
    cuts = [NormalDist().inv_cdf(sum(shape.shares[: at + 1])) for at in range(3)]
    level = chance.gauss(0, shape.clustering**0.5)
    names = [f"Part {at}.{each}" for at, number in enumerate(shape.domains.values()) for each in range(number)]
    harder = {name: NormalDist(0, 0.25).inv_cdf((hash_of(name) + 0.5) / 97) for name in names}
    drawn = {name: level + harder[name] + chance.gauss(0, (1 - shape.clustering) ** 0.5) for name in names}
    return {name: sum(value > cut for cut in cuts) for name, value in drawn.items()}


def hash_of(name: str) -> int:
    """A number from 0 to 96 that is the same in every process."""
    return sum(place * ord(letter) for place, letter in enumerate(name, 3)) % 97


def _overall(ranks: dict[str, int], shape: Shape, chance: random.Random) -> int:
    ordered = sorted(ranks.values())
    middle = ordered[len(ordered) // 2]
    if chance.random() < 0.15:
        middle = min(max(middle + chance.choice([-1, 1]), ordered[0]), ordered[-1])
    if shape.is_loose:
        return middle
    limits = [
        at for at, title in enumerate(shape.domains) if any(word in title for word in ("risk", "protection", "leaders"))
    ]
    for at in limits:
        own = [rank for name, rank in ranks.items() if name.startswith(f"Part {at}.")]
        if own.count(3) * 2 > len(own):
            middle = max(middle, 2)
    return middle


def _comments(ranks: dict[str, int], shape: Shape, chance: random.Random) -> dict[str, str]:
    if shape.comments == "whole":
        return {"Well": _text("own words", "well", chance), "Worry": _text("own words", "worry", chance)}
    row = {}
    for at in range(len(shape.domains)):
        own = [rank for name, rank in ranks.items() if name.startswith(f"Part {at}.")]
        if not own:
            continue
        is_good = sum(own) < 1.5 * len(own)
        if shape.is_loose and (luck := chance.random()) < 0.04:
            if luck > 0.005:  # the rest leave the boxes of the domain empty
                row[f"Worry {at}"] = _text(shape.comments, f"Worry {at}", chance)
            continue
        for kind in ("Well", "Worry"):
            if is_good == (kind == "Well") or chance.random() < 0.3:
                row[f"{kind} {at}"] = _text(shape.comments, f"{kind} {at}", chance)
    return row


def _text(style: str, box: str, chance: random.Random) -> str:
    if style == "short":
        return f"{chance.choice(_WHO).capitalize()} {chance.choice(_DID)} {chance.choice(_WHAT)}."
    if style == "very short":
        return f"{chance.choice(_SHORT)}{', ' + chance.choice(_SHORT).lower() if chance.random() < 0.5 else ''}."
    if style.startswith("pool of "):
        chance = random.Random(f"{box} {chance.randrange(int(style.removeprefix('pool of ')))}")
    return " ".join(_sentence(chance) for _ in range(1 if style.startswith("pool") else chance.choice([1, 2, 2, 3])))


def _sentence(chance: random.Random) -> str:
    first, second = chance.sample(_WHO, 2)
    return (
        f"{first.capitalize()} {chance.choice(_DID)} {chance.choice(_WHAT)} {chance.choice(_WHEN)} and {second} "
        f"{chance.choice(_DID)} {chance.choice(_WHAT)} {chance.choice(_WHEN)}."
    )
