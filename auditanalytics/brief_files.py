"""Writing a learning brief into files: as a Word file, a PDF, a web page, or several of them, from the same brief.

A brief is searched for everything that identifies anybody, as a report is, before it comes into its place; and several
files of one brief are written only when each of them could be made.
"""

from collections.abc import Iterable
from pathlib import Path

from auditanalytics.briefs.kinds import learning_brief
from auditanalytics.briefs.model import LearningBrief
from auditanalytics.briefs.pdf import pdf_document
from auditanalytics.briefs.web import web_document
from auditanalytics.briefs.word import word_document
from auditanalytics.errors import ArgumentError
from auditanalytics.intake import Given
from auditanalytics.periods import LATEST
from auditanalytics.returns import read_returns
from auditanalytics.run_record import installed_folder, pass_gate
from auditanalytics.scratch import scratch_folder
from auditanalytics.target_files import check_targets, keep_earlier, write_whole

_TEMPLATES = {".docx": (".docx",), ".html": (".html", ".j2")}
"""By the ending of a brief, those of the templates that it may be made with."""

_EXAMPLE = "An example: every audit, person and comment behind this brief is invented."


def write_brief(
    paths: Iterable[Given] = (),
    *,
    kind: str,
    out: str | Path | Iterable[str | Path],
    period: str = LATEST,
    theme: str = "",
    framework: str | Path | None = None,
    year: str | None = None,
    reports: str | Path = "reports",
    template: str | Path | None = None,
) -> LearningBrief:
    """Read audit returns and write a learning brief.

    Parameters
    ----------
    paths
        Files and folders of returns, and a query of a database; the example returns if there are none.
    kind
        ``monthly``, ``themed``, ``quarterly`` or ``annual``.
    out
        The file to write, or several; each ends in ``.docx``, ``.pdf`` or ``.html``, and only its owner can read it. A
        Word file that stands there and is another is kept beside it as ``<name>.earlier.docx``.
    period
        A month, a quarter or a year, as the kind asks; ``latest`` for the last that has ended and has returns.
    theme
        The id or the title of the theme of a themed brief.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    year
        The year of a published table that does not say it.
    reports
        The folder of earlier reports, to say what changed since the last.
    template
        A council's own template: a Word file for ``.docx``, a Jinja2 file for ``.html``.

    Returns
    -------
    LearningBrief
        The brief that was written.

    Raises
    ------
    ArgumentError
        If an argument is wrong; nothing was written.
    ReturnsError
        If the returns did not pass the checks.
    PrivacyError
        If the brief would identify somebody; nothing was written.
    """
    targets = [Path(out)] if isinstance(out, (str, Path)) else [Path(each) for each in out]
    templates = _templates(targets, template)
    paths, notice = list(paths), ""
    if not paths:
        paths, notice = [installed_folder("data") / "example"], _EXAMPLE
        framework = framework or "south-gloucestershire"
    returns = read_returns(paths, framework=framework, year=year)
    returns.check()
    brief = learning_brief(returns, kind, period=period, theme=theme, since=reports, notice=notice)
    documents = {ending: _document(brief, ending, templates.get(ending)) for ending in map(_ending, targets)}
    with scratch_folder() as folder:
        for ending, content in documents.items():
            (folder / f"brief{ending}").write_bytes(content)
        pass_gate(folder, returns)
    for target in targets:
        if _ending(target) == ".docx":
            keep_earlier(target, documents[_ending(target)])
        write_whole(target, documents[_ending(target)])
    return brief


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _templates(targets: list[Path], template: str | Path | None) -> dict[str, Path]:
    """The template by the ending of the file that is made with it, everything that was named checked."""
    endings = [_ending(target) for target in targets]
    if not targets or not set(endings) <= {".docx", ".pdf", ".html"}:
        raise ArgumentError("--out must end in .docx, .pdf or .html")
    if len(set(endings)) < len(endings):
        raise ArgumentError("--out may be given once for each kind of file")
    check_targets(None, targets)
    if template is None:
        return {}
    if any(target.exists() and Path(template).exists() and target.samefile(template) for target in targets):
        raise ArgumentError("the template would be overwritten; give another name for what is written")
    found = {ending: Path(template) for ending, fit in _TEMPLATES.items() if _ending(Path(template)) in fit}
    if not found.keys() & set(endings):
        raise ArgumentError("--template must be a .docx where a .docx is written, or .html or .j2 where an .html is")
    return found


def _document(brief: LearningBrief, ending: str, template: Path | None) -> bytes:
    if ending == ".docx":
        return word_document(brief, template=template)
    if ending == ".html":
        return web_document(brief, template=template).encode("utf-8")
    return pdf_document(brief)
