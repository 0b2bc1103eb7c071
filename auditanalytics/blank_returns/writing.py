"""Writing a blank return into a file: a workbook with a row for each audit, or a form in Word for one audit.

A file that stands in its place may have been filled in for hours, so it is kept beside the new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditanalytics.blank_returns.columns import BlankReturn, plan_returns
from auditanalytics.blank_returns.form import blank_form
from auditanalytics.blank_returns.guidance import sheet_names
from auditanalytics.blank_returns.workbook import ROWS, blank_workbook
from auditanalytics.english import counted
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.parsing.limits import MOST_COLUMNS
from auditanalytics.target_files import check_targets, keep_earlier, write_whole

_WORKBOOK, _FORM = ".xlsx", ".docx"
_FRAMEWORK = "south-gloucestershire"
"""The framework where none is named: that of the example returns."""


@dataclass(frozen=True)
class WrittenBlankReturn:
    """A blank return that was written.

    Attributes
    ----------
    framework
        The framework that it was made from.
    returns
        What it asks: one return, or in a workbook one for each sheet.
    sentences
        What is to be said of it.
    """

    framework: Framework
    returns: tuple[BlankReturn, ...]
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """What the terminal shows."""
        return "\n".join(self.sentences)


def write_blank_return(
    out: str | Path, *, framework: str | Path | None = None, form: str | None = None
) -> WrittenBlankReturn:
    """Write a blank return to be filled in and sent back.

    Parameters
    ----------
    out
        The file to write: ``.xlsx`` for a row an audit, ``.docx`` for a form for one audit. One that stands there and
        is another is kept as ``<name>.earlier.<ending>``.
    framework
        The name of a shipped framework or the path of a framework file; that of the example returns if None.
    form
        The form, by its id, its title or one of its audit types, where the framework has several. If None, a workbook
        has a sheet for each form, and a Word file is the first form.

    Returns
    -------
    WrittenBlankReturn
        What was written.

    Raises
    ------
    ArgumentError
        If an argument or the framework is wrong; nothing was written.
    """
    target = Path(out)
    ending = target.suffix.lower()
    if ending not in (_WORKBOOK, _FORM):
        raise ArgumentError(f"--out must end in {_WORKBOOK}, a row for each audit, or {_FORM}, a form for one audit")
    check_targets(None, [target])
    chosen = load_framework(framework if framework is not None else _FRAMEWORK)
    planned = plan_returns(chosen)
    returns = _of_form(planned, chosen, form)
    if ending == _FORM:
        returns = returns[:1]
        content = blank_form(chosen, returns[0])
    else:
        _check_width(returns)
        content = blank_workbook(chosen, returns)
    keep_earlier(target, content)
    write_whole(target, content)
    return WrittenBlankReturn(chosen, tuple(returns), (_about(chosen), *_written(returns, planned, ending)))


def _of_form(planned: list[BlankReturn], framework: Framework, form: str | None) -> list[BlankReturn]:
    if form is None:
        return planned
    if not framework.forms:
        raise ArgumentError(f"the framework {framework.id} has no forms to choose from; leave --form out")
    found = framework.form(form)
    if found is None:
        raise ChoiceError("form", form, [each.id for each in framework.forms])
    return [blank for blank in planned if blank.form == found]


def _check_width(returns: Sequence[BlankReturn]) -> None:
    widest = max(returns, key=lambda blank: len(blank.columns))
    if len(widest.columns) > MOST_COLUMNS:
        raise ArgumentError(
            f"'{widest.title}' would have {len(widest.columns)} columns, and of a sheet at most {MOST_COLUMNS} "
            "are read; divide its categories between forms in the framework file"
        )


def _about(framework: Framework) -> str:
    return f"A blank return for {framework.name} ({framework.id})."


def _written(returns: Sequence[BlankReturn], planned: Sequence[BlankReturn], ending: str) -> list[str]:
    """What a file of that ending holds, and what else it could have been."""
    if ending == _WORKBOOK:
        names = sheet_names(returns)
        sheets = f"the sheet {names[0]}" if len(names) == 1 else f"a sheet for each form ({', '.join(names)})"
        return [f"It has {sheets}, with a row for each of {ROWS} audits, and a sheet that explains them."]
    (blank,) = returns
    if blank.form is None:
        return ["It is a form for one audit."]
    others = [each.form.id for each in planned if each.form and each.form != blank.form]
    more = f" {counted(len(others), 'other form')}, to be had with --form: {', '.join(others)}." if others else ""
    return [f"It is the form '{blank.title}' ({blank.form.id}), for one audit.{more}"]
