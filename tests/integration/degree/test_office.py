"""From a member's badges to an award: asked for, presented, audited, conferred."""

import threading

import pytest
from campus import LIST_URL, NOW
from ed25519_keys import signer
from office import MEMBER, OTHER, PROGRAMME, REGISTRAR, Office

from accounts.store import Person
from degree.statement import statement
from openid4vc.exchange import OAuthError
from openid4vc.presentation.asking import REQUEST_LIFETIME
from openid4vc.presentation.response import refusal_form
from service.database import Database
from vc.errors import Conflict, Forbidden, Gone, Missing


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_badges_that_fill_a_certificate_earn_it(office: Office) -> None:
    file = office.registry.file(office.apply(office.certificate()), reader=MEMBER)
    assert file.earned == "PGCert"
    assert set(file.placements.values()) == {
        ("reflective_practice",),
        ("ethics_and_inclusion",),
        ("electives",),
    }
    assert file.record["outcome"]["programme"] == file.case.decision.ruleset
    assert len(file.wallet.records) == 5


def test_a_decision_keeps_the_text_of_the_programme_that_it_applied(office: Office) -> None:
    file = office.registry.file(office.apply(office.certificate()), reader=MEMBER)
    assert "did:web:issuer.example" in file.source
    assert file.programme.digest == file.case.decision.ruleset


def test_contexts_are_shown_by_the_names_that_the_badges_carry(office: Office) -> None:
    decision_id = office.apply(office.certificate())
    again = office.registry.recheck(
        office.registry.file(decision_id, reader=MEMBER).case.application.id, now=NOW
    )
    for one in (decision_id, again.id):
        shown = statement(office.registry.file(one, reader=MEMBER))
        rules = [rule for award in shown.awards for rule in award.rules]
        contexts = [rule.says for rule in rules if rule.title == "Different contexts"]
        assert contexts
        assert all("Secondary schools in Kenya" in says for says in contexts)


def test_an_answer_is_accepted_once(office: Office) -> None:
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    body = office.answer(uri, [office.card(), office.badge(1)])
    office.reception.receive(body, now=NOW)
    with pytest.raises(OAuthError, match="no open request"):
        office.reception.receive(body, now=NOW)


def test_an_answer_after_the_time_is_refused(office: Office) -> None:
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    body = office.answer(uri, [office.card(), office.badge(1)])
    with pytest.raises(OAuthError, match="no open request"):
        office.reception.receive(body, now=NOW + REQUEST_LIFETIME)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"challenge": "another-nonce-of-128-bits"}, "another request"),
        ({"domain": "decentralized_identifier:did:web:other.example"}, "another verifier"),
        ({"state": "another-state"}, "no open request"),
        ({"holder": signer(9).did, "signer": signer(9)}, "about somebody else"),
        ({"signer": signer(9)}, "key"),
    ],
)
def test_an_answer_that_is_not_of_the_holder_to_this_request_is_refused(
    office: Office, changes: dict[str, object], reason: str
) -> None:
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    body = office.answer(uri, [office.card()], **changes)
    with pytest.raises(OAuthError, match=reason):
        office.reception.receive(body, now=NOW)


def test_a_changed_badge_is_refused_and_the_request_stays_open(office: Office) -> None:
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    changed = office.badge(1)
    changed["credentialSubject"]["creditsEarned"] = 180
    with pytest.raises(OAuthError, match="changed after it was signed"):
        office.reception.receive(office.answer(uri, [office.card(), changed]), now=NOW)
    assert office.reception.receive(office.answer(uri, [office.card()]), now=NOW)


def test_badges_without_a_membership_card_are_refused(office: Office) -> None:
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    with pytest.raises(OAuthError, match="membership card"):
        office.reception.receive(office.answer(uri, [office.badge(1)]), now=NOW)


def test_a_member_who_does_not_agree_has_shown_nothing(office: Office) -> None:
    office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    with pytest.raises(OAuthError) as refusal:
        office.reception.receive(refusal_form(state="x"), now=NOW)
    assert refusal.value.code == "access_denied"


def test_an_answered_request_is_not_shown_again(office: Office) -> None:
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    office.reception.receive(office.answer(uri, [office.card()]), now=NOW)
    with pytest.raises(Gone):
        office.answer(uri, [])


def test_one_who_made_somebody_else_answer_does_not_see_the_badges(office: Office) -> None:
    uri = office.reception.ask(OTHER, programme=PROGRAMME, now=NOW)
    goes_on = office.reception.receive(office.answer(uri, [office.card()]), now=NOW)
    # The wallet sends its own member's browser on, and nobody else's.
    with pytest.raises(Forbidden):
        office.reception.claim(goes_on.rpartition("/")[2], MEMBER, now=NOW)
    with pytest.raises(Missing):
        office.reception.claim("a guess", OTHER, now=NOW)
    assert office.registry.cases() == ()


def test_a_wallet_belongs_to_one_member(office: Office) -> None:
    office.apply([office.card()])
    with pytest.raises(OAuthError, match="another member's"):
        office.apply([office.card()], person=OTHER)


def test_a_wallet_that_two_members_asked_stays_with_the_first_who_comes_back(
    office: Office,
) -> None:
    codes = {}
    for person in (MEMBER, OTHER):
        uri = office.reception.ask(person, programme=PROGRAMME, now=NOW)
        goes_on = office.reception.receive(office.answer(uri, office.certificate()), now=NOW)
        codes[person.id] = goes_on.rpartition("/")[2]
    assert office.reception.claim(codes[MEMBER.id], MEMBER, now=NOW)
    with pytest.raises(Conflict, match="another member's"):
        office.reception.claim(codes[OTHER.id], OTHER, now=NOW)
    assert office.reception.claim(codes[MEMBER.id], MEMBER, now=NOW)


def test_of_two_members_who_come_back_at_once_one_keeps_the_wallet(office: Office) -> None:
    kept, refused = [], []

    def claim(code: str, person: Person) -> None:
        try:
            kept.append(office.reception.claim(code, person, now=NOW).person_id)
        except Conflict as conflict:
            refused.append(conflict.code)

    threads = []
    for person in (MEMBER, OTHER):
        uri = office.reception.ask(person, programme=PROGRAMME, now=NOW)
        goes_on = office.reception.receive(office.answer(uri, [office.card()]), now=NOW)
        arguments = (goes_on.rpartition("/")[2], person)
        threads.append(threading.Thread(target=claim, args=arguments))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept), refused) == (1, ["holder"])
    with office.store.ledger() as ledger:
        assert ledger.person_of(office.campus.holder.did) == kept[0]


def test_a_member_reads_the_own_audit_only(office: Office) -> None:
    decision_id = office.apply([office.card()])
    assert office.registry.file(decision_id, reader=MEMBER)
    assert office.registry.file(decision_id, reader=REGISTRAR)
    with pytest.raises(Missing):
        office.registry.file(decision_id, reader=OTHER)


def test_a_revoked_badge_is_listed_and_does_not_count(office: Office) -> None:
    credentials = office.certificate()
    office.campus.publish_status(2)
    file = office.registry.file(office.apply(credentials), reader=MEMBER)
    assert file.earned is None
    (aside,) = file.decision.outcome.set_aside
    assert aside.record == "https://issuer.example/credentials/2"
    assert aside.reason == "the issuer has revoked it"


def test_a_card_whose_status_cannot_be_checked_registers_nobody(office: Office) -> None:
    credentials = office.certificate()
    office.campus.library.documents.pop(LIST_URL)
    uri = office.reception.ask(MEMBER, programme=PROGRAMME, now=NOW)
    with pytest.raises(OAuthError, match="membership card"):
        office.reception.receive(office.answer(uri, credentials), now=NOW)
