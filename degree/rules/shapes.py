"""Checks of what holds other values: lists, and mappings whose keys are known.

They go on after a misfit, so that all that is wrong is told at once. A wallet has thousands of
values, and only for those that are wrong is it worked out where they stand.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from degree.rules.checks import Check, Misfit, Unexpected, Value
from degree.rules.faults import either
from degree.rules.values import Written

Facts = dict[str, Any]  # what was read in a mapping, by key
# What does not fit together in a mapping, from what is written and from what of it was read.
Together = Callable[[Mapping[str, Written], Facts], Iterable[Misfit]]


def listed(check: Check[Value]) -> Check[tuple[Value, ...]]:
    """The check of a list whose elements are all as `check` expects."""

    def read(value: Written) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise Unexpected("a list")
        found: list[Value] = []
        misfits: list[Misfit] = []
        for index, element in enumerate(value):
            try:
                found.append(check(element))
            except Unexpected as unexpected:
                misfits += unexpected.below(index)
        if misfits:
            raise Unexpected(misfits=misfits)
        return tuple(found)

    return read


def set_of(check: Check[Value]) -> Check[frozenset[Value]]:
    """The check of such a list that is read as a set."""
    elements = listed(check)

    def read(value: Written) -> frozenset[Value]:
        return frozenset(elements(value))

    return read


def mapping(
    *,
    required: Mapping[str, Check[object]],
    optional: Mapping[str, Check[object]],
    together: Together | None = None,
) -> Check[Facts]:
    """The check of a mapping with these keys, whose values are as the check of each expects.

    `together` gives what does not fit together, from what is written and from what of it was read.
    """
    checks = {**required, **optional}

    def read(value: Written) -> Facts:
        if not isinstance(value, dict):
            raise Unexpected("a mapping")
        facts: Facts = {}
        misfits = keys_amiss(value, required=required.keys(), known=checks.keys())
        for key, check in checks.items():
            if key in value:
                try:
                    facts[key] = check(value[key])
                except Unexpected as unexpected:
                    misfits += unexpected.below(key)
        if together:
            misfits += together(value, facts)
        if misfits:
            raise Unexpected(misfits=misfits)
        return facts

    return read


def once(check: Check[Value]) -> Check[Value]:
    """The same check, for which what is written alike is read once."""
    known: dict[str, Value] = {}

    def read(value: Written) -> Value:
        written = repr(value)  # where 7 is not 7.0 or True, although they are equal
        if written not in known:
            known[written] = check(value)
        return known[written]

    return read


def keys_amiss(
    entries: Mapping[str, Written], *, required: Set[str], known: Set[str]
) -> list[Misfit]:
    """The keys of a mapping that are unknown or missing."""
    if required <= entries.keys() <= known:
        return []
    unknown = [key for key in entries if key not in known]
    missing = [key for key in required if key not in entries]
    expected = either(sorted(known)) if unknown else ""
    return [
        *(Misfit(expected, found=f"the unknown key {key!r}", way=(key,)) for key in unknown),
        *(Misfit(f"the key {key!r}", found="no such key") for key in missing),
    ]
