"""Findings: what the comments and next steps of audits speak of, statement by statement.

Each comment is split into statements, and each statement coded to themes by its words, or by what somebody coded by
hand. What is left holds no comment: the themes, and the words of the codebook that made them.
"""

import pandas as pd

from auditanalytics.frameworks import OVERALL
from auditanalytics.schema import CODED
from auditanalytics.themes import NO_THEME, Codebook, code_statement, split_statements
from auditanalytics.themes.by_hand import BY_HAND, read_codes
from auditanalytics.themes.coding import COMMENT, NEXT_STEP


def split_findings(findings: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Split comments and next steps into statements.

    Parameters
    ----------
    findings
        `schema.FINDINGS`.
    actions
        `schema.ACTIONS`.

    Returns
    -------
    pandas.DataFrame
        A row for every statement: ``audit_id``, ``domain`` (overall for one on the whole audit), ``kind`` of the box,
        ``text`` and ``themes``, those that were coded by hand. A comment that was coded by hand is one statement.
    """
    steps = actions.dropna(subset="action")
    steps = pd.DataFrame({"audit_id": steps["audit_id"], "kind": NEXT_STEP, "text": steps["action"]})
    comments = pd.concat([findings, steps], ignore_index=True)
    comments["domain"] = comments["domain"].fillna(OVERALL)
    comments = _one_for_each_hand(comments)
    by_hand = comments["themes"].notna()
    parts = [[text] if coded else split_statements(text) for text, coded in zip(comments["text"], by_hand, strict=True)]
    statements = comments.assign(text=pd.Series(parts, index=comments.index, dtype=object)).explode("text")
    return statements.dropna(subset="text")[["audit_id", "domain", "kind", "text", "themes"]].reset_index(drop=True)


def _one_for_each_hand(comments: pd.DataFrame) -> pd.DataFrame:
    """The comments; those that were coded together, as the boxes of one audit are, as one of no kind in particular."""
    place = ["audit_id", "domain", "category", "themes"]
    coded = comments[comments["themes"].notna()]
    kinds = coded.groupby(place, dropna=False)["kind"].transform("nunique")
    kept = coded.assign(kind=coded["kind"].where(kinds == 1, COMMENT)).drop_duplicates(place)
    return pd.concat([comments[comments["themes"].isna()], kept]).sort_index()


def code_findings(statements: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Code statements to themes.

    Parameters
    ----------
    statements
        Statements, from `split_findings`.
    codebook
        The codebook.

    Returns
    -------
    pandas.DataFrame
        `schema.CODED`: a row for every statement and theme, and one for a statement without any.

    Examples
    --------
    >>> from auditanalytics.themes import load_codebook
    >>> row = {"audit_id": "a", "domain": "risk", "kind": "worked_well", "text": "No chronology.", "themes": None}
    >>> code_findings(pd.DataFrame([row]), load_codebook())[["kind", "theme", "words"]].values.tolist()
    [['worried_about', 'history', 'no chronology']]
    """
    known: dict[tuple[str, str, str, object], list[tuple[str, str, str]]] = {}
    rows = []
    for number, (audit, domain, box, text, by_hand) in enumerate(statements.itertuples(index=False, name=None)):
        key = (text, domain, box, None if pd.isna(by_hand) else by_hand)
        if key not in known:
            known[key] = _code(*key, codebook)
        rows += [(audit, domain, kind, number, theme, words) for kind, theme, words in known[key]]
    return CODED.build(rows)


def _code(text: str, domain: str, box: str, by_hand: str | None, codebook: Codebook) -> list[tuple[str, str, str]]:
    """The kind, theme and words of each theme of a statement; one row of them where it has none."""
    matches = {match.theme: match for match in code_statement(text, codebook, domain=domain, box=box)}
    codes = [] if by_hand is None else read_codes(by_hand, codebook)[0]
    if codes:
        return [(matches[theme].kind if theme in matches else box, theme, BY_HAND) for theme in codes]
    found = [(match.kind, match.theme, "; ".join(match.words).lower()) for match in matches.values()]
    return found or [(box, NO_THEME, "")]
