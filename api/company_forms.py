"""A company's settings as a form has them, and back."""

from collections.abc import Mapping
from typing import Any

from api.alerts import alerts_of
from api.companies import words_of
from api.forms import lines_of
from api.hours import DAYS
from store.values.companies import Company
from store.values.service import CLOSE_AFTER_HOURS, MINUTES, ServicePolicy
from ui.colours import completed
from ui.views.forms import lines

LIMIT_ROWS, SCENARIO_ROWS = 3, 2
TEXTS = ("name", "description", "legal_name", "tagline")
PAIRS = ("greeting", "contact", "scope")
LISTS = ("origins", "domains", "id_examples", "topics")
COLOURS = ("brand", "brand_ink", "brand_dark", "brand_dark_ink", "brand_dark_text")


def company_values(row: Company, examples: list[str]) -> dict[str, str]:
    """The fields of the form for a company as it is."""
    values = {name: str(getattr(row, name)) for name in (*TEXTS, "support_email")}
    values |= {f"brand-{name}": colour for name, colour in completed(row.brand).items()}
    for name in PAIRS:
        values |= {f"{name}-{language}": words for language, words in words_of(row.profile, name).items()}
    values |= {"origins": lines(row.origins), "domains": lines(row.domains), "id_examples": lines(examples)}
    values["topics"] = lines(list(row.profile.get("topics", ())))
    hours = row.profile.get("hours") or {}
    values |= {
        "hours-zone": hours.get("zone", "Asia/Kolkata"),
        "hours-closed": lines(hours.get("closed", [])),
    }
    for day, span in (hours.get("days") or {}).items():
        values |= {f"hours-days-{day}-{end}": clock for end, clock in span.items()}
    alerts, policy = alerts_of(row.profile), ServicePolicy.of(row.profile)
    values |= {"alerts-emails": lines(alerts.emails), "alerts-url": alerts.url}
    values |= {f"service-{name}": str(minutes) for name, minutes in policy.minutes.items()}
    values["service-close"] = str(policy.close_after_hours)
    for name in ("cannot", "scenarios"):
        for at, item in enumerate(row.profile.get(name, ())):
            values |= {f"{name}-{at}-{key}": _text(value) for key, value in item.items()}
    return values


def company_body(values: Mapping[str, str]) -> dict[str, Any]:
    """The change that the form asks for, in the names of `CompanyChange`."""
    body: dict[str, Any] = {name: values.get(name, "").strip() for name in TEXTS}
    if email := values.get("support_email", "").strip():
        body["support_email"] = email
    body["brand"] = {name: value for name in COLOURS if (value := values.get(f"brand-{name}", "").strip())}
    body["brand"].setdefault("brand", completed({})["brand"])
    for name in PAIRS:
        body[name] = {
            language: values.get(f"{name}-{language}", "").strip() for language in ("en", "hinglish")
        }
    body |= {name: lines_of(values.get(name, "")) for name in LISTS}
    body["hours"] = _hours(values)
    url = values.get("alerts-url", "").strip()
    body["alerts"] = {"emails": lines_of(values.get("alerts-emails", "")), "url": url}
    minutes = {name: _whole(values.get(f"service-{name}", ""), most) for name, most in MINUTES.items()}
    hours = _whole(values.get("service-close", ""), CLOSE_AFTER_HOURS)
    body["service"] = {"sla_minutes": minutes, "close_after_hours": hours}
    body["cannot"] = [_limit(values, f"cannot-{at}") for at in _rows(values, "cannot")]
    body["scenarios"] = [_scenario(values, f"scenarios-{at}") for at in _rows(values, "scenarios")]
    return body


def _whole(text: str, otherwise: int) -> int | str:
    return int(text) if text.strip().isdigit() else (text.strip() or otherwise)


def _hours(values: Mapping[str, str]) -> dict[str, Any]:
    days: dict[str, dict[str, str]] = {}
    for day in DAYS:
        span = {end: values.get(f"hours-days-{day}-{end}", "").strip() for end in ("opens", "closes")}
        if any(span.values()):
            days[day] = span
    zone = values.get("hours-zone", "").strip() or "Asia/Kolkata"
    return {"zone": zone, "days": days, "closed": lines_of(values.get("hours-closed", ""))}


def _limit(values: Mapping[str, str], at: str) -> dict[str, Any]:
    texts = {name: values.get(f"{at}-{name}", "").strip() for name in ("key", "en", "hinglish")}
    terms = {name: lines_of(values.get(f"{at}-{name}", "")) for name in ("terms_en", "terms_hinglish")}
    if not texts["hinglish"]:
        texts["hinglish"] = texts["en"]
    return texts | terms


def _scenario(values: Mapping[str, str], at: str) -> dict[str, Any]:
    texts = {name: values.get(f"{at}-{name}", "").strip() for name in ("key", "en", "hinglish")}
    email = values.get(f"{at}-email", "").strip()
    return texts | {"email": email or None, "verified": values.get(f"{at}-verified") == "on"}


def _rows(values: Mapping[str, str], name: str) -> list[int]:
    """The numbers of the rows in which something was written."""
    told = [
        field.split("-") for field, value in values.items() if field.startswith(f"{name}-") and value.strip()
    ]
    return sorted({int(parts[1]) for parts in told if parts[1].isdigit() and int(parts[1]) < 200})


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return lines([str(item) for item in value])
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)
