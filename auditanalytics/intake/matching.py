"""Which shipped framework returns were made for, told by their headers.

A framework fits when sheets are returns under it and hold some of its categories: more than one, because "Planning"
alone may be anybody's. Where several fit, the one that
knows every category that the others know is meant; otherwise nobody guesses. A published table, which has no
categories, belongs to the framework whose domains are just those that it names.
"""

from collections.abc import Iterable

from auditanalytics.errors import ArgumentError
from auditanalytics.frameworks import Framework, Meaning, load_framework, shipped_frameworks
from auditanalytics.intake.forms import read_forms
from auditanalytics.intake.layout import recognise_returns
from auditanalytics.intake.published import named_domains, recognise_published
from auditanalytics.intake.raw import RawDocument, RawSheet

_FEWEST_CATEGORIES = 2


def matching_framework(sheets: list[RawSheet], documents: list[RawDocument]) -> Framework:
    """Find the one shipped framework that sheets and forms fit.

    Parameters
    ----------
    sheets
        Sheets.
    documents
        Word documents, which may be forms.

    Returns
    -------
    Framework
        The framework.

    Raises
    ------
    ArgumentError
        If none fits, or several do, with the choice to make.
    """
    matching = matching_frameworks(sheets, documents, [load_framework(name) for name in shipped_frameworks()])
    if len(matching) != 1:
        found = "several frameworks fit" if matching else "no shipped framework fits"
        choices = ", ".join(framework.id for framework in matching) or ", ".join(shipped_frameworks())
        raise ArgumentError(f"{found} these headers; name one with --framework ({choices}, or the path of your own)")
    return matching[0]


def matching_frameworks(
    sheets: list[RawSheet], documents: list[RawDocument], frameworks: Iterable[Framework]
) -> list[Framework]:
    """Find the frameworks that sheets and forms fit.

    Parameters
    ----------
    sheets
        Sheets.
    documents
        Word documents, which may be forms.
    frameworks
        The frameworks to choose from.

    Returns
    -------
    list of Framework
        The frameworks that fit equally well; one where it is clear which is meant.
    """
    known = {
        framework.id: (framework, _headers_known([*sheets, *read_forms(documents, framework).tables], framework))
        for framework in frameworks
    }
    fitting = [(framework, headers) for framework, headers in known.values() if len(headers) >= _FEWEST_CATEGORIES]
    if not fitting:
        return _of_published(sheets, [framework for framework, _ in known.values()])
    everything = set().union(*(headers for _, headers in fitting))
    best = [framework for framework, headers in fitting if headers == everything]
    return best if len(best) == 1 else [framework for framework, _ in fitting]


def _headers_known(sheets: list[RawSheet], framework: Framework) -> set[str]:
    """The headers, and in long returns the words in the category column, that a framework knows as categories."""
    known: set[str] = set()
    for sheet in sheets:
        table, _ = recognise_returns(sheet, framework)
        if table is None:
            continue
        words = (str(table.headers[at]) for at, column in table.columns.items() if column.kind == "grade")
        if table.is_long and (category := table.position("category")) is not None:
            words = (word for word in table.data[category].unique() if _is_category(word, framework))
        known |= set(words)
    return known


def _is_category(word: str, framework: Framework) -> bool:
    meaning = framework.meaning(word)
    return meaning is not None and meaning.kind == "grade" and meaning != Meaning("field", "overall")


def _of_published(sheets: list[RawSheet], frameworks: list[Framework]) -> list[Framework]:
    tables = [table for sheet in sheets if (table := recognise_published(sheet))]
    named = {
        framework.id: set().union(*(named_domains(table, framework) for table in tables)) for framework in frameworks
    }
    fitting = [framework for framework in frameworks if named[framework.id]]
    exact = [framework for framework in fitting if named[framework.id] == {domain.id for domain in framework.domains}]
    return exact if len(exact) == 1 else fitting
