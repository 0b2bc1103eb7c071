"""What the rules of consistency ask: the tables of a reading, with the grades of every audit side by side.

Grades are those of the auditor, never the moderated ones: a flag says where moderation is due, and must not depend on
its outcome. They stand as ranks on their own scale, 0 for the best; ranks are counted in steps and compared with others
of the same scale, and never averaged into a grade.
"""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.consistency.boxes import Boxes, gather_boxes
from auditanalytics.consistency.flags import Sign
from auditanalytics.frameworks import OVERALL, Framework

FEWEST_GRADED = 8
"""Graded categories below which a profile of grades is not looked at: among few, all of one grade is common. Of real
inspections the three or four judgements were all the same in 41 of 100, the five of an older kind in 19."""


class Asked:
    """The tables that are asked, and what several rules need of them.

    Parameters
    ----------
    tables
        The tables of a reading, by name.
    framework
        The framework they were read with.

    Attributes
    ----------
    tables, framework
        As given.
    domain_of
        The domain of each category.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], framework: Framework) -> None:
        self.tables, self.framework = tables, framework
        self.domain_of = {category.id: domain.id for domain in framework.domains for category in domain.categories}

    @property
    def audits(self) -> pd.DataFrame:
        """The audits."""
        return self.tables["audits"]

    @cached_property
    def auditor_of(self) -> dict[str, object]:
        """The pseudonym of the auditor of every audit; missing where unknown."""
        return dict(zip(self.audits["audit_id"], self.audits["auditor"], strict=True))

    @cached_property
    def fields(self) -> frozenset[str]:
        """What any header of a return was taken for."""
        return frozenset(self.tables["headers"]["means"].dropna())

    @cached_property
    def boxes(self) -> Boxes:
        """The comment boxes."""
        return gather_boxes(self.tables, self.framework)

    @cached_property
    def _all_ranks(self) -> pd.DataFrame:
        """A row for every audit and a column for every category and the overall judgement: the rank, NaN without."""
        graded = self.tables["judgements"].dropna(subset="grade")
        rank = pd.Series(np.nan, index=graded.index)
        for domain in self.framework.domain_titles:
            here = graded["domain"] == domain
            rank[here] = graded.loc[here, "grade"].map(self.framework.scale(domain).ranks).astype(float)
        table = pd.Series(rank.to_numpy(), index=[graded["audit_id"].to_numpy(), graded["category"].to_numpy()])
        return table.unstack().reindex(index=self.audits["audit_id"], columns=[*self.domain_of, OVERALL])

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """The rank of the grade of every audit in every category; NaN where not graded."""
        return self._all_ranks.drop(columns=OVERALL)

    @cached_property
    def overall(self) -> pd.Series:
        """The rank of the overall grade of every audit; NaN where not graded."""
        return self._all_ranks[OVERALL]

    @cached_property
    def by_scale(self) -> dict[tuple[str, ...], list[str]]:
        """The categories that are graded with the same grades, by these."""
        together: dict[tuple[str, ...], list[str]] = {}
        for category, domain in self.domain_of.items():
            together.setdefault(self.framework.scale(domain).grades, []).append(category)
        return together

    @cached_property
    def beside_overall(self) -> pd.DataFrame:
        """The ranks of the categories that are on the scale of the overall judgement; none without such a scale."""
        if self.framework.overall is None:
            return self.ranks[[]]
        return self.ranks[self.by_scale.get(self.framework.scale(OVERALL).grades, [])]

    def grades_of(self, domain: str) -> tuple[str, ...]:
        """The grades of a domain, or of the overall judgement, best first."""
        return self.framework.scale(domain).grades

    def title(self, name: str) -> str:
        """The title of a domain or category."""
        return self._titles[name]

    @cached_property
    def _titles(self) -> dict[str, str]:
        titles = {each.id: each.title or each.id for domain in self.framework.domains for each in domain.categories}
        return titles | self.framework.domain_titles


class Answer(NamedTuple):
    """The signs of a flag, and why it could not be asked, or not of every audit; "" where it could."""

    signs: list[Sign]
    obstacle: str = ""


Rule = Callable[[Asked], Answer]
"""What answers whether an audit has the sign of a flag."""
