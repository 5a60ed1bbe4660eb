"""The registry of issuers: whom it knows, for what, since when, and why it says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from campus import Campus

from vc.errors import Malformed
from vc.model import Credential
from vc.structure import read_credential
from verifier.trust import Standing, TrustFinding
from verifier.trust_file import read_registry, read_version


def _registry(**changes: Any) -> str:
    entry = {
        "did": "did:web:issuer.example",
        "name": "Issuer of Example",
        "site": "https://issuer.example",
        "issues": "[AchievementCredential]",
        "since": "2020-01-01",
    } | changes
    lines = "\n    ".join(f"{key}: {value}" for key, value in entry.items() if value is not None)
    return f'version: "7"\nissuers:\n  - {lines}\n'


def _credential(achievement_type: str | None = None, **changes: Any) -> Credential:
    badge = Campus().unsigned_badge(**changes)
    if achievement_type:
        badge["credentialSubject"]["achievement"]["achievementType"] = achievement_type
    return read_credential(badge)


def _find(text: str, credential: Credential) -> TrustFinding:
    return read_registry(text).find(credential)


def test_match_says_why_since_when_and_for_what() -> None:
    found = _find(_registry(), _credential())
    assert found.standing is Standing.KNOWN
    assert found.version == "7"
    assert found.sentence == (
        "The issuer is registered here as Issuer of Example (https://issuer.example), since "
        "1 January 2020. It may issue AchievementCredential, and this is one."
    )


@pytest.mark.parametrize("kind", ["OpenBadgeCredential", "AchievementCredential"])
def test_both_names_of_a_badge_are_one_type(kind: str) -> None:
    credential = _credential(type=["VerifiableCredential", kind])
    assert _find(_registry(issues="[OpenBadgeCredential]"), credential).known


@pytest.mark.parametrize("kind", ["MasterDegree", "BachelorDegree", "Degree", "DoctoralDegree"])
def test_degree_needs_an_entry_for_degrees(kind: str) -> None:
    degree = _credential(kind)
    refused = _find(_registry(), degree)
    assert (refused.standing, refused.known) == (Standing.OTHER_KINDS, None)
    assert f"not for a degree: it may issue AchievementCredential, and this is {kind}" in (
        refused.sentence
    )
    assert _find(_registry(issues=f"[AchievementCredential, {kind}]"), degree).known
    assert _find(_registry(issues="[AchievementCredential, Degree]"), degree).known


def test_second_type_that_is_not_listed_is_not_covered_by_the_first() -> None:
    one = _credential()
    both = replace(one, types=one.types | {"EndorsementCredential"})
    assert _find(_registry(), both).standing is Standing.OTHER_KINDS


def test_credential_from_before_or_after_the_entry_is_not_covered() -> None:
    issued = _credential().valid_from
    assert issued is not None
    day = timedelta(days=1)
    later = (issued + day).date().isoformat()
    early = _find(_registry(since=later), _credential())
    assert early.standing is Standing.NOT_YET
    assert early.sentence == (
        "Issuer of Example (https://issuer.example) has been registered here since "
        "24 October 2026. This credential is from before, of 23 October 2026, so its registration "
        "does not cover it."
    )
    ended = _find(_registry(until=issued.date().isoformat()), _credential())
    assert (ended.standing, "was registered here until" in ended.sentence) == (
        Standing.NO_MORE,
        True,
    )
    assert _find(_registry(until=later), _credential()).known
    undated = replace(_credential(), valid_from=None)
    unknown = _find(_registry(until=later), undated)
    assert unknown.standing is Standing.NO_MORE
    assert "This credential is not from before, and names no day" in unknown.sentence


def test_unlisted_issuer_is_no_forger() -> None:
    found = _find(_registry(did="did:web:other.example"), _credential())
    assert (found.standing, found.entry) == (Standing.UNLISTED, None)
    assert "does not make the credential false" in found.sentence


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"did": "issuer"}, "issuers/0/did"),
        ({"did": '"did:web:a b"'}, "issuers/0/did"),
        ({"name": '""'}, "issuers/0/name"),
        ({"name": '"two\\nlines"'}, "issuers/0/name"),
        ({"did": "did:key:zzz"}, "issuers/0/did"),
        ({"did": '"did:web:issuer.example#key-1"'}, "issuers/0/did"),
        ({"site": "javascript:alert(1)"}, "issuers/0/site"),
        ({"site": '"https://issuer.example:99999"'}, "issuers/0/site"),
        ({"issues": "[]"}, "issuers/0/issues"),
        ({"issues": "AchievementCredential"}, "issuers/0"),
        ({"since": "yesterday"}, "issuers/0"),
        ({"until": "2019-01-01"}, "issuers/0/until"),
        ({"site": None}, "issuers/0"),
        ({"surprise": "1"}, "issuers/0"),
    ],
)
def test_entry_of_another_form_is_refused_with_its_place(
    changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        read_registry(_registry(**changes))
    assert refusal.value.place == place


def _twice(first: str, second: str) -> str:
    entries = _registry(did=f'"{first}"'), _registry(did=f'"{second}"')
    return entries[0] + entries[1].partition("issuers:\n")[2]


def test_issuer_entered_twice_in_two_spellings_is_refused_at_the_second() -> None:
    text = _twice("did:web:issuer.example%3A8443", "did:web:ISSUER.example%3a8443")
    with pytest.raises(Malformed, match=r"issuers/1/did: This is the issuer of issuers/0") as fault:
        read_registry(text)
    assert fault.value.place == "issuers/1/did"


def test_file_of_the_desk_is_read_as_it_was_taken_then() -> None:
    kept = _twice("did:web:issuer.example", "did:key:zzz").replace(
        "issuers:", "changed: {by: Rosa, at: '2026-01-01T00:00:00Z', why: Known.}\nissuers:"
    )
    assert list(read_version(kept, number=1).registry.issuers) == [
        "did:web:issuer.example",
        "did:key:zzz",
    ]
    with pytest.raises(Malformed, match=r"issuers/1/did: .* spells no public key"):
        read_registry(kept)


@pytest.mark.parametrize("text", ["", "[]", "issuers: 1", "{", "a: &a [*a]", "x" * 1_048_577])
def test_anything_else_is_no_registry(text: str) -> None:
    with pytest.raises(Malformed):
        read_registry(text)


def test_day_begins_at_midnight_in_utc() -> None:
    (entry,) = read_registry(_registry()).issuers.values()
    assert entry.since == datetime(2020, 1, 1, tzinfo=UTC)
