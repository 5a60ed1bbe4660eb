"""Awards and classes that nobody gets, because a better one before them asks for no more."""

import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from degree.rules.linting.remarks import Code, Remark
from degree.rules.programme import AtLevel, Award, Bound, Class, Criteria, Programme
from degree.rules.requirements import AllOf, Choose, Filled, Needed, certain, everything

Amount = TypeVar("Amount", int, Fraction)


def never_conferred(programme: Programme) -> Iterator[Remark]:
    """Each award and class that stands below one which everybody gets who could get it."""
    for number, award in enumerate(programme.awards):
        for higher in programme.awards[:number]:
            if _follows(programme, higher, award):
                yield _remark(award.path, higher.id)
                break
    rule = programme.classification
    for number, class_ in enumerate(rule.classes if rule else ()):
        for better in rule.classes[:number] if rule else ():
            if _class_follows(programme, better, class_):
                yield _remark(class_.path, better.id)
                break


def _remark(path: str, before: str) -> Remark:
    sentence = f"Nobody is ever given it: {before} stands before it and asks for no more."
    return Remark(code=Code.NEVER_CONFERRED, path=path, sentence=sentence)


def _follows(programme: Programme, higher: Award, lower: Award) -> bool:
    """Whether whoever satisfies the lower award satisfies the higher one, with the same placing."""
    minima = {part.bucket.name: part.minimum for part in lower.parts}
    asked = {part.bucket.name: part.minimum for part in higher.parts}
    caps = ("rpl_cap", "reuse_cap", "max_registration_years")
    return (
        higher.credits <= lower.credits
        and higher.pathway in ("", lower.pathway)
        and minima.keys() <= asked.keys()
        and all(_caps(getattr(higher, name), getattr(lower, name)) for name in caps)
        and all(_floor(each, lower.floors) for each in higher.floors)
        and all(_ceiling(each, lower.ceilings) for each in higher.ceilings)
        and all(_bound(each, lower.at_least, operator.le) for each in higher.at_least)
        and all(_bound(each, lower.at_most, operator.ge) for each in higher.at_most)
        and _tree(higher.requires, lower.requires, asked, minima)
        and _across(programme, higher.id, lower.id)
    )


def _caps(higher: int | None, lower: int | None) -> bool:
    return higher is None or (lower is not None and lower <= higher)


def _floor(floor: AtLevel, others: Collection[AtLevel]) -> bool:
    return not floor.amount or any(
        each.level >= floor.level and each.amount >= floor.amount for each in others
    )


def _ceiling(ceiling: AtLevel, others: Collection[AtLevel]) -> bool:
    return any(each.level >= ceiling.level and each.amount <= ceiling.amount for each in others)


def _bound(bound: Bound, others: Collection[Bound], holds: Callable[..., bool]) -> bool:
    return any(
        each.unit is bound.unit and each.where == bound.where and holds(bound.amount, each.amount)
        for each in others
    )


def _tree(higher: AllOf, lower: AllOf, asked: Mapping[str, int], minima: Mapping[str, int]) -> bool:
    """Whether all that the one requires is required by the other, and as much of each bucket."""
    there = {bare(node) for node in certain(lower)}
    return all(
        bare(node) in there and all(asked[name] <= minima[name] for name in _buckets(node))
        for node in certain(higher)
    )


def bare(node: Needed) -> Needed:
    """The node without its path, so that equal ones in two places are equal."""
    if isinstance(node, AllOf | Choose):
        return replace(node, path="", children=tuple(bare(child) for child in node.children))
    return replace(node, path="")


def _buckets(node: Needed) -> Iterator[str]:
    return (each.bucket for each in everything(node) if isinstance(each, Filled))


def _across(programme: Programme, higher: str, lower: str) -> bool:
    """Whether whatever holds across the badges for the one award holds for the other."""
    named = [rule.awards for rule in programme.distinct]
    named += [rule.awards for rule in programme.prerequisites]
    named += [rule.awards for rule in programme.needs]
    named += [rule.awards for rule in programme.exclusions]
    named += [programme.obligations.awards] if programme.obligations else []
    return all(lower in awards for awards in named if higher in awards)


def _class_follows(programme: Programme, better: Class, worse: Class) -> bool:
    """Whether every placing that reaches the worse class reaches the better one."""
    if better.first_attempts and not worse.first_attempts:
        return False
    if _uncondoned(programme, better) and not _uncondoned(programme, worse):
        return False
    ways: list[tuple[Criteria, ...]] = [(worse.criteria, each) for each in worse.alternatives]
    return all(
        _reaches(better.criteria, way)
        and (
            not better.alternatives
            or any(_reaches(alternative, way) for alternative in better.alternatives)
        )
        for way in ways or [(worse.criteria,)]
    )


def _uncondoned(programme: Programme, class_: Class) -> bool:
    """Whether the class stands above the best one that an award with condoned badges can have."""
    if not programme.condonement or not programme.classification:
        return False
    ids = [each.id for each in programme.classification.classes]
    cap = programme.condonement.cap_class
    return not cap or ids.index(class_.id) < ids.index(cap)


def _reaches(asked: Criteria, way: Collection[Criteria]) -> bool:
    """Whether criteria that hold together bring those that are asked for."""
    means = [each.mean for each in way if each.mean is not None]
    return (
        (asked.mean is None or any(mean >= asked.mean for mean in means))
        and all(
            any(each.bucket_means.get(bucket, -1) >= mean for each in way)
            for bucket, mean in asked.bucket_means.items()
        )
        and all(
            any(_at_mark(each.credits_at, mark, amount) for each in way)
            for mark, amount in asked.credits_at.items()
        )
        and all(
            any(_at_mark(each.share_at, mark, share) for each in way)
            for mark, share in asked.share_at.items()
        )
    )


def _at_mark(held: Mapping[int, Amount], mark: int, amount: Amount) -> bool:
    return any(at >= mark and held_there >= amount for at, held_there in held.items())
