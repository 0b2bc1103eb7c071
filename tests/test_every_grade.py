from auditanalytics.reporting.every_grade import show_grades
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend


def test_every_grade_stands_in_the_table_also_those_nobody_received(example: AuditReturns) -> None:
    html = show_grades(domain_trend(example, "overall", quarter="2019-Q4")).html
    for grade in example.framework.scale("overall").grades:
        assert f">{grade}</th>" in html


def test_months_are_called_months(example: AuditReturns) -> None:
    trend = domain_trend(example, "plans", quarter="2019-Q4", unit="month")
    assert '<th scope="col">Month</th>' in show_grades(trend).html
