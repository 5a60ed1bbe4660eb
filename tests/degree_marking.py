"""Random rules on marks: condonement and classification (degree_instances.py)."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from degree_reading import Badge, Json, failed, tenths
from degree_sketch import Sketch, plain

MARKS = ("50", "60", "69.5", "70")


def mark_rules(draft: Sketch) -> None:
    """Adds what is said of marks, if the badges have any."""
    if draft.marks and draft.chance(0.75):
        _classification(draft)
    rule = draft.programme.get("condonement")
    if rule is None:
        return
    condoned = [badge for badge in draft.counted() if failed(draft.programme, badge)]
    rule["max_credits"] = draft.credit_cap("condonement.max_credits", condoned)
    classes = draft.programme.get("classification", {}).get("classes", ())
    if draft.chance(0.6):
        rule["cap_class"] = draft.dice.choice(["pass", *(class_["id"] for class_ in classes)])
    if draft.chance(0.5):
        row = "condonement.mean_at_least"
        rule["mean_at_least"] = _mean(draft, row, _graded(draft, draft.counted()))


def _classification(draft: Sketch) -> None:
    rpl_marks = draft.dice.choice(("excluded_from_mean", "included"))
    rule: Json = {"rpl_marks": rpl_marks}
    draft.programme["classification"] = rule
    ids = [award["id"] for award in draft.programme["awards"]]
    if draft.chance(0.4):
        rule["awards"] = ids[:1]
    if draft.chance(0.35):
        rule["mean_rounding"] = draft.dice.choice(("half_up", "half_up", "none"))
    if draft.chance(0.25):
        graded = _graded(draft, draft.counted())
        rule["graded_at_least"] = max(1, draft.credit_floor("classification.merit.graded", graded))
    names = ("distinction", "merit", "commended")[: draft.dice.choice((1, 2, 2, 3))]
    kept, draft.strain = draft.strain, 0.5
    rule["classes"] = []
    for name in names:
        rule["classes"].append(_class(draft, name))
        draft.strain *= 0.4
    draft.strain = kept


def _class(draft: Sketch, name: str) -> Json:
    path = f"classification.{name}"
    class_: Json = {"id": name}
    if draft.chance(0.6):
        class_ |= _criteria(draft, path)
    if not draft.chance(0.45) and len(class_) > 1:
        return class_ | ({"first_attempts": True} if draft.chance(0.2) else {})
    number = draft.dice.choice((1, 2, 2, 3))
    class_["any_of"] = [_criteria(draft, f"{path}.any_of[{n}]") for n in range(number)]
    return class_ | ({"first_attempts": True} if draft.chance(0.2) else {})


def _criteria(draft: Sketch, path: str) -> Json:
    """One to three of what a class can ask of marks."""
    forms: list[Callable[[Sketch, str], Json]] = [_means, _bucket_means, _credits_at, _share_at]
    asked: Json = {}
    for form in draft.dice.sample(forms, draft.dice.choice((1, 1, 2, 3))):
        asked |= form(draft, path)
    return asked


def _means(draft: Sketch, path: str) -> Json:
    return {"mean": _mean(draft, f"{path}.mean", _graded(draft, draft.counted()))}


def _bucket_means(draft: Sketch, path: str) -> Json:
    buckets = list(draft.programme["buckets"])
    graded = [name for name in buckets if _graded(draft, draft.inside(name))]
    if graded and draft.chance(0.9):
        buckets = graded
    return {
        "bucket_means": {
            name: _mean(draft, f"{path}.bucket_means.{name}", _graded(draft, draft.inside(name)))
            for name in draft.some(buckets, 2)
        }
    }


def _credits_at(draft: Sketch, path: str) -> Json:
    mark = draft.dice.choice(MARKS)
    at = [b for b in _graded(draft, draft.counted()) if (b.mark or 0) >= tenths(mark)]
    return {"credits_at": {mark: max(1, draft.credit_floor(f"{path}.credits_at.{mark}", at))}}


def _share_at(draft: Sketch, path: str) -> Json:
    mark, graded = draft.dice.choice(MARKS), _graded(draft, draft.counted())
    at = [b for b in graded if (b.mark or 0) >= tenths(mark)]
    return {"share_at": {mark: draft.share_floor(f"{path}.share_at.{mark}", at, graded)}}


def _graded(draft: Sketch, badges: Sequence[Badge]) -> list[Badge]:
    rule = draft.programme.get("classification", {"rpl_marks": "included"})
    included = rule["rpl_marks"] == "included"
    return [b for b in badges if b.mark is not None and (included or not b.rpl)]


def _mean(draft: Sketch, row: str, badges: Sequence[Badge]) -> int | float:
    """A mean near that of the plan; a whole mark where means are rounded."""
    rounded = "mean_rounding" in draft.programme.get("classification", {})
    weight = sum(badge.credits for badge in badges)
    mean = int(Fraction(sum(b.credits * (b.mark or 0) for b in badges), weight)) if badges else 550
    step = draft.dice.choice((5, 10, 30)) if not rounded else 10
    asked = mean
    draft.rules[row] = plain(mean - mean % 10)
    if draft.chance(draft.strain):
        draft.strained.append(row)
        asked = mean + step
    elif draft.chance(0.4):
        asked = mean - draft.dice.choice((10, 40))
    if rounded:
        asked += 5 - (asked + 5) % 10  # to the nearest whole mark
    return plain(min(1000, max(0, asked)))
