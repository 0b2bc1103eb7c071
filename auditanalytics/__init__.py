"""From children's social-care audit returns to quarterly charts and learning briefs.

This is the façade: what notebooks and analysts import. Each name is loaded when it is first used, so that a command
which draws nothing does not wait for what draws.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "checking": ["check_returns"],
        "frameworks": ["load_framework", "shipped_frameworks"],
        "report": ["make_report"],
        "reporting.fragments": [
            "close_page",
            "show_grades",
            "show_overview",
            "show_position",
            "show_summary",
            "show_trend",
        ],
        "reporting.checklist": ["summarise_check"],
        "reporting.tables": ["check_record"],
        "returns": ["AuditReturns", "read_returns"],
        "summary": ["coverage", "quarterly_grades", "ungraded_judgements"],
        "trends": ["domain_trend", "domain_trends", "resolve_quarter"],
    },
)
