"""What a learner record holds is sorted as its own associations say, and never guessed."""

from typing import Any

import pytest
from campus import Campus
from hypothesis import given, settings
from hypothesis import strategies as st

from vc.documents import JsonObject
from vc.learner_record import parts

ACHIEVEMENT = "https://issuer.example/achievements/lesson-study"


def _record(*held: JsonObject | str, **subject: Any) -> JsonObject:
    return {
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {"verifiableCredential": list(held), **subject},
    }


def _association(source: str, target: str, kind: str = "isChildOf") -> JsonObject:
    return {"associationType": kind, "sourceId": source, "targetId": target}


def _sorted(record: JsonObject) -> list[tuple[str, list[str]]]:
    return [(part.name, [one.name for one in part.credentials]) for part in parts(record)]


def test_credentials_stand_by_themselves_where_nothing_sorts_them() -> None:
    campus = Campus()
    first, second = campus.badge(name="First"), campus.badge(name="Second", id="urn:x:2")
    assert _sorted(_record(first, second)) == [("", ["First", "Second"])]
    assert parts(_record()) == ()


@pytest.mark.parametrize(
    "association",
    [
        _association(ACHIEVEMENT, "urn:x:module"),
        _association("urn:x:1", "urn:x:module", "isPartOf"),
        _association("urn:x:module", ACHIEVEMENT, "isParentOf"),
    ],
)
def test_credential_stands_below_the_achievement_that_it_is_associated_with(
    association: JsonObject,
) -> None:
    badge = Campus().badge(name="First", id="urn:x:1")
    module = {"id": "urn:x:module", "name": "Module"}
    record = _record(badge, achievement=[module], association=[association])
    assert _sorted(record) == [("Module", ["First"])]


def test_credentials_of_one_achievement_are_placed_by_their_own_ids_where_a_record_does() -> None:
    campus = Campus()
    badges = [campus.badge(name=f"Badge {one}", id=f"urn:x:{one}") for one in (1, 2)]
    modules = [{"id": f"urn:x:module-{one}", "name": f"Module {one}"} for one in (1, 2)]
    associations = [
        one
        for number in (1, 2)
        for one in (
            _association(ACHIEVEMENT, f"urn:x:module-{number}"),
            _association(f"urn:x:{number}", f"urn:x:module-{number}", "isPartOf"),
        )
    ]
    record = _record(*badges, achievement=modules, association=associations)
    assert _sorted(record) == [("Module 1", ["Badge 1"]), ("Module 2", ["Badge 2"])]


def test_other_kinds_of_association_place_nothing() -> None:
    badge = Campus().badge(name="First", id="urn:x:1")
    record = _record(
        badge,
        achievement=[{"id": "urn:x:module", "name": "Module"}],
        association=[_association("urn:x:1", "urn:x:module", "precedes")],
    )
    assert _sorted(record) == [("", ["First"])]


def test_badge_is_no_learner_record() -> None:
    assert parts(Campus().badge()) == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(_JSON, _JSON, _JSON, _JSON)
@settings(max_examples=60, deadline=None)
def test_whatever_shape_its_members_have_a_record_is_read(
    subject: Any, held: Any, achievement: Any, association: Any
) -> None:
    parts({"type": "ClrCredential", "credentialSubject": subject})
    parts(_record(held, achievement=achievement, association=association))
