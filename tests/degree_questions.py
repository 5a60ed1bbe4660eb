"""A question: one award before one wallet, with the concessions that count.

It says which badges could fill which buckets, and which rules are waived or reduced.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from degree_reading import (
    Badge,
    Json,
    credit,
    exactly,
    fits,
    good_status,
    kept_out,
    last_day,
    read_badges,
)

# The path on which each kind of concession is made.
_TOUCHED: Mapping[str, Callable[[Json], str]] = {
    "waive": lambda concession: str(concession["path"]),
    "reduce": lambda concession: str(concession["path"]),
    "accept": lambda concession: f"buckets.{concession['bucket']}",
    "forgive_year": lambda concession: "obligations",
}


@dataclass(frozen=True, kw_only=True)
class Granted:
    """The concessions that are applied, by what they do."""

    ids: tuple[str, ...] = ()
    waived: frozenset[str] = frozenset()
    reduced: Mapping[str, Fraction]
    accepted: frozenset[tuple[str, str]] = frozenset()  # record and bucket
    forgiven: frozenset[int] = frozenset()

    def leave_out(self, row: str, *, limit_of: str = "") -> bool:
        """Whether this rule is waived. `limit_of` is the bucket whose waiver spares the rule."""
        return any(
            row == path or row.startswith((f"{path}.", f"{path}#", f"{path}="))
            for path in self.waived
            if path != limit_of
        )

    def tenths(self, row: str, stated: int) -> int:
        """Credit or mark asked by this rule, in tenths."""
        granted = self._given(row)
        return stated if granted is None else int(granted * 10)

    def number(self, row: str, stated: int) -> int:
        granted = self._given(row)
        return stated if granted is None else int(granted)

    def share(self, row: str, stated: Fraction) -> Fraction:
        granted = self._given(row)
        return stated if granted is None else granted

    def _given(self, row: str) -> Fraction | None:
        """What is granted for this row, or for its whole rule."""
        return self.reduced.get(row, self.reduced.get(row.partition("=")[0]))


NOTHING_GRANTED = Granted(reduced={})


def granted(programme: Json, wallet: Json, today: date) -> Granted:
    """The wallet's concessions that count on this day under this programme."""
    applied = [c for c in wallet.get("concessions", ()) if _counts(programme, c, today)]
    by = {action: [c for c in applied if c["action"] == action] for action in _TOUCHED}
    return Granted(
        ids=tuple(c["id"] for c in applied),
        waived=frozenset(c["path"] for c in by["waive"]),
        reduced={c["path"]: exactly(c["to"]) for c in by["reduce"]},
        accepted=frozenset((c["record"], c["bucket"]) for c in by["accept"]),
        forgiven=frozenset(c["year"] for c in by["forgive_year"]),
    )


def _counts(programme: Json, concession: Json, today: date) -> bool:
    rules = programme.get("concessions", {"allowed": []})
    day, touched = today.isoformat(), _TOUCHED[concession["action"]](concession)
    never, touching = frozenset(rules.get("never", ())), frozenset([touched])
    return bool(
        concession["action"] in rules["allowed"]
        and all(concession.get(said) for said in rules.get("requires", ()))
        and "date" in concession
        and concession["date"] <= day <= concession.get("expiry", "9999-12-31")
        and not Granted(waived=never, reduced={}).leave_out(touched)
        and not any(Granted(waived=touching, reduced={}).leave_out(path) for path in never)
    )


@dataclass(frozen=True, kw_only=True)
class Question:
    """One award before one wallet. `ways` are the sets of buckets that each badge may fill."""

    programme: Json
    award: Json
    holder: str
    granted: Granted
    attested: Mapping[str, str]  # yes, no or pending
    badges: tuple[Badge, ...]
    ways: tuple[tuple[tuple[str, ...], ...], ...]

    @cached_property
    def path(self) -> str:
        return f"awards.{self.award['id']}"

    @cached_property
    def minima(self) -> dict[str, int]:
        """The credits asked of each listed bucket."""
        of = self.programme["buckets"]
        listed = self.award.get("buckets", {name: rule.get("min", 0) for name, rule in of.items()})
        return {
            name: self.granted.tenths(f"{self.path}.buckets.{name}", credit(self.programme, amount))
            for name, amount in listed.items()
        }

    def words(self, node: Any) -> set[str]:
        """The names of all that must be attested at this node of the requirements or below it."""
        if isinstance(node, str):
            return set()
        below = [*node.get("all_of", ()), *node.get("any_of", ()), *node.get("of", ())]
        names = {node["attested"]} if "attested" in node else set()
        return names.union(*(self.words(child) for child in below))


def question(
    programme: Json, wallet: Json, award: Json, today: date, grant: Granted = NOTHING_GRANTED
) -> Question:
    """The award before the wallet: every badge that could count, and where."""
    listed: list[str] = [*award.get("buckets", programme["buckets"])]
    pairs = [pair for pair in combinations(listed, 2) if _may_share(programme, pair)]
    badges, ways = [], []
    for badge in read_badges(programme, wallet):
        taking = _taking(programme, wallet, badge, listed, today, grant)
        if taking and not _late(award, wallet, badge, grant):
            shared = [pair for pair in pairs if taking.issuperset(pair)]
            badges.append(badge)
            ways.append((*((name,) for name in listed if name in taking), *shared))
    words = wallet.get("attestations", {})
    names = programme.get("attestations", ())
    return Question(
        programme=programme,
        award=award,
        holder=wallet["holder"],
        granted=grant,
        attested={name: words.get(name, {}).get("value", "pending") for name in names},
        badges=tuple(badges),
        ways=tuple(ways),
    )


def _taking(
    programme: Json, wallet: Json, badge: Badge, listed: list[str], today: date, grant: Granted
) -> set[str]:
    """The listed buckets that take the badge, if it passes the gate or is accepted in spite."""
    passes = kept_out(programme, wallet, badge, today) is None
    usual = {name for name in listed if passes and fits(programme, name, badge)}
    return usual | (accepted(programme, badge, grant) & set(listed))


def accepted(programme: Json, badge: Badge, grant: Granted) -> set[str]:
    """The buckets that take the badge by a concession: never in spite of its status."""
    if not good_status(programme, badge):
        return set()
    return {bucket for record, bucket in grant.accepted if record == badge.id}


def _late(award: Json, wallet: Json, badge: Badge, grant: Granted) -> bool:
    years, row = award.get("max_registration_years"), f"awards.{award['id']}.max_registration_years"
    if years is None or grant.leave_out(row):
        return False
    return badge.end > last_day(wallet, grant.number(row, years), pauses=True)


def _may_share(programme: Json, pair: tuple[str, str]) -> bool:
    between = programme.get("sharing", {"between": []}).get("between", [pair])
    return set(pair) in [set(names) for names in between]
