"""A member's progress: the same audit as of today, what would be if, and the shortest way on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from degree.evidence import NotARecord
from degree.progress.desk import Current
from degree.progress.supposing import (
    MOST,
    Question,
    Supposed,
    as_supposed,
    named,
    supposed,
    told_apart,
)
from degree.rules.deciding import decide
from degree.rules.explain import Decision
from degree.rules.programme import Programme
from degree.statement import Aside, AwardShown, Statement, stated
from degree.ways import Way, way
from degree.wording import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An award as it stands, and as it would stand; None where a higher one makes it needless."""

    title: str
    now: AwardShown | None
    then: AwardShown | None

    @property
    def differs(self) -> bool:
        """Whether anything about it changes."""
        return self.now is None or self.then is None or _sum(self.now) != _sum(self.then)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """One thing that is supposed, and the question without it."""

    text: str
    others: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What would be: each award beside what it is, the whole of it, and the way on from there.

    `resting` is the award conferred before that counts the badge supposed to be revoked, or "";
    `is_graduate` says that the member holds an award already.
    """

    suppositions: tuple[Supposition, ...]
    awards: tuple[Compared, ...]
    statement: Statement
    way: Way | None
    resting: str
    is_graduate: bool

    @property
    def verdict(self) -> str:
        """The answer in a sentence."""
        earned = [award.title for award in self.statement.awards if award.state == "met"]
        open_ = [award.title for award in self.statement.awards if award.state == "undecided"]
        none = "No further award" if self.is_graduate else "No award"
        first = f"The {earned[0]} would be earned." if earned else f"{none} would be earned yet."
        if not open_:
            return first
        return f"{first} The board would decide about the {' and the '.join(open_)}."

    @property
    def differs(self) -> bool:
        """Whether any award changes."""
        return any(award.differs for award in self.awards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The whole page. `way` is None where the highest award is earned.

    `whole` supposes all badges of the way, where that leads there; `steps` those of each step
    beside what is supposed already, None where they are or would be too many.
    """

    programme: Programme
    decision: Decision
    statement: Statement
    what_if: WhatIf | None
    way: Way | None
    whole: Question | None
    steps: tuple[Question | None, ...]


def progress(current: Current, question: Question, *, today: date) -> Progress:
    """What a member's badges come to today, and what they would come to.

    Raises Missing where the question names an award, a badge or a part that is not there; Conflict
    before the programme is in force.
    """
    decision = decide(current.programmes, current.wallet, today=today)
    found = way(decision, award=question.award, offers=current.offers)
    steps = [as_supposed(each.step) for each in found.steps] if found else []
    return Progress(
        programme=decision.outcome.programme,
        decision=decision,
        statement=_stated(decision, current.not_records),
        what_if=_what_if(current, question, decision) if question.asks else None,
        way=found,
        whole=_reaching(current, decision, found, question) if found else None,
        steps=tuple(_with(question, badges) for badges in steps),
    )


def _stated(decision: Decision, not_records: Iterable[NotARecord]) -> Statement:
    aside = [Aside(title=each.title, reason=in_words(each.reason)) for each in not_records]
    return stated(decision, decision.outcome.programme, aside=aside)


def _what_if(current: Current, question: Question, decision: Decision) -> WhatIf:
    programme = decision.outcome.programme
    wallet = supposed(current.wallet, question, programme, current.offers, decision.today)
    hypothetical = decide(current.programmes, wallet, today=decision.today)
    now, then = (_stated(each, current.not_records) for each in (decision, hypothetical))
    before = {award.id: award for award in now.awards}
    after = {award.id: award for award in then.awards}
    titles = told_apart(current.wallet.records) | {each.id: each.title for each in current.offers}
    revoked = (each for each in current.wallet.records if each.id == question.without)
    return WhatIf(
        suppositions=tuple(_suppositions(question, titles)),
        awards=tuple(
            Compared(title=award.title, now=before.get(award.id), then=after.get(award.id))
            for award in programme.awards
            if award.id in before or award.id in after
        ),
        statement=then,
        way=way(hypothetical),
        resting=next((each.used_in for each in revoked), ""),
        is_graduate=bool(current.held),
    )


def _suppositions(question: Question, titles: dict[str, str]) -> Iterator[Supposition]:
    for number, badge in enumerate(question.badges):
        others = (*question.badges[:number], *question.badges[number + 1 :])
        yield Supposition(text=named(badge, titles), others=replace(question, badges=others))
    if question.without:
        title = titles.get(question.without, question.without)
        yield Supposition(text=f"{title} revoked", others=replace(question, without=""))


def _with(question: Question, badges: tuple[Supposed, ...]) -> Question | None:
    both = (*question.badges, *badges)
    is_asked = set(badges) <= set(question.badges)
    return None if is_asked or len(both) > MOST else replace(question, badges=both)


def _reaching(
    current: Current, decision: Decision, found: Way, question: Question
) -> Question | None:
    """The badges of a way as a question, where what can be asked is as good as they are."""
    badges = tuple(badge for each in found.steps for badge in as_supposed(each.step))
    if not 0 < len(badges) <= MOST:
        return None
    whole = Question(badges=badges, award=question.award)
    programme, today = decision.outcome.programme, decision.today
    then = decide(
        current.programmes, supposed(current.wallet, whole, programme, (), today), today=today
    ).outcome
    # Those above the earned one are listed with it; those that the board decides are as good.
    ids = [award.id for award in programme.awards]
    reached = [each.award for each in (then.earned, *then.referred) if each is not None]
    place = ids.index(found.plan.award.id)
    return whole if any(ids.index(award) <= place for award in reached) else None


def _sum(award: AwardShown) -> tuple[str, int]:
    return award.state, award.total.counted
