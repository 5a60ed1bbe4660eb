"""The demonstration, with the first activities of a small community: played, then found again."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from bending import Way, bent, changes, leaves, misspelt, paths, without
from published_schemas import BADGE, CLR, ENDORSEMENT, faults
from short_story import MEMBERS, short_plot
from sqlalchemy import select

from degree.tables import DecisionRow
from service.app import compose, utc_now
from service.demo import home
from service.demo.chronicle import Chronicle
from service.demo.claims import Claim, check
from service.demo.plot import Plot
from service.demo.reading_back import Found, read_back
from service.demo.signins import SignIns, sign_ins
from service.demo.telling import Told, tell
from service.settings import Settings
from vc.documents import JsonObject
from vc.fetch import ReadOnce
from vc.model import Verdict
from vc.verify import verify


@dataclass(frozen=True)
class Telling:
    plot: Plot
    settings: Settings
    sign_ins: SignIns
    told: Told


def telling(folder: Path) -> Telling:
    plot = short_plot()
    settings, who = home.fresh(Settings(home=folder)), sign_ins(plot)
    told = tell(plot, settings, sign_ins=who, progress=lambda *_: None, clock=utc_now)
    return Telling(plot, settings, who, told)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    return telling(tmp_path_factory.mktemp("once"))


def found(once: Telling, chronicle: Chronicle) -> Found:
    program = compose(once.settings)
    try:
        return read_back(
            chronicle, program, visits=(), password=once.sign_ins.password, now=utc_now()
        )
    finally:
        program.parts.database.close()


@pytest.fixture(scope="module")
def read(once: Telling) -> Found:
    return found(once, once.told.chronicle)


def broken(claims: tuple[Claim, ...]) -> list[str]:
    return [claim.sentence for claim in claims if not claim.holds]


def test_everything_that_the_table_claims_is_found_again(once: Telling) -> None:
    assert [claim.against for claim in once.told.claims if claim.against] == []
    assert once.told.holds


def test_the_story_has_badges_judges_and_withdrawals(once: Telling) -> None:
    chronicle = once.told.chronicle
    assert len(chronicle.people) == MEMBERS
    assert len(chronicle.badges) > 5
    # Three where a split panel was decided by a moderator.
    assert all(signed.judges >= 3 for signed in chronicle.badges.values())
    assert len(chronicle.revoked) == len(chronicle.suspended) == 1
    assert set(chronicle.awards) == set(chronicle.people)


def test_the_same_seed_gives_the_same_story(once: Telling, tmp_path: Path) -> None:
    again = telling(tmp_path).told
    assert again.chronicle.decisions == once.told.chronicle.decisions
    assert [c.sentence for c in again.claims] == [c.sentence for c in once.told.claims]
    # The story is the same, the secrets are not.
    assert again.chronicle.people == once.told.chronicle.people
    assert again.chronicle.shares[0].path != once.told.chronicle.shares[0].path


def test_a_revocation_that_was_never_made_is_missed(once: Telling, read: Found) -> None:
    chronicle = once.told.chronicle
    sound = next(
        signed.url
        for signed in chronicle.badges.values()
        if signed.url not in (*chronicle.revoked, *chronicle.suspended)
    )
    told = replace(chronicle, revoked=[*chronicle.revoked, sound])
    assert any("2 badges revoked" in sentence for sentence in broken(check(told, read)))


def test_a_revocation_that_was_kept_quiet_is_noticed(once: Telling, read: Found) -> None:
    told = replace(once.told.chronicle, revoked=[])
    assert any("genuine, in force" in sentence for sentence in broken(check(told, read)))


@pytest.mark.parametrize(
    ("tampered", "noticed"),
    [
        (lambda told: replace(told, badges=dict(list(told.badges.items())[1:])), "wallets hold"),
        (lambda told: replace(told, levels=dict.fromkeys(told.levels, "at_level")), "activities"),
        (lambda told: replace(told, awards=dict.fromkeys(told.awards, "MSc")), "audited"),
        (lambda told: replace(told, counts=told.counts + told.counts), "contributions"),
    ],
)
def test_a_table_that_claims_too_much_or_too_little_is_found_out(
    once: Telling, read: Found, tampered: Callable[[Chronicle], Chronicle], noticed: str
) -> None:
    told = tampered(once.told.chronicle)
    assert any(noticed in sentence for sentence in broken(check(told, read)))


def test_a_badge_that_was_taken_out_of_a_wallet_is_missed(once: Telling, read: Found) -> None:
    signed = next(iter(once.told.chronicle.badges.values()))
    wallet = tuple(shown for shown in read.wallets[signed.holder] if shown.url != signed.url)
    less = replace(read, wallets={**read.wallets, signed.holder: wallet})
    sentences = broken(check(once.told.chronicle, less))
    assert any("wallets hold" in sentence for sentence in sentences)
    assert any("endorsements" in sentence for sentence in sentences)


def test_a_decision_that_was_changed_afterwards_is_refused_by_the_stand_alone_checker(
    once: Telling,
) -> None:
    program = compose(once.settings)
    sessions = program.parts.database.sessions
    try:
        with sessions.begin() as session:
            row = session.scalars(select(DecisionRow).order_by(DecisionRow.id)).first()
            assert row
            kept = row.record
            row.record = json.dumps({**json.loads(kept), "outcome": {"award": "MSc"}})
        sentences = broken(check(once.told.chronicle, found(once, once.told.chronicle)))
        with sessions.begin() as session:
            session.merge(row).record = kept
    finally:
        program.parts.database.close()
    assert [each for each in sentences if "stand-alone checker" in each]


@pytest.fixture(scope="module")
def badge(once: Telling) -> Iterator[tuple[JsonObject, Callable[[JsonObject], Verdict]]]:
    """A judged badge out of a member's wallet, and how the verifier's desk judges another."""
    program = compose(once.settings)
    assert program.wallet
    assert program.verifier
    fetcher = ReadOnce(program.verifier.fetcher)
    withdrawn = {*once.told.chronicle.revoked, *once.told.chronicle.suspended}
    signed = next(s for s in once.told.chronicle.badges.values() if s.url not in withdrawn)
    kept = program.wallet.wallet.credentials(once.told.chronicle.people[signed.holder])
    document = next(json.loads(held.signed) for held in kept if held.credential_id == signed.url)
    yield document, lambda one: verify(one, now=utc_now(), fetcher=fetcher).verdict
    program.parts.database.close()


def test_no_value_of_a_badge_with_its_endorsements_can_be_changed(
    badge: tuple[JsonObject, Callable[[JsonObject], Verdict]],
) -> None:
    document, verdict_of = badge
    assert verdict_of(document) is Verdict.VALID
    assert len(document["endorsement"]) >= 3
    tried = 0
    for path, value in leaves(document):
        every = list(changes(value))
        first_middle_last = {0, len(every) // 2, len(every) - 2, len(every) - 1}
        for change in [every[n] for n in sorted(first_middle_last) if n >= 0]:
            tried += 1
            assert verdict_of(bent(document, path, change)) in refused(path), (path, change)
    assert tried > 500


def refused(path: Way) -> set[Verdict]:
    """What a badge with a change there may be called: not more, of a proof or context unknown."""
    if "@context" in path or (path[-1] in {"cryptosuite", "type"} and "proof" in path):
        return {Verdict.INVALID, Verdict.UNCHECKED}
    return {Verdict.INVALID}


def test_no_member_of_a_badge_can_be_renamed_or_taken_out(
    badge: tuple[JsonObject, Callable[[JsonObject], Verdict]],
) -> None:
    document, verdict_of = badge
    for path in paths(document):
        # The judges' endorsements say the media type of each resource again: no fact is lost.
        if path[0] == "relatedResource" and path[-1] == "mediaType":
            continue
        assert verdict_of(without(document, path)) is not Verdict.VALID, path
        if isinstance(path[-1], str):
            assert verdict_of(misspelt(document, path)) is not Verdict.VALID, path


@pytest.mark.exhaustive
def test_no_byte_of_any_value_of_a_badge_can_be_changed(
    badge: tuple[JsonObject, Callable[[JsonObject], Verdict]],
) -> None:
    document, verdict_of = badge
    tried = 0
    for path, value in leaves(document):
        for change in changes(value):
            tried += 1
            assert verdict_of(bent(document, path, change)) in refused(path), (path, change)
    assert tried > 8_000


def test_everything_in_the_wallets_meets_the_published_schemas(
    once: Telling, vectors: Path
) -> None:
    program = compose(once.settings)
    assert program.wallet
    try:
        documents = [
            json.loads(held.signed)
            for person_id in once.told.chronicle.people.values()
            for held in program.wallet.wallet.credentials(person_id)
        ]
    finally:
        program.parts.database.close()
    endorsements = [each for one in documents for each in one.get("endorsement", ())]
    # Each member has a card beside the badges.
    assert len(documents) >= MEMBERS + len(once.told.chronicle.badges)
    assert len(endorsements) > len(once.told.chronicle.badges)
    assert all("credentialStatus" in one for one in documents)
    for one in documents:
        schema = CLR if "ClrCredential" in one["type"] else BADGE
        assert faults(one, schema, vectors) == [], one["id"]
    for one in endorsements:
        assert faults(one, ENDORSEMENT, vectors) == [], one["id"]
