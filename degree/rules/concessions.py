"""What was granted to one holder: which concessions apply on a day, and what they change."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from degree.rules.programme import ConcessionRules, Programme
from degree.rules.records import Action, Concession, Wallet
from degree.rules.rule_paths import lies_in

_CALLED: Final = {"clause_ref": "clause", "expiry": "last day", "date": "first day"}
# The part that says what a concession touches.
_TOUCHING: Final = {
    Action.WAIVE: ("path",),
    Action.REDUCE: ("path",),
    Action.ACCEPT: ("bucket",),
    Action.FORGIVE_YEAR: ("year",),
}
_BUCKET: Final = re.compile(r"awards\.[^.]+\.buckets\.[^.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What the concessions that apply change; the empty one changes nothing."""

    waived: frozenset[str] = frozenset()
    amounts: Mapping[str, Fraction] = field(default_factory=dict)
    accepted: frozenset[tuple[str, str]] = frozenset()  # (record, bucket)
    forgiven: frozenset[int] = frozenset()

    def amount(self, name: str) -> Fraction | None:
        """What is granted for the row with this name, or for its whole rule."""
        if not self.amounts:
            return None
        return self.amounts.get(name, self.amounts.get(name.partition("=")[0]))

    def waives(self, name: str, rule: str = "") -> bool:
        """Whether the row with this name is left out; `rule` is the path of its rule, where that is
        another."""
        return any(_left_out(name, rule or name, path) for path in self.waived)


NO_RELIEF: Final = Relief()


def relief(concessions: tuple[Concession, ...]) -> Relief:
    """What these change together."""
    return Relief(
        waived=frozenset(each.path for each in concessions if each.action is Action.WAIVE),
        amounts={
            each.path: each.to
            for each in concessions
            if each.action is Action.REDUCE and each.to is not None
        },
        accepted=frozenset(
            (each.record, each.bucket) for each in concessions if each.action is Action.ACCEPT
        ),
        forgiven=frozenset(each.year for each in concessions if each.action is Action.FORGIVE_YEAR),
    )


def applying(programme: Programme, wallet: Wallet, *, today: date) -> tuple[Concession, ...]:
    """The concessions that apply today, in the wallet's order."""
    return tuple(
        each for each in wallet.concessions if not refusal(programme.concessions, each, today=today)
    )


def refusals(programme: Programme, wallet: Wallet, *, today: date) -> dict[str, str]:
    """Why concessions do not apply today, by their ids; of those alone that do not."""
    found = {
        each.id: refusal(programme.concessions, each, today=today) for each in wallet.concessions
    }
    return {id_: why for id_, why in found.items() if why}


def refusal(rules: ConcessionRules | None, concession: Concession, *, today: date) -> str:
    """Why a concession does not apply; empty when it does."""
    return next((ground.why for ground in grounds(rules, concession, today=today)), "")


@dataclass(frozen=True, slots=True)
class Ground:
    """One of the reasons for which a concession does not apply, and the parts of it at fault."""

    why: str
    parts: tuple[str, ...]


def grounds(
    rules: ConcessionRules | None, concession: Concession, *, today: date
) -> Iterator[Ground]:
    """Everything for which a concession does not apply; nothing when it does."""
    if rules is None:
        yield Ground("the programme allows no concessions", ("action",))
        return
    if concession.action not in rules.allowed:
        action = concession.action.replace("_", " ")
        yield Ground(f"the programme does not allow to {action}", ("action",))
    if concession.granted > today:
        yield Ground(f"it holds from {concession.granted} only", ("date",))
    if concession.expiry is not None and concession.expiry < today:
        yield Ground(f"it expired on {concession.expiry}", ("expiry",))
    unsaid = tuple(
        name
        for name in sorted(rules.requires)
        if not concession.said.get(name) and not _dated(concession, name)
    )
    if unsaid:
        parts = " and its ".join(_CALLED.get(name, name) for name in unsaid)
        yield Ground(f"it does not say its {parts}", unsaid)
    touched = _touches(concession)
    if any(lies_in(touched, path) or lies_in(path, touched) for path in rules.never):
        yield Ground(f"nobody may make a concession on {touched}", _TOUCHING[concession.action])


def _dated(concession: Concession, name: str) -> bool:
    return name == "date" or (name == "expiry" and concession.expiry is not None)


def _touches(concession: Concession) -> str:
    match concession.action:
        case Action.ACCEPT:
            return f"buckets.{concession.bucket}"
        case Action.FORGIVE_YEAR:
            return "obligations"
        case _:
            return concession.path


def _left_out(name: str, rule: str, path: str) -> bool:
    """A bucket is waived in what it asks for; what it allows still holds. Nothing lies in a label,
    although one may begin as another does."""
    if _BUCKET.fullmatch(path):
        return name in (path, f"{path}.min_badges") or name.startswith(f"{path}.at_least.")
    return name == path or lies_in(rule, path)
