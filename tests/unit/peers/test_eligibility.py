"""Who may judge an activity, and why not."""

import circle
from circle import member, took_part

from issuer.peers.activity import Part, who_may_judge_level


def reasons(*participations: circle.Participation) -> dict[str, tuple[str, ...]]:
    asked = who_may_judge_level(circle.activity(*participations))
    return {entry.member.person: entry.reasons for entry in asked}


PROVIDER = took_part(member("prov"), part=Part.PROVIDER)


def test_participant_who_was_present_may_judge() -> None:
    assert reasons(PROVIDER, took_part(member("ann")))["ann"] == ()


def test_provider_and_co_author_may_not_judge() -> None:
    found = reasons(PROVIDER, took_part(member("co"), part=Part.CO_AUTHOR))
    assert found == {"prov": ("provided the activity",), "co": ("co-author of the activity",)}


def test_participant_whose_attendance_is_not_confirmed_may_not_judge() -> None:
    found = reasons(PROVIDER, took_part(member("ann"), confirmed=False))
    assert found["ann"] == ("attendance is not confirmed",)


def test_line_manager_of_the_provider_may_not_judge() -> None:
    managed = took_part(member("prov", line_manager="boss"), part=Part.PROVIDER)
    assert reasons(managed, took_part(member("boss")))["boss"] == (
        "line manager of a person who is judged",
    )


def test_conflict_declared_by_either_side_excludes() -> None:
    provider = took_part(member("prov", conflicts=frozenset({"ann"})), part=Part.PROVIDER)
    bob = member("bob", conflicts=frozenset({"prov"}))
    found = reasons(provider, took_part(member("ann")), took_part(bob))
    assert found["ann"] == found["bob"] == ("a conflict of interest is declared",)


def test_every_reason_is_named_not_only_the_first() -> None:
    nobody = member("x", identity_confirmed=False, calibrated=frozenset())
    assert reasons(PROVIDER, took_part(nobody, confirmed=False))["x"] == (
        "attendance is not confirmed",
        "identity is not confirmed",
        "the calibration items of the rubric are not passed",
    )
