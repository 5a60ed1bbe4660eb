"""What a wallet takes in, keeps and gives back."""

import json
from datetime import timedelta

import pytest
from campus import NOW
from wallet_home import AMINA, BEN, Home, counted

from keys.sealing import Seal
from vc.errors import Conflict, Missing, Refused, Unavailable
from vc.model import Verdict
from wallet.keyring import Keyring


def test_wallet_is_opened_once_and_follows_the_name_of_the_account(home: Home) -> None:
    again = home.wallet.open(AMINA, name="Amina Wanjiru", now=NOW)
    assert again.did == home.amina.did
    assert home.wallet.holder(AMINA).name == "Amina Wanjiru"
    assert home.amina.did != home.ben.did


def test_signer_is_of_the_holders_did_and_prints_no_key(home: Home) -> None:
    signer = home.wallet.signer(AMINA)
    assert signer.verification_method.startswith(f"{home.amina.did}#")
    assert "redacted" in repr(signer)


def test_sealed_key_of_one_member_does_not_open_for_another() -> None:
    keyring = Keyring(Seal(b"\1" * 32), entropy=counted())
    key = keyring.create(AMINA)
    assert "sealed" not in repr(key)
    with pytest.raises(Unavailable):
        keyring.signer(BEN, key.sealed_seed)


def test_person_without_a_wallet_is_told_so(home: Home) -> None:
    with pytest.raises(Missing):
        home.wallet.holder("c" * 32)


def test_pasted_badge_is_verified_and_kept_as_it_came(home: Home) -> None:
    text = json.dumps(home.issuer.badge_for(home.amina.did), indent=3)
    held = home.wallet.take_in(AMINA, text, now=NOW)
    assert home.wallet.credential(AMINA, held.id).signed == text
    (checked,) = home.wallet.check(held, now=NOW)
    assert checked.report.verdict is Verdict.VALID


def test_tampered_badge_is_not_kept(home: Home) -> None:
    badge = home.issuer.badge_for(home.amina.did) | {"name": "Brain surgery"}
    with pytest.raises(Refused):
        home.wallet.take_in(AMINA, json.dumps(badge), now=NOW)
    assert home.wallet.credentials(AMINA) == ()


def test_badge_of_another_member_is_not_kept(home: Home) -> None:
    badge = json.dumps(home.issuer.badge_for(home.ben.did))
    with pytest.raises(Refused) as refusal:
        home.wallet.take_in(AMINA, badge, now=NOW)
    assert refusal.value.code == "not-yours"


def test_badge_whose_status_cannot_be_checked_is_not_kept(home: Home) -> None:
    badge = json.dumps(home.issuer.badge_for(home.amina.did))
    home.campus.library.documents.pop("https://issuer.example/status/1")
    with pytest.raises(Refused) as refusal:
        home.wallet.take_in(AMINA, badge, now=NOW)
    assert refusal.value.code == "status-unreachable"


def test_same_badge_twice_is_one_badge(home: Home) -> None:
    text = json.dumps(home.issuer.badge_for(home.amina.did))
    first = home.wallet.take_in(AMINA, text, now=NOW)
    assert home.wallet.take_in(AMINA, text, now=NOW).id == first.id
    assert len(home.wallet.credentials(AMINA)) == 1


def test_newer_version_replaces_the_older_and_never_the_other_way(home: Home) -> None:
    older = json.dumps(home.issuer.badge_for(home.amina.did, validFrom="2026-01-01T00:00:00Z"))
    newer = json.dumps(home.issuer.badge_for(home.amina.did, validFrom="2026-02-01T00:00:00Z"))
    held = home.wallet.take_in(AMINA, older, now=NOW)
    assert home.wallet.take_in(AMINA, newer, now=NOW).id == held.id
    assert home.wallet.credential(AMINA, held.id).signed == newer
    with pytest.raises(Conflict):
        home.wallet.take_in(AMINA, older, now=NOW)


def test_another_members_credential_looks_like_none(home: Home) -> None:
    held = home.fetch(AMINA)
    for unknown in (held.id, "f" * 32):
        with pytest.raises(Missing) as refusal:
            home.wallet.credential(BEN, unknown)
        assert refusal.value.sentence == "There is no such badge in your wallet."
        with pytest.raises(Missing):
            home.wallet.remove(BEN, unknown)
    assert home.wallet.credential(AMINA, held.id) == held


def test_removed_badge_leaves_the_wallet_and_its_links(home: Home) -> None:
    held = home.fetch()
    home.sharing.share(AMINA, [held.id], purpose="", now=NOW)
    assert home.wallet.remove(AMINA, held.id).name == "Lesson study"
    assert home.wallet.credentials(AMINA) == ()
    assert home.sharing.links(AMINA)[0].credentials == ()


def test_revoked_badge_stays_and_is_said_to_be_revoked(home: Home) -> None:
    held = home.fetch()
    home.campus.publish_status(7)
    (checked,) = home.wallet.check(held, now=NOW)
    assert checked.report.verdict is Verdict.INVALID
    home.campus.library.documents.pop("https://issuer.example/status/1")
    (checked,) = home.wallet.check(held, now=NOW)
    assert checked.report.verdict is Verdict.UNCHECKED


def test_checking_many_badges_asks_for_each_document_once(home: Home) -> None:
    held = home.fetch()
    home.campus.library.asked.clear()
    home.wallet.check(held, held, held, now=NOW + timedelta(minutes=1))
    assert len(home.campus.library.asked) == len(set(home.campus.library.asked)) == 2
