"""Where a child lives and learns: postcodes, addresses and schools, as far as they show by their shape.

A postcode is taken with a letter O for a nought, in small letters and without its space. A street is known by its kind
(Road, Close) behind a number or a capital; a school by its kind (Primary School, Academy) behind a name. Towns, and
schools that are called by their name alone, have no shape: a person has to read for them.
"""

import re
from collections.abc import Iterator

from auditanalytics.privacy.patterns import Found, Pattern, find_patterns
from auditanalytics.privacy.shadow import Shadow
from auditanalytics.privacy.words import CODES, COMMON, FIELD, SPEECH

_AREAS = frozenset(
    re.split(
        r"\s+",
        """ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex fk
        fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np
        nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub
        uu w wa wc wd wf wn wr ws wv yo ze""",
    )
)
_NO_INWARD = frozenset(["st", "nd", "rd", "th", "am", "pm", "cm", "km", "mm", "kg", "mg", "ml", "hr", "pc", "st"])
_SURE_STREET = r"(?:street|road|rd|avenue|ave|lane|crescent|cres|terrace|gardens|gdns|grove|mews|drive)"
_STREET = (
    rf"(?:{_SURE_STREET}|st|close|cl|court|ct|way|place|pl|square|sq|hill|walk|row|park|green|rise|view|parade|gate|croft"
    r"|approach|ridgeway|causeway|circus|esplanade|promenade|dr|ln|mead|vale|wharf|quay|broadway|common|leaze|end|fields?|meadows?|orchard|cottages?|house|lodge|farm|villas?)"
)
_DWELLING = (
    r"(?:(?:(?:ground|first|second|third|top|\d(?:st|nd|rd|th)) floor |basement |upper |lower )?"
    r"(?:flat|apartment|apt|unit|room|plot)\.? ?(?:\d{0,4}[a-z]?[, ]{1,3})"
    r"(?:[a-z'.\-]{2,20} (?:house|court|lodge|tower|point)[, ]{1,3})?)"
)
_NO_LIST = r"(?<![\d.,£])(?<!\d[/:])"
"""What no number of a house is behind: "1/2", "10:30"; "Jane/12 Elm Road" and "Address:12 Elm Road" are houses."""

_BEFORE_A_NAME = frozenset(
    re.split(" ", "the west east north south high new old long park upper lower great little first second third fourth")
)
_NAME_OF_STREET = r"(?:(?:st\.|[a-z][a-z'\-]{1,20}) ){1,3}?"
_SCHOOL = (
    r"(?:(?:c of e|ce|rc|catholic|church of england|community|free|special|primary|secondary|infants?|juniors?|nursery"
    r"|high|grammar|prep|preparatory|middle|comprehensive|girls'?|boys'?|academy|day|upper|lower|first|c of e)"
    r"(?: and| &)? ){0,5}"
    r"(?:(?<!forest )(?:school(?: for (?:girls|boys))?|sch\b)|academy|college(?! hospital)|nursery|pre-?school"
    r"|play ?group|kindergarten|primary|infants|juniors|secondary|junior|infant|comp\b"
    r"|(?:sixth|6th) form(?: college| centre)?|children's centre|montessori"
    r"|(?:pupil )?referral unit|pru)"
)


def _is_postcode(found: re.Match[str], shadow: Shadow) -> bool:
    outward, inward = found["out"], found["in"].replace(" ", "")
    written = shadow.cased[found.start() : found.end()]
    letters = outward.rstrip("0123456789oil") or outward
    is_odd = " " in found["in"] or re.search(r"[/_,:]", written) is not None
    is_spaced = " " not in found["in"] or shadow.cased[found.end("out")].isspace()
    if is_odd and not (written.isupper() and is_spaced):
        return False  # "p2, 3ab", "s47 in": with an odd gap it is one only in capitals
    area = re.match(r"[a-z]{1,2}?(?=[\doil])", outward)
    known = area is not None and (area[0] in _AREAS or outward[:2] in _AREAS)
    if not (known or written.isupper()) or (inward[1:] in _NO_INWARD and not written.isupper()) or not letters:
        return False
    if not re.search(r"\d", outward) and not (inward[0].isdigit() and written.isupper()):
        return False
    if not inward[0].isdigit():  # a letter O or I for a digit is one only among capitals
        return (
            written[-2:].isupper()
            and " " not in found["in"]
            and inward not in COMMON
            and inward not in CODES
            and inward not in FIELD
        )
    return known or not re.search(r"[cikmov]", inward[1:])


def _is_numbered_street(found: re.Match[str], shadow: Shadow) -> bool:
    """A street by its capitals, or by a kind that is nothing else: "12 Acacia Close", and not "2 visits in a row"."""
    name = found["name"].split()
    if any(word in ("weeks", "days", "months", "years", "of", "in", "to", "at", "on", "a", "and") for word in name[1:]):
        return False
    cased = shadow.cased[found.start("name") : found.end()].split()
    is_sure = re.fullmatch(_SURE_STREET + ("|way|st" if len(name) > 1 else "|st"), found["kind"]) is not None
    if is_sure and all(word.istitle() for word in cased):  # 4 Back St, 80 Great Western Way
        return True
    if name[0] in COMMON - _BEFORE_A_NAME or name[0] in ("children", "visits"):
        return False
    if all(word[0].isupper() for word in cased if word.isalpha()):
        return True
    if name == ["the"] and cased[0][0].isupper():  # a sentence that begins behind a number: "79. The court"
        return False
    sure = re.fullmatch(_SURE_STREET + "|close|st|court", found["kind"]) is not None
    return sure and not any(
        word in FIELD - {"park", "church", "school", "green", "hill", "north", "south"} for word in name
    )


def _is_cut_postcode(found: re.Match[str], shadow: Shadow) -> bool:
    """A postcode that lacks its last letter, in capitals."""
    area = re.split(r"\d", found["hide"], maxsplit=1)[0]
    return area in _AREAS and len(area) > 1 and shadow.cased[found.start() : found.end()].isupper()


def _is_written_as_a_name(found: re.Match[str], shadow: Shadow) -> bool:
    words = shadow.cased[found.start("hide") : found.end("hide")].split()
    return all(word[0].isupper() for word in words) and found["hide"].split()[1] not in COMMON


def _is_home(found: re.Match[str], shadow: Shadow) -> bool:
    words = shadow.cased[found.start("hide") : found.end("hide")].split()
    return all(word[0].isupper() for word in words if word.isalpha()) and found["hide"].split()[0] not in FIELD | COMMON


PLACES = [
    Pattern(kind, re.compile(expression), accepts)
    for kind, expression, accepts in [
        (
            "postcode",
            r"(?<![a-z0-9])(?P<out>[a-z]{1,2}[\doil][\doila-z]?)[\s.\-/_,:]{0,3}"
            r"(?P<in>[\doil] ?[a-z] ?[a-z])(?![a-z0-9])",
            _is_postcode,
        ),
        ("postcode", r"\bpost ?code\b(?: ?[:=\-] ?| is | )(?P<hide>[a-z]{1,2}\d[a-z\d]?(?: ?\d[a-z]{1,2})?)\b", None),
        (
            "school",
            r"\b(?:attend(?:s|ed|ing)?|at|to|from) (?P<hide>st\.? [a-z]{2,20}(?:'s)?)(?![a-z'])",
            _is_written_as_a_name,
        ),
        (
            "school",
            rf"\b(?:attend(?:s|ed|ing)?|at|to|from) (?P<hide>{_NAME_OF_STREET}(?:high|grammar|prep))\b"
            r"(?! [a-z]+ school)",
            _is_home,
        ),
        (
            "school",
            rf"\b(?P<hide>{_NAME_OF_STREET}(?:high|grammar|prep)) (?:raised|reports?|reported|said|confirmed|staff|have"
            r"|has|made|advised|told|contacted)\b",
            _is_home,
        ),
        ("postcode", r"(?<![a-z0-9])(?P<hide>[a-z]{1,2}\d{1,2}[ \-]\d[a-z])(?![a-z0-9])", _is_cut_postcode),
        (
            "address",
            rf"{_NO_LIST}{_DWELLING}?\d{{1,4}} ?[a-z]?(?: ?"
            rf"(?:[\-/&]|and) ?\d{{1,4}}[a-z]?)?(?:,? | - |,|(?<=\d)(?=[a-z]{{3}}))"
            rf"(?P<name>{_NAME_OF_STREET}|(?:[a-z'\-]{{2,20}} )?[a-z']{{2,20}}[\-\n])"
            rf"(?P<kind>{_STREET})\b(?: (?:north|south|east|west|{_SURE_STREET})\b)?",
            _is_numbered_street,
        ),
        ("address", r"\bflat \d{1,4}[a-z]?\b|\b(?:po|p\.o\.) box \d{1,6}", None),
        (
            "address",
            r"\b(?:lives? (?:at|in|on)|living (?:at|in|on)|moved to|address(?: is|:)?|resid(?:es|ing) at|placed at)"
            rf" (?P<hide>(?:\d{{1,4}}[a-z]? )?{_NAME_OF_STREET}{_STREET})\b",
            _is_home,
        ),
    ]
]
"""Expressions for where somebody lives."""

_WELSH_STREET = re.compile(
    r"(?<![\d/.,£:])\d{1,4} ?[a-z]?,? (?:heol|ffordd|stryd|lon|maes|clos|cwrt|llys|rhodfa|parc|bryn|cae)"
    r"(?: (?:y|yr|[a-z'\-]{2,20})){1,3}+"
)
_WELSH_SCHOOL = re.compile(r"\bysgol(?: (?:y|yr|[a-z'\-]{2,20})){1,4}+")
_WELSH_NAME = re.compile(r"(?: (?:y|yr)\b| [A-Z][A-Za-z'\-]*+)+")
_HOUSE_BEFORE_A_STREET = re.compile(r"(?:\b[A-Z][A-Za-z'\-]{1,20} ){0,2}\b[A-Z][A-Za-z'\-]{1,20}, \Z")
_KIND_OF_STREET = re.compile(rf"\b(?:{_SURE_STREET}|cottages?|farm|villas?|lodge)\b")
_KIND_OF_SCHOOL = re.compile(rf"\b{_SCHOOL}\b")
_BEFORE_A_STREET = re.compile(r"(?:\b(?:St\.|[A-Z][A-Za-z'\-]{1,20}) ){1,3}\Z")
_BEFORE_A_SCHOOL = re.compile(r"(?:\b[a-z][a-z'.\-]{1,24}[ ]){0,4}\b[a-z][a-z'.\-]{1,24}[ \n/]\Z")
_SAINT = ("st", "st.", "saint", "ss", "our")
_RANK = ("sir", "dame", "lord", "lady")
_WITHIN_A_NAME = frozenset(["of", "the", "and", "at", "on"])
_LONGEST_NAME_OF_A_SCHOOL, _LONGEST_NAME_OF_A_STREET = 90, 60
_OF_STREETS = frozenset(
    ["station", "church", "school", "park", "green", "hill", "mill", "high", "new", "long", "north", "south", "east"]
)
_NO_STREET = (FIELD | COMMON | CODES) - _OF_STREETS
_BETWEEN_ADDRESS_AND_POSTCODE = re.compile(r"[\s,.]{1,4}(?:[A-Z][A-Za-z'\-]{1,25}[\s,.]{1,4}){0,5}")
_NO_SCHOOL = frozenset(
    """secure local her his their our new old same current previous both any every each an a the this that state public
    independent secondary first-choice mainstream primary infant high junior after before breakfast during at to from of
    in for with and or on virtual attends attending attend attended special boarding nearest different another good
    outstanding work social practice leadership started starts joined left moved""".split()  # noqa: SIM905
)


def find_places(shadow: Shadow) -> Iterator[Found]:
    """Find postcodes, addresses and schools.

    Parameters
    ----------
    shadow
        A text.

    Yields
    ------
    Found
        The places in the shadow; an address reaches to the postcode behind it.

    Examples
    --------
    >>> shadow = Shadow("at bs374aa; attends Oakfield Primary School, then a primary school nearby")
    >>> [shadow.cased[found.start:found.end] for found in find_places(shadow)]
    ['bs374aa', 'Oakfield Primary School']
    """
    postcodes = {}
    for found in find_patterns(shadow, PLACES):
        if found.kind == "postcode":
            postcodes[found.start] = found.end
            yield found
            continue
        if found.kind == "address":
            found = found._replace(start=_start_of_house(shadow, found.start))
        town = _BETWEEN_ADDRESS_AND_POSTCODE.match(shadow.cased, found.end)
        reaches = postcodes.get(town.end(), found.end) if town else found.end
        yield found._replace(end=reaches)
    yield from _named_streets(shadow)
    yield from _schools(shadow)
    yield from _welsh_places(shadow)


def _named_streets(shadow: Shadow) -> Iterator[Found]:
    """Streets without a number: both name and kind have capitals, and the name is no word of the field."""
    for found in _KIND_OF_STREET.finditer(shadow.folded):
        if not shadow.cased[found.start()].isupper():
            continue
        first = max(0, found.start() - _LONGEST_NAME_OF_A_STREET)
        before = _BEFORE_A_STREET.search(shadow.cased[first : found.start()])
        words = list(re.finditer(r"\S+", before[0])) if before else []
        while (
            words
            and words[0][0].lower() in FIELD | SPEECH | COMMON - {"new", "long"}
            and words[0][0].lower() not in _OF_STREETS
        ):
            words = words[1:]
        if before and words and words[-1][0].lower() not in (FIELD | COMMON | CODES) - _OF_STREETS:
            start = first + before.start() + words[0].start()
            yield Found(_start_of_house(shadow, start), found.end(), "address")


def _start_of_house(shadow: Shadow, start: int) -> int:
    """Where the name of a house begins that stands before a street: The Old Bakery, Church Lane."""
    first = max(0, start - _LONGEST_NAME_OF_A_STREET)
    before = _HOUSE_BEFORE_A_STREET.search(shadow.cased[first:start])
    words = before[0].lower().strip(" ,").split() if before else []
    named = words[1:] if words[:1] == ["the"] else words
    is_house = named and not any(word in FIELD | COMMON - {"old", "new", "long"} for word in named)
    return first + before.start() if before and is_house else start


def _welsh_places(shadow: Shadow) -> Iterator[Found]:
    """Streets and schools whose kind stands first, as far as their words have capitals."""
    for expression, kind in ((_WELSH_STREET, "address"), (_WELSH_SCHOOL, "school")):
        for found in expression.finditer(shadow.folded):
            begins = re.search(r"[a-z]{3,}", found[0])
            first = found.start() + begins.start() if begins else found.start()
            name = _WELSH_NAME.match(shadow.cased, first + len(begins[0])) if begins else None
            words = name[0].split() if name else []
            while words and words[-1].lower() in FIELD | COMMON:
                words.pop()
            if words and name and shadow.cased[first].isupper():
                yield Found(found.start(), name.start() + name[0].rindex(words[-1]) + len(words[-1]), kind)


def _schools(shadow: Shadow) -> Iterator[Found]:
    """Names before a kind of school: words with capitals, or a saint's."""
    for found in _KIND_OF_SCHOOL.finditer(shadow.folded):
        first = max(0, found.start() - _LONGEST_NAME_OF_A_SCHOOL)
        before = _BEFORE_A_SCHOOL.search(shadow.folded[first : found.start()])
        if not before or (before[0][-1] != " " and not _is_sure_school(shadow, found)):
            continue
        start = first + before.start()
        words = [(start + word.start(), word[0]) for word in re.finditer(r"\S+", before[0])]
        named = list(_name_of_a_school(shadow, words))
        if named:
            yield Found(min(named), found.end(), "school")


def _is_sure_school(shadow: Shadow, kind: re.Match[str]) -> bool:
    """Whether a kind is one also behind a line's end: Primary School, and not the heading "School"."""
    return " " in kind[0] and shadow.cased[kind.start()].isupper()


def _is_behind_a_saint(words: list[tuple[int, str]], at: int) -> bool:
    """Whether a word is the second of a saint's name: St Thomas More."""
    return len(words) + at > 1 and words[at - 2][1] in ("st", "st.", "saint")


def _is_street(shadow: Shadow, words: list[tuple[int, str]], at: int) -> bool:
    """Whether a school is called by the street it is in: Weston Road High School."""
    place, word = words[at]
    return re.fullmatch(_SURE_STREET, word) is not None and shadow.cased[place].isupper()


def _is_capital_within(shadow: Shadow, at: int, word: str) -> bool:
    """Whether a common word has a capital within a sentence, as a name has: at Little Acorns Nursery."""
    before = shadow.cased[max(at - 2, 0) : at]
    return word in COMMON and shadow.cased[at].isupper() and len(before) > 1 and before[0].islower()


def _name_of_a_school(shadow: Shadow, words: list[tuple[int, str]]) -> Iterator[int]:
    """Where the words begin that are the name, going back from the kind."""
    for number, (at, word) in enumerate(reversed(words), 1):
        is_capital = shadow.cased[at].isupper()
        saint = number < len(words) and words[-number - 1][1] in _SAINT
        if word in _WITHIN_A_NAME and number > 1:
            continue
        if is_capital and ((word in _RANK and number > 1) or _is_behind_a_saint(words, -number)):
            yield at
            continue
        if _is_street(shadow, words, -number) or (number > 1 and _is_capital_within(shadow, at, word)):
            yield at
            continue
        if number == 1 and word.endswith("'s") and not saint and shadow.cased[at + len(word) + 1].islower():
            return  # Jane's school
        if word in _SAINT and is_capital and number > 1:
            yield at
            if word == "our":
                return
            continue
        if word in _NO_SCHOOL or word[-1] in ".!?" or (word in _NO_STREET):
            return
        if word in _SAINT or saint or is_capital:
            yield at
        else:
            return
