"""Whether a word that is also a name means the person: "Will attended", and not "will attend".

The row says that somebody is called so; the sentence says whether this is them. A title, the rest of their name, a
possessive, kin before or what only people do after make a person of it; a month's company makes May a month. In the
middle of a sentence a capital is enough, because what is hidden in error costs a word, and what is left costs a name.
The field's own words and the grades need more than that: "graded Good" is a grade whatever the family is called.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from auditanalytics.privacy.shadow import Token, neighbour
from auditanalytics.privacy.words import (
    ADDRESSING,
    AFTER_A_MONTH,
    BACKED_FOR,
    BEFORE_A_MONTH,
    BEFORE_WILL,
    BEING,
    BEING_WITH,
    CALLED,
    CODES,
    COMMON,
    DETERMINERS,
    DONE_BY,
    FIELD,
    GRADING,
    KIN,
    MODALS,
    MONTHS,
    NAME_WORDS,
    NOUNS_AS_WELL,
    PEOPLE,
    PREDICATES,
    ROLES,
    SAYING,
    SEASONS,
    SEEMING,
    SPEECH,
    STARTERS,
    TALKING_TO,
    TITLES,
    VIEWED_OF,
)

_SPACE = re.compile(r"\s{1,3}")
_BETWEEN_PARTS = re.compile(r"\s{0,2}[,.\-'\"(]?\s{0,3}")
_JOINS_PEOPLE = re.compile(r"\s?[/&+]\s?")
_AFTER_A_TITLE = re.compile(r"\.\s{0,3}|\s{1,3}")
_AFTER_KIN = re.compile(r"[\s,:(\-\"'=]{1,4}")
_OPENS_BEHIND = re.compile(r"\s?\(\s?")
_GIVEN_AS = re.compile(r"\s?:[ \t]{0,3}")
_DAY_BEFORE = re.compile(r"\d\s?$")
_YEAR_AFTER = re.compile(r"^\s?['/,-]?\s?\d")
_WITH_PEOPLE = {"to": TALKING_TO, "with": BEING_WITH, "by": DONE_BY, "of": VIEWED_OF, "for": BACKED_FOR}
"""Words before which "to", "with" or "by" lead to a person."""

_ENDS_A_PHRASE = re.compile(r"\s?[.,;:!?)\n]|\Z")
_IS_SET_APART = re.compile(r"[.!?;)\]\n]|\Z")
_MARKS = tuple("*_\"'()[]~")
_BEFORE_A_CLAUSE = frozenset(["when", "that", "because", "while", "how", "why", "if", "since", "where"])
_BEFORE_WHO = re.compile(r",?\s{1,3}")
_NEVER_INITIALS = frozenset(["no", "ok", "vs", "nb", "re", "pm", "am", "eg", "ie", "mr", "ms", "dr"])


def is_ordinary(word: str) -> bool:
    """Say whether a word is one of English, or of the field, besides being a name.

    Parameters
    ----------
    word
        A word in small letters.

    Returns
    -------
    bool
        Whether it has to be weighed.

    Examples
    --------
    >>> is_ordinary("grace"), is_ordinary("good"), is_ordinary("keira")
    (True, True, False)
    """
    return word in NAME_WORDS or word in COMMON or word in STARTERS or word in SPEECH or is_of_the_field(word)


def is_of_the_field(word: str) -> bool:
    """Say whether a word is one of the field's own, a grade or a code.

    Parameters
    ----------
    word
        A word in small letters.

    Returns
    -------
    bool
        Whether a capital alone says nothing about it.

    Examples
    --------
    >>> is_of_the_field("good"), is_of_the_field("ri"), is_of_the_field("grace")
    (True, True, False)
    """
    return word in FIELD or word in CODES or word in KIN or word in ROLES


class Weighing:
    """The words of one text, and who in the row is called what.

    Parameters
    ----------
    tokens
        The words.
    hidden
        The numbers of those that are hidden already.
    people
        Who is called so, by word.
    order
        The place of a word in the name of each person, by word and person.
    initials
        The first letters of those people's names.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        hidden: Collection[int],
        people: Mapping[str, Collection[int]],
        order: Mapping[tuple[str, int], int],
        initials: Collection[str],
    ) -> None:
        self.tokens, self.hidden, self.people, self.order, self.initials = tokens, hidden, people, order, initials

    def is_a_person(self, at: int, word: str) -> bool:
        """Weigh one word.

        Parameters
        ----------
        at
            Its number.
        word
            The name that it may be.

        Returns
        -------
        bool
            Whether it means a person of the row.
        """
        token = self.tokens[at]
        capital = token.is_capital or not token.case_tells
        if self._has_title(at, capital) or self._has_other_part(at, word):
            return True
        hard = is_of_the_field(word)
        following = neighbour(self.tokens, at, 1, _BEFORE_WHO)
        if token.is_capital and following and following.word in ("who", "whose") and token.word not in ROLES | KIN:
            return True
        if not hard and token.is_capital and self._stands_in_a_list(at):
            return True
        if self._has_kin(at, hard) or (not hard and self._does_what_people_do(at, word)):
            return True
        if hard:
            return self._says_or_owns(at)
        if not token.is_capital:
            return not token.case_tells and self._is_addressed(at)
        if word in MONTHS and self._is_a_month(at):
            return False
        if not token.case_tells:
            return self._is_addressed(at) or (not token.is_shouted and self._begins_as_a_name(at, word))
        if token.begins:
            return self._begins_as_a_name(at, word)
        following = neighbour(self.tokens, at, 1, _SPACE)
        return not (
            following
            and following.is_capital
            and (is_of_the_field(following.word) or (word in SEASONS and following.word in AFTER_A_MONTH))
        )

    def are_initials(self, at: int) -> bool:
        """Weigh capitals that are a code of the field as well as somebody's initials: "child (CA)", "CA said", "CA's".

        Parameters
        ----------
        at
            The number of the word.

        Returns
        -------
        bool
            Whether they mean a person of the row.
        """
        token = self.tokens[at]
        before, following = neighbour(self.tokens, at, -1, _AFTER_KIN), neighbour(self.tokens, at, 1, _SPACE)
        if at - 1 in self.hidden and _OPENS_BEHIND.fullmatch(token.before):  # Jane Doe (JD)
            return True
        if token.word in KIN | ROLES or not token.case_tells:
            return False
        if before is not None and before.word in KIN | ROLES | PEOPLE | CALLED:
            return True
        shouted = any(other is not None and other.is_shouted for other in (before, following))
        if token.word in COMMON - CODES and token.word not in _NEVER_INITIALS and not shouted:
            return True  # SO attended, and not SO VERY
        if token.begins and token.after.startswith(":"):
            return True
        is_owner = token.after == "'" and at + 1 < len(self.tokens) and self.tokens[at + 1].word == "s"
        acts = following is not None and (following.word in BEING or following.word in SPEECH - NOUNS_AS_WELL)
        return is_owner or self._is_addressed(at) or (acts and not following.is_shouted)

    def _has_title(self, at: int, capital: bool) -> bool:
        before = neighbour(self.tokens, at, -1, _AFTER_A_TITLE)
        return before is not None and before.word in TITLES and (capital or before.is_capital)

    def _stands_in_a_list(self, at: int) -> bool:
        """Whether nothing but a mark that joins people is between it and somebody else: "Mark/Jane", "Joy & Tom"."""
        before, after = _JOINS_PEOPLE.fullmatch(self.tokens[at].before), _JOINS_PEOPLE.fullmatch(self.tokens[at].after)
        return bool((before and at - 1 in self.hidden) or (after and at + 1 in self.hidden))

    def _has_other_part(self, at: int, word: str) -> bool:
        """Whether beside it stands another part of the same person's name, or their initial."""
        token = self.tokens[at]
        for step in (-1, 1):
            other = neighbour(self.tokens, at, step, _BETWEEN_PARTS)
            if other is None:
                continue
            if step < 0 and self._is_small_initial(token, other):
                return True
            ends_here = step > 0 and other.begins  # "in May. K.B. said"
            if len(other.word) == 1 and other.word in self.initials and other.is_capital and token.is_capital:
                mark = token.before if step < 0 else token.after
                within = other.word == "a" and not other.begins and token.case_tells
                within = within or (step < 0 and "." in mark)  # A. West
                if (other.word not in "ai" or within) and mark != "'" and not ends_here:
                    return True
            if self._is_one_name(token, word, other, step, at):
                return True
        return self._is_before_a_split_part(at, word)

    def _is_small_initial(self, token: Token, other: Token) -> bool:
        """Whether an initial and a name are written small: r. joy, and not e.g. joy."""
        is_small = not other.is_capital and not token.is_capital and not other.before.endswith(".")
        return len(other.word) == 1 and other.word in self.initials and token.before.startswith(".") and is_small

    def _is_before_a_split_part(self, at: int, word: str) -> bool:
        """Whether behind it stands the rest of the same name, made two words by its apostrophe: grace d'souza."""
        if at + 2 >= len(self.tokens) or at + 1 not in self.hidden or at + 2 not in self.hidden:
            return False
        first, second = self.tokens[at + 1 : at + 3]
        whole = self.people.get(first.word + second.word, ())
        is_split = _SPACE.fullmatch(first.before) and second.before in ("'", "-", " ", "- ", "' ")
        return bool(is_split) and any(
            person in whole and self.order[word, person] < self.order[first.word + second.word, person]
            for person in self.people.get(word, ())
        )

    def _is_one_name(self, token: Token, word: str, other: Token, step: int, at: int) -> bool:
        both = [person for person in self.people.get(word, ()) if person in self.people.get(other.word, ())]
        if not both or other.word == word:
            return False
        later = other if step > 0 else token
        if later.begins and re.match(r"[.]\s", later.before):  # "in May. Good work"
            return False
        in_order = any((self.order[word, person] - self.order[other.word, person]) * step < 0 for person in both)
        between = token.before if step < 0 else token.after
        surname_first = ("," in between or "(" in between) and not in_order
        if token.is_capital and other.is_capital and (token.case_tells or surname_first):
            return True
        if not in_order or (is_of_the_field(word) and is_of_the_field(other.word)):
            return False
        certain = at + step in self.hidden
        if not certain and (word in MODALS or other.word in MODALS) and not (token.is_capital and other.is_capital):
            return word not in MODALS or other.word not in MODALS
        return certain or not is_of_the_field(word)

    def _has_kin(self, at: int, hard: bool) -> bool:
        token = self.tokens[at]
        before = neighbour(self.tokens, at, -1, _AFTER_KIN)
        if before is None:
            return False
        if before.word in CALLED:
            return True
        if not (before.word in KIN or (before.word in ROLES | PEOPLE and not hard)):
            return False
        if token.is_capital and not hard and _GIVEN_AS.fullmatch(token.before) and token.word not in MODALS:
            return True
        if token.is_capital and token.case_tells and not hard:
            return not token.begins or before.word in KIN
        following = neighbour(self.tokens, at, 1, _SPACE)
        is_modal = token.word in MODALS or token.word in COMMON
        acts = following is not None and (following.word in SPEECH or (following.word in BEING and is_modal))
        return acts and (token.is_capital or not hard) and not (hard and token.word in KIN | ROLES)

    def _does_what_people_do(self, at: int, word: str) -> bool:
        token = self.tokens[at]
        before, following = neighbour(self.tokens, at, -1, _SPACE), neighbour(self.tokens, at, 1, _SPACE)
        capital = token.is_capital or not token.case_tells
        if token.after.startswith("'") and at + 1 < len(self.tokens) and self.tokens[at + 1].word == "s":
            return capital
        if token.after == "'" or following is None or (before and before.word in DETERMINERS and not token.is_capital):
            return False
        if word in MODALS and (following.word in BEING or following.word in SPEECH):
            return not (before and before.word in DETERMINERS | BEFORE_WILL)
        if following.word in SPEECH or (len(following.word) > 5 and following.word.endswith("ed") and token.begins):
            return capital and word not in COMMON - MONTHS - NAME_WORDS
        if following.word in BEING - SEEMING and token.is_capital:
            return True
        if following.word in BEING and capital:
            beyond = neighbour(self.tokens, at + 1, 1, _SPACE)
            acts = beyond is not None and (beyond.word in PREDICATES or beyond.word.endswith("ing"))
            return acts and not (before and before.word in BEFORE_A_MONTH and word in MONTHS)
        if following.word == "to" and word in MODALS:
            return capital
        if following.word == "to" and at + 2 < len(self.tokens) and self.tokens[at + 2].word == "be":
            return token.is_capital and token.case_tells and word not in COMMON - NAME_WORDS  # Mark to be seen
        return False

    def _says_or_owns(self, at: int) -> bool:
        """Whether a word of the field does what only a person does: "Foster said", "Foster's view"."""
        token = self.tokens[at]
        before, following = neighbour(self.tokens, at, -1, _SPACE), neighbour(self.tokens, at, 1, _SPACE)
        if not (token.is_capital and token.case_tells) or token.word in KIN | ROLES | PEOPLE | MODALS:
            return False
        if before is not None and (before.word in DETERMINERS or before.is_capital):
            return False
        owns = token.after == "'" and at + 1 < len(self.tokens) and self.tokens[at + 1].word == "s"
        if owns or (following is not None and following.word in SAYING):
            return True
        acts = following is not None and following.word in BEING | SPEECH
        if acts and before is not None and before.word in _BEFORE_A_CLAUSE and not token.begins:
            return True  # when Foster was two
        stands_alone = _ENDS_A_PHRASE.match(token.after) or (following and following.word in COMMON | BEING | SPEECH)
        near = {self.tokens[other].word for other in range(max(at - 5, 0), at)}
        return bool(stands_alone) and not token.begins and not near & GRADING and self._is_addressed(at)

    def _is_addressed(self, at: int) -> bool:
        """Whether somebody speaks to it, or is with it; asked where capitals say nothing."""
        before = neighbour(self.tokens, at, -1, _SPACE)
        if before is None:
            return False
        if before.word in ADDRESSING:
            return True
        earlier = neighbour(self.tokens, at - 1, -1, _SPACE)
        return earlier is not None and earlier.word in _WITH_PEOPLE.get(before.word, ())

    def _begins_as_a_name(self, at: int, word: str) -> bool:
        """At the beginning of a sentence every word has a capital, so one that often begins one is left."""
        following = neighbour(self.tokens, at, 1, _SPACE)
        if self.tokens[at].after.lstrip().startswith(":"):
            return word not in COMMON
        stands_alone = _IS_SET_APART.match(self.tokens[at].after) or self._is_enclosed(at)
        if word not in MODALS | MONTHS and stands_alone:  # Present: Brown.
            return True
        if following and following.word == "and" and at + 2 < len(self.tokens) and at + 2 in self.hidden:
            return True
        if following and following.is_capital and is_of_the_field(following.word):
            return False
        return word not in COMMON and word not in STARTERS

    def _is_enclosed(self, at: int) -> bool:
        """Whether marks hold it and nothing else: *Mark*, 'Hope', #Rich."""
        token = self.tokens[at]
        return token.before.endswith("#") or (token.before[-1:] in _MARKS and token.after[:1] in _MARKS)

    def _is_a_month(self, at: int) -> bool:
        token = self.tokens[at]
        if _DAY_BEFORE.search(token.before) or _YEAR_AFTER.search(token.after):
            return True
        near = [self.tokens[other].word for other in (at - 2, at - 1, at + 1, at + 2) if 0 <= other < len(self.tokens)]
        if any(word in MONTHS and word != token.word for word in near):
            return True
        before, following = neighbour(self.tokens, at, -1, _SPACE), neighbour(self.tokens, at, 1, _SPACE)
        if following and following.word in AFTER_A_MONTH - {"and", "or", "to"}:
            return True
        if before is None or before.word not in BEFORE_A_MONTH:
            return False
        earlier = neighbour(self.tokens, at - 1, -1, _SPACE)
        if before.word in ("to", "from", "for", "till"):
            return False
        if before.word == "of":
            return earlier is not None and earlier.word in BEFORE_A_MONTH
        return earlier is None or earlier.word not in _WITH_PEOPLE.get(before.word, ())
