"""Returns with known themes: which audit says what of which domain, with which grades, in plain words."""

import csv
from pathlib import Path

from conftest import SMALL_FRAMEWORK

FRAMEWORK = (
    SMALL_FRAMEWORK.replace(
        'title = "Risk"\n',
        'title = "Risk"\ncomments = { worked_well = ["Risk well"], worried_about = ["Risk worry"] }\n',
    )
    .replace(
        'title = "Plans"\n',
        'title = "Plans"\ncomments = { worked_well = ["Plans well"], worried_about = ["Plans worry"] }\n',
    )
    .replace(
        'team = ["Team"]\n',
        'team = ["Team"]\nchild = ["Child"]\nworker = ["Worker"]\nworked_well = ["Well"]\nworried_about = ["Worry"]\n'
        'action = ["Next step"]\nthemes = ["Theme codes"]\n',
    )
)
HEADER = [
    *("Audit ID", "Date", "Team", "Child", "Worker", "Spotting", "Responding", "Plan"),
    *("Risk well", "Risk worry", "Plans well", "Plans worry", "Well", "Worry", "Next step", "Theme codes"),
]
DATES = {"2019-Q3": "05/08/2019", "2019-Q4": "05/11/2019"}

PLAIN = {
    "history": ("The chronology is detailed.", "There is no chronology."),
    "identity": ("Ethnicity is considered.", "Ethnicity is not recorded."),
    "timeliness": ("Work was timely.", "There is drift."),
    "visiting": ("Stat visits are regular.", "Stat visits are sporadic."),
    "meetings": ("Minutes are circulated.", "Minutes are missing."),
}
"""Of some themes, a strength and a worry in plain words that are those of no other theme."""


def audit(number: int, quarter: str = "2019-Q4", grade: str = "Good", **cells: str) -> list[str]:
    """A row; cells are named by their header, with _ for a space."""
    row = dict.fromkeys(HEADER, "") | {
        "Audit ID": f"A{number:03}",
        "Date": DATES[quarter],
        "Team": f"Team {number % 3}",
        "Child": f"C{number:03}",
        **dict.fromkeys(("Spotting", "Responding", "Plan"), grade),
    }
    return list((row | {name.replace("_", " "): text for name, text in cells.items()}).values())


def write(folder: Path, rows: list[list[str]], *, framework: str = FRAMEWORK, header: list[str] = HEADER) -> Path:
    """A folder with the returns and their framework, ``themed.toml``."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    with (folder / "in" / "returns.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    (folder / "themed.toml").write_text(framework, encoding="utf-8")
    return folder
