"""A plan in words: how much is still to earn, of what, and what no badge can change.

As in saying.py everything said is taken from values, and dates are ISO 8601.
"""

from collections.abc import Iterable, Iterator

from degree.rules.exact import CreditUnit, amount_in, credits_text, number_in
from degree.rules.planning import Barred, Lack, Limit, Plan
from degree.rules.saying import listing, percent, spoken, title
from degree.rules.saying_dimensions import NOUNS, stands_behind
from degree.rules.steps import Step


def plan_in_words(plan: Plan, unit: CreditUnit = CreditUnit.UK) -> tuple[str, ...]:
    """The plan as sentences, the answer first; credits are told in `unit`."""
    if plan.barred is not None:
        return (_barred(plan, plan.barred),)
    return (_answer(plan, unit), *_why_so_much(plan), *_besides(plan, unit))


def heading(plan: Plan, unit: CreditUnit = CreditUnit.UK) -> str:
    """What stands above the plan's steps: how much credit it takes, and how much is proved."""
    name, least = plan.award.title, amount_in(unit, plan.at_least)
    if plan.barred is not None or not plan.steps:
        return plan_in_words(plan, unit)[0]
    if not plan.tenths:
        return f"For the {name} no more credit is needed, only:"
    verb = "earns" if number_in(unit, plan.tenths) == "1" else "earn"
    said = [f"{_more(plan.tenths, unit)} {verb} the {name}.", *_why_so_much(plan)]
    if 0 < plan.at_least < plan.tenths:
        said.append(f"No less than {least} can be enough.")
    return " ".join(said)


def besides(plan: Plan, unit: CreditUnit = CreditUnit.UK) -> tuple[str, ...]:
    """What is needed beside the steps, in sentences."""
    return () if plan.barred is not None else tuple(_besides(plan, unit))


def how_sure(plan: Plan, unit: CreditUnit = CreditUnit.UK) -> tuple[str, ...]:
    """What of a plan with steps was proved, what was decided, and what is open."""
    said = [_least_proved(plan, unit)]
    if any(step.is_needed or step.must for step in plan.steps):
        said.append(
            "What must be in a part is proved too: no way with as little credit has less there."
        )
    elsewhere = [step for step in plan.steps if step.tenths > step.must and not step.is_open]
    if elsewhere:
        names = listing(dict.fromkeys(_buckets(step) for step in elsewhere))
        said.append(f"It is open whether another part would do in place of {names}.")
    said.append(
        "These badges are enough: they were decided upon like real ones, issued today and judged "
        "by people who judged none of the others. Others like them will do as well."
    )
    if any(step.level is not None for step in plan.steps):
        said.append("Where a level is named, the plan was decided with each lower one, and fails.")
    return tuple(said)


def _least_proved(plan: Plan, unit: CreditUnit) -> str:
    total, least = amount_in(unit, plan.tenths), amount_in(unit, plan.at_least)
    if not plan.tenths:
        return "No credit is asked for."
    if plan.tenths == plan.at_least:
        return (
            f"It is proved that less than {total} will not do: with less, however it is earned, "
            "the rules cannot be kept."
        )
    if plan.at_least:
        return (
            f"It is proved that less than {least} will not do. It is open whether less than "
            f"{total} would: neither a way nor a proof was found."
        )
    return (
        f"It is open whether less than {total} would do: neither a way nor a proof that there is "
        "none was found."
    )


def step_in_words(step: Step, unit: CreditUnit = CreditUnit.UK) -> str:
    """One step: "60 credits in capstone, at level 7"; credits are told in `unit`."""
    said = f"{step_amount(step, unit)} in {_buckets(step)}"
    fits = "where any badge fits" if step.is_open else ""
    return ", ".join(filter(None, (said, fits, step_details(step, unit))))


def step_amount(step: Step, unit: CreditUnit = CreditUnit.UK) -> str:
    """How much the step takes: "60 credits", "a badge with the code RM-101"."""
    amount = amount_in(unit, step.tenths) if step.tenths else "a badge"
    return f"{amount}{_coded(step)}"


def step_details(step: Step, unit: CreditUnit = CreditUnit.UK) -> str:
    """What the badges are beside that: "at level 7, in 2 badges"; "" for nothing else."""
    badge, count = step.badges[0], len(step.badges)
    parts = []
    if 0 < step.must < step.tenths and not step.is_open:
        parts.append(f"of which {number_in(unit, step.must)} must be there")
    if step.level is not None:
        parts.append(f"at level {step.level}")
    if badge.mark is not None:
        parts.append(f"with a mark of {credits_text(badge.mark)} or more")
    if badge.rpl:
        parts.append("as prior learning")
    if count > 1:
        parts.append(f"in {count} badges")
    return ", ".join(parts)


def _answer(plan: Plan, unit: CreditUnit) -> str:
    name, least = plan.award.title, amount_in(unit, plan.at_least)
    if not plan.found:
        known = f"At least {least} more are needed for the {name}. " if plan.at_least else ""
        return f"{known}No badges were found that would certainly earn the {name}."
    if not plan.steps:
        only = "No badge is missing" if plan.words or plan.years else "Nothing is missing"
        return f"{only} for the {name}."
    if plan.tenths == plan.at_least == 0:
        steps = listing(_amount(step, unit) for step in plan.steps)
        return f"The shortest way to the {name}: {steps}; no more credit is needed."
    one = len(plan.steps) == 1 and not plan.steps[0].badges[0].code
    if plan.tenths == plan.at_least:
        amount = _amount(plan.steps[0], unit) if one else f"{least}: {_apart(plan, unit)}"
        return f"The shortest way to the {name}: at least {amount}."
    proved = f"At least {least} are needed" if plan.at_least else "How few will do is open"
    total = number_in(unit, plan.tenths) if plan.at_least else amount_in(unit, plan.tenths)
    return f"{proved}; {total} are enough for the {name}: {_apart(plan, unit)}."


def _apart(plan: Plan, unit: CreditUnit) -> str:
    """The steps: what must be there, what else is planned, and what may be anything."""
    must = [_short(step, unit) for step in plan.steps if step.is_needed]
    rest = [step for step in plan.steps if not step.is_needed and not step.is_open]
    parts = []
    if must:
        parts.append(listing([must[0].replace(" in ", " must be in ", 1), *must[1:]]))
    if rest:
        parts.append(listing(_short(step, unit) for step in rest))
    if any(step.is_open for step in plan.steps):
        parts.append(_anything([step for step in plan.steps if step.is_open], unit))
    return "; ".join(parts)


def _anything(steps: list[Step], unit: CreditUnit) -> str:
    """What may be any badge: "20 may be anything, 5 of them at level 7"."""
    total = number_in(unit, sum(step.tenths for step in steps))
    if len(steps) == 1:
        return f"{total}{_level(steps[0])} may be anything"
    levels = listing(
        f"{number_in(unit, step.tenths)} of them{_level(step)}"
        for step in steps
        if step.level is not None
    )
    return f"{total} may be anything, {levels}" if levels else f"{total} may be anything"


def _why_so_much(plan: Plan) -> Iterator[str]:
    if plan.limits:
        reasons = listing(_limit(limit) for limit in plan.limits)
        yield f"That is more than its parts lack, because {reasons}."


def _limit(limit: Limit) -> str:
    rule = limit.distinct
    if rule is None or rule.max_share is None or not limit.path.endswith("max_share_each"):
        return f"“{title(limit.path)}” limits what counts"
    share = percent(rule.max_share)
    allowed = stands_behind(rule.dimension, "may")
    return f"no {NOUNS[rule.dimension][0]} {allowed} more than {share} of the credit"


def _amount(step: Step, unit: CreditUnit) -> str:
    return f"{step_amount(step, unit)} in {_buckets(step)}{_level(step)}"


def _short(step: Step, unit: CreditUnit) -> str:
    """The same without the name of the unit, which stands before."""
    amount = number_in(unit, step.tenths) if step.tenths else "a badge"
    more = 0 < step.must < step.tenths and not step.is_open
    needed = f" ({number_in(unit, step.must)} of them must be)" if more else ""
    return f"{amount}{_coded(step)} in {_buckets(step)}{needed}{_level(step)}"


def _more(tenths: int, unit: CreditUnit) -> str:
    number, _, name = amount_in(unit, tenths).partition(" ")
    return f"{number} more {name}"


def _coded(step: Step) -> str:
    code = step.badges[0].code
    return f" with the code {code}" if code else ""


def _buckets(step: Step) -> str:
    names = [spoken(name) for name in step.buckets]
    return f"both {' and '.join(names)}" if len(names) > 1 else names[0]


def _level(step: Step) -> str:
    return f" at level {step.level}" if step.level is not None else ""


def _besides(plan: Plan, unit: CreditUnit) -> Iterator[str]:
    """What is needed beside credit."""
    if plan.steps and plan.lacks:
        yield f"They must bring at least {listing(_lack(lack, unit) for lack in plan.lacks)}."
    if plan.words:
        yield f"Somebody must still give their word on {listing(map(spoken, plan.words))}."
    if plan.years:
        years = listing(str(year) for year in plan.years)
        which = "year" if len(plan.years) == 1 else "years"
        yield f"The board must forgive registration {which} {years}, which no badge can make good."
    if plan.unsure:
        count = len(plan.unsure)
        badges = "One badge is" if count == 1 else f"{count} badges are"
        yield f"{badges} left out, for the status could not be checked."


def _lack(lack: Lack, unit: CreditUnit) -> str:
    one, several = NOUNS[lack.dimension]
    more = one if lack.labels == 1 else several
    each = f" with {amount_in(unit, lack.credits_each)}" if lack.credits_each else ""
    return f"{lack.labels} more {more}{each}"


def _barred(plan: Plan, barred: Barred) -> str:
    said = f"No new badge can lead to the {plan.award.title}"
    if barred.years:
        years = listing(str(year) for year in barred.years)
        return f"{said}: too many registration years were missed, {years}."
    if barred.last_day is not None:
        return f"{said}: its time of registration ended on {barred.last_day}."
    if barred.nobody_trusted:
        return f"{said}: the programme trusts nobody's badges any more."
    return f"{said}: {_rules(barred.rules)} cannot be kept together, whatever is earned."


def _rules(paths: Iterable[str]) -> str:
    return listing(f"“{title(path)}”" for path in dict.fromkeys(paths))
