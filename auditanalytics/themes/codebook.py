"""The codebook: themes, the words by which each is known, and the words that turn a strength into a worry.

It is a TOML file that a council can edit; `terms` says how a term is written, docs/themes.md what every key means.
Terms say what a statement is about, strengths and worries also what it says of it. What belongs to no theme although a
term is in it stands under ``unless``.
"""

from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, field_validator, model_validator

from auditanalytics.errors import ArgumentError, CodebookError
from auditanalytics.grades import fold_label
from auditanalytics.settings_file import WORD, Identifier, Table, read_settings
from auditanalytics.themes.terms import TermIndex

Terms = tuple[str, ...]
Kind = Literal["worked_well", "worried_about", "next_step", "comment"]

SomeTerms = Annotated[Terms, Field(min_length=1)]
Word = Annotated[str, StringConstraints(pattern=WORD)]

NO_THEME = "none"
"""Stands, in tables, for statements that carry no theme."""


class Purpose(StrEnum):
    """What a term is looked for as."""

    TERMS = "what a statement is about"
    STRENGTHS = "what it is about, and that it is well"
    WORRIES = "what it is about, and that it is not"
    UNLESS = "what is no word of a theme here"
    NEGATIONS = "no"
    PRAISE = "well"
    DOUBTS = "not well"
    FAULTS = "well where it is denied"
    LESSENS = "less of a worry"
    LINKS = "between a matter and its negation"
    TURNS = "but"


class Within(Table):
    """Terms of a theme that count in some places only."""

    domains: tuple[Identifier, ...] = Field((), description="ids of the domains in whose boxes they count; all if none")
    kinds: tuple[Kind, ...] = Field((), description="the boxes in which they count; all if none")
    terms: Terms = Field(min_length=1, description="the terms")

    def holds(self, domain: str, box: str) -> bool:
        """Whether the terms count in a box of a domain."""
        domains = [each.casefold() for each in self.domains]
        return (not domains or domain.casefold() in domains) and (not self.kinds or box in self.kinds)


class Place(NamedTuple):
    """Where in the codebook a term stands: what it is looked for as, the id of its theme, and where alone it counts."""

    purpose: Purpose
    theme: str = ""
    within: Within | None = None

    def __str__(self) -> str:
        """The place as the file has it."""
        return f"theme '{self.theme}'" if self.theme else "[polarity] or ignored"


class Theme(Table):
    """A theme that statements are coded to."""

    id: Identifier = Field(description="short name, in no other theme")
    title: str = Field(min_length=1, description="what people call it")
    covers: str = Field("", description="what belongs to it, in words")
    reminder: str = Field("", description="what a learning brief reminds practitioners of where it is a worry")
    recommendation: str = Field("", description="what a learning brief asks of managers where it is a worry")
    terms: Terms = Field((), description="terms that name the matter and do not say whether it is well")
    strengths: Terms = Field((), description="terms that say that the matter is well")
    worries: Terms = Field((), description="terms that say that it is not")
    unless: Terms = Field((), description="terms in which a term of the theme means something else")
    within: tuple[Within, ...] = Field((), description="terms that count only in some domains or boxes")

    def by_purpose(self) -> dict[Purpose, Terms]:
        """The terms that count everywhere, by what they are looked for as."""
        return {
            Purpose.TERMS: self.terms,
            Purpose.STRENGTHS: self.strengths,
            Purpose.WORRIES: self.worries,
            Purpose.UNLESS: self.unless,
        }

    @model_validator(mode="after")
    def _check_terms(self) -> "Theme":
        if not (self.terms or self.strengths or self.worries or self.within):
            raise ValueError(f"theme '{self.id}' has no terms; add the words by which it is known")
        return self


class Polarity(Table):
    """Words that say whether what they stand beside is well."""

    negations: Terms = Field((), description="words that turn what stands beside them into its opposite: no, not")
    strengths: Terms = Field((), description="words of praise: good, clear")
    worries: Terms = Field((), description="words of worry, or of something missing: poor, out of date")
    faults: Terms = Field((), description="words that count only where they are denied: no *concerns*, not an *issue*")
    lessens: Terms = Field((), description="words before a worry that make it none: *reduced* drift")
    links: Terms = Field((), description="words that may stand before a negation behind: the plan *has* not, *is* not")
    turns: Terms = Field((), description="words at which another clause begins: good, *but* late")

    def by_purpose(self) -> dict[Purpose, Terms]:
        """The words, by what they are looked for as."""
        return {
            Purpose.NEGATIONS: self.negations,
            Purpose.PRAISE: self.strengths,
            Purpose.DOUBTS: self.worries,
            Purpose.FAULTS: self.faults,
            Purpose.LESSENS: self.lessens,
            Purpose.LINKS: self.links,
            Purpose.TURNS: self.turns,
        }


class Codebook(Table):
    """Themes and how they are known.

    Attributes
    ----------
    name
        What the codebook is called.
    sha256
        The SHA-256 of its file.
    words, irregular, ignored, polarity, themes
        The tables of the file; ``docs/themes.md`` describes each.
    """

    name: str = Field(min_length=1, description="what the codebook is called")
    sha256: str = Field("", description="the SHA-256 of the file; not a key of the file")
    words: dict[Identifier, SomeTerms] = Field({}, description="lists of words that terms name: `<child>`")
    irregular: dict[Word, tuple[Word, ...]] = Field(
        {}, description='forms of words with irregular endings: `see = ["saw"]`'
    )
    ignored: Terms = Field((), description="terms in which nothing is a word of any theme")
    polarity: Polarity = Field(Polarity(), description="words that say whether something is well")
    themes: tuple[Theme, ...] = Field(min_length=1, description="the themes")

    @field_validator("themes")
    @classmethod
    def _check_ids(cls, themes: tuple[Theme, ...]) -> tuple[Theme, ...]:
        ids = [theme.id for theme in themes]
        if repeated := [each for each in ids if ids.count(each) > 1]:
            raise ValueError(f"the id '{repeated[0]}' is used twice; give each theme an id of its own")
        titles = [fold_label(theme.title) for theme in themes]
        if repeated := [theme.title for theme in themes if titles.count(fold_label(theme.title)) > 1]:
            raise ValueError(f"the title '{repeated[0]}' is used twice; give each theme a title of its own")
        if NO_THEME in [*map(fold_label, ids), *titles]:
            raise ValueError(f"'{NO_THEME}' stands for statements without a theme; give the theme another id")
        return themes

    @model_validator(mode="after")
    def _check_index(self) -> "Codebook":
        try:
            self.index  # noqa: B018  (reads every term)
        except ArgumentError as error:
            raise ValueError(str(error)) from None
        return self

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of every theme by its id, in the order of the codebook."""
        return {theme.id: theme.title for theme in self.themes}

    @cached_property
    def reminders(self) -> dict[str, str]:
        """What practitioners are reminded of, by the id of each theme that has a reminder."""
        return {theme.id: theme.reminder for theme in self.themes if theme.reminder}

    @cached_property
    def recommendations(self) -> dict[str, str]:
        """What is asked of managers, by the id of each theme that has a recommendation."""
        return {theme.id: theme.recommendation for theme in self.themes if theme.recommendation}

    @cached_property
    def ids(self) -> dict[str, str]:
        """The id of every theme, and the word for none, by all that people may write for it, folded."""
        names = {fold_label(name): theme.id for theme in self.themes for name in (theme.id, theme.title)}
        return names | {NO_THEME: NO_THEME}

    @cached_property
    def index(self) -> TermIndex[Place]:
        """Everything that the codebook looks for, found in one pass."""
        found = [(Place(Purpose.UNLESS), term) for term in self.ignored]
        for purpose, terms in self.polarity.by_purpose().items():
            found += [(Place(purpose), term) for term in terms]
        for theme in self.themes:
            for purpose, terms in theme.by_purpose().items():
                found += [(Place(purpose, theme.id), term) for term in terms]
            for within in theme.within:
                found += [(Place(Purpose.TERMS, theme.id, within), term) for term in within.terms]
        return TermIndex(found, self.words, self.irregular)


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Load a codebook and check it.

    Parameters
    ----------
    path
        The path of a TOML file; the codebook of the library if None.

    Returns
    -------
    Codebook
        The codebook.

    Raises
    ------
    CodebookError
        If the file cannot be used; the sentence names the file, the key and the remedy.

    Examples
    --------
    >>> list(load_codebook().titles)[:3]
    ['timeliness', 'voice', 'multi-agency']
    """
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> Codebook:
    return _read(Path(str(resources.files("auditanalytics.themes") / "codebook.toml")))


def _read(path: Path) -> Codebook:
    return read_settings(path, Codebook, what="codebook", error=CodebookError)
