"""What keeps people out of everything that leaves the analyst's session: pseudonyms, and redaction of free text."""

from auditanalytics.privacy.pseudonyms import (
    KEY_FILE_VARIABLE,
    KINDS,
    Kind,
    fingerprints,
    pseudonym_key,
    pseudonymise,
)

__all__ = ["KEY_FILE_VARIABLE", "KINDS", "Kind", "fingerprints", "pseudonym_key", "pseudonymise"]
