"""What an authority audits: scales, domains, categories, headers and limits, read from one TOML file.

An authority is data, not code: its own domains, words and deadlines are a file that it can write itself. Frameworks
that ship with the library stand beside this module.
"""

from auditanalytics.frameworks.fields import AUDIT_FIELDS, FEEDBACK_FIELDS, LONG_FIELDS, NUMBERED_FIELDS, OVERALL
from auditanalytics.frameworks.framework import Framework
from auditanalytics.frameworks.headers import Meaning, fold_header
from auditanalytics.frameworks.loader import load_framework, shipped_frameworks
from auditanalytics.frameworks.tables import Category, Domain, Form

__all__ = [
    "AUDIT_FIELDS",
    "FEEDBACK_FIELDS",
    "LONG_FIELDS",
    "NUMBERED_FIELDS",
    "OVERALL",
    "Category",
    "Domain",
    "Form",
    "Framework",
    "Meaning",
    "fold_header",
    "load_framework",
    "shipped_frameworks",
]
