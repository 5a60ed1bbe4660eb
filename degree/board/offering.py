"""What exceptions of a case may be made of, and why a concession could not apply.

Whether one applies is for degree/rules/concessions.py to say; it is asked before anybody signs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from degree.board.faults import Faulty
from degree.board.naming import Named, badges_of, names_of
from degree.rules.cases_json import SAID
from degree.rules.concessions import grounds, refusal
from degree.rules.gate import withdrawn
from degree.rules.grammar.paths import paths, reducible, waivable
from degree.rules.programme import Programme
from degree.rules.records import Action, Concession, Wallet
from degree.rules.registration import registration_years
from degree.rules.saying import capital, spoken
from degree.wording import day, in_words

_SAID: Final = dict.fromkeys(SAID, "said")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be named in an exception of a case, each with what people call it.

    `rules` are those that can be waived, and those that can be reduced. `requires` are the parts
    that a version of the programme wants every concession to say.
    """

    rules: Mapping[Action, tuple[Named, ...]]
    buckets: tuple[Named, ...]
    records: tuple[Named, ...]
    years: tuple[Named, ...]
    attestations: tuple[Named, ...]
    requires: frozenset[str]

    @property
    def actions(self) -> tuple[Action, ...]:
        """The kinds of concession for which there is anything to choose."""
        there = {
            **self.rules,
            Action.ACCEPT: self.records and self.buckets,
            Action.FORGIVE_YEAR: self.years,
        }
        return tuple(action for action in Action if there.get(action))


def choices(versions: Sequence[Programme], wallet: Wallet, *, today: date) -> Choices:
    """What can be named when these versions may decide on the wallet."""
    names = names_of(versions, wallet)
    rules = {
        action: names.rules(
            {path for one in versions for path in of(one) if _may(one, action, today, path=path)}
        )
        for action, of in ((Action.WAIVE, waivable), (Action.REDUCE, reducible))
    }
    buckets = dict.fromkeys(
        name
        for one in versions
        for name in one.listed_buckets
        if _may(one, Action.ACCEPT, today, bucket=name)
    )
    valid = [
        record
        for record in wallet.records
        if any(withdrawn(one.gate, record) is None for one in versions)
    ]
    asked = [one.concessions.requires for one in versions if one.concessions]
    return Choices(
        rules=rules,
        buckets=tuple((name, capital(spoken(name))) for name in buckets),
        records=badges_of(valid, versions[-1].unit),
        years=_years(versions, wallet, today),
        attestations=tuple(
            {each.name: each.says for one in versions for each in one.attestations}.items()
        ),
        requires=frozenset().union(*asked),
    )


def expect_applicable(
    concession: Concession,
    offered: Choices,
    versions: Sequence[Programme],
    *,
    today: date,
) -> None:
    """That it applies by one of the versions, from the day on which it is granted.

    Raises Malformed, whose places are the fields.
    """
    on = max(today, concession.granted)
    by_version = [tuple(grounds(one.concessions, concession, today=on)) for one in versions]
    faults = {
        part: f"{in_words(ground.why)}."
        for ground in min(by_version, key=len)
        for part in ground.parts
    }
    known = frozenset().union(*map(paths, versions))
    faults |= _misnamed(concession, offered, known)
    if faults:
        raise Faulty("concession", faults)


def _misnamed(concession: Concession, offered: Choices, known: frozenset[str]) -> dict[str, str]:
    """What it names and cannot touch, by the field."""
    match concession.action:
        case Action.WAIVE | Action.REDUCE:
            path, rules = concession.path, dict(offered.rules[concession.action])
            return {} if path in rules else {"path": _no_rule(concession, known, offered)}
        case Action.ACCEPT:
            found = {}
            if concession.record not in dict(offered.records):
                found["record"] = "The member showed no such badge that is valid."
            if concession.bucket not in dict(offered.buckets):
                found["bucket"] = "The programme has no such part that may take it."
            return found
        case Action.FORGIVE_YEAR:
            if str(concession.year) in dict(offered.years):
                return {}
            return {"year": "This is no registration year of the member so far."}


def _no_rule(concession: Concession, known: frozenset[str], offered: Choices) -> str:
    if concession.path not in known:
        return "The programme has no such rule."
    if concession.path in dict(offered.rules[Action.WAIVE]):
        return "This rule has no amount."
    return "Nobody may make a concession on this."


def _may(
    version: Programme, action: Action, today: date, *, path: str = "", bucket: str = ""
) -> bool:
    """Whether the version lets such a concession touch this, if it says everything."""
    probe = Concession(
        id="", action=action, granted=today, expiry=today, path=path, bucket=bucket, said=_SAID
    )
    return not refusal(version.concessions, probe, today=today)


def _years(versions: Sequence[Programme], wallet: Wallet, today: date) -> tuple[Named, ...]:
    """The registration years that have begun, where a version asks something of each."""
    found = {}
    for one in versions:
        asked = one.obligations
        if asked is None or not _may(one, Action.FORGIVE_YEAR, today):
            continue
        pauses = wallet.interruptions if asked.pauses else ()
        for year in registration_years(wallet.registered, until=today, interruptions=pauses):
            period = f"{day(year.first)} to {day(year.last)}"
            found[str(year.number)] = f"Year {year.number}, {period}"
    return tuple(found.items())
