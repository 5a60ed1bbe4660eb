"""The lottery that seats a panel, replayable by anyone who knows the seed and the candidates.

Commit and reveal: SHA-256(nonce) is published when the activity opens; the seed also depends on
what the author hands in, so neither the organiser nor the author can choose the judges alone.
A person's ticket is SHA-256(seed || person); the lowest tickets sit, so the order in which
candidates are listed does not matter, and whoever falls out is followed by the next ticket.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from issuer.peers.activity import Eligibility, Member, reasons_against
from issuer.peers.policy import IndependenceRule, PanelSize, Policy
from vc.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`judge` was given a seat on `author`'s contribution `at` some time."""

    judge: str
    author: str
    contribution: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be judged: whose it is, of which circle, against which rubric."""

    contribution: str
    authors: tuple[Member, ...]
    circle: str
    rubric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One judge on a panel; an outsider belongs to another circle than the contribution."""

    judge: str
    outsider: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Who may judge, in the order of their tickets, and the seats that follow from it.

    `peers` and `outsiders` are all eligible persons, lowest ticket first; `excluded` says of each
    other candidate why not.
    """

    seed: str
    size: PanelSize
    peers: tuple[str, ...]
    outsiders: tuple[str, ...]
    seats: tuple[Seat, ...]
    excluded: tuple[Eligibility, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraw:
    """One seat changed hands, for a reason that is on record."""

    left: str
    taken_by: Seat
    reason: str


def commitment(nonce: bytes) -> str:
    """What is published at the opening: SHA-256 of the 32-byte nonce, in hexadecimal."""
    return hashlib.sha256(nonce).hexdigest()


def draw_seed(nonce: bytes, *, contribution: str, evidence: Sequence[str]) -> str:
    """SHA-256(nonce || contribution id || evidence digests) in hexadecimal, one line feed between.

    The nonce has a fixed 32 bytes and the texts hold no line feed, so the parts cannot be shifted.
    """
    if len(nonce) != 32:
        raise Conflict("lottery-nonce", "The nonce of a lottery has 32 bytes.")
    text = "\n".join(["", contribution, *evidence]).encode()
    return hashlib.sha256(nonce + text).hexdigest()


def ticket(seed: str, person: str) -> str:
    """A person's ticket in the lottery of `seed`; the lowest are drawn."""
    return hashlib.sha256(f"{seed}\n{person}".encode()).hexdigest()


def draw(
    *,
    seed: str,
    case: Case,
    peers: Iterable[Member],
    others: Iterable[Member],
    history: Sequence[Judgement],
    policy: Policy,
    now: datetime,
    former: Sequence[str] = (),
) -> Draw:
    """Seat a panel by lottery.

    `peers` took part with the author, `others` did not. A peer of the contribution's circle takes
    a peer's seat; whoever is of another circle, peer or not, takes an outsider's. `former` are the
    judges of the revision before, of whom the policy keeps some while the others come last. Raises
    Conflict when too few persons may judge.
    """
    took_part = list(peers)
    inside = [member for member in took_part if member.circle == case.circle]
    outside = [member for member in (*took_part, *others) if member.circle != case.circle]
    asked = [*_reviewed(inside, case, history, policy, now)]
    asked_outside = [*_reviewed(outside, case, history, policy, now)]
    kept = sorted(former, key=lambda judge: ticket(seed, judge))
    kept = kept[: policy.panel.judges_kept_on_revision]
    may_peer = _in_order(asked, seed, former, kept)
    may_outside = _in_order(asked_outside, seed, former, kept)
    size = policy.panel.size(len(may_peer))
    if len(may_outside) < size.outsiders:
        raise Conflict(
            "panel-too-few",
            f"{size.outsiders} judges from outside the circle are needed, "
            f"and {len(may_outside)} may judge.",
        )
    seats = [Seat(judge=person, outsider=False) for person in may_peer[: size.peers]]
    seats += [Seat(judge=person, outsider=True) for person in may_outside[: size.outsiders]]
    return Draw(
        seed=seed,
        size=size,
        peers=may_peer,
        outsiders=may_outside,
        seats=tuple(seats),
        excluded=tuple(e for e in (*asked, *asked_outside) if not e.eligible),
    )


def redraw(
    *,
    peers: Sequence[str],
    outsiders: Sequence[str],
    left: str,
    reason: str,
    used: Iterable[str],
) -> Redraw:
    """Give the seat of `left` to the next ticket of the same draw.

    `peers` and `outsiders` are those of the Draw, in its order; `used` are all who sit or sat on
    this panel. An outsider follows an outsider; when no peer is left, an outsider follows a peer.
    Raises Conflict when nobody is left or no reason is given.
    """
    if not reason.strip():
        raise Conflict("redraw-reason", "A seat changes hands only with a reason on record.")
    gone = {*used, left}
    order = [Seat(judge=person, outsider=True) for person in outsiders]
    if left not in outsiders:
        order = [Seat(judge=person, outsider=False) for person in peers] + order
    for seat in order:
        if seat.judge not in gone:
            return Redraw(left=left, taken_by=seat, reason=reason)
    raise Conflict("panel-too-few", "Nobody who may judge is left in this draw.")


def reasons_of_independence(
    judge: str, *, case: Case, history: Sequence[Judgement], rule: IndependenceRule, now: datetime
) -> Iterable[str]:
    """Why `judge` would judge these authors too often, or judge back too soon.

    Further revisions of one contribution count as one judgement.
    """
    since = now - timedelta(days=rule.within_days)
    back_since = now - timedelta(days=rule.no_judging_back_within_days)
    for author in case.authors:
        judged = {
            past.contribution
            for past in history
            if past.judge == judge and past.author == author.person and past.at > since
        }
        if len(judged - {case.contribution}) >= rule.at_most:
            yield f"has judged the author {rule.at_most} times in {rule.within_days} days"
        if any(
            past.judge == author.person and past.author == judge and past.at > back_since
            for past in history
        ):
            days = rule.no_judging_back_within_days
            yield f"was judged by the author within the last {days} days"


def _reviewed(
    candidates: Iterable[Member],
    case: Case,
    history: Sequence[Judgement],
    policy: Policy,
    now: datetime,
) -> Iterable[Eligibility]:
    seen: set[str] = set()
    for member in candidates:
        if member.person in seen:
            continue
        seen.add(member.person)
        reasons = [
            *reasons_against(member, judged=case.authors, rubric=case.rubric),
            *reasons_of_independence(
                member.person, case=case, history=history, rule=policy.independence, now=now
            ),
        ]
        yield Eligibility(member=member, reasons=tuple(reasons))


def _in_order(
    reviewed: Iterable[Eligibility], seed: str, former: Sequence[str], kept: Sequence[str]
) -> tuple[str, ...]:
    """Eligible persons by ticket: kept judges first, other former judges last."""

    def rank(person: str) -> tuple[int, str]:
        group = 0 if person in kept else 2 if person in former else 1
        return group, ticket(seed, person)

    return tuple(sorted((e.member.person for e in reviewed if e.eligible), key=rank))
