"""A set of 200 invented comments with what must be hidden and what must stay known, and a second set unlike the first.

Every person is made up. A comment is put together from words that must stay and slots that must go; a slot is either
known, by a name in the row or by its shape, or a person whom nothing in the row names.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass

from auditanalytics.privacy.shadow import fold_letters

CHILDREN = [
    ("Zoë", "Marsden-Pyke"), ("Keiran", "O'Malloran"), ("Will", "Tregarth"), ("May", "Ellistone"), ("Grace", "Good"),
    ("Aurelio", "Bancroft"), ("Joy", "Okonjo-Blythe"), ("Hope", "McAllardyce"), ("Tadeusz", "Wrobelski"),
    ("Rose", "Park"), ("Mark", "Case"), ("Ngaio", "D'Arcelle"), ("Ffion", "Llewarch"), ("Bartholomew", "Young"),
    ("Siân", "Brown"), ("Ibtisam", "Al-Rawadi"), ("Jo", "Vantongeren"), ("Summer", "Quillon"), ("Chase", "Hunter"),
    ("Mary-Beth", "Skelhorn"),
]  # fmt: skip
WORKERS = ["Odette Farrimond", "Page, Leopold", "Price, Dawn", "Casimir Holbeck", "Thandeka Nxumara", "Bill Rich"]
CARERS = [
    "Ottoline Grewcock & Desmond Grewcock",
    "Philippa (Pip) Rosewarne",
    "Art Summerscale; Rich Summerscale",
    "Mr Hosea Winterbourn",
]
UNKNOWN = [
    "his sister {Keira}", "{Mrs} {Ahmed}", "mum ({Sandra})", "father, {Tom Baker},", "social worker {Amina Khan}",
    "IRO {Peter Jones}", "{Sarah} said", "her uncle {Deniz}", "a neighbour called {Maureen}", "{Keira Blogthwaite} visited",
    "spoke to {Anneliese}", "{Oluwaseun} reported", "his cousin {Jordan}", "{Dr} {Petrossian}", "midwife {Carys Penhallow}",
]  # fmt: skip

UNCUED = [
    "{Bev} is drinking again", "contact with {Tracey} twice weekly", "worries about {Deniz}", "{Kyle} remains in custody",
    "{Ella} shares a room", "told by {Anneliese Orme}", "no sign of {Gaz}", "{Priya} to be assessed", "{Torsten} is violent",
    "school worried re {Ngozi}", "{Maud} provides childcare", "bruise made by {Lee}", "{Shauna Dellbridge} aware", "see {Imran}",
    "plan for {Xanthe} drifting",
]  # fmt: skip
"""People whom the sentence hardly gives away; half of them have common names."""

PROSE = [
    "The assessment was timely and {child_first}'s voice is clear throughout. Graded Good.",
    "Will the plan be reviewed in May 2019? {child_whole} was seen alone on 12/03/2019 and 14.05.2019.",
    "{child_last_first} (DOB {dob}) has been CLA since 04/02/2018; PLO started. Requires improvement.",
    "Section 47 enquiry was proportionate. {carer_part} attended the ICPC and 3 of 26 actions were late.",
    "Case number {case} – supervision every 10 working days, oversight by {worker_first} evident in 64% of entries.",
    "NHS number {nhs} is missing from the CAMHS referral. Outstanding practice in direct work.",
    "{child_upper} MOVED PLACEMENT TWICE. THE PLAN IS NOT SMART AND THE IRO RAISED THIS.",
    "Visit to {address}, {postcode} took place. Home conditions good enough, joy in play was noted.",
    "{worker_part} to chase the EHCP by the end of term; call {phone} or {email}.",
    "Voice of the child: there is hope and faith in the network. {child_nickname} feels listened to.",
    "{child_first} attends {school} in Year 7 and is doing well. Attendance 94%. Good.",
    "The care plan for {child_first} was shared with the court; the law was followed and the case can close.",
    "Chronology starts 2016-17 and is up to date. {child_initial_last} scored 7/10 for feeling safe.",
    "UPN {upn} recorded twice. MASH decision within 24 hours, RI for timeliness.",
    "Mr {carer_last} said the team was outstanding. Inadequate recording in Q3 2019 was put right.",
    "Core Groups were held every six weeks. {child_possessive} wishes informed the CP plan.",
    "No management footprint since April. {worker_first} and {child_first} met on 3 May, and again in June.",
    "Auditor moderated this to Good. £1,250 agreed under Section 17 for {child_whole}.",
    "Young people and young carers gave a rich account; {child_first} said the worker was kind.",
    "Risk was not understood. {child_split} was reported missing at 10.30 pm and found 3 days later.",
]  # fmt: skip

NOTES = [
    "h/v {child_lower} – seen alone, ok. nfa. cin plan good, sw to chase gp",
    "- {child_upper}: PEP done\n- {worker_first}: supervision x 2 (good)\n- IRO mid-way review late",
    "t/c from {phone} re {child_first}. mum will be seen in may. hope to close by june",
    "spoke with {child_first}, said school is good & home is good",
    "dictated: {child_lower} was seen at home by the worker and the plan is good and the risk is low",
    "RE: {child_last_first} / {case} / dob {dob} / {postcode}\nOUTCOME: STEP DOWN TO EARLY HELP",
    "email {email} bounced. Tel {phone}. Needs new ref. RI x 3, Good x 5, 2 n/a",
    "{child_zero_width} seen. Case recording 2/10. Section 20 consent missing; 4 wks late",
    "Q: was the child seen? A: yes ({child_initials}), 4 x in 6 wks. Score 8/10",
    "{worker_last}'s visits on time. Assesment v good but chronolgy short. SW v child focused",
    "NOT SMART. {child_first}/{worker_first} – drift & delay since Oct 18. grade: inadequate",
    "* {child_whole} – {school}\n* 19 of 20 visits in time\n* joint visit w/ HV 01/02/19",
    "{child_newline} had 2 moves in 2018-19. No PEP. Life story work good",
    "poss link nhs no {nhs}? PLO x 1. care proceedings issued 12.3.19 – timely",
    "child's lived experience: {child_first} likes football, art and days at the park. good direct work",
]

KEPT_PUNCTUATION = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Comment:
    """A comment, the names of its row, what must go, who is named nowhere, and the words that must stay."""

    text: str
    child: str
    worker: str
    carers: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    kept: tuple[str, ...]


def words(text: str) -> list[str]:
    return [found.lower() for found in KEPT_PUNCTUATION.findall(fold_letters(text))]


def prose_comments(number: int = 200) -> list[Comment]:
    """The first set: sentences as auditors write them."""
    return [_comment(random.Random(seed), PROSE, seed) for seed in range(number)]


def note_comments(number: int = 150) -> list[Comment]:
    """The second set: shorthand, capitals, bullets, dictation without capitals."""
    return [_comment(random.Random(10_000 + seed), NOTES, seed) for seed in range(number)]


def _comment(chance: random.Random, templates: list[str], seed: int) -> Comment:
    first, last = CHILDREN[(seed // len(templates) + seed) % len(CHILDREN)]
    nickname = "Bibi"
    worker, carers = chance.choice(WORKERS), chance.choice(CARERS)
    slots = _slots(chance, first, last, nickname, worker, carers)
    pieces, known, kept, unknown = [], [], [], []
    template = templates[seed % len(templates)]
    for at, piece in enumerate(re.split(r"\{(\w+)\}", template)):
        if at % 2:
            known.append(slots[piece])
            pieces.append(slots[piece])
        else:
            kept += words(piece)
            pieces.append(piece)
    if seed % 3 == 0:
        mentions = UNKNOWN if templates is PROSE else UNCUED
        begins = " Also noted: " if templates is PROSE else "\nalso "
        mention = begins + mentions[seed // 3 % len(mentions)] + "."
        for at, piece in enumerate(re.split(r"\{([^}]+)\}", mention)):
            pieces.append(piece)
            if at % 2 and piece not in ("Mrs", "Dr"):
                unknown.append(piece)
            else:
                kept += words(piece)
    whole = f"{first} ({nickname}) {last}" if seed % 2 else f"{last}, {first} ({nickname})"
    return Comment("".join(pieces), whole, worker, carers, tuple(known), tuple(unknown), tuple(kept))


def _slots(chance: random.Random, first: str, last: str, nickname: str, worker: str, carers: str) -> dict[str, str]:
    by_surname = "," in worker
    worker_last, worker_first = worker.split(", ") if by_surname else worker.split(" ")[::-1]
    carer_last = re.findall(r"[A-Z][a-z]{5,}", carers)[-1]
    digits = lambda number: "".join(chance.choice("123456789") for _ in range(number))  # noqa: E731
    a, b, c = digits(3), digits(3), digits(4)
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2004, 2018)
    surname = last.replace("'", chance.choice(["'", "’", "", " "]))
    return {
        "child_first": first,
        "child_whole": f"{first} {surname}",
        "child_last_first": f"{last}, {first}",
        "child_upper": f"{first} {surname}".upper(),
        "child_lower": f"{first} {last}".lower(),
        "child_nickname": nickname,
        "child_initial_last": f"{first[0]}. {last}",
        "child_initials": f"{first[0]}.{last[0]}.",
        "child_possessive": f"{first}'s",
        "child_split": f"{first}\u00a0 {last}",
        "child_newline": f"{first}\n{last}",
        "child_zero_width": f"{first[0]}\u200b{first[1:]} {last[:2]}\u00ad{last[2:]}",
        "worker_first": worker_first,
        "worker_last": worker_last,
        "worker_part": f"{worker_first} {worker_last}",
        "carer_last": carer_last,
        "carer_part": f"Mrs {carer_last}",
        "dob": chance.choice(
            [
                f"{day:02}/{month:02}/{year}",
                f"{day}.{month}.{year % 100:02}",
                f"{day} March {year}",
                f"{year}-{month:02}-{day:02}",
            ]
        ),
        "case": chance.choice([f"C{digits(6)}", digits(7), f"LCS-{digits(5)}", f"{digits(3)} {digits(4)}"]),
        "nhs": chance.choice([f"{a} {b} {c}", f"{a}{b}{c}", f"{a}-{b}-{c}", f"{a} {b} {c[:3]}", f"{a}{b} {c}"]),
        "upn": f"{chance.choice('AHTX')}{digits(12)}{chance.choice(['', 'B'])}",
        "phone": chance.choice(
            [
                f"07{digits(3)} {digits(6)}",
                f"(01{digits(3)}) {digits(6)}",
                f"+44 7{digits(3)} {digits(6)}",
                f"0{digits(3)}-{digits(3)}-{digits(4)}",
            ]
        ),
        "email": chance.choice(["kestrel99@mail.example", "pip.r @ post.example", "someone(at)mail.example"]),
        "postcode": chance.choice(["BS16 4QD", "bs164qd", "GL5 1AB", "TF3 4NT", "BS16 4OD"]),
        "address": chance.choice(["12 Acacia Avenue", "Flat 3, 9 Larch Close", "14a Mill Road", "7 St Anne's Terrace"]),
        "school": chance.choice(["St Werburgh's Primary School", "Oakfield Academy", "Hillside Nursery"]),
    }


@dataclass(frozen=True)
class Figures:
    """How redaction did on a set."""

    known: int
    known_left: list[str]
    unknown: int
    unknown_left: list[str]
    kept_of: int
    words_lost: list[str]

    @property
    def share_kept(self) -> float:
        return 1 - len(self.words_lost) / self.kept_of


def measure(comments: list[Comment], texts: list[str]) -> Figures:
    """Hold redacted texts against what had to go and what had to stay."""
    known_left, unknown_left, lost = [], [], []
    for comment, text in zip(comments, texts, strict=True):
        shown = re.sub(r"\[[a-z ]+\]", " ", text)
        left, kept = Counter(words(shown)), Counter(comment.kept)
        beyond = left - kept
        known_left += [f"{piece!r} in {text!r}" for piece in comment.known if _is_left(piece, beyond, shown)]
        unknown_left += [f"{piece!r} in {text!r}" for piece in comment.unknown if _is_left(piece, beyond, shown)]
        lost += [f"{word!r} of {comment.text!r}: {text!r}" for word in (kept - left).elements()]
    return Figures(
        sum(len(comment.known) for comment in comments),
        known_left,
        sum(len(comment.unknown) for comment in comments),
        unknown_left,
        sum(len(comment.kept) for comment in comments),
        lost,
    )


def _is_left(piece: str, beyond: Counter[str], shown: str) -> bool:
    """Whether a word of a piece is there more often than it must stay, or the whole of it in any spacing."""
    parts = [word for word in words(piece) if word not in ("mrs", "mr", "example", "march")]
    compact = "".join(parts)
    if any(beyond[word] for word in parts if len(word) > 1 or word.isdigit()):
        return True
    return len(compact) > 4 and compact in "".join(words(shown))
