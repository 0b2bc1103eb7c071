"""From children's social-care audit returns to quarterly charts and learning briefs.

This is the façade: what notebooks and analysts import. Each name is loaded when it is first used, so that a command
which draws nothing does not wait for what draws.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "blank_returns.writing": ["write_blank_return"],
        "brief_files": ["write_brief"],
        "briefs.kinds": ["learning_brief"],
        "briefs.pdf": ["pdf_document"],
        "briefs.web": ["show_brief", "web_document"],
        "briefs.word": ["word_document"],
        "changes": ["changes_since_last_report"],
        "checking": ["check_returns"],
        "case_mix": ["split_change"],
        "coding_file": ["code_file"],
        "coverage": ["coverage", "coverage_by_domain", "coverage_by_team", "whom_to_ask"],
        "first_framework": ["write_first_framework"],
        "frameworks": ["load_framework", "shipped_frameworks"],
        "intake.queries": ["DatabaseQuery", "with_query"],
        "lookup": ["describe_record", "find_record"],
        "manifest": ["verify_report"],
        "moderating": ["draw_moderation", "read_moderation", "write_pack"],
        "periods": ["resolve_quarter"],
        "redacting": ["redact_file"],
        "report": ["make_report"],
        "reporting.domains": [
            "show_case_mix",
            "show_changes_in_shares",
            "show_overview",
            "show_position",
            "show_summary",
            "show_trend",
            "show_year",
        ],
        "reporting.every_grade": ["show_grades", "show_grades_of_all"],
        "reporting.fragments": ["close_page"],
        "reporting.checklist": ["summarise_check"],
        "reporting.received": [
            "close_returns_page",
            "show_changes",
            "show_checks",
            "show_coverage",
            "show_ledger",
            "show_problems",
            "show_received",
            "show_sheets",
            "show_whom_to_ask",
        ],
        "reporting.moderation": [
            "show_agreement",
            "show_agreement_by_quarter",
            "show_grade_pairs",
            "show_grades_of_record",
            "show_which_grade_counts",
        ],
        "reporting.second_looks": [
            "close_moderation_page",
            "show_auditors",
            "show_consistency_flags",
            "show_spot_checks",
        ],
        "reporting.check_records": ["check_record"],
        "reporting.themes": ["show_theme_changes", "show_theme_contrasts", "show_themes", "show_themes_of_all"],
        "returns": ["AuditReturns", "read_returns"],
        "run_settings": ["Limits", "Publishing"],
        "sharing": ["prepare_for_sharing"],
        "summary": ["monthly_grades", "quarterly_grades", "ungraded_judgements", "yearly_grades"],
        "theme_measures": ["count_themes", "theme_changes", "theme_contrasts", "theme_coverage", "themes_by_grade"],
        "themes": ["code_statement", "load_codebook"],
        "trends": ["charted_points", "domain_trend", "domain_trends"],
    },
)
