"""The typed facts of a sentence: numbers, money, percentages, dates, times, durations, sizes, ids, links.

A reply may not change any of them. They are read from English, Hinglish and Devanagari into one form, so that
"do hafte" and "14 days" are the same duration and "Rs. 1,299" and "1299 rupaye" the same amount.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from language.number_words import data, digits

_N = r"\d+(?:\.\d+)?"
_TO = r"\s*(?:-|to|se|ya|or|and|aur|through|till)\s*"
_RANGE = rf"({_N})(?:{_TO}({_N}))?"
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()\"'»«]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|in|io|co|garden|dev|app|ai|example|test)\b(?:/[^\s<>()\"']*)?"
)
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_SLASH_DATE = re.compile(r"(?<![\d.])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d.])")
_ALWAYS = re.compile(
    r"24\s*[/x*]\s*7|round the clock|around the clock|chaubis(?:on)? ghante|24 ghante saaton din"
    r"|(?:24|chaubis) (?:ghante|hours)(?= (?:available|khul|chal|chalu|active|open|milt))"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\b\.?|p\.?m\b\.?|baje|o'clock)"
    r"|(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])"
)
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+){2,}(?![\w.]*\w)")
_ID = re.compile(
    r"\[[a-z]+_\d+\]|(?<![\w-])[a-z][a-z_-]*\d[\w-]*|(?<![\w-])\d+[a-z_-]+\d[\w-]*|(?<![\w.])#\w*\d+"
)
_ORDINAL = re.compile(rf"(?<![\w.]){_N}(?:st|nd|rd|th)\b")
_PLAIN = re.compile(rf"(?<![\w.])({_N})(?!\w)")
_SHORT_DAYS = re.compile(
    r"(?<=[a-z]{3}-)(?:sat|sun)\b|(?<=[a-z]{3} (?:to|se) )(?:sat|sun)\b"
    r"|\b(?:sat|sun)(?=\s*[-&]\s*(?:sun|mon)\b)"
)
_OFTEN = r"per|each|every|an?|har|prati|rozana|rojana|dainik|s\w+ana|\w+ly|annual|m\w+sik|varshik"
_WORDS = re.compile(r"[a-z]+")
_FIRST_MARK, _MARKS = 0xF0000, 0xFFFF


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed fact: `values` in the base unit (minutes, millimetres, the currency), `raw` as written.

    `kind` is one of number, ordinal, amount, percent, date, month, weekday, time, duration, period, size,
    measure, id, url, email. Of a period `unit` is "min", or what it is for each of (night, person).
    A range has two values, a date is `(day, month, year)` with 0 for what is not said; `text` is folded.
    """

    kind: str
    values: tuple[float, ...]
    unit: str
    text: str
    raw: tuple[float, ...]


Reader = Callable[[re.Match[str]], "Fact | None"]


@lru_cache(maxsize=8192)
def facts(text: str) -> tuple[Fact, ...]:
    """Return the typed facts of `text`."""
    return marked(text)[1]


@lru_cache(maxsize=8192)
def marked(text: str) -> tuple[str, tuple[Fact, ...]]:
    """Return `text` folded, with `mark(i)` where its i-th typed fact stands, and the facts."""
    rest = "".join(char for char in digits(text) if char < mark(0))
    found: list[Fact] = list(_weekdays(rest))
    if any(char.isdigit() or char in "@." for char in rest) or _spoken().search(rest):
        for pattern, read in _readers():
            pieces: list[str] = []
            at = 0
            for match in pattern.finditer(rest):
                fact = read(match)
                if fact is None:
                    continue
                pieces += [rest[at : match.start()], f" {mark(len(found))} "]
                found.append(fact)
                at = match.end()
            rest = "".join(pieces) + rest[at:] if pieces else rest
    days = {fact.text: mark(place) for place, fact in enumerate(found) if fact.kind == "weekday"}
    return _WORDS.sub(lambda word: days.get(word[0], word[0]), rest) if days else rest, tuple(found)


def mark(place: int) -> str:
    """Return the one character, of those for private use, that stands for the fact at `place`."""
    return chr(_FIRST_MARK + place)


@cache
def _spoken() -> re.Pattern[str]:
    """Return what may be a typed fact without a digit: how often, or an ordinal."""
    return re.compile(rf"\b(?:{_OFTEN}|{_alternation(list(data()['ordinals']))})\b")


def _weekdays(text: str) -> Iterator[Fact]:
    days = data()["weekdays"]
    for word in _WORDS.findall(text):
        if word in days:
            yield Fact("weekday", (days[word],), "", word, ())
    for short in _SHORT_DAYS.findall(text):
        yield Fact("weekday", (6 if short == "sat" else 7,), "", short, ())


def _alternation(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _readers() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """Return the patterns in the order in which they claim text, each with its reader."""
    tables = data()
    money = _alternation(list(tables["currency"]))
    signs = rf"(?<![a-z])(?:{money})"
    span = _alternation(list(tables["durations"]))
    fill = _alternation(tables["durations_fill"]["words"])
    month = _alternation(list(tables["months"]))
    length = _alternation(list(tables["lengths"]))
    side = rf"({_N})\s*({length}|px|pixels?|\")?"
    part = _alternation(list(tables["dayparts"]))
    rated = _alternation(tables["percent"]["words"])
    units = _alternation(list(tables["measures"]))
    often = _alternation(list(tables["periods"]))
    place = _alternation(list(tables["ordinals"]))
    lasting = "".join(rf"(?<!\b{word})" for word in tables["lasting"]["words"])
    return (
        (_URL, lambda m: Fact("url", (), "", m.group().rstrip(".,;:!?/"), ())),
        (_EMAIL, lambda m: Fact("email", (), "", m.group().rstrip("."), ())),
        (_ISO_DATE, lambda m: _date(int(m[3]), int(m[2]), int(m[1]), m)),
        (_SLASH_DATE, lambda m: _date(int(m[1]), int(m[2]), _year(m[3]), m)),
        (re.compile(rf"(?<!\d)(\d\d?)(?:st|nd|rd|th)?(?: of)? ({month})\b\.?(?:,? (\d{{4}}))?"), _day_month),
        (re.compile(rf"\b({month})\b\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (\d{{4}}))?"), _month_day),
        (re.compile(rf"\b(?!may|march)((?=\w{{4}})(?:{month}))\b"), _month),
        (re.compile(r"(?<=\bin )(may|march)\b(?! \d)"), _month),
        (_ALWAYS, lambda m: Fact("time", (-1.0,), "", m.group(), ())),
        (re.compile(rf"(?:\b({part})(?: ko| ke| mein| me)? )?(?:{_CLOCK.pattern})"), _clock),
        (re.compile(rf"{side}\s*(?:x|by|\*)\s*{side}(?![a-z])"), _size),
        (re.compile(rf"{signs}\s*({_N})(?:{_TO}(?:{signs}\s*)?({_N}))?"), _amount),
        (re.compile(rf"{_RANGE}\s*(?:/-|(?:{money})(?![a-z]))"), _amount),
        (re.compile(rf"\b(?:per|each|every|har|prati) ({span})(?![a-z])"), _period),
        (re.compile(rf"(?<=[^.,;:!?(]){lasting} an? ({span})(?![a-z])"), _period),
        (re.compile(rf"(?<=times) 1 ({span})(?![a-z])"), _period),
        (re.compile(rf"(?<!\d )\b({span}) (?:mein|me|m) (?=\d+ (?:times|baar)|ek |do )"), _period),
        (re.compile(rf"\b({often})\b"), _period),
        (re.compile(rf"(?<=[{mark(0)}-{mark(_MARKS)}] )\s*(?:per|an?|each|prati)\s([a-z]{{3,}})\b"), _rate),
        (re.compile(rf"({_N})(?:\s*%?{_TO}({_N}))?\s*(?:{rated})"), _percent),
        (re.compile(rf"(?<=[{mark(0)}-{mark(_MARKS)}] )\s*({span}) (?:ke|ka|ki)\b"), _period),
        (re.compile(rf"(?<!\d )\b({span}) (?:ke|ka|ki|mein|me) (?=\s*[{mark(0)}-{mark(_MARKS)}])"), _period),
        (re.compile(rf"{_RANGE}[\s-]*(?:(?:{fill})[\s-]+)*({span})(?![a-z])"), _duration),
        (re.compile(rf"{_RANGE}\s*({units})(?![a-z])"), _measure),
        (re.compile(rf"(?<![\d{mark(0)}-{mark(_MARKS)}] )\b({place})\b(?!-| hand)"), _ordinal),
        (re.compile(rf"{_RANGE}[\s-]*({length})(?![a-z])"), _length),
        (_VERSION, lambda m: Fact("id", (), "", m.group().lstrip("v"), ())),
        (_ID, lambda m: Fact("id", (), "", m.group().lstrip("#"), ())),
        (re.compile(r"(?<![\w.-])\d+[a-z]+(?<!st|nd|rd|th)\b"), lambda m: Fact("id", (), "", m.group(), ())),
        (_ORDINAL, lambda m: _number(m.group().rstrip("stndrh"), m)),
        (_PLAIN, lambda m: _number(m[1], m)),
    )  # fmt: skip


def _numbers(match: re.Match[str]) -> tuple[float, ...]:
    return tuple(float(part) for part in match.group(1, 2) if part)


def _number(value: str, match: re.Match[str]) -> Fact:
    return Fact("number", (float(value),), "", match.group().strip(), (float(value),))


def _ordinal(match: re.Match[str]) -> Fact:
    value = float(data()["ordinals"][match[1]])
    return Fact("ordinal", (value,), "", match.group(), (value,))


def _date(day: int, month: int, year: int, match: re.Match[str]) -> Fact | None:
    if not (1 <= day <= 31 and 1 <= month <= 31 and min(day, month) <= 12):
        return None
    return Fact(
        "date", (day, month, year), "", match.group(), tuple(float(x) for x in (day, month, year) if x)
    )


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day_month(match: re.Match[str]) -> Fact | None:
    return _date(int(match[1]), data()["months"][match[2]], int(match[3] or 0), match)


def _month_day(match: re.Match[str]) -> Fact | None:
    return _date(int(match[2]), data()["months"][match[1]], int(match[3] or 0), match)


def _month(match: re.Match[str]) -> Fact:
    return Fact("month", (float(data()["months"][match[1]]),), "", match.group(), ())


def _clock(match: re.Match[str]) -> Fact | None:
    """Read a time of day; `unit` says whether morning or evening is known."""
    part, hour, minute, mark, hour24, minute24 = match.groups()
    clock = int(hour or hour24)
    if clock > 24 or int(minute or minute24 or 0) > 59:
        return None
    known = bool(part) or bool(mark and mark[0] in "ap") or clock > 12
    late = (bool(mark) and mark[0] == "p") or bool(part and data()["dayparts"][part])
    if known and clock <= 12:
        clock = clock % 12 + (12 if late else 0)
    minutes = clock * 60 + int(minute or minute24 or 0)
    raw = (float(hour or hour24),)
    return Fact("time", (float(minutes),), "known" if known else "", match.group().strip(), raw)


def _size(match: re.Match[str]) -> Fact:
    first, unit1, second, unit2 = match.groups()
    unit = unit2 or unit1 or ""
    factor = 25.4 if unit == '"' else data()["lengths"].get(unit, 1.0)
    raw = (float(first), float(second))
    kind = "px" if unit.startswith("p") else ("mm" if unit else "")
    return Fact("size", tuple(round(value * factor, 2) for value in raw), kind, match.group(), raw)


def _amount(match: re.Match[str]) -> Fact:
    named = _currency().search(match.group())
    sign = data()["currency"][named.group()] if named else "INR"
    values = _numbers(match)
    scaled = tuple(value / 100 for value in values) if sign in {"USc", "INp"} else values
    return Fact("amount", scaled, {"USc": "USD", "INp": "INR"}.get(sign, sign), match.group().strip(), values)


@cache
def _currency() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{_alternation(list(data()['currency']))})(?![a-z])")


def _percent(match: re.Match[str]) -> Fact:
    return Fact("percent", _numbers(match), "%", match.group(), _numbers(match))


def _duration(match: re.Match[str]) -> Fact:
    minutes = data()["durations"][match[3]]
    return Fact(
        "duration", tuple(value * minutes for value in _numbers(match)), "min", match.group(), _numbers(match)
    )


def _period(match: re.Match[str]) -> Fact:
    """Read how often: per week, a week, hafte mein, weekly."""
    minutes = data()["periods"].get(match[1]) or data()["durations"][match[1]]
    return Fact("period", (float(minutes),), "min", match.group().strip(), (1.0,))


def _rate(match: re.Match[str]) -> Fact:
    """Read what an amount is for each of: per night, a head."""
    return Fact("period", (0.0,), match[1].removesuffix("s"), match.group().strip(), (1.0,))


def _measure(match: re.Match[str]) -> Fact:
    return Fact("measure", _numbers(match), data()["measures"][match[3]], match.group(), _numbers(match))


def _length(match: re.Match[str]) -> Fact:
    factor = data()["lengths"][match[3]]
    return Fact(
        "measure", tuple(value * factor for value in _numbers(match)), "mm", match.group(), _numbers(match)
    )
