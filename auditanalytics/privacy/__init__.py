"""What keeps people out of everything that leaves the analyst's session: pseudonyms, and redaction of free text."""

from auditanalytics.privacy.pseudonyms import (
    KEY_FILE_VARIABLE,
    KINDS,
    Kind,
    fingerprints,
    pseudonym_key,
    pseudonymise,
)
from auditanalytics.privacy.redaction import RedactedTexts, Redaction, redact, redact_texts
from auditanalytics.privacy.shadow import REDACTED_KINDS
from auditanalytics.privacy.words import OFTEN_NAMES

__all__ = [
    "KEY_FILE_VARIABLE",
    "KINDS",
    "OFTEN_NAMES",
    "REDACTED_KINDS",
    "Kind",
    "RedactedTexts",
    "Redaction",
    "fingerprints",
    "pseudonym_key",
    "pseudonymise",
    "redact",
    "redact_texts",
]
