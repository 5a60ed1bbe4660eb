"""Reads attestations, and what concessions may do."""

from typing import Final

from degree.rules.grammar.paths import paths
from degree.rules.programme import AttestationRule, ConcessionRules, Programme
from degree.rules.reading import Reader
from degree.rules.records import Action
from degree.rules.rule_paths import enclosing

SAID: Final = ("authority", "rationale", "date", "expiry", "clause_ref")


def attestations(place: Reader | None) -> tuple[AttestationRule, ...]:
    """What people must attest. Faults are noted."""
    found = []
    for name, entry in place.named_entries() if place else []:
        keys = entry.keys(required=("says", "by"))
        says = keys.read("says", Reader.text, otherwise="")
        by = keys.read("by", Reader.text, otherwise="")
        found.append(AttestationRule(name=name, says=says, by=by))
    return tuple(found)


def concession_rules(place: Reader | None, programme: Programme) -> ConcessionRules | None:
    """Which concessions may be made in the programme. Faults are noted."""
    if place is None:
        return None
    keys = place.keys(required=("allowed",), optional=("requires", "never"))
    return ConcessionRules(
        path=place.path,
        allowed=keys.read("allowed", _actions, otherwise=frozenset()),
        requires=keys.read("requires", _said, otherwise=frozenset()),
        never=keys.read("never", lambda each: _never(each, programme), otherwise=frozenset()),
    )


def _actions(place: Reader) -> frozenset[Action]:
    return frozenset(each.member(Action) for each in place.elements(at_least=1))


def _said(place: Reader) -> frozenset[str]:
    return frozenset(each.choice(SAID) for each in place.elements(at_least=1))


def _never(place: Reader, programme: Programme) -> frozenset[str]:
    """Paths that each protect something: a misspelt one would leave open what it should close."""
    known = {outer for path in paths(programme) for outer in enclosing(path)}
    found = set()
    for element in place.elements(at_least=1):
        path = element.text()
        if path and path not in known:
            element.fault("the path of a rule, such as awards.MSc.credits or obligations")
        found.add(path)
    return frozenset(found)
