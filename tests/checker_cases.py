"""Small decisions that the checker is asked about: badges, rules and years for many tests."""

from typing import Any

from decision_records import Document, badge, decision, programme, yes

from degree.checker import objections

CREDITS = "awards.X.credits"
TWO = [badge("p"), badge("q")]
DUTY = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 0, "of": "activity", "validated": True},
    "misses": {"concession": "allowed", "max": 1, "approver": "board"},
}
YEARLY = programme(obligations=DUTY)

ANY = {"any": True}
HALF = {"where": {"tag": "t"}, "id": "half", "share": 0.5}
AB = [badge("p", tags=["a"]), badge("q"), badge("r"), badge("s", 20, tags=["a"], level=6, rpl=True)]


def said(*arguments: Any, **wallet: Any) -> str:
    """What is objected to a decision."""
    return "\n".join(objections(decision(*arguments, **wallet)))


def said_of(rules: Document, badges: list[Document], buckets: Document, **wallet: Any) -> str:
    """What is objected to a yes by these rules, with these badges in these buckets."""
    return said(programme(**rules), badges, yes(**buckets), **wallet)


def award(**rules: Any) -> Document:
    """The one award, of twenty credits."""
    return {"awards": [{"id": "X", "credits": 20} | rules]}


def parts(*, first: Document | None = None, **more: Any) -> Document:
    """Two buckets for tags a and b, and the award that lists both for ten credits each."""
    buckets = {
        "a": {"min": 10, "where": {"tag": "a"}} | (first or {}),
        "b": {"min": 10, "where": {"any": True}},
    }
    return {"buckets": buckets} | award(**more)
