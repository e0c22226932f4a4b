"""What a scripted model's name says: who it is, how fast, and how it fails.

`scripted:echo?ttft=80&rate=200&fail=cut*2&at=answer`: repeats the desk's own draft, 80 ms to the first token,
200 tokens a second, and cuts the first two streams that it is asked for as `answer`.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from graph.errors import Invalid

PREFIX = "scripted:"
WITS = ("echo", "liar", "obedient")
ON_THE_LINE = (
    "timeout",
    "drip",
    "429",
    "500",
    "503",
    "529",
    "cut",
    "close",
    "half",
    "nofinish",
    "length",
    "html",
    "empty",
)
IN_WORDS = ("json", "tool", "language", "lies")
FAILURES = ON_THE_LINE + IN_WORDS
TASKS = ("triage", "answer", "plan", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A scripted model: `ttft` in seconds, `rate` in tokens a second (0: all at once)."""

    wit: str
    ttft: float = 0.0
    rate: float = 0.0
    fail: str = ""
    times: int | None = None  # how often it fails before it works; None: always
    at: str = ""  # the only task at which it fails; empty: at all


def is_scripted(model: str) -> bool:
    """Whether a model's name names a scripted one."""
    return model.startswith(PREFIX)


@lru_cache(maxsize=256)
def read_script(model: str) -> Script:
    """The script in a name; `Invalid` says which part is not one."""
    wit, _, query = model.removeprefix(PREFIX).partition("?")
    if not is_scripted(model) or wit not in WITS:
        raise _invalid(
            f"a scripted model is one of {', '.join(PREFIX + known for known in WITS)}, not {model!r}"
        )
    knobs = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(set(knobs) - {"ttft", "rate", "fail", "at"}):
        raise _invalid(f"a scripted model has no knob {', '.join(unknown)}; it has ttft, rate, fail and at")
    fail, _, times = knobs.get("fail", "").partition("*")
    if fail and fail not in FAILURES:
        raise _invalid(f"a scripted model fails as one of {', '.join(FAILURES)}, not {fail!r}")
    if (at := knobs.get("at", "")) and at not in TASKS:
        raise _invalid(f"a scripted model is asked for {', '.join(TASKS)}, not {at!r}")
    return Script(
        wit=wit,
        ttft=_number("ttft", knobs.get("ttft", "0")) / 1000,
        rate=_number("rate", knobs.get("rate", "0")),
        fail=fail,
        times=int(_number("fail", times)) if times else None,
        at=at,
    )


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise _invalid(f"{name} of a scripted model is a number, not {text!r}") from error
    if not 0 <= value < float("inf"):
        raise _invalid(f"{name} of a scripted model is not negative")
    return value


def _invalid(message: str) -> Invalid:
    return Invalid(message, field="LLM_MODEL")
