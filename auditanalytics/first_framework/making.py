"""From the path of a spreadsheet to a framework file in a place where there was none."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from auditanalytics.english import counted
from auditanalytics.errors import ArgumentError, ReturnsError
from auditanalytics.first_framework.known_headers import shipped_headers
from auditanalytics.first_framework.proposal import Proposal, propose
from auditanalytics.first_framework.sheets import FirstReturn, find_headed_sheets, gather_return
from auditanalytics.first_framework.writing import framework_text
from auditanalytics.intake import RawSheet, find_sources, read_sheets
from auditanalytics.problems import Problem
from auditanalytics.target_files import check_targets, write_whole

_ENDING = ".toml"


@dataclass(frozen=True)
class FirstFrameworkFile:
    """A first framework file that was written.

    Attributes
    ----------
    spreadsheet, path
        The spreadsheet it was made from, and the file.
    given
        What was read of the spreadsheet.
    proposal
        What the file says.
    questions
        How many questions it leaves.
    """

    spreadsheet: Path
    path: Path
    given: FirstReturn
    proposal: Proposal
    questions: int

    def __str__(self) -> str:
        """What the terminal shows."""
        check = ["auditanalytics", "check", str(self.spreadsheet), "--framework", str(self.path)]
        lines = [
            *(_place(sheet.name, sheet.header_row, sheet.rows) for sheet in self.given.sheets),
            f"Headers put to fields: {self.proposal.to_fields}; to categories: {self.proposal.to_categories}; "
            f"to nothing: {len(self.proposal.left_out) + self.proposal.unnamed}.",
            f"Questions left: {self.questions}; each begins with # Q in {self.path}.",
            "Answer them in a text editor, then run:",
            f"  {shlex.join(check)}",
        ]
        return "\n".join(lines)


def _place(sheet: str, header_row: int, rows: int) -> str:
    where = f"the sheet {sheet}" if sheet else "the file"
    return f"Read {where}: header in row {header_row}, {counted(rows, 'row')} below it."


def write_first_framework(spreadsheet: str | Path, *, out: str | Path) -> FirstFrameworkFile:
    """Write a first framework file from a spreadsheet of audits.

    Parameters
    ----------
    spreadsheet
        The spreadsheet (.csv, .tsv, .xlsx, .ods or .parquet), with a row for each audit or for each judgement.
    out
        The file to write (.toml); there must be none yet.

    Returns
    -------
    FirstFrameworkFile
        What was put where, and how many questions are left.

    Raises
    ------
    ArgumentError
        If an argument is wrong; nothing was written. A `NoInputError` if there is no such spreadsheet.
    ReturnsError
        If the spreadsheet cannot be read, or no row of it can be told to be the header.
    """
    source, target = Path(spreadsheet), Path(out)
    if target.suffix.lower() != _ENDING:
        raise ArgumentError(f"--out must end in {_ENDING}")
    check_targets(source, [target])
    if target.exists():
        raise ArgumentError(f"'{target.name}' is there already; give another name, or move it away")
    known = shipped_headers()
    sheets = _sheets(source)
    headed = find_headed_sheets(sheets, known.meaning)
    if not headed:
        raise ReturnsError(
            f"no row of '{source.name}' can be told to be the header; expected headers in one row, and below them a "
            "row for each audit, with a date and grades"
        )
    given = gather_return(headed, of_sheets=sum(bool((sheet.cells != "").any(axis=None)) for sheet in sheets))
    proposal = propose(given, known)
    text, questions = framework_text(proposal)
    write_whole(target, text.encode("utf-8"))
    return FirstFrameworkFile(source, target, given, proposal, questions)


def _sheets(source: Path) -> list[RawSheet]:
    """The visible sheets of the spreadsheet."""
    sources, problems = find_sources([source])
    if not sources:
        raise ArgumentError(_refusal(source, problems))
    sheets, problems = read_sheets(sources)
    refused = [problem for problem in problems if problem.outcome == "file not read"]
    if refused or not sheets:
        raise ReturnsError(_refusal(source, refused or problems))
    return sheets


def _refusal(source: Path, problems: list[Problem]) -> str:
    if not problems:
        return f"'{source.name}' holds no sheet that can be read"
    first = problems[0]
    return f"'{source.name}' cannot be read: {first.message} ({first.code})" + (
        f"; {first.remedy}" if first.remedy else ""
    )
