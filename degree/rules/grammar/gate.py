"""Reads what a badge must be before it counts anywhere: trust lists, the gate, equivalences."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final

from degree.rules.faults import either
from degree.rules.grammar.codes import badge
from degree.rules.programme import Equivalence, Gate, MeasuredAt, ShelfLife, Trusted
from degree.rules.reading import MOST_YEARS, Keys, Reader

CHECKS: Final = ("proof_valid", "not_revoked", "not_expired")
HOLDER: Final = "holder"


def trust_lists(place: Reader | None) -> dict[str, tuple[Trusted, ...]]:
    """The trusted issuers under each list's name. Faults are noted."""
    entries = place.named_entries() if place else []
    return {name: _trust_list(listed) for name, listed in entries}


def _trust_list(place: Reader) -> tuple[Trusted, ...]:
    found: dict[Trusted, None] = {}
    for element in place.elements(at_least=1):
        trusted = _trusted(element)
        if trusted in found:
            element.fault("each issuer once")
        found[trusted] = None
    return tuple(found)


def _trusted(place: Reader) -> Trusted:
    if not isinstance(place.value, dict):
        return Trusted(issuer=place.text())
    keys = place.keys(required=("issuer",), optional=("from", "until"))
    first = keys.read("from", Reader.day, otherwise=date.min)
    last = keys.read("until", Reader.day, otherwise=date.max)
    if last < first:
        keys["until"].fault(f"a day not before the first, {first}")
    issuer = keys.read("issuer", Reader.text, otherwise="")
    return Trusted(issuer=issuer, first=first, last=last)


def gate(place: Reader | None, lists: Mapping[str, tuple[Trusted, ...]]) -> Gate:
    """The evidence gate over one of the trust lists. Faults are noted."""
    keys = Keys()
    if place:
        keys = place.keys(
            required=("issuer_in", "status", "endorsements"),
            optional=("currency_years", "not_already_used_in_award"),
        )
    name = keys.read("issuer_in", lambda each: _trust_list_named(each, lists), otherwise="")
    quorum = keys.read("endorsements", _quorum, otherwise=Keys())
    lives = keys.read("currency_years", _lives, otherwise=Keys())
    strangers = quorum.read("endorser_not_in", _relations, otherwise=frozenset())
    return Gate(
        path=place.path if place else "",
        trust_list=name,
        trusted=lists.get(name, ()),
        may_be_expired="not_expired" not in keys.read("status", _checks, otherwise=CHECKS),
        min_endorsers=quorum.read("min", Reader.whole, otherwise=0),
        distinct_endorsers=quorum.read("distinct_endorsers", Reader.truth, otherwise=True),
        holder_may_endorse=HOLDER not in strangers,
        barred=strangers - {HOLDER},
        endorser_level=quorum.read("endorser_level_min", Reader.level, otherwise=0),
        rpl_life=lives.read("rpl", _shelf_life, otherwise=None),
        earned_life=lives.read("earned", _shelf_life, otherwise=None),
        not_used_before=keys.read("not_already_used_in_award", Reader.truth, otherwise=False),
    )


def _trust_list_named(place: Reader, lists: Mapping[str, tuple[Trusted, ...]]) -> str:
    kind, _, name = place.text().partition("@")
    if kind != "trust_list" or name not in lists:
        known = either(f"trust_list@{listed}" for listed in lists)
        place.fault(known or "trust_list@NAME, with NAME under trust_lists")
    return name


def _checks(place: Reader) -> tuple[str, ...]:
    checks = tuple(element.choice(CHECKS) for element in place.elements(at_least=1))
    for needed in ("proof_valid", "not_revoked"):
        if checks and needed not in checks:
            place.fault(f"{needed} among the checks", found="a list without it")
    if len(set(checks)) < len(checks):
        place.fault("each check once")
    return checks


def _quorum(place: Reader) -> Keys:
    return place.keys(
        required=("min",), optional=("distinct_endorsers", "endorser_not_in", "endorser_level_min")
    )


def _relations(place: Reader) -> frozenset[str]:
    return frozenset(element.text() for element in place.elements(at_least=1))


def _lives(place: Reader) -> Keys:
    keys = place.keys(optional=("rpl", "earned"))
    if place.value == {}:
        place.fault("rpl, earned or both", found="neither")
    return keys


def _shelf_life(place: Reader) -> ShelfLife:
    keys = place.keys(required=("years", "measured_at"))
    measured = keys.read(
        "measured_at", lambda each: each.member(MeasuredAt), otherwise=MeasuredAt.DECISION
    )
    return ShelfLife(
        path=place.path,
        years=keys.read("years", lambda each: each.whole(least=1, most=MOST_YEARS), otherwise=1),
        measured_at=measured,
    )


def equivalences(place: Reader | None) -> tuple[Equivalence, ...]:
    """Old codes and what they are read as. Faults are noted."""
    elements = place.rules() if place else []
    found = tuple(_equivalence(element) for element in elements)
    olds = Counter(each.old for each in found)
    for element, each in zip(elements, found, strict=True):
        if each.old and olds[each.old] > 1:
            element.fault("each code once under from", found=f"{each.old!r} several times")
        if each.new in olds and each.new not in (each.old, ""):
            element.fault("a code under to that no other one replaces", found=repr(each.new))
        if each.old == each.new and each.old and not each.tags:
            element.fault("another code under to, or tags", found="nothing that changes")
    return found


def _equivalence(place: Reader) -> Equivalence:
    keys = place.keys(required=("from", "to", "until"), optional=("tags",))
    old = keys.read("from", badge, otherwise="")
    return Equivalence(
        path=f"equivalences.{old}",
        old=old,
        new=keys.read("to", badge, otherwise=""),
        tags=keys.read("tags", lambda each: frozenset(each.texts()), otherwise=frozenset()),
        until=keys.read("until", Reader.day, otherwise=date.min),
    )
