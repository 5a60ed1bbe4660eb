"""Random rules across the counted badges and over registration years (degree_instances.py)."""

from collections import Counter
from collections.abc import Iterator

from degree_drawing import CODES
from degree_reading import Badge, Json, labels
from degree_sets import in_order
from degree_sketch import HOLDER, TODAY, Sketch
from degree_years import missed_years


def across(draft: Sketch) -> None:
    """Adds some of the rules of variety and order, and obligations."""
    _distinct(draft)
    _pairs(draft)
    _obligations(draft)


def _for_awards(draft: Sketch) -> Json:
    ids = [award["id"] for award in draft.programme["awards"]]
    return {"awards": ids[: draft.dice.randint(1, len(ids))]} if draft.chance(0.4) else {}


def _distinct(draft: Sketch) -> None:
    rules: Json = {}
    badges = draft.counted()
    dimensions = ("contexts", "circles", "validators", "co_participants", "issuers", "kinds")
    for dimension in dimensions:
        if not draft.chance(0.15) or not badges:
            continue
        behind: dict[str, list[Badge]] = {}
        for badge in badges:
            for label in labels(dimension, badge, HOLDER):
                behind.setdefault(label, []).append(badge)
        if behind:
            rules[dimension] = _variety(draft, dimension, list(behind.values())) | _for_awards(
                draft
            )
    if rules:
        draft.programme["distinct"] = rules


def _variety(draft: Sketch, dimension: str, behind: list[list[Badge]]) -> Json:
    path, rule = f"distinct.{dimension}", {}
    each = sorted(sum(badge.credits for badge in badges) for badges in behind)
    most = max(behind, key=lambda badges: sum(badge.credits for badge in badges))
    if draft.chance(0.75):
        number = len(behind)
        if draft.chance(0.4):
            line = draft.dice.choice(each)
            line -= line % 2  # a whole number of tenths in ECTS, too
            rule["min_credits_each"] = (line // 2 if draft.ects else line) / 10
            number = sum(amount >= line for amount in each)
        rule["at_least"] = max(1, draft.floor(path, number, 1))
    if draft.chance(0.45):
        rule["max_share_each"] = draft.share_cap(f"{path}.max_share_each", most, draft.counted())
    if not rule or draft.chance(0.3):
        rule["max_credits_each"] = draft.credit_cap(f"{path}.max_credits_each", most)
    return {key: int(value) if value == int(value) else value for key, value in rule.items()}


def _pairs(draft: Sketch) -> None:
    """Prerequisites and exclusions, mostly such as the plan keeps."""
    codes = Counter(badge.code for badge in draft.counted())
    if draft.chance(0.25):
        pair = draft.dice.sample(CODES[:4], draft.dice.choice((2, 2, 3)))
        if sum(codes[code] for code in pair) <= 1 or draft.chance(0.25):
            named = [f"badge:{code}" for code in pair]
            for_some = _for_awards(draft)
            draft.programme["exclusions"] = [{"one_of": named} | for_some if for_some else named]
            draft.rules[f"exclusions.{'+'.join(sorted(pair))}"] = None
    rules = [rule | _for_awards(draft) for rule in _prerequisites(draft)]
    if rules:
        draft.programme["prerequisites"] = rules


def _prerequisites(draft: Sketch) -> Iterator[Json]:
    """None of which goes round in a circle."""
    buckets = draft.dice.sample(names := list(draft.programme["buckets"]), len(names))
    codes = draft.dice.sample(CODES[:4], 4)
    kinds = ((("before", "after"), buckets), (("needs", "badge"), codes))
    for keys, ordered in draft.dice.choices(kinds, k=2):
        if not draft.chance(0.3):
            continue
        pair = sorted(draft.dice.sample(ordered, 2), key=ordered.index)
        rule: Json = dict(zip(keys, pair, strict=True))
        if draft.chance(0.6):
            rule["finished"] = draft.dice.choice(("before_end", "before_start"))
        if draft.chance(0.35):
            rule["lapses_after_years"] = draft.dice.choice((1, 2, 3))
        path = "-before-".join(pair) if "before" in rule else "-needs-".join(reversed(pair))
        path = f"prerequisites.{path}"
        if path not in draft.rules and (_kept(draft, rule) or draft.chance(0.15)):
            draft.rules[path] = None
            yield rule


def _kept(draft: Sketch, rule: Json) -> bool:
    badges = draft.counted()
    if "badge" in rule:
        return all(
            any(b.code == rule["needs"] and in_order(rule, b, later) for b in badges)
            for later in badges
            if later.code == rule["badge"]
        )
    return all(
        in_order(rule, first, later)
        for first in draft.inside(rule["before"])
        for later in draft.inside(rule["after"])
    )


def _obligations(draft: Sketch) -> None:
    if not draft.chance(0.2):
        return
    rule: Json = {
        "every": "registration_year",
        "joined": {"of": "activity", "validated": True},
        "co_provided": {"of": "activity", "validated": True},
        "misses": {
            "concession": "allowed",
            "max": draft.dice.choice((1, 1, 2)),
            "approver": "board",
        },
    }
    if draft.chance(0.6):
        rule["co_provided"]["disjoint_from"] = "joined"
    if draft.chance(0.6):
        rule["pauses"] = "authorised_interruptions"
    draft.programme["obligations"] = rule
    wanted = draft.dice.choices((0, 1, 2), (60, 28, 12))[0]
    asks = [(1, 0), (0, 1), (1, 1), (2, 1), (3, 1), (2, 2)]
    for joined, provided in draft.dice.sample(asks, len(asks)):
        rule["joined"]["at_least"], rule["co_provided"]["at_least"] = joined, provided
        missed = missed_years(draft.programme, draft.wallet, TODAY, (), pending=True)
        if len(missed) == wanted:
            break
    rule.update(_for_awards(draft))
