"""Reads what marks decide: condonement of failed badges, and the classes of awards."""

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Final, TypeVar

from degree.rules.exact import credits_text
from degree.rules.faults import either
from degree.rules.grammar.awards import awards_named
from degree.rules.grammar.codes import keep_apart
from degree.rules.programme import Class, Classification, Condonement, Criteria
from degree.rules.reading import Keys, Reader

PASS: Final = "pass"  # noqa: S105 - stands for an award without class
CRITERIA: Final = ("mean", "bucket_means", "credits_at", "share_at")

Amount = TypeVar("Amount")


def condonement(
    place: Reader | None,
    buckets: Collection[str],
    classes: Classification | None,
    *,
    pass_mark: int | None,
) -> Condonement | None:
    """How badges below the pass mark may count. Faults are noted."""
    if place is None:
        return None
    keys = place.keys(
        required=("max_credits", "mark_floor"), optional=("not_in", "cap_class", "mean_at_least")
    )
    if pass_mark is None:
        place.fault("pass_mark in the head of the file", found="condonement without it")
    names = (PASS, *(each.id for each in classes.classes)) if classes else (PASS,)
    cap = keys.read("cap_class", lambda each: each.one_of(names, "class"), otherwise=PASS)
    return Condonement(
        path=place.path,
        max_credits=keys.read("max_credits", Reader.credits, otherwise=0),
        mark_floor=keys.read("mark_floor", Reader.mark, otherwise=0),
        not_in=keys.read("not_in", lambda each: _buckets(each, buckets), otherwise=frozenset()),
        cap_class="" if cap == PASS else cap,
        mean=keys.read("mean_at_least", Reader.mark, otherwise=None),
    )


def _buckets(place: Reader, buckets: Collection[str]) -> frozenset[str]:
    return frozenset(element.one_of(buckets, "bucket") for element in place.elements(at_least=1))


def classification(
    place: Reader | None, award_ids: frozenset[str], buckets: Collection[str]
) -> Classification | None:
    """How awards are classified. Faults are noted."""
    if place is None:
        return None
    keys = place.keys(
        required=("rpl_marks", "classes"), optional=("awards", "mean_rounding", "graded_at_least")
    )
    rpl = keys.read(
        "rpl_marks", lambda each: each.choice(("excluded_from_mean", "included")), otherwise=""
    )
    rounding = keys.read(
        "mean_rounding", lambda each: each.choice(("none", "half_up")), otherwise="none"
    )
    classes = keys["classes"].identified() if "classes" in keys else []
    return Classification(
        path=place.path,
        awards=awards_named(keys.get("awards"), award_ids),
        rpl_marks=rpl == "included",
        half_up=rounding == "half_up",
        graded_at_least=keys.read("graded_at_least", Reader.credits, otherwise=0),
        classes=tuple(_class(name, element, buckets) for name, element in classes),
    )


def _class(name: str, place: Reader, buckets: Collection[str]) -> Class:
    if name:  # the paths of classes leave out the list that holds them
        place = place.under(f"classification.{name}")
    if name == PASS:
        place.fault("another id: `pass` stands for an award without class", found=repr(name))
    keys = place.keys(required=("id",), optional=(*CRITERIA, "any_of", "first_attempts"))
    return Class(
        id=name,
        path=place.path,
        criteria=_criteria(place.path, keys, buckets),
        alternatives=keys.read("any_of", lambda each: _alternatives(each, buckets), otherwise=()),
        first_attempts=keys.read("first_attempts", Reader.truth, otherwise=False),
    )


def _alternatives(place: Reader, buckets: Collection[str]) -> tuple[Criteria, ...]:
    found = []
    for element in place.elements(at_least=1):
        keys = element.keys(optional=CRITERIA)
        if element.value == {}:
            element.fault("at least one of " + ", ".join(CRITERIA), found="none of them")
        found.append(_criteria(element.path, keys, buckets))
    return tuple(found)


def _criteria(path: str, keys: Keys, buckets: Collection[str]) -> Criteria:
    means = keys.read("bucket_means", lambda each: _bucket_means(each, buckets), otherwise={})
    credits_at = keys.read("credits_at", lambda each: _at_marks(each, Reader.credits), otherwise={})
    no_shares: dict[int, Fraction] = {}
    return Criteria(
        path=path,
        mean=keys.read("mean", Reader.mark, otherwise=None),
        bucket_means=means,
        credits_at=credits_at,
        share_at=keys.read(
            "share_at", lambda each: _at_marks(each, Reader.share), otherwise=no_shares
        ),
    )


def _bucket_means(place: Reader, buckets: Collection[str]) -> dict[str, int]:
    means = {}
    for name, mark in place.entries(at_least=1):
        if name not in buckets:
            mark.fault(either(buckets), found=f"the bucket {name!r}")
        means[name] = mark.mark()
    return means


def _at_marks(place: Reader, how: Callable[[Reader], Amount]) -> dict[int, Amount]:
    amounts = {}
    entries = place.entries(at_least=1)
    for key, amount in entries:
        mark = _mark(key)
        if mark is None:
            amount.fault("a mark from 0 to 100, such as 70 or 69.5", found=f"the key {key!r}")
        else:
            amounts[mark] = how(amount)
    # The paths of 69 and 69.5 would be one within the other.
    keep_apart((amount.path, amount) for _, amount in entries)
    return amounts


def _mark(key: str) -> int | None:
    """The mark that is written as people write it, in tenths."""
    whole, _, tenth = key.partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 3):
        return None
    if len(tenth) > 1 or (tenth and not (tenth.isascii() and tenth.isdecimal())):
        return None
    mark = int(whole) * 10 + int(tenth or 0)
    return mark if key == credits_text(mark) and mark <= 1000 else None
