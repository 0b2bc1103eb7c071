"""The thresholds of themes and quotes: their values as they are, and why they are that."""

from auditanalytics import quotes
from auditanalytics.method.thresholds import Threshold, table_of
from auditanalytics.reporting import theme_sentences, themes
from auditanalytics.themes import coding, spelling, suggestions, terms

THRESHOLDS = (
    Threshold(
        "words between the words of a term",
        terms,
        "MOST_WORDS_BETWEEN",
        lambda value: ", ".join(f"{number} for {dots}" for dots, number in value.items()),
        "further apart, words belong to other things; our choice, tried on labelled statements",
    ),
    Threshold("words of a term", terms, "MOST_WORDS", str, "more are a sentence that nobody writes twice"),
    Threshold(
        'words around a theme on which a "not" bears',
        coding,
        "REACH",
        str,
        "our choice: further away it mostly belongs to something else",
    ),
    Threshold(
        "letters of a word that may be misspelt", spelling, "FEWEST_LETTERS", str, "shorter words are one slip apart"
    ),
    Threshold(
        "times from which a word is common",
        spelling,
        "COMMON_FROM",
        "{:,}".format,
        "about ten thousand words are, in the texts from which the dictionary was made",
    ),
    Threshold(
        "statements with a suggested phrase",
        suggestions,
        "FEWEST_STATEMENTS",
        str,
        "fewer may be of one family; our choice",
    ),
    Threshold("phrases that are suggested", suggestions, "MOST_SUGGESTED", str, "what somebody reads"),
    Threshold("texts read for phrases", suggestions, "MOST_READ", "{:,}".format, "hiding names takes its time"),
    Threshold("themes that a sentence names", theme_sentences, "MOST_NAMED", str, "what a reader keeps in mind"),
    Threshold(
        "audits that name a theme which a page compares",
        theme_sentences,
        "FEWEST_AUDITS_COMPARED",
        str,
        "our choice: of fewer nothing could be evidence; the published tables hold all",
    ),
    Threshold("words of a theme that a page shows", themes, "MOST_WORDS_SHOWN", str, "what somebody reads"),
    Threshold("themes quoted of a domain, kind and quarter", quotes, "THEMES_QUOTED", str, "what somebody reads"),
    Threshold("fewest words of a quote", quotes, "FEWEST_WORDS", str, "fewer say little"),
    Threshold(
        "most words of a quote", quotes, "MOST_WORDS", str, "more are not read, and hold more that may name somebody"
    ),
    Threshold(
        "candidates tried for a quote",
        quotes,
        "CANDIDATES",
        str,
        "where five are doubtful, the theme is better not quoted",
    ),
    Threshold("pieces that may be hidden in a quote", quotes, "MOST_HIDDEN", str, "more leave a riddle about somebody"),
)
"""Every threshold of themes."""


def theme_threshold_table() -> str:
    """Write what every threshold of themes is, where it is, and why.

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> "| words of a term | 12 | `themes.terms.MOST_WORDS` |" in theme_threshold_table()
    True
    """
    return table_of(THRESHOLDS)
