"""The brief as a web page: one file that needs nothing else, holds no script and prints on A4.

A council's own template is Jinja2 in a sandbox: it is given the brief, escapes what it shows, and can open no file.
"""

from functools import cache
from pathlib import Path
from traceback import walk_tb

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from auditanalytics.briefs.model import LearningBrief, Paragraph, Points
from auditanalytics.errors import TemplateError, describe_refusal
from auditanalytics.reporting.fragments import Fragment, proof_of, templates
from auditanalytics.returns import AuditReturns


@cache
def _environment() -> Environment:
    packages = ("auditanalytics.briefs", "auditanalytics.reporting")
    return templates().overlay(loader=ChoiceLoader([PackageLoader(package) for package in packages]))


def web_document(brief: LearningBrief, *, template: Path | None = None) -> str:
    """Write a brief as a web page.

    Parameters
    ----------
    brief
        The brief.
    template
        A council's own Jinja2 template, which is given ``brief``; the library's if None.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TemplateError
        If the template cannot be used; the sentence names its file and line.
    """
    if template is not None:
        return _by_own_template(brief, template)
    return wrap_brief(_body(brief), title=brief.title, provenance=brief.provenance)


def wrap_brief(body: str, *, title: str, provenance: str) -> str:
    """Make a document of what a notebook showed of a brief.

    Parameters
    ----------
    body
        HTML, from `show_brief`.
    title, provenance
        What the document is called, and what it was made from.

    Returns
    -------
    str
        HTML.
    """
    page = _environment().get_template("brief.html.j2")
    return page.render(body=Markup(body), title=title, provenance=provenance)


def _body(brief: LearningBrief) -> str:
    return _environment().get_template("brief-body.html.j2").render(brief=brief)


def _by_own_template(brief: LearningBrief, template: Path) -> str:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.filters["data_uri"] = templates().filters["data_uri"]
    try:
        return environment.from_string(template.read_text(encoding="utf-8")).render(brief=brief)
    except OSError as error:
        raise TemplateError(f"the template {template.name} cannot be read ({describe_refusal(error)})") from None
    except UnicodeDecodeError:
        raise TemplateError(f"the template {template.name} is not UTF-8 text; save it as UTF-8") from None
    except _OF_THE_TEMPLATE as error:
        raise TemplateError(
            f"the template {template.name}, line {_line_of(error)}, cannot be used ({_what(error)}); docs/briefs.md "
            "says what it is given"
        ) from None


def _line_of(error: BaseException) -> int:
    """The line of the template at which it failed."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else 1


def _what(error: BaseException) -> str:
    """What went wrong; in the words of Jinja2 only where these are of the template and of no value."""
    is_of_words = isinstance(error, (TemplateSyntaxError, UndefinedError))
    return f"{type(error).__name__}: {str(error).rstrip('.')}" if is_of_words else type(error).__name__


_OF_THE_TEMPLATE = (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""What goes wrong in a template."""


def show_brief(returns: AuditReturns, brief: LearningBrief, *, run: str = "") -> Fragment:
    """Show a brief in a notebook, and prove what it was made from.

    Parameters
    ----------
    returns
        The audit returns it was made from.
    brief
        The brief.
    run
        The run that asked for it; "" in JupyterLab.

    Returns
    -------
    Fragment
        The brief, and the proof.
    """
    return Fragment(_body(brief), plain_text(brief), proof_of(returns, run=run))


def plain_text(brief: LearningBrief) -> str:
    """Write the sentences and points of a brief as plain text.

    Parameters
    ----------
    brief
        The brief.

    Returns
    -------
    str
        A line for each.
    """
    lines = [brief.title, *brief.headline]
    for section, _ in brief.walk():
        lines.append(section.title)
        for part in section.parts:
            if isinstance(part, Paragraph):
                lines.append(part.text)
            elif isinstance(part, Points):
                lines += [f"{point.lead}: {point.text}" if point.lead else point.text for point in part.points]
    return "\n".join(lines)
