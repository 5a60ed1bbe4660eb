"""What the issuers of the badges on which a result hangs say of them: audits, samples, appeals.

It is asked when a case is decided, and kept beside the decision: the board sees it as it was then.
It is no part of the decision, whose rules look at the badges alone.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from degree.board.schemas.published import Published, Sample, read_published
from degree.rules.explain import Decision, Placement
from degree.rules.records import Record
from degree.wording import day
from vc import did
from vc.documents import parse
from vc.effort import Exhausted, bounded, for_one
from vc.errors import Malformed, Unavailable
from vc.fetch import MOST_DOCUMENTS_AT_ONCE, Bounded, Fetcher, ReadOnce

UPHELD: Final = "upheld"
OVERTURNED: Final = "overturned"
SAMPLED: Final = "sampled"  # the sample of its period was read, and this badge was not in it
OPEN: Final = "open"  # that sample is being read
UNSAMPLED: Final = "unsampled"  # none was drawn yet
SILENT: Final = "silent"  # the issuer publishes nothing of this badge
UNREACHABLE: Final = "unreachable"
_LARGEST: Final = 65_536  # bytes of an answer
_LAST_WORDS: Final = {
    "moderator": "A moderator had the last word on it.",
    "appeal": "It was awarded on appeal.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """One badge: its record's id, in which `state` it is, and what there is to say of it."""

    record: str
    title: str
    state: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualities:
    """What issuers said of the badges of a decision, and when they were asked."""

    asked_at: datetime
    badges: tuple[Quality, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many badges are in each state."""
        return dict(Counter(each.state for each in self.badges))


def asked(decision: Decision, fetcher: Fetcher) -> tuple[Quality, ...]:
    """What issuers say of every badge that the result counts, in the order of the records.

    Within no transaction: issuers are asked over the network. Nothing is raised: who does not
    answer is `unreachable`.
    """
    counted = {each.record for each in counted_by(decision)}
    fetcher = ReadOnce(Bounded(fetcher, most=MOST_DOCUMENTS_AT_ONCE))
    lost: set[str] = set()
    return tuple(
        _asked(record, fetcher, lost) for record in decision.wallet.records if record.id in counted
    )


def counted_by(decision: Decision) -> tuple[Placement, ...]:
    """What the award counts that is earned, else the highest that is before the board."""
    outcome = decision.outcome
    if outcome.earned:
        return outcome.earned.counted
    referred = [answer for answer in outcome.referred if answer.is_placed]
    return referred[0].placements if referred else ()


def as_text(told: Iterable[Quality]) -> str:
    """As it is kept."""
    return json.dumps([asdict(each) for each in told], ensure_ascii=False)


def from_text(text: str) -> tuple[Quality, ...]:
    """As `as_text` gives it."""
    return tuple(Quality(**each) for each in json.loads(text))


def _asked(record: Record, fetcher: Fetcher, lost: set[str]) -> Quality:
    """`lost` are the issuers that did not answer: each of them is waited for once."""
    if record.issuer in lost:
        return _said(record, UNREACHABLE, "Its issuer did not answer.")
    try:
        with bounded(for_one()):
            endpoint = did.resolve(record.issuer, fetcher=fetcher).quality
            if not endpoint:
                return _said(record, SILENT, "Its issuer publishes nothing about audits.")
    except (Unavailable, Malformed, Exhausted):
        lost.add(record.issuer)
        return _said(record, UNREACHABLE, "Its issuer did not answer.")
    try:
        address = f"{endpoint}?credential={quote(record.id, safe='')}"
        answer = fetcher.get(address, accept="application/json")
        published = read_published(parse(answer.content, largest=_LARGEST))
    except Unavailable:
        return _said(record, SILENT, "Its issuer says nothing about audits of this badge.")
    except Malformed:
        return _said(record, SILENT, "What its issuer says about audits cannot be read.")
    if published.credential != record.id:
        return _said(record, SILENT, "What its issuer says is about another badge.")
    return _told(record, published)


def _told(record: Record, published: Published) -> Quality:
    by = f" {_LAST_WORDS[published.decided_by]}" if published.decided_by in _LAST_WORDS else ""
    audit, sample = published.audit, published.sample
    if audit is not None:
        words = "upheld it" if audit.outcome == UPHELD else "overturned it"
        sentence = f"A moderator read it again and {words}, {day(audit.at)}.{by}"
        return _said(record, audit.outcome, sentence)
    if sample is None:
        return _said(record, UNSAMPLED, f"No sample of its period was drawn yet.{by}")
    state = OPEN if sample.open else SAMPLED
    return _said(record, state, f"{_of_sample(sample)}{by}")


def _of_sample(sample: Sample) -> str:
    drawn = f"{sample.sampled} of the {sample.badges} badges of its circle and period"
    if sample.open:
        found = f"; {sample.overturned} overturned so far" if sample.overturned else ""
        return f"A secret sample of {drawn} is being read{found}."
    bound = f" {sample.bound}." if sample.bound else ""
    return f"Not in the sample of {drawn}, which was read.{bound}"


def _said(record: Record, state: str, sentence: str) -> Quality:
    return Quality(record=record.id, title=record.title, state=state, says=sentence)
