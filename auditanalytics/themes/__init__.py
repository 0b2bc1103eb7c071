"""What statements are about: themes, found by the words of a codebook that a council can edit, with their receipts."""

from auditanalytics.themes.codebook import NO_THEME, Codebook, load_codebook
from auditanalytics.themes.coding import KINDS, Match, code_statement
from auditanalytics.themes.statements import split_statements
from auditanalytics.themes.suggestions import suggest_terms

__all__ = [
    "KINDS",
    "NO_THEME",
    "Codebook",
    "Match",
    "code_statement",
    "load_codebook",
    "split_statements",
    "suggest_terms",
]
