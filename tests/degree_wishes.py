"""Random trees of requirements, people's words, concessions and versions (degree_instances.py)."""

from copy import deepcopy
from typing import Any

from degree_reading import Json
from degree_sketch import STRANGER, TODAY, Sketch, plain
from degree_years import missed_years

WORDS: tuple[Json, ...] = (
    {"value": "yes", "by": "Dr E. Examiner", "on": "2026-10-01"},
    {"value": "yes", "by": "Dr E. Examiner", "on": "2026-10-01"},
    {"value": "no", "by": "Dr E. Examiner", "on": "2026-10-01"},
    {"value": "pending"},
)


def requirements(draft: Sketch, path: str, listed: list[str]) -> Json:
    """A tree over the listed buckets: what all need, some alternatives, some choices."""
    names = draft.dice.sample(listed, len(listed))
    sure, rest = names[: len(names) // 2], names[len(names) // 2 :]
    row, form = f"{path}.requires", draft.dice.choice(("any_of", "choose", "all_of", "mixed"))
    if draft.chance(0.15):
        draft.rules[row] = None
        return _alternatives(draft, names, depth=0)
    children: list[Any] = [*sure]
    if form == "all_of":
        children.append({"all_of": rest} if draft.chance(0.4) else rest[0])
    if form in {"any_of", "choose", "mixed"}:
        children.append(_alternatives(draft, rest, depth=0))
        draft.rules[f"{row}.all_of[{len(children) - 1}]"] = None
    if form == "mixed" or draft.chance(0.3):
        children.append(_leaf(draft, rest))
    return {"all_of": _once(children)}


def _alternatives(draft: Sketch, names: list[str], *, depth: int) -> Json:
    children: list[Any] = [_leaf(draft, names) for _ in range(draft.dice.choice((2, 2, 3)))]
    if depth < 2 and draft.chance(0.4):
        children.append(_alternatives(draft, names, depth=depth + 1))
    if draft.chance(0.35):
        children.append({"all_of": _once([draft.dice.choice(names), _leaf(draft, names)])})
    children = _once(children)
    if draft.chance(0.5):
        return {"any_of": children}
    return {"choose": draft.dice.randint(1, len(children)), "of": children}


def _once(children: list[Any]) -> list[Any]:
    """The children without those that stand there already."""
    return [child for place, child in enumerate(children) if child not in children[:place]]


def _leaf(draft: Sketch, names: list[str]) -> Any:
    """Mostly a bucket, else a badge or a word."""
    dice = draft.dice
    if draft.chance(0.55):
        return dice.choice(names)
    if draft.chance(0.5):
        codes = [badge.code for badge in draft.counted() if badge.code]
        return {"badge": dice.choice(codes) if codes and draft.chance(0.7) else "K2"}
    name = dice.choice(("viva", "placement"))
    says: Json = {"says": f"The {name} was passed.", "by": "external examiner"}
    draft.programme.setdefault("attestations", {})[name] = says
    if draft.chance(0.8):
        draft.wallet.setdefault("attestations", {}).setdefault(name, dice.choice(WORDS))
    return {"attested": name}


def concessions(draft: Sketch) -> None:
    """Concessions, mostly on something that is broken for them; some of them do not count."""
    if not draft.chance(0.25):
        return
    dice = draft.dice
    actions = ["waive", "reduce", "accept", "forgive_year"]
    rule: Json = {"allowed": actions if draft.chance(0.85) else draft.some(actions, 3)}
    if draft.chance(0.6):
        rule["requires"] = draft.some(("authority", "rationale", "date", "expiry"), 4)
    granted = []
    for number in range(dice.choice((1, 1, 2, 3))):
        broken = _broken(draft) if number == 0 and draft.chance(0.75) else None
        wish = broken or _wish(draft, dice.choice(actions))
        if wish:
            granted.append(_said(draft) | {"id": f"c{number}"} | wish)
    if granted and draft.chance(0.25):
        touched = granted[0].get("path") or f"buckets.{granted[0].get('bucket')}"
        if granted[0]["action"] == "forgive_year":
            touched = "obligations" if "obligations" in draft.programme else "awards.MSc.credits"
        name = touched.rpartition("buckets.")[2].partition(".")[0]
        if "buckets." not in touched or name in _listed(draft):
            rule["never"] = [touched]
    draft.programme["concessions"] = rule
    if granted:
        draft.wallet["concessions"] = granted


def _listed(draft: Sketch) -> set[str]:
    """The buckets that every award lists."""
    every = draft.programme["buckets"]
    return set(every).intersection(*(a.get("buckets", every) for a in draft.programme["awards"]))


def _said(draft: Sketch) -> Json:
    """Who granted a concession, why and for how long; mostly so that it counts today."""
    today, yesterday, tomorrow = "2026-11-22", "2026-11-21", "2026-11-23"
    usual = (("2026-09-30", "2027-09-30"),) * 8
    unusual = ((today, today), (tomorrow, "2027-01-01"), ("2025-01-01", yesterday))
    first, expiry = draft.dice.choice(usual + unusual)
    said: Json = {"authority": "Board", "rationale": "Minute 7", "expiry": expiry}
    if draft.chance(0.1):
        del said[draft.dice.choice(list(said))]
    return said | {"date": first}


def _broken(draft: Sketch) -> Json | None:
    """Puts something beyond reach, and is the concession that brings it back."""
    award, dice = draft.programme["awards"][0], draft.dice
    path, kind = f"awards.{award['id']}", dice.choice(("credits", "bucket", "distinct", "badge"))
    if kind == "badge":
        kept = [(badge, way) for badge, way in draft.plan if badge.issuer != STRANGER]
        if not kept:
            return None
        badge, way = dice.choice(kept)
        record = next(r for r in draft.wallet["records"] if r["id"] == badge.id)
        record["issuer"] = STRANGER
        return {"action": "accept", "record": badge.id, "bucket": way[0]}
    if kind == "credits":
        path = f"{path}.credits"
        award["credits"] = award["credits"] * 2 + 50
    elif kind == "bucket" and "buckets" in award:
        name = dice.choice(list(award["buckets"]))
        path = f"{path}.buckets.{name}"
        award["buckets"][name] = award["buckets"][name] * 2 + 50
        draft.rules.setdefault(path, plain(sum(badge.credits for badge in draft.inside(name))))
    elif kind == "distinct" and "distinct" in draft.programme:
        dimension = dice.choice(list(draft.programme["distinct"]))
        path = f"distinct.{dimension}"
        draft.programme["distinct"][dimension]["at_least"] = 40
        draft.rules.setdefault(path, 1)
    else:
        return None
    if draft.chance(0.5):
        return {"action": "waive", "path": path}
    return {"action": "reduce", "path": path, "to": draft.rules[path]}


def _wish(draft: Sketch, action: str) -> Json | None:
    """A concession of this kind on anything."""
    dice = draft.dice
    strained = [path for path in draft.strained if path in draft.rules]
    paths = strained if strained and draft.chance(0.7) else list(draft.rules)
    if action == "waive":
        return {"action": action, "path": dice.choice(paths)}
    if action == "reduce":
        paths = [path for path in paths if draft.rules[path] is not None]
        path = dice.choice(paths) if paths else ""
        return {"action": action, "path": path, "to": draft.rules[path]} if paths else None
    if action == "forgive_year":
        missed: tuple[int, ...] = (1, 2, 3)
        if "obligations" in draft.programme:
            missed = missed_years(draft.programme, draft.wallet, TODAY, (), pending=True) or missed
        return {"action": action, "year": dice.choice(missed)}
    record = dice.choice(draft.wallet["records"])["id"]
    return {
        "action": action,
        "record": record,
        "bucket": dice.choice(list(draft.programme["buckets"])),
    }


def versions(draft: Sketch) -> list[Json]:
    """The programme, sometimes with one or two later versions."""
    programmes, dice = [draft.programme], draft.dice
    if not draft.chance(0.18):
        return programmes
    chosen = dice.choice(("start_version", *("start_version_or_better",) * 2))
    draft.programme["ruleset"]["choose"] = chosen
    days = ["2024-06-01", "2026-09-01", "2026-12-01"]
    if draft.chance(0.2):  # who registered before the first version
        draft.programme["ruleset"]["in_force_from"] = "2026-01-01"
        days = ["2026-02-01", "2026-11-22"]
    for number, day in enumerate(days[: dice.choice((1, 2, 3))], start=2):
        other = deepcopy(draft.programme)
        other["ruleset"] |= {"version": str(number), "in_force_from": day}
        other["ruleset"]["supersedes"] = str(number - 1)
        if draft.chance(0.3):
            other["ruleset"]["choose"] = "start_version_or_better"
        shift = dice.choice((-30, -10, 0, 0, 10, 20))
        for award in other["awards"]:
            award["credits"] = plain(max(10, round(award["credits"] * 10) + shift))
        for class_ in other.get("classification", {}).get("classes", ()):
            if "mean" in class_ and draft.chance(0.5):
                shifted = round(class_["mean"] * 10) + dice.choice((50, -50, -100))
                class_["mean"] = plain(min(1000, max(10, shifted)))
        if draft.chance(0.3) and "never" not in other.get("concessions", {}):
            other.pop("distinct", None)
        programmes.append(other)
    return programmes
