"""Random cases for the judges of the degree engine, with every rule of docs/degree.md in them.

A plan is drawn first (degree_sketch.py); what rules ask is a share of what it gives, mostly all of
it, and sometimes a little more. The same seed gives the same case.
"""

import math
import random
from collections.abc import Sequence
from copy import deepcopy

from degree_across import across
from degree_constructs import constructs
from degree_drawing import sketch, where
from degree_families import FAMILIES, planted
from degree_marking import mark_rules
from degree_reading import Badge, Json, last_day
from degree_realistic import realistic
from degree_sketch import Instance, Sketch, taken
from degree_wishes import concessions, requirements, versions

__all__ = [
    "FAMILIES",
    "Instance",
    "constructs",
    "instance",
    "large_instance",
    "planted",
    "random_instance",
    "realistic",
]


def instance(seed: int) -> Instance:
    """A case of at most 12 badges: four in five mixed at random, else of an adversarial family."""
    if seed % 5:
        return random_instance(seed)
    return FAMILIES[seed // 5 % len(FAMILIES)](seed)


def large_instance(seed: int) -> Instance:
    """A case of up to 60 badges, in the same proportions."""
    if seed % 5:
        return random_instance(seed, badges=(13, 60), most_placings=math.inf)
    return FAMILIES[seed // 5 % len(FAMILIES)](seed, 15 + seed * 7 % 46)


def random_instance(
    seed: int, *, badges: tuple[int, int] = (4, 12), most_placings: float = 300_000
) -> Instance:
    """A case with some of every rule, of this many badges and at most this many placings."""
    dice = random.Random(f"mixed {seed}")
    draft = sketch(dice, badges=badges, most_placings=most_placings)
    _bucket_rules(draft)
    _awards(draft)
    across(draft)
    mark_rules(draft)
    _sharing(draft)
    concessions(draft)
    programmes = versions(draft)
    if draft.chance(0.2):
        _perturb(draft)
    return Instance(family="mixed", seed=seed, programmes=tuple(programmes), wallet=draft.wallet)


def _bucket_rules(draft: Sketch) -> None:
    for name, bucket in draft.programme["buckets"].items():
        path, inside = f"awards.MSc.buckets.{name}", draft.inside(name)
        bucket["min"] = draft.credit_floor(path, inside) if inside else 0
        if draft.chance(0.15):
            bucket["mandatory"] = True
        if inside and draft.chance(0.15):
            bucket["min_badges"] = max(1, draft.floor(f"{path}.min_badges", len(inside), 1))
        if draft.chance(0.15):
            bucket["max_badges"] = draft.cap(f"{path}.max_badges", max(1, len(inside)), 1)
        if draft.chance(0.12):
            bucket["max_credits"] = draft.credit_cap(f"{path}.max_credits", inside)
        if draft.chance(0.12):
            level = draft.dice.choice((5, 6, 6))
            below = [badge for badge in inside if badge.level <= level]
            row = f"{path}.max_below_level.{level}"
            bucket["max_below_level"] = {str(level): draft.credit_cap(row, below)}
        _bounds(draft, bucket, path, inside, often=0.12)


def _bounds(draft: Sketch, rule: Json, path: str, badges: Sequence[Badge], *, often: float) -> None:
    """Adds floors and ceilings over a filter, of credits, badges or a share."""
    for side in ("at_least", "at_most"):
        while draft.chance(often):
            bounds = rule.setdefault(side, [])
            bound: Json = {"id": f"bound{len(bounds)}"}
            row, unit = (
                f"{path}.{side}.{bound['id']}",
                draft.dice.choice(("credits", "badges", "share", "share")),
            )
            filter_ = where(draft)
            part = taken(filter_, badges)
            if side == "at_least" and not part and draft.chance(0.9):
                filter_, part = {"any": True}, list(badges)
            if unit == "credits":
                asked = draft.credit_floor if side == "at_least" else draft.credit_cap
                bound["credits"] = max(asked(row, part), 1)
            elif unit == "badges":
                number = draft.floor if side == "at_least" else draft.cap
                bound["badges"] = max(number(row, len(part), 1), 1)
            else:
                share = draft.share_floor if side == "at_least" else draft.share_cap
                bound["share"] = share(row, part, badges)
            bounds.append(bound | {"where": filter_})


def _awards(draft: Sketch) -> None:
    draft.programme["awards"] = []
    ids = ("MSc", "PGDip", "PGCert")[: draft.dice.choice((1, 1, 2, 2, 3))]
    whole = list(draft.plan)
    for id_ in ids:
        draft.plan = whole if id_ == "MSc" else [p for p in draft.plan if draft.chance(0.75)]
        award = _award(draft, id_)
        for higher in draft.programme["awards"]:  # awards stand from the highest
            award["credits"] = min(award["credits"], higher["credits"])
        draft.programme["awards"].append(award)
    draft.plan = whole


def _award(draft: Sketch, id_: str) -> Json:
    path, chance, buckets = f"awards.{id_}", draft.chance, draft.programme["buckets"]
    award: Json = {"id": id_, "title": f"The {id_}"}
    listed = list(buckets)
    if len(listed) > 2 and chance(0.25):
        listed.remove(draft.dice.choice(listed))
    if not chance(0.15):
        award["buckets"] = {name: _asked(draft, path, name) for name in listed}
    else:
        listed = list(buckets)
    counted = [badge for badge, way in draft.plan if set(way) & set(listed)]
    award["credits"] = max(1, draft.credit_floor(f"{path}.credits", counted))
    if chance(0.25):
        level = draft.dice.choice((6, 7, 7))
        above = [badge for badge in counted if badge.level >= level]
        row = f"{path}.min_at_level.{level}"
        award["min_at_level"] = {str(level): draft.credit_floor(row, above)}
    if chance(0.2):
        below = [badge for badge in counted if badge.level <= 6]
        row = f"{path}.max_below_level.6"
        award["max_below_level"] = {"6": draft.credit_cap(row, below)}
    if chance(0.25):
        prior = [badge for badge in counted if badge.rpl]
        award["rpl_cap"] = draft.credit_cap(f"{path}.rpl_cap", prior)
    if "not_already_used_in_award" not in draft.programme["evidence_gate"] and chance(0.2):
        used = [badge for badge in counted if badge.used]
        award["reuse_cap"] = draft.credit_cap(f"{path}.reuse_cap", used)
    years = draft.dice.choice((1, 2, 3))
    end = last_day(draft.wallet, years, pauses=True)
    if chance(0.4 if all(badge.end <= end for badge in counted) else 0.03):
        award["max_registration_years"] = years
    if chance(0.1):
        award["pathway"] = "digital"
        if chance(0.7):
            draft.wallet["pathway"] = draft.dice.choice(("digital", "digital", "presence"))
    _bounds(draft, award, path, counted, often=0.16)
    if chance(0.45):
        award["requires"] = requirements(draft, path, listed)
    return award


def _asked(draft: Sketch, path: str, name: str) -> int | float:
    """What an award asks of a listed bucket: of a mandatory one never less than its `min`."""
    bucket = draft.programme["buckets"][name]
    if path == "awards.MSc" and draft.chance(0.6):
        return bucket["min"]
    asked = draft.credit_floor(f"{path}.buckets.{name}", draft.inside(name))
    return max(asked, bucket["min"]) if bucket.get("mandatory") else asked


def _sharing(draft: Sketch) -> None:
    rule = draft.programme.get("sharing")
    if rule is None:
        return
    twice = [badge for badge, way in draft.plan if len(way) == 2]
    if draft.chance(0.4):
        rule["max_credits"] = draft.credit_cap("sharing.max_credits", twice)
    draft.rules["sharing.max_badges"] = rule["max_badges"]


def _perturb(draft: Sketch) -> None:
    """Changes one badge, so that the plan may hold no longer."""
    if not draft.wallet["records"]:
        return
    record, other = draft.dice.choice(draft.wallet["records"]), deepcopy(draft.wallet["records"])
    changed = draft.dice.choice(("credits", "level", "tags", "kind", "rpl", "circle", "mark"))
    values = [some[changed] for some in other if changed in some]
    if values and (changed != "mark" or changed in record):
        record[changed] = draft.dice.choice(values)
