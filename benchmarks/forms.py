"""How long it takes to read 500 Word forms of 33 questions, from opening the folder to the tidy tables."""

import platform
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from word_forms import drop_down, heading, table, write_form

from auditanalytics.frameworks import load_framework
from auditanalytics.returns import read_returns

FORMS, LIMIT = 500, 30


def write_forms(folder: Path) -> None:
    """Forms of Hull's first kind, each of its own case."""
    framework = load_framework("hull")
    titles = {category.id: category.title for domain in framework.domains for category in domain.categories}
    questions = [titles[category] for category in framework.forms[0].categories]
    for number in range(FORMS):
        answer = ("Yes", "Partially", "No", "N/A")[number % 4]
        write_form(
            folder / f"{number:03}.docx",
            table(
                ("Case number", f"C{number}", "Date of audit", f"{number % 28 + 1:02}/05/2022"),
                ("Audit type", "CSC", "Team", f"Team {number % 9}"),
                ("Name of the auditor", f"Auditor {number % 40}", "Social worker", f"Worker {number % 90}"),
            ),
            heading("Questions"),
            table(
                ("Question", "Yes/No/Partially/N/A", "Comment"),
                *(
                    (each, (drop_down(("Yes", "Partially", "No"), answer),), f"Evidence {number}.")
                    for each in questions
                ),
            ),
            table(("Overall grading of the audit", "Good")),
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_forms(Path(folder))
        start = time.perf_counter()
        returns = read_returns(folder, framework="hull")
        seconds = time.perf_counter() - start
    assert len(returns.audits) == FORMS
    print(f"Python {platform.python_version()}: {FORMS} forms in {seconds:.1f} s, {seconds / LIMIT:.0%} of {LIMIT} s")


if __name__ == "__main__":
    main()
