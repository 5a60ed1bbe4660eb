"""Badges from decisions: signed once, verifiable, withdrawn only by their own bit."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from ed25519_keys import signer
from village import NOW, ORIGIN, Village

from issuer import status_lists
from issuer.addresses import Addresses
from issuer.tables.credentials import CredentialRow, StatusEntryRow
from openid4vc.exchange import OAuthError
from vc import status
from vc.errors import Conflict, Forbidden, Malformed
from vc.model import Report, Verdict
from vc.verify import verify


def checked(village: Village, credential: str) -> Report:
    return verify(village.awarding.signed(credential, now=NOW), now=NOW, fetcher=village)


def test_badge_from_a_positive_decision_verifies(village: Village) -> None:
    report = checked(village, village.badge())
    assert report.verdict is Verdict.VALID, report.steps
    judges = report.step("endorsements")
    assert judges is not None
    assert judges.sentence.startswith("5 people signed for it")


def test_badge_says_what_was_decided(village: Village) -> None:
    document = village.document(village.badge())
    subject = document["credentialSubject"]
    assert subject["id"] == village.wallets["north1"].did
    assert (subject["creditsEarned"], subject["role"]) == (12.5, "participant")
    url = subject["achievement"]["id"]
    results = {r["resultDescription"].removeprefix(url): r for r in subject["result"]}
    assert results["#level-ballot"]["value"] == "7 yes of 7 cast, 7 eligible"
    assert results["#panel-ballot"]["value"] == "5 yes of 5 cast, 5 eligible"
    assert results["#quality"]["achievedLevel"] == f"{url}#level-capable"
    bound = {r["digestMultibase"] for r in document["relatedResource"]}
    assert bound == {
        village.policy.digest,
        village.rubric.digest,
        *(piece.digest for piece in village.evidence("north1")),
    }
    assert [e["relatedResource"] for e in document["endorsement"]] == [
        document["relatedResource"]
    ] * 5


def test_no_is_never_published(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.judged(contribution, "nyyyy")
    credential = village.awarding.award(contribution_id=contribution, now=NOW)
    assert len(village.document(credential)["endorsement"]) == 4


def test_contribution_is_awarded_once_however_many_ask(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.judged(contribution)

    def award() -> str:
        try:
            return village.awarding.award(contribution_id=contribution, now=NOW)
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda _: award(), range(4)))
    assert outcomes.count("refused") == 3


def test_undecided_contribution_earns_nothing(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    with pytest.raises(Conflict):
        village.awarding.award(contribution_id=contribution, now=NOW)


def test_crash_before_signing_is_repaired_with_the_same_bytes(village: Village) -> None:
    credential = village.badge()
    signed = village.awarding.signed(credential, now=NOW)
    with village.store.ledger() as ledger:
        ledger.get(CredentialRow, credential).signed = None
    assert village.awarding.complete(now=NOW) == 1
    assert village.awarding.signed(credential, now=NOW) == signed


def test_revoked_badge_is_invalid_for_good(village: Village) -> None:
    credential = village.badge()
    village.awarding.revoke(credential, reason="The evidence was copied.", now=NOW)
    report = checked(village, credential)
    found = report.step("status")
    assert report.verdict is Verdict.INVALID
    assert found is not None
    assert found.code == "revoked"
    with pytest.raises(Conflict):
        village.awarding.revoke(credential, reason="Again.", now=NOW)


def test_suspended_badge_is_invalid_until_it_is_reinstated(village: Village) -> None:
    credential = village.badge()
    village.awarding.suspend(credential, reason="Under appeal.", now=NOW)
    assert checked(village, credential).verdict is Verdict.INVALID
    village.awarding.reinstate(credential, reason="The appeal was upheld.", now=NOW)
    assert checked(village, credential).verdict is Verdict.VALID


def test_status_changes_only_with_a_reason(village: Village) -> None:
    credential = village.badge()
    with pytest.raises(Conflict, match="reason"):
        village.awarding.revoke(credential, reason=" ", now=NOW)


def unsigned(**changes: Any) -> dict[str, Any]:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": Addresses(ORIGIN, "university").did,
        "credentialSubject": {"id": "did:example:graduate"},
    }
    return document | changes


def entries_of(village: Village, credentials: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {
        (entry["statusListCredential"], entry["statusListIndex"])
        for entry in (credential["credentialStatus"] for credential in credentials)
    }


def test_many_revocations_at_once_lose_none_and_share_no_place(village: Village) -> None:
    def issued(_: int) -> dict[str, Any]:
        return village.awarding.issue("university", unsigned(), now=NOW)

    with ThreadPoolExecutor(4) as threads:
        credentials = list(threads.map(issued, range(24)))
        assert len(entries_of(village, credentials)) == 24
        ids = [credential["id"].rpartition("/")[2] for credential in credentials]
        list(threads.map(lambda id_: village.awarding.revoke(id_, reason="A drill.", now=NOW), ids))
    published = json.loads(
        village.awarding.status_list("university", "university-revocation-1", now=NOW)
    )
    bits = status.decode(published["credentialSubject"]["encodedList"])
    assert sum(byte.bit_count() for byte in bits) == 24
    assert all(
        status.value_at(bits, int(credential["credentialStatus"]["statusListIndex"]))
        for credential in credentials
    )


def test_two_credentials_cannot_be_given_one_place(village: Village) -> None:
    first = village.badge()
    with village.store.ledger() as ledger:
        entry = ledger.status_entry(first, "revocation")
        taken = {"list_id": entry.list_id, "place": entry.place}
    with pytest.raises(Conflict), village.store.ledger() as ledger:
        ledger.add(StatusEntryRow(credential_id=first, **taken))


def test_status_list_is_kept_while_it_is_true_and_fresh(village: Village) -> None:
    credential = village.badge()
    name = "learnometer-revocation-1"
    first = village.awarding.status_list("learnometer", name, now=NOW)
    hour = timedelta(hours=1)
    assert village.awarding.status_list("learnometer", name, now=NOW + hour) == first
    assert village.awarding.status_list("learnometer", name, now=NOW + 13 * hour) != first
    village.awarding.revoke(credential, reason="Copied.", now=NOW)
    assert village.awarding.status_list("learnometer", name, now=NOW + 13 * hour) != first


def test_full_status_list_is_followed_by_the_next(village: Village) -> None:
    village.badge()
    with village.store.ledger() as ledger:
        held = ledger.open_status_list("learnometer", "revocation")
        assert held is not None
        held.taken = status_lists.SIZE
    entry = village.document(village.badge("north2"))["credentialStatus"]
    assert entry["statusListCredential"].endswith("learnometer-revocation-2")


def test_credential_of_another_issuer_is_not_signed(village: Village) -> None:
    with pytest.raises(Forbidden):
        village.awarding.issue("learnometer", unsigned(), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"credentialSubject": []},
        {"@context": ["https://example.org/unknown"]},
        {"type": ["VerifiableCredential", "UnknownTerm"]},
        {"credentialSubject": {"id": "did:example:graduate", "undefinedTerm": "x"}},
        {"credentialStatus": {"type": "BitstringStatusListEntry"}},
    ],
)
def test_unsound_credential_takes_no_place(village: Village, changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        village.awarding.issue("university", unsigned(**changes), now=NOW)
    with village.store.ledger() as ledger:
        assert ledger.open_status_list("university", "revocation") is None


def test_id_that_exists_is_not_issued_again(village: Village) -> None:
    village.awarding.issue("university", unsigned(id="urn:uuid:1"), now=NOW)
    with pytest.raises(Conflict):
        village.awarding.issue("university", unsigned(id="urn:uuid:1"), now=NOW)


def test_wallet_fetches_a_badge_once_per_code(village: Village) -> None:
    credential = village.badge()
    holder = village.wallets["north1"].did
    made = village.offers.offer(credential_id=credential, person_id="north1", now=NOW)
    token = village.offers.redeem("learnometer", made.code, now=NOW)
    delivered = village.offers.deliver(
        "learnometer",
        token=token,
        holder=holder,
        now=NOW,
    )
    assert delivered == village.document(credential)
    with pytest.raises(OAuthError):
        village.offers.redeem("learnometer", made.code, now=NOW)


def test_code_is_redeemed_once_however_many_ask(village: Village) -> None:
    made = village.offers.offer_card(person_id="north1", now=NOW)

    def redeem() -> bool:
        try:
            village.offers.redeem("learnometer", made.code, now=NOW)
        except OAuthError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(lambda _: redeem(), range(8))) == 1


def test_code_does_not_outlive_its_time_or_leave_its_issuer(village: Village) -> None:
    made = village.offers.offer_card(person_id="north1", now=NOW)
    with pytest.raises(OAuthError):
        village.offers.redeem("university", made.code, now=NOW)
    with pytest.raises(OAuthError):
        village.offers.redeem("learnometer", made.code, now=NOW + timedelta(minutes=11))


def test_badge_is_delivered_only_to_its_subjects_key(village: Village) -> None:
    made = village.offers.offer(credential_id=village.badge(), person_id="north1", now=NOW)
    token = village.offers.redeem("learnometer", made.code, now=NOW)
    other = village.wallets["north2"].did
    with pytest.raises(OAuthError, match="another key"):
        village.offers.deliver("learnometer", token=token, holder=other, now=NOW)


def test_badge_of_another_member_is_not_offered(village: Village) -> None:
    with pytest.raises(Forbidden):
        village.offers.offer(credential_id=village.badge(), person_id="north2", now=NOW)


def test_membership_card_binds_a_wallet_once_and_verifies(village: Village) -> None:
    village.enrol("newcomer", circle_id="south", number=1, wallet=False)
    wallet = signer(77)
    made = village.offers.offer_card(person_id="newcomer", now=NOW)
    token = village.offers.redeem("learnometer", made.code, now=NOW)
    fetch = {"token": token, "now": NOW}
    card = village.offers.deliver("learnometer", holder=wallet.did, **fetch)
    assert verify(card, now=NOW, fetcher=village).verdict is Verdict.VALID
    assert card["credentialSubject"]["activityStartDate"] == "2024-09-01T00:00:00Z"
    assert village.offers.deliver("learnometer", holder=wallet.did, **fetch) == card
    with pytest.raises(Conflict):
        village.offers.deliver("learnometer", holder=signer(78).did, **fetch)


def test_key_of_one_member_is_not_bound_to_another(village: Village) -> None:
    village.enrol("newcomer", circle_id="south", number=1, wallet=False)
    with pytest.raises(Conflict):
        village.awarding.membership_card(
            person_id="newcomer", did=village.wallets["north1"].did, now=NOW
        )


def test_nonce_is_spent_once_and_in_time(village: Village) -> None:
    nonce = village.offers.nonce(now=NOW)
    late = village.offers.nonce(now=NOW)
    assert village.offers.spend_nonce(nonce, now=NOW)
    assert not village.offers.spend_nonce(nonce, now=NOW)
    assert not village.offers.spend_nonce(late, now=NOW + timedelta(minutes=6))
