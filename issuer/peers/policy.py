"""The rules of judging, read from a versioned file. A decision names the file by its digest."""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from issuer.peers import strict
from vc.encoding import digest_multibase
from vc.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """When the ballot on an activity counts, and when it says that the activity is at the level."""

    quorum_share: Fraction
    quorum_at_least: int
    yes_share: Fraction
    yes_from_another_context: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSize:
    """The seats of a panel when at least `from_eligible_peers` peers may judge."""

    from_eligible_peers: int
    peers: int
    outsiders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRule:
    """How a panel is made up, and what its votes lead to."""

    sizes: tuple[PanelSize, ...]
    yes: int
    yes_from_outside: int
    moderator_from_yes: int
    revisions_at_most: int
    judges_kept_on_revision: int
    days_to_judge: int
    days_to_revise: int

    def size(self, eligible_peers: int) -> PanelSize:
        """The seats for a group with this many peers who may judge."""
        return next(size for size in self.sizes if eligible_peers >= size.from_eligible_peers)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependenceRule:
    """How often one member may judge another, and how soon the other may judge back."""

    at_most: int
    within_days: int
    no_judging_back_within_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRule:
    """How large a sample of the badges of `months` calendar months is, and when it is not enough.

    With `confidence` it must touch a bad badge if `bad_share` of them are bad. Everything by the
    same judges is audited from `everything_from` overturned badges on, or when they are more than
    `everything_above` of the sample.
    """

    months: int
    confidence: Fraction
    bad_share: Fraction
    everything_from: int
    everything_above: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationRule:
    """Activities that a member joins and provides with others in each membership year."""

    joined: int
    co_provided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the rules; `digest` is the digestMultibase of the file's bytes."""

    name: str
    version: str
    in_force_from: datetime.date
    digest: str
    level: LevelRule
    panel: PanelRule
    independence: IndependenceRule
    audit: AuditRule
    appeal_days: int
    obligations: ObligationRule

    @property
    def title(self) -> str:
        """Name and version, as sentences and URLs spell them."""
        return f"{self.name}-{self.version}"


def read_policy(text: str, *, source: str) -> Policy:
    """The policy in a YAML file's `text`. Raises Malformed with `source` and the entry's place."""
    root = strict.read(text, source=source)
    policy = Policy(
        name=root.text("policy"),
        version=root.text("version"),
        in_force_from=root.date("in_force_from"),
        digest=digest_multibase(text.encode()),
        level=_level(root.section("level_ballot")),
        panel=_panel(root.section("panel")),
        independence=_independence(root.section("independence")),
        audit=_audit(root.section("audit")),
        appeal_days=_appeal(root.section("appeal")),
        obligations=_obligations(root.section("obligations")),
    )
    root.done()
    return policy


def _level(section: strict.Section) -> LevelRule:
    quorum, passes = section.section("quorum"), section.section("passes")
    rule = LevelRule(
        quorum_share=quorum.share("share_of_eligible"),
        quorum_at_least=quorum.integer("at_least", at_least=1),
        yes_share=passes.share("yes_share_of_cast"),
        yes_from_another_context=passes.integer("yes_from_another_context"),
    )
    for part in (quorum, passes, section):
        part.done()
    return rule


def _panel(section: strict.Section) -> PanelRule:
    passes = section.section("passes")
    rule = PanelRule(
        sizes=tuple(_size(entry) for entry in section.sections("sizes")),
        yes=passes.integer("yes_votes", at_least=1),
        yes_from_outside=passes.integer("yes_from_outside"),
        moderator_from_yes=section.integer("moderator_from_yes", at_least=1),
        revisions_at_most=section.integer("revisions_at_most"),
        judges_kept_on_revision=section.integer("judges_kept_on_revision"),
        days_to_judge=section.integer("days_to_judge", at_least=1),
        days_to_revise=section.integer("days_to_revise", at_least=1),
    )
    passes.done()
    section.done()
    _refuse_impossible(rule, f"{section.place}")
    return rule


def _size(entry: strict.Section) -> PanelSize:
    size = PanelSize(
        from_eligible_peers=entry.integer("from_eligible_peers"),
        peers=entry.integer("peers"),
        outsiders=entry.integer("outsiders"),
    )
    entry.done()
    if size.peers > size.from_eligible_peers:
        raise Malformed(
            "rules-entry",
            f"{size.peers} peers cannot be drawn from {size.from_eligible_peers}.",
            place=entry.place,
        )
    return size


def _refuse_impossible(rule: PanelRule, place: str) -> None:
    """A panel that can never pass, or a group size without a panel, is a mistake in the file."""
    starts = [size.from_eligible_peers for size in rule.sizes]
    if starts != sorted(starts, reverse=True) or starts[-1] != 0:
        raise Malformed(
            "rules-entry", "The sizes must fall, and end with 0 peers.", place=f"{place}.sizes"
        )
    for number, size in enumerate(rule.sizes):
        if size.peers + size.outsiders < rule.yes or size.outsiders < rule.yes_from_outside:
            raise Malformed(
                "rules-entry",
                "A panel of this size can never pass.",
                place=f"{place}.sizes[{number}]",
            )
    if rule.moderator_from_yes > rule.yes:
        raise Malformed(
            "rules-entry", "It exceeds the votes to pass.", place=f"{place}.moderator_from_yes"
        )


def _independence(section: strict.Section) -> IndependenceRule:
    pair = section.section("same_judge_and_author")
    rule = IndependenceRule(
        at_most=pair.integer("at_most", at_least=1),
        within_days=pair.integer("within_days", at_least=1),
        no_judging_back_within_days=section.integer("no_judging_back_within_days"),
    )
    pair.done()
    section.done()
    return rule


def _audit(section: strict.Section) -> AuditRule:
    everything = section.section("everything")
    rule = AuditRule(
        months=section.integer("months", at_least=1),
        confidence=section.share("confidence"),
        bad_share=section.share("bad_share"),
        everything_from=everything.integer("from_overturned", at_least=1),
        everything_above=everything.share("above_share_of_sample"),
    )
    everything.done()
    section.done()
    if not rule.bad_share > 0 or not 0 < rule.confidence < 1:
        raise Malformed("rules-entry", "Both shares must lie between 0 and 1.", place=section.place)
    if 12 % rule.months:
        place = f"{section.place}.months"
        raise Malformed("rules-entry", "A year must hold whole periods.", place=place)
    return rule


def _appeal(section: strict.Section) -> int:
    days = section.integer("days", at_least=1)
    section.done()
    return days


def _obligations(section: strict.Section) -> ObligationRule:
    rule = ObligationRule(
        joined=section.integer("joined"), co_provided=section.integer("co_provided")
    )
    section.done()
    return rule
