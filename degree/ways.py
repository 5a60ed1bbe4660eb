"""The shortest way on as people read it: each step with what fills it, and what is on offer."""

from collections.abc import Iterable
from dataclasses import dataclass

from degree.buckets import asks
from degree.evidence import Offer
from degree.rules.explain import Decision
from degree.rules.planning import Plan, next_above, plan
from degree.rules.programme import Bucket, Programme
from degree.rules.saying import listing, spoken
from degree.rules.saying_plans import besides, heading, how_sure, step_amount, step_details
from degree.rules.steps import Step
from degree.wording import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """Badges to earn: how much of what, and those on offer that would do.

    `asks` says what fills the part of the programme, where the step is for one part alone.
    """

    step: Step
    amount: str
    part: str
    details: str
    asks: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The shortest way to an award. In sentences, `besides` is what is needed beside the steps, and
    `how_sure` what of it is proved."""

    plan: Plan
    heading: str
    steps: tuple[StepShown, ...]
    besides: tuple[str, ...]
    how_sure: tuple[str, ...]

    @property
    def leads(self) -> bool:
        """Whether there is one that was found."""
        return self.plan.barred is None and self.plan.found


def way(
    decision: Decision,
    *,
    programme: Programme | None = None,
    award: str = "",
    offers: Iterable[Offer] = (),
) -> Way | None:
    """The way to an award from where the decision stands, or to the one above the earned.

    Steps come in the order of `programme`, which is the one that decided, as its file has it. None
    where the highest is earned. Raises Missing where the programme has no such award.
    """
    outcome = decision.outcome
    chosen = award or next_above(outcome)
    if chosen is None:
        return None
    found = plan(
        outcome.programme,
        decision.wallet,
        chosen,
        today=decision.today,
        concessions=outcome.concessions,
    )
    read, known = programme or outcome.programme, tuple(offers)
    unit = read.unit
    order = list(read.listed_buckets)
    steps = sorted(found.steps, key=lambda step: order.index(step.buckets[0]))
    return Way(
        plan=found,
        heading=in_words(heading(found, unit)),
        steps=tuple(_shown(step, read, known) for step in steps),
        besides=tuple(in_words(sentence) for sentence in besides(found, unit)),
        how_sure=how_sure(found, unit),
    )


def _shown(step: Step, programme: Programme, offers: tuple[Offer, ...]) -> StepShown:
    unit = programme.unit
    buckets = [programme.listed_buckets[name] for name in step.buckets]
    part = listing(spoken(bucket.name) for bucket in buckets)
    return StepShown(
        step=step,
        amount=step_amount(step, unit),
        part=part[:1].upper() + part[1:],
        details=step_details(step, unit),
        asks=asks(buckets[0], unit) if len(buckets) == 1 else "",
        offers=tuple(
            sorted(
                (each for each in offers if _would_do(each, step, buckets)),
                key=lambda each: _how_well(each, step),
            )
        ),
    )


def _how_well(offer: Offer, step: Step) -> tuple[bool, int, str]:
    """The smallest that fills the step alone comes first, then the largest of those that do not."""
    fills = offer.credits_tenths >= step.tenths
    return (not fills, offer.credits_tenths if fills else -offer.credits_tenths, offer.title)


def _would_do(offer: Offer, step: Step, buckets: Iterable[Bucket]) -> bool:
    """Whether a badge on offer fits where the planned one does."""
    planned = step.badges[0]
    badge = offer.earned_as(planned)
    same_code = not planned.code or planned.code == offer.code
    high = step.level is None or offer.level >= step.level
    return same_code and high and all(bucket.where.takes(badge) for bucket in buckets)
