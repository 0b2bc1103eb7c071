"""A proposal as a TOML file that somebody who has never seen one can finish.

Every part says what it is for. A question is numbered where it stands, and the lines that may answer it follow as
comments, so that the file can be used before all of them are answered.
"""

import textwrap
from collections.abc import Iterable

from auditanalytics.first_framework.domains import PRACTICE, ProposedCategory, ProposedDomain
from auditanalytics.first_framework.judged import FEWEST_AUDITS
from auditanalytics.first_framework.proposal import Proposal
from auditanalytics.first_framework.questions import Question, headers_line, name_headers
from auditanalytics.first_framework.scales import ProposedScale
from auditanalytics.settings_file import toml_list, toml_text

_WIDTH = 110

_OPENING = (
    "A first framework file, made from a spreadsheet. It says what your headers are called, which words are grades, "
    "and which categories make up which domain. Of the rows of the sheet it holds words of the form, and nothing that "
    "somebody wrote.\n\n"
    'What stands behind a "#" is a comment. Each "Q1", "Q2" and so on is a question that the sheet does not answer. '
    'Where lines follow it, take the "#" away from the one that is right, and leave the others. Words in quotation '
    'marks are yours to change; what stands before "=" stays. docs/first-framework-file.md goes through it, and '
    "docs/frameworks.md says what else such a file may hold."
)


class _Lines:
    """The lines of the file, as they grow, with the questions numbered."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.questions = 0

    def add(self, *lines: str) -> None:
        self.lines += lines

    def gap(self) -> None:
        """A blank line, where there is none yet."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def comment(self, text: str, indent: str = "") -> None:
        """A text as a comment; each paragraph of it is wrapped."""
        for paragraph in text.split("\n"):
            wrapped = textwrap.wrap(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False)
            self.lines += [f"{indent}# {line}".rstrip() for line in wrapped or [""]]

    def ask(self, questions: Iterable[Question], indent: str = "") -> None:
        """Questions, each with the lines that may answer it."""
        for question in questions:
            self.questions += 1
            self.comment(f"Q{self.questions}: {question.text}", indent)
            self.add(*(f"{indent}# {line}" for line in question.lines))


def framework_text(proposal: Proposal) -> tuple[str, int]:
    """Write a proposal as a framework file.

    Parameters
    ----------
    proposal
        The proposal.

    Returns
    -------
    tuple
        The text of the file, and how many questions stand in it.
    """
    lines = _Lines()
    lines.comment(_OPENING)
    lines.gap()
    _write_top(lines, proposal)
    for scale in proposal.written_scales:
        _write_scale(lines, scale)
    _write_columns(lines, proposal)
    _write_overall(lines, proposal)
    _write_domains(lines, proposal)
    if proposal.left_out:
        lines.gap()
        left_out = ", ".join(map(toml_text, proposal.left_out))
        lines.comment(
            f"Nothing is made of these headers: {left_out}. If one is a field that docs/frameworks.md lists, give it a "
            "line under [columns]."
        )
    if proposal.unnamed:
        lines.gap()
        lines.comment(f"Nothing is made of columns without a header that is a few words: {proposal.unnamed}.")
    return "\n".join(lines.lines) + "\n", lines.questions


def _write_top(lines: _Lines, proposal: Proposal) -> None:
    lines.comment("What the audits are called; it heads every page.")
    lines.add('name = "Case file audit"', "")
    lines.ask([Question('Is April to June your first quarter? If it is January to March, write "calendar" here.')])
    lines.add('quarters = "financial-year"', "")
    if proposal.period_date:
        text = (
            f"No known header is that of the day of the audit, so that {proposal.period_date} decides the quarter. If "
            "one is that day, give it to audited_on under [columns] and take this line out"
        )
        lines.ask([Question(f"{text}.")])
        lines.add(f'period_date = "{proposal.period_date}"', "")
    lines.ask(proposal.of_sheets)


def _write_scale(lines: _Lines, scale: ProposedScale) -> None:
    lines.gap()
    lines.comment(
        "A scale of grades, best first. A cell must hold one of these words, or one of the labels. Those that "
        "are not_graded, and blanks, are in no percentage."
    )
    lines.add(*_scale_lines(scale))
    lines.ask(scale.questions())


def _scale_lines(scale: ProposedScale) -> list[str]:
    name, words = scale.vocabulary.id, scale.vocabulary.scale
    lines = [
        f"[scales.{name}]",
        f"grades = {toml_list(words.grades)}",
        f"good = {toml_list(words.good)}  # what counts as good or better",
        f"inadequate = {toml_list(words.inadequate)}",
        f"not_graded = {toml_list(words.not_graded)}",
    ]
    perhaps = {grade: tuple(scale.of_other_scales) for grade in scale.between if scale.of_other_scales}
    if scale.labels or perhaps:
        lines.append(f"[scales.{name}.labels]  # other words for a grade")
    for grade in words.grades:
        if grade in scale.labels or grade in perhaps:
            lines += _wrapped(toml_text(grade), scale.labels.get(grade, ()), perhaps.get(grade, ()))
    return lines


def _wrapped(key: str, texts: Iterable[str], perhaps: Iterable[str]) -> list[str]:
    """A list of texts, on several lines where it is long or some of them are in question."""
    line, in_question = f"{key} = {toml_list(texts)}", [f"  # {toml_text(text)}," for text in perhaps]
    if len(line) <= _WIDTH and not in_question:
        return [line]
    lines = [""]
    for text in map(toml_text, texts):
        if len(lines[-1]) + len(text) > _WIDTH - 4:
            lines.append("")
        lines[-1] += f"{text}, "
    return [f"{key} = [", *(f"  {each.rstrip()}" for each in lines if each), *in_question, "]"]


def _write_columns(lines: _Lines, proposal: Proposal) -> None:
    lines.gap()
    lines.comment("Which header is which field: field = the headers that it may have.")
    lines.add("[columns]")
    for name, columns in proposal.fields.put.items():
        lines.add(headers_line(name, dict.fromkeys(each.listed for each in columns)))
    lines.ask(proposal.fields.questions)


def _write_overall(lines: _Lines, proposal: Proposal) -> None:
    lines.gap()
    scale = next((each for each in proposal.scales if any(one.is_overall for one in each.judged)), None)
    if scale:
        lines.comment("The judgement on the whole audit; its headers stand under [columns].")
        lines.add("[overall]", f'scale = "{scale.vocabulary.id}"')
    else:
        lines.comment(
            "Where there is a judgement on the whole audit, it has a line under [columns], and here its scale:"
        )
        lines.add("# [overall]", f'# scale = "{proposal.written_scales[0].vocabulary.id}"')


def _write_domains(lines: _Lines, proposal: Proposal) -> None:
    lines.gap()
    lines.comment(
        "The domains: each has a page of its own. An id is a short name of letters and digits; a title is what people "
        "read, and may be changed; headers are those of the sheet."
    )
    if "category" in proposal.fields.put:
        lines.comment(
            "The headers are words of the sheet's category column: those that a shipped framework knows, and those "
            f"that stand in {FEWEST_AUDITS} audits or more."
        )
    if any(each.judged.moderated for domain in proposal.domains for each in domain.categories):
        lines.comment(
            'A column with the header of a category and "(moderated)" is its grade after moderation, unasked.'
        )
    certain = [domain for domain in proposal.domains if domain.is_certain]
    for domain in certain:
        _write_domain(lines, domain)
    if not certain:
        _write_placeholder(lines, proposal)
    lines.ask(proposal.of_judged)
    for scale in proposal.scales:
        doubtful = [each for each in proposal.domains if each.scale == scale.vocabulary.id and not each.is_certain]
        if doubtful:
            _write_doubtful(lines, doubtful, scale, needs_scale=scale not in proposal.written_scales)


def _write_domain(lines: _Lines, domain: ProposedDomain) -> None:
    lines.gap()
    if domain.known_from:
        lines.comment(f"These headers are categories of this domain in the framework {domain.known_from}.")
    else:
        text = (
            "No shipped framework knows these categories. Which of them belong together? Copy the five lines from "
            '"[[domains]]" to "]" for each domain, and leave every category in one'
        )
        lines.ask([Question(f"{text}.")])
    lines.add(*_domain_head(domain))
    for category in domain.categories:
        lines.add(f"  {_category_line(category)}")
        lines.ask(_of_moderated(category), "  ")
    lines.add("]")
    if domain.comments:
        boxes = ", ".join(f"{kind} = {toml_list([header])}" for kind, header in domain.comments.items())
        lines.add(f"comments = {{ {boxes} }}")


def _domain_head(domain: ProposedDomain) -> list[str]:
    return [
        "[[domains]]",
        f'id = "{domain.id}"',
        f"title = {toml_text(domain.title)}",
        f'scale = "{domain.scale}"',
        "categories = [",
    ]


def _category_line(category: ProposedCategory, moderated: str = "") -> str:
    also = f", moderated_headers = {toml_list([moderated])}" if moderated else ""
    header = category.judged.header
    return f'{{ id = "{category.id}", title = {toml_text(category.title)}, headers = {toml_list([header])}{also} }},'


def _of_moderated(category: ProposedCategory) -> list[Question]:
    header = category.judged.perhaps_moderated
    if not header:
        return []
    text = f"Is {name_headers([header])} its grade after moderation? Then put this line in place of the one above:"
    return [Question(text, (_category_line(category, header),))]


def _write_doubtful(lines: _Lines, domains: list[ProposedDomain], scale: ProposedScale, *, needs_scale: bool) -> None:
    """Domains on one scale whose columns need not hold grades, as comments."""
    lines.gap()
    headers = [each.judged.header for domain in domains for each in domain.categories]
    block = _scale_lines(scale) if needs_scale else []
    for domain in domains:
        block += [*_domain_head(domain), *(f"  {_category_line(each)}" for each in domain.categories), "]"]
    text = (
        f"May be grades, and may not: {name_headers(headers)}. Is each of them a judgement of practice, and "
        f'{name_headers(scale.vocabulary.scale.good[:1])} always good? Then take the "#" away from all of these lines:'
    )
    lines.ask([Question(text, tuple(block))])


def _write_placeholder(lines: _Lines, proposal: Proposal) -> None:
    """A domain to be filled in, so that the file can be read while nothing is known."""
    lines.gap()
    text = "No column of grades was recognised. Which headers are those of grades? Write them in place of this one"
    lines.ask([Question(f"{text}, and the words of your scale above.")])
    lines.add(
        "[[domains]]",
        f'id = "{PRACTICE}"',
        f'title = "{PRACTICE.capitalize()}"',
        f'scale = "{proposal.written_scales[0].vocabulary.id}"',
        'categories = [{ id = "short-name", title = "What people call it", headers = ["The header of a column"] }]',
    )
