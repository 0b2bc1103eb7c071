"""Identifiers that show by their shape or by the word before them: numbers, contacts, dates of birth.

A shape is taken wide, because a number with a digit too few is still a child's number; check digits are not asked for.
What is no identifier is told apart after the shape is found: dates, years, ranges, money, ages. Every expression takes
time in proportion to the text, whatever is in it: runs are possessive or bounded, and begin where no run is before.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from auditanalytics.privacy.shadow import Shadow


class Found(NamedTuple):
    """Where something was found in a shadow, and what kind of thing it is."""

    start: int
    end: int
    kind: str


class Pattern(NamedTuple):
    """An expression over the small letters of a shadow.

    What is hidden is its group ``hide`` or, without one, all of it; ``accepts`` may have a last word.
    """

    kind: str
    expression: re.Pattern[str]
    accepts: Callable[[re.Match[str], Shadow], bool] | None = None


MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ \-/.]{{0,2}}(?:of )?{MONTH}\b\.?(?:[ \-/.,']{{0,3}}\d{{2,4}}\b)?"
    rf"|{MONTH}\b\.?[ \-]\d{{1,2}}(?:st|nd|rd|th)?\b(?:[, ]{{1,3}}\d{{4}})?"
    r"|\d{4} ?[\-/.] ?\d{1,2} ?[\-/.] ?\d{1,2}"
    r"|\d{1,2} ?[\-/.]{1,2} ?\d{1,2} ?[\-/.]{1,2} ?\d{2,4}|\d{1,2} \d{1,2} (?:19|20)\d{2})"
)
_BIRTH_DATE = (
    rf"(?:{_DATE}|\d{{1,2}} ?[|\\_:,] ?\d{{1,2}} ?[|\\_:,] ?\d{{2,4}}"
    rf"|{MONTH}\b\.?[ \-/.,']{{0,3}}\d{{2,4}}|\d{{1,2}}[\-/.]\d{{1,4}}|\d{{6}}|\d{{8}}|(?:19|20)\d{{2}})"
)
_BIRTH_DATES = rf"{_BIRTH_DATE}(?: ?(?:and|or|not|&) ?{_DATE}){{0,3}}"
_BIRTH = (
    r"(?:\bd ?[./]? ?o ?[./]? ?b'?s?(?![a-z])\.?|\bdates?[ \-]of[ \-]birth\b"
    r"|\bedd\b|\bbirth ?(?:date|day)s?\b(?! (?:card|present|cake|money))|\bborn\b|\bdate birth\b"
    r"|\bturn(?:s|ed) \d{1,2} on|(?<![a-z])b(?:\.(?= ?\d)|(?= ?\d{1,2}[./\-][\da-z]))|\(b:? ?(?=\d))"
)
_NUMBER_WORD = r"(?:numbers?|no|num|nr|id|ids|ref|refs|reference|identifier|code|record|#)"
_SYSTEM = (
    r"(?:lcs|ics|icms|mosaic|liquid ?logic|care ?first|eclipse|azeus|framework ?i|fwi|pid|crn|urn|mrn|swift id|paris id"
    r"|uprn|brp|ico ref)"
)
_OWNER = (
    r"(?:case|cad|child|children|client|file|person|people|pupil|student|service user|social care|record|hospital|crime"
    r"|incident|police|log|passport|visa|home office|court|claim|licen[cs]e|account|membership|payroll|staff|system"
    r"|protocol|family|audit|unique|patient|customer|tenancy|referral|s?sid|reg|prison|id card|sort|bank)"
)
_VALUE = r"(?P<hide>[a-z]{0,5}[\-/]?\d(?:[\-/.]?[a-z\d]){2,24}(?: \d{2,6}(?![/.\-]\d)){0,4})"
_LINK = r"(?: ?[:=#\-]{1,2} ?| is | was | of | ending(?: in)? |[. ]{1,3}|: ?\()"

_DATES = re.compile(rf"(?<![\d/])(?:{_DATE})(?![\d])")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d{2}(?: ?[\-/ ,&] ?(?:(?:19|20)?\d{2}|q[1-4])(?![\d/]))*+(?!\d)")
_TIMES = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2} ?(?:am|pm|hrs)?(?: ?- ?\d{1,2}[:.]\d{2} ?(?:am|pm|hrs)?)?(?![\d.])")
_LETTERS = "abcdefghijklmnopqrstuvwxyz-/"
_THIS_CENTURY = re.compile(r"20[0-4]\d")
_RANGE = re.compile(r"\d{1,4} ?[\-/] ?\d{1,4}")


def _digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


def _is_marked_number(found: re.Match[str], shadow: Shadow) -> bool:
    """Not a year, a date or "3 of 26" behind a word that often stands before a number."""
    value = found["hide"]
    date = _DATES.match(value)
    # The day and the month of a date are among the first numbers; 45-67-89 is none.
    is_date = date is not None and max(map(int, re.findall(r"\d+", date[0])[:2])) <= 31
    return _digits(value) >= 3 and not _YEARS.fullmatch(value) and not is_date


def _is_long_marked_number(found: re.Match[str], shadow: Shadow) -> bool:
    return _digits(found["hide"]) >= 4 and _is_marked_number(found, shadow)


def _is_case_number(found: re.Match[str], shadow: Shadow) -> bool:
    """A run of letters and digits with so many digits that it counts nothing."""
    value = found[0]
    if _digits(value) < 5 or _RANGE.fullmatch(value) or max(map(len, re.findall(r"\d+", value))) < 3:
        return False
    if re.fullmatch(r"\d{3}-\d{3}", value) or _YEARS.fullmatch(value.lstrip(_LETTERS)):
        return False
    if re.fullmatch(r"q[1-4][\-/]?(?:19|20)\d{2}(?:[\-/]\d{2,4})?", value):
        return False
    if re.fullmatch(r"\d+[a-z]+", value) and re.fullmatch(r"(?:k|m|st|nd|rd|th|am|pm)", value.lstrip("0123456789")):
        return False
    return not any(_DATES.finditer(value)) and not any(_TIMES.finditer(value))


def _is_no_date(found: re.Match[str], shadow: Shadow) -> bool:
    start, end = found.span()
    window = shadow.folded[max(start - 12, 0) : end + 12]
    offset = max(start - 12, 0)
    for expression in (_DATES, _YEARS, _TIMES):
        for other in expression.finditer(window):
            if other.start() + offset < end and other.end() + offset > start:
                return False
    return True


def _is_long_number(found: re.Match[str], shadow: Shadow) -> bool:
    """Groups of digits that are no list of small numbers, years or dates."""
    groups = re.findall(r"\d+", found[0])
    total = sum(map(len, groups))
    spaced = len(groups) == 2 and 7 <= total <= 8 and min(map(len, groups)) > 2 and " " in found[0]
    if spaced:
        return not any(_THIS_CENTURY.fullmatch(group) for group in groups)
    if not 9 <= total <= 20 or (max(map(len, groups)) < 3 and not found[0].startswith("0")):
        return False
    return _is_no_date(found, shadow)


def _is_phone(found: re.Match[str], shadow: Shadow) -> bool:
    return 9 <= _digits(found[0]) <= 15 and not _DATES.match(found[0].lstrip("("))


def _is_written_large(found: re.Match[str], shadow: Shadow) -> bool:
    """In capitals, or without spaces: "AB 12 34 56" and not "of 12 34 56"."""
    return " " not in found[0] or shadow.cased[found.start()].isupper()


def _is_registration(found: re.Match[str], shadow: Shadow) -> bool:
    letters = [letter for letter in shadow.cased[found.start() : found.end()] if letter.isalpha()]
    return all(letter.isupper() for letter in letters) or found[0].isalnum()


def _has_a_sign(found: re.Match[str], shadow: Shadow) -> bool:
    """An account's name has a digit or a sign, or is given as one."""
    return any(not letter.isalpha() for letter in found["hide"]) or found["given"] is not None


PATTERNS = [
    Pattern(kind, re.compile(expression), accepts)
    for kind, expression, accepts in [
        (
            "email",
            r"(?<![a-z0-9._%+'\-])[a-z0-9._%+'\-]++(?:[(\[{<] ?dot ?[)\]}>][a-z0-9_\-]++){0,4}"
            r"(?:@{1,2}| ?[(\[{<] ?at ?[)\]}>] ?)[a-z0-9\-]++"
            r"(?:\.[a-z0-9\-]++| ?[(\[{<] ?dot ?[)\]}>] ?[a-z0-9\-]++| ?[.,] ?(?:com?|org|net|gov|uk|nhs|ac|me)\b)"
            r"{0,6}",
            None,
        ),
        (
            "email",
            r"(?<![a-z0-9._%+'\-])[a-z0-9._%+'\-]++(?: {1,2}@ {0,2}|@[ \n]{1,2})[a-z0-9\-]++"
            r"(?:\.[a-z0-9\-]++| \. ?[a-z0-9\-]++|\. (?:com?|org|net|gov|uk|nhs|ac|me)\b){1,5}",
            None,
        ),
        (
            "email",
            r"(?<![a-z0-9._\-])[a-z0-9._\-]++(?: dot [a-z0-9]{1,30}){0,2} at"
            r" [a-z0-9\-]{2,30}(?: dot [a-z]{2,20}){1,3}\b",
            None,
        ),
        ("handle", r"(?<![\w.@])@[a-z0-9_.]{2,40}", None),
        (
            "handle",
            r"\b(?:snapchat|snap|insta(?:gram)?|tik ?tok|facebook|twitter|xbox|discord|roblox|psn|gamer ?tag"
            r"|user ?name) ?(?P<given>(?:account |user ?)?(?:name|handle|id)|:|=)? ?(?:is|was|[:=])? ?"
            r"(?P<hide>[a-z0-9_.]{2,39}[a-z0-9_])",
            _has_a_sign,
        ),
        (
            "link",
            r"(?:https?://)?(?:www\.)?\b(?:facebook|fb|instagram|tiktok|snapchat|twitter|linkedin|youtube)\.com/\S{1,200}",
            None,
        ),
        (
            "nhs number",
            r"\bn\.?h\.?s\.? ?(?:numbers?|num|nr|no|id|ref(?:erence)?|#)?\.?(?: is\b)?[\s:=#(\-/,]{0,3}"
            r"(?P<hide>\d(?:[ \t\-._/():,]{0,2}\d|[oil](?![a-z])){6,12}|\d(?:,?\d){8,10})(?!\d)",
            None,
        ),
        ("nhs number", r"(?<![\d+])[1-9]\d{2}[ \t\-._/)]{1,3}\d{3}[ \t\-._/]{1,3}\d{3,5}(?!\d)", None),
        ("nhs number", r"(?<![\d+£$€,/\-])[1-9]\d{9}(?![\d%])", None),
        ("upn", r"(?<![a-z0-9])[a-z](?:[ \-]?[1-9]|0)(?:[ \-]?\d){10,12}[ \-]?[a-z]?(?![a-z0-9])", _is_no_date),
        (
            "upn",
            r"\bu[pl]n\b(?: ?(?:number|no))?\.?(?: ?[:=#\-] ?| is | )?"
            r"(?P<hide>[a-z]?\d(?:[ \-]?\d){5,14}[a-z]?)(?![a-z])",
            None,
        ),
        (
            "national insurance number",
            r"(?<![a-z0-9])(?!id|no)[a-z]{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?[a-z]?(?![a-z0-9])",
            _is_written_large,
        ),
        (
            "national insurance number",
            r"\b(?:n\.?i\.?|nino|national insurance)(?: (?:number|no))?[\s:.=#\-]{0,3}"
            r"(?P<hide>[a-z]{2}(?:[ \-.]?\d){6}(?:[ \-.]?[a-d])?)(?![a-z0-9])",
            None,
        ),
        ("court case number", r"(?<![a-z0-9])[a-z]{2}[ \-]?\d{2}[ \-]?[a-z][ \-]?\d{4,6}(?![a-z0-9])", None),
        ("registration", r"(?<![a-z0-9])[a-z]{2}\d{2}[ \-]?[a-z]{3}(?![a-z0-9])", _is_registration),
        ("registration", r"(?<![a-z0-9])[a-z]\d{3}[ \-]?[a-z]{3}(?![a-z0-9])", _is_registration),
        (
            "registration",
            r"\b(?:reg|registration|vehicle|number plate|vr[nm]|car|van)\b[ a-z]{0,12}?[.:,]? ?(?<![a-z])"
            r"(?P<hide>(?=[a-z]{0,3}\d)[a-z0-9]{2,4} ?[a-z0-9]{3})\b",
            None,
        ),
        (
            "phone",
            r"(?<![\d£$€])(?:\+|\b00) ?\d{1,3}[ ().\-]{0,3}(?:\(?0\)?)?(?:[ ().\-]{0,2}\d){7,11}(?!\d)",
            _is_phone,
        ),
        (
            "phone",
            r"(?<![\w£$€.,+])(?<![\d]/)\(?[0o]\d{1,5}\)?(?:"
            r"(?:[ .\-/()_]| - | {2}|\) |\.{3}|(?<=\d{5}),(?=\d{6}))?\d){5,10}(?!\d)"
            r"(?: ?(?:ext|x)\.? ?\d{2,6})?",
            _is_phone,
        ),
        (
            "phone",
            r"\b(?:tel|telephone|phone|mob|mobile|landline|fax|extension|ext)\b(?: (?:number|no))?[.:]{0,2}(?: is)? ?"
            r"(?P<hide>[+(]?\d(?:[ ()\-,]{0,2}\d){3,13}(?: ?(?:ext|x)\.? ?\d{2,6})?)(?![\d/])",
            _is_long_marked_number,
        ),
        (
            "date of birth",
            rf"{_BIRTH}[^\d\n;!?\x00]{{0,40}}+(?:\d{{2}} ?weeks\b[^\d\n;!?\x00]{{0,20}}+)?"
            rf"(?P<hide>{_BIRTH_DATES})(?!\d)",
            None,
        ),
        (
            "date of birth",
            rf"{_BIRTH}(?:[\s:=,\-]| on| in| is| was| the){{0,4}}(?<![a-z\d])(?P<hide>{_BIRTH_DATES})(?!\d)",
            None,
        ),
        (
            "date of birth",
            rf"(?<![\d/])(?P<hide>{_DATE})[ ,]{{0,2}}[(\[]? ?(?:d\.?/?o\.?/?b\b|date of birth)(?!\.?:? ?\d)",
            None,
        ),
        (
            "case number",
            rf"\b(?:{_OWNER} ?{_NUMBER_WORD}|{_SYSTEM}(?: ?{_NUMBER_WORD}){{0,2}}|{_NUMBER_WORD}\b(?: {_NUMBER_WORD})?)"
            rf"\.?{_LINK}{{1,2}}{_VALUE}",
            _is_marked_number,
        ),
        ("case number", rf"\b{_OWNER}{_LINK}{{1,2}}{_VALUE}", _is_long_marked_number),
        (
            "case number",
            r"(?<![\w£$€.,:/\-+#@])(?!(?:upn|dob|nhs)[\-/])#?[a-z0-9]++(?:[\-/][a-z0-9]++)*+(?![\w%]|[,.:]\d)",
            _is_case_number,
        ),
        ("number", r"(?<![\w£$€.,/+])\d{1,8}(?:(?:[.\-/]| [\-/] | {1,2})\d{1,8}){1,8}(?![\d%])", _is_long_number),
        ("number", r"(?<!\d)(?<![\d£$€][.,])(?<![£$€])\d{10,40}+", None),
    ]
]
"""Every expression for what shows by its shape, the surest first."""


def find_patterns(shadow: Shadow, patterns: list[Pattern]) -> Iterator[Found]:
    """Find what shows by its shape.

    Parameters
    ----------
    shadow
        A text.
    patterns
        What to look for.

    Yields
    ------
    Found
        The places in the shadow.

    Examples
    --------
    >>> shadow = Shadow("seen on 1/2/2019, born 3 March 2010")
    >>> sorted({shadow.cased[found.start:found.end] for found in find_patterns(shadow, PATTERNS)})
    ['3 March 2010']
    """
    for kind, expression, accepts in patterns:
        for found in expression.finditer(shadow.folded):
            if accepts is None or accepts(found, shadow):
                start, end = found.span("hide" if "hide" in expression.groupindex else 0)
                if end > start:
                    yield Found(start, end, kind)
