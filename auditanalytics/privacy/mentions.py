"""A best effort at people whom no column names: "his sister Keira", "spoke to Amina Khan", "Mrs Ahmed".

Here nothing is known but the sentence: a title, kin or a role before a capital, a verb that only people are the object
or the subject of, one of the commonest names, two unknown capitals in a row. What is missed is missed in silence, so a
person has to read; what it costs, and what it finds, is measured in docs/redaction.md, apart from the names that are
known.
"""

import re
from collections.abc import Iterator

from auditanalytics.privacy.names import join_words
from auditanalytics.privacy.shadow import Shadow, Token, neighbour
from auditanalytics.privacy.weighing import is_of_the_field, is_ordinary
from auditanalytics.privacy.words import (
    ADDRESSING,
    BEING,
    BEING_WITH,
    CALLED,
    COMMON,
    DONE_BY,
    FIRST_NAMES,
    KIN,
    NAME_WORDS,
    NOUNS_AS_WELL,
    PARTICLES,
    PEOPLE,
    ROLES,
    SPEECH,
    SURNAMES,
    TALKING_TO,
    TITLES,
)

_SPACE = re.compile(r"\s{1,2}")
_AFTER_A_TITLE = re.compile(r"\.\s{0,2}|\s{1,2}")
_AFTER_KIN = re.compile(r"\s{1,2}|,\s{1,2}|\s?[:(\-\"]\s?|\s?-\s")
_WITHIN_A_NAME = re.compile(r"\s{1,2}|['\-]")
_AFTER_AN_INITIAL = re.compile(r"\.?\s{1,2}|['\-]")
_NO_NAME_ENDS_SO = re.compile(
    r"(?:ings?|[ts]ions?|ments?|ness|it(?:y|ies)|ance|ances|ences?|ism|(?<!v)ists?|olog(?:y|ist|ical)|ly|ative|[ai]ble|ful|less"
    r"|ous|ships?|hood|shire|wide|wise|ual|ical|ional|ives?|ised|ized|ating|ures?|isation|ors|ers|ians|ents|ants|eds?)\Z"
)
_LONGEST_NAME = 3
"""Words of a name that is read without knowing it."""

_WITH_PEOPLE = {"to": TALKING_TO, "with": BEING_WITH, "by": DONE_BY}


def find_mentions(shadow: Shadow) -> list[tuple[int, int]]:
    """Find who is named although no column names them.

    Parameters
    ----------
    shadow
        A text.

    Returns
    -------
    list of tuple of int
        The places in the shadow.

    Examples
    --------
    >>> shadow = Shadow("His sister Keira spoke to Mrs Ahmed. Plan reviewed with Amina Khan.")
    >>> [shadow.cased[start:end] for start, end in find_mentions(shadow)]
    ['Keira', 'Ahmed', 'Amina Khan']
    """
    tokens = shadow.tokens
    named: set[int] = set()
    for at in range(len(tokens)):
        if at not in named and _begins_a_name(tokens, at, named):
            named.add(at)
            named |= set(_goes_on(tokens, at))
    return list(join_words(tokens, named))


def _begins_a_name(tokens: list[Token], at: int, named: set[int]) -> bool:
    token = tokens[at]
    if len(token.word) < 2:  # Mr P Webb, Ms O'Dwyer
        return token.is_capital and _has_title(tokens, at) and at + 1 < len(tokens) and tokens[at + 1].is_capital
    if is_of_the_field(token.word):
        return False
    if _has_title(tokens, at):
        return True
    if token.is_capital and _names_a_thing(tokens, at):
        return False
    if token.word in FIRST_NAMES and not is_ordinary(token.word):
        return True
    if not (token.is_capital and token.case_tells) or token.word in COMMON or token.word in SPEECH:
        return False
    if token.is_shouted and len(token.word) < 4:
        return False
    if _has_kin(tokens, at) or _joins_a_name(tokens, at, named):
        return True
    if _NO_NAME_ENDS_SO.search(token.word) and token.word not in SURNAMES:
        return False
    return _is_spoken_of(tokens, at) or _speaks(tokens, at) or _is_a_pair(tokens, at)


def _has_title(tokens: list[Token], at: int) -> bool:
    before = neighbour(tokens, at, -1, _AFTER_A_TITLE)
    if before is None or before.word not in TITLES:
        return False
    token = tokens[at]
    if before.is_shouted and token.case_tells and not token.is_capital:  # somebody's initials: "MR remains"
        return False
    if token.is_capital and (token.case_tells or not token.is_shouted):
        return token.word not in COMMON
    return not is_ordinary(token.word) and before.word != "miss"


def _names_a_thing(tokens: list[Token], at: int) -> bool:
    """Whether what follows makes it a thing, a body or a law: "Circle of", "Play Therapy", "Sarah's Law"."""
    following = neighbour(tokens, at, 1, _SPACE)
    if following is None:
        return tokens[at].after == "'" and at + 2 < len(tokens) and tokens[at + 2].word == "law"
    known = tokens[at].word in FIRST_NAMES or following.word in KIN | ROLES | PEOPLE
    is_body = following.is_capital and following.case_tells and is_of_the_field(following.word)
    return following.word == "of" or (is_body and not known)


def _has_kin(tokens: list[Token], at: int) -> bool:
    before = neighbour(tokens, at, -1, _AFTER_KIN)
    if before is None or before.word not in KIN | ROLES | CALLED | PEOPLE:
        return False
    token = tokens[at]
    if before.after.strip().startswith(",") or token.begins:
        # "with mum, Wednesday's visit": behind a comma or a colon more than a capital is asked for.
        return not _NO_NAME_ENDS_SO.search(token.word) and token.word not in NAME_WORDS
    return not _NO_NAME_ENDS_SO.search(token.word) or token.word in FIRST_NAMES | SURNAMES


def _joins_a_name(tokens: list[Token], at: int, named: set[int]) -> bool:
    """The second of "Jim and Pat", and of "Ella, Pat and Jim"."""
    joins = at > 1 and tokens[at - 1].word in ("and", "or") and at - 2 in named
    lists = at > 0 and at - 1 in named and tokens[at].before == ", " and tokens[at].after[:1] in (",", " ")
    is_listed = lists and at + 1 < len(tokens) and (tokens[at].after == ", " or tokens[at + 1].word in ("and", "or"))
    word = tokens[at].word
    return (joins or is_listed) and (word in NAME_WORDS | FIRST_NAMES or not _NO_NAME_ENDS_SO.search(word))


def _is_spoken_of(tokens: list[Token], at: int) -> bool:
    before = neighbour(tokens, at, -1, _SPACE)
    if before is None or tokens[at].word in NAME_WORDS or tokens[at].is_shouted:
        return False
    if before.word in ADDRESSING:
        return True
    earlier = neighbour(tokens, at - 1, -1, _SPACE)
    return earlier is not None and earlier.word in _WITH_PEOPLE.get(before.word, ())


def _speaks(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    following = neighbour(tokens, at, 1, _SPACE)
    if following is None or token.is_shouted or following.is_shouted or following.is_capital:
        return False
    known = token.word in FIRST_NAMES | SURNAMES
    if token.word in NAME_WORDS and not known:
        return False
    if following.word in SPEECH:
        return known or not token.begins or not (token.word.endswith("s") or following.word in NOUNS_AS_WELL)
    return known and following.word in BEING


def _is_a_pair(tokens: list[Token], at: int) -> bool:
    """Two capitals in a row that no list knows as words, and that name no team, unit or training."""
    token, following = tokens[at], neighbour(tokens, at, 1, _SPACE)
    if following is None or not _could_be_a_surname(following) or token.is_shouted or following.is_shouted:
        return False
    known = token.word in FIRST_NAMES or following.word in SURNAMES
    beyond = neighbour(tokens, at + 1, 1, _SPACE)
    if beyond is not None and beyond.is_capital and beyond.case_tells and is_of_the_field(beyond.word):
        return False
    before = neighbour(tokens, at, -1, _SPACE)
    if before is not None and before.word in ("the", "a", "an") and not known:
        return False
    unknown = not is_ordinary(token.word) and following.word not in NAME_WORDS and min(len(token.word), 3) == 3
    return known or unknown


def _could_be_a_surname(token: Token) -> bool:
    if not token.is_capital or not token.case_tells or len(token.word) < 2:
        return False
    if is_of_the_field(token.word) or token.word in COMMON:
        return False
    return token.word in SURNAMES or not _NO_NAME_ENDS_SO.search(token.word)


def _goes_on(tokens: list[Token], first: int) -> Iterator[int]:
    """The rest of a name that begins at a word."""
    for at in range(first + 1, min(first + _LONGEST_NAME + 1, len(tokens))):
        token = tokens[at]
        gap = _AFTER_AN_INITIAL if len(tokens[at - 1].word) == 1 else _WITHIN_A_NAME
        if not gap.fullmatch(token.before) or (token.word == "s" and token.before == "'"):
            return
        is_initial = len(token.word) == 1 and token.is_capital and token.word not in "ai"
        is_particle = token.word in PARTICLES and token.before.isspace() and at + 1 < len(tokens)
        is_joined = token.before in ("'", "-") and token.is_capital
        goes_on = is_joined or (is_particle and tokens[at + 1].is_capital and not is_ordinary(tokens[at + 1].word))
        is_known = not token.case_tells and token.word in FIRST_NAMES | SURNAMES and not is_ordinary(token.word)
        if token.begins or not (_could_be_a_surname(token) or is_initial or goes_on or is_known):
            return
        yield at
