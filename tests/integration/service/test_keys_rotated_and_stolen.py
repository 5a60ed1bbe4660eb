"""An issuer's key is replaced, and then stolen: what members hold and what a thief makes."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from village import NOW, ORIGIN, Village

from issuer.custodian import Custodian
from issuer.oid4vci import offer
from issuer.tables.credentials import LeafRow
from issuer.tenant_keys import TenantKeys
from openid4vc.issuance.offer import offer_by_value
from service.app import compose
from service.database import Database
from service.settings import Settings
from transparency.tree import root_hash
from vc.documents import JsonObject, parse
from vc.ed25519 import Signer
from vc.errors import Conflict, Malformed, Missing
from vc.issue import issue
from vc.key_history import Compromise, KeyState
from vc.logged import document_leaf
from vc.model import Outcome, Verdict
from wallet.store import Held

TENANT = "learnometer"
DID = f"did:web:localhost%3A8000:issuer:{TENANT}"
OLD, NEW = f"{DID}#key-1", f"{DID}#key-2"
DAY = timedelta(days=1)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


class Town:
    """The whole program over a village, with a clock, and members who have no wallet yet."""

    def __init__(self, home: Path, database: Database) -> None:
        self.clock = Clock()
        settings = Settings(home=home, origin=ORIGIN, master_secret=bytes(32), secret_key="s" * 32)
        self.program = compose(settings, clock=self.clock, database=database)
        assert self.program.issuer
        assert self.program.wallet
        assert self.program.verifier
        self.office, self.wallet = self.program.issuer, self.program.wallet
        self.verifier, self.custody = self.program.verifier, self.program.parts.custody
        self.keys = TenantKeys(self.custody, origin=ORIGIN)
        for tenant in (TENANT, "university"):
            self.keys.ensure(tenant, now=NOW)
        self.village = Village(database, size=1)
        self.custodian = Custodian(
            self.office.store,
            custody=self.custody,
            log=self.office.log,
            publishing=self.office.publishing,
            renewal=self.office.renewal,
        )

    def card(self, person: str) -> Held:
        """A membership card, fetched by the member's wallet now; asked for again, fetched again."""
        now = self.clock.now
        with self.office.store.ledger() as ledger:
            known = bool(ledger.members([person]))
        if not known:
            self.village.enrol(person, circle_id="north", number=1, wallet=False)
            self.wallet.wallet.open(person, name=person.title(), now=now)
        made = self.office.offers.offer_card(person_id=person, now=now)
        return self.wallet.fetching.accept(
            person, offer_by_value(offer(made, origin=ORIGIN)), now=now
        )

    def found(self, signed: str | JsonObject) -> tuple[Verdict, str]:
        """What the verifier finds, and the code of what stands against it."""
        report = self.verifier.check(signed, now=self.clock.now).report
        against = [step.code for step in report.steps if step.outcome is not Outcome.PASS]
        return report.verdict, against[0] if against else ""

    def issued(self, number: int) -> JsonObject:
        """A credential that some office had the issuer sign now."""
        unsigned = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": DID,
            "credentialSubject": {"id": f"did:example:holder-{number}"},
        }
        return self.office.awarding.issue(TENANT, unsigned, now=self.clock.now)

    def in_wallet(self, held: Held) -> Verdict:
        (checked,) = self.wallet.wallet.check(held, now=self.clock.now)
        return checked.report.verdict

    def get(self, path: str) -> Any:
        answer = self.program.app.test_client().get(f"/issuer/{TENANT}/{path}")
        assert answer.status_code == 200, (path, answer.text)
        return json.loads(answer.text)

    def forged(self, by: Signer, *, created: datetime) -> JsonObject:
        """A badge that a thief makes with the key alone, after the pattern of a genuine one."""
        genuine = parse(self.card("model").signed)
        return issue(
            {name: value for name, value in genuine.items() if name != "proof"}
            | {"id": f"{ORIGIN}/issuer/{TENANT}/credentials/forged", "validFrom": _text(created)},
            signer=by,
            created=created,
        )

    def log_size(self) -> int:
        with self.office.store.ledger() as ledger:
            return ledger.log_size(TENANT)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def signed_with(document: str | JsonObject) -> str:
    source = parse(document) if isinstance(document, str) else document
    proofs = source["proof"]
    return str((proofs[0] if isinstance(proofs, list) else proofs)["verificationMethod"])


@pytest.fixture
def town(tmp_path: Path, database: Database) -> Town:
    return Town(tmp_path, database)


def test_after_a_rotation_old_badges_hold_and_new_ones_have_the_new_key(town: Town) -> None:
    old = town.card("amina")
    list_path = "status/learnometer-revocation-1"
    assert signed_with(town.get(list_path)) == OLD
    town.clock.now += DAY
    town.custodian.rotate(DID, now=town.clock.now)
    town.clock.now += DAY
    new = town.card("ben")
    assert (signed_with(old.signed), signed_with(new.signed)) == (OLD, NEW)
    assert signed_with(town.get(list_path)) == NEW
    for held in (old, new):
        assert town.found(held.signed) == (Verdict.VALID, "")
        assert town.in_wallet(held) is Verdict.VALID
    assert town.card("amina").signed == old.signed


def test_did_document_and_history_name_both_keys_and_neither_shrinks(town: Town) -> None:
    town.card("amina")
    seen: set[str] = set()
    names = ["key-1"]
    for number in (2, 3, 4):
        town.clock.now += DAY
        town.custodian.rotate(DID, now=town.clock.now)
        names.append(f"key-{number}")
        document, history = town.get("did.json"), town.get("keys.json")
        methods = {method["id"] for method in document["verificationMethod"]}
        assert (
            methods == {f"{DID}#{name}" for name in names} == {key["id"] for key in history["keys"]}
        )
        assert seen < methods
        seen = methods
        assert set(document["assertionMethod"]) == methods
        assert document["authentication"] == [f"{DID}#key-{number}"]
        states = [key["state"] for key in history["keys"]]
        assert states == ["rotated"] * (number - 1) + ["active"]
    assert town.found(town.card("amina").signed) == (Verdict.VALID, "")


def test_each_state_of_the_history_is_in_the_log_once(town: Town) -> None:
    sizes = []
    for _ in range(2):
        town.clock.now += DAY
        town.custodian.rotate(DID, now=town.clock.now)
        history = town.get("keys.json")
        assert town.get("keys.json") == history
        assert town.office.log.inclusion(TENANT, document_leaf(history).hex())["index"] >= 0
        sizes.append(town.log_size())
    assert sizes == [1, 2]


def test_stolen_key_makes_no_badge_and_takes_none(town: Town) -> None:
    before = town.card("amina")
    town.get("status/learnometer-revocation-1")
    town.clock.now += 2 * DAY
    theft = town.clock.now
    stolen = town.custody.signer("issuer-learnometer-1")
    town.clock.now += DAY
    after = town.card("ben")
    forged = town.forged(stolen, created=theft - DAY)
    assert town.found(forged) == (Verdict.VALID, "")  # nobody knows yet
    town.clock.now += DAY
    name = "issuer-learnometer-1"
    told = town.custodian.affected(name, since=theft, now=town.clock.now)
    done = town.custodian.compromise(name, since=theft, now=town.clock.now)
    assert done.record.state is KeyState.COMPROMISED
    assert done.renewed == told == 2  # ben's card, and that of the thief's model
    assert town.found(forged) == (Verdict.INVALID, "key-compromised")
    assert not town.verifier.check(forged, now=town.clock.now).says_who
    assert town.found(before.signed) == (Verdict.VALID, "")
    assert town.in_wallet(before) is Verdict.VALID
    # What was signed honestly after the theft looks like a thief's; it was signed anew.
    assert town.found(after.signed) == (Verdict.INVALID, "key-compromised")
    assert town.in_wallet(after) is Verdict.INVALID
    again = town.card("ben")
    assert (again.id, signed_with(again.signed)) == (after.id, NEW)
    assert town.found(again.signed) == (Verdict.VALID, "")
    assert town.in_wallet(again) is Verdict.VALID
    document = town.get("did.json")
    assert document["assertionMethod"] == document["authentication"] == [NEW]
    assert [method["id"] for method in document["verificationMethod"]] == [OLD, NEW]


def test_theft_that_was_earlier_than_thought_is_corrected_and_never_to_later(town: Town) -> None:
    first = town.card("amina")
    town.clock.now += 2 * DAY
    second = town.card("ben")
    town.clock.now += 2 * DAY
    name, now = "issuer-learnometer-1", town.clock.now
    assert town.custodian.compromise(name, since=now - DAY, now=now).renewed == 0
    assert town.found(second.signed) == (Verdict.VALID, "")
    assert town.custodian.compromise(name, since=NOW + DAY, now=now).renewed == 1
    assert town.found(second.signed) == (Verdict.INVALID, "key-compromised")
    assert town.found(first.signed) == (Verdict.VALID, "")
    with pytest.raises(Conflict):
        town.custodian.compromise(name, since=now, now=now)
    with pytest.raises(Malformed):
        town.custodian.compromise(name, since=now + DAY, now=now)
    with pytest.raises(Missing):
        town.custodian.compromise("issuer-learnometer-9", since=NOW, now=now)
    assert town.found(second.signed) == (Verdict.INVALID, "key-compromised")


def test_crash_after_the_mark_is_repaired_by_doing_it_again(town: Town) -> None:
    card = town.card("amina")
    town.clock.now += DAY
    now, name = town.clock.now, "issuer-learnometer-1"
    town.custody.rotate(name, now=now)
    town.custody.compromise(name, Compromise(NOW, now, 0, root_hash([])))
    assert town.found(card.signed) == (Verdict.INVALID, "key-compromised")
    assert town.custodian.compromise(name, since=NOW, now=now).renewed == 1
    assert town.custodian.compromise(name, since=NOW, now=now).renewed == 0
    assert town.found(town.card("amina").signed) == (Verdict.VALID, "")
    ours = [record for record in town.custody.list() if record.owner == DID]
    assert [record.state for record in ours] == [KeyState.COMPROMISED, KeyState.ACTIVE]


def test_all_that_a_revoked_key_signed_is_signed_anew(town: Town) -> None:
    card = town.card("amina")
    town.clock.now += DAY
    assert town.custodian.revoke("issuer-learnometer-1", now=town.clock.now).renewed == 1
    assert town.found(card.signed) == (Verdict.INVALID, "key-revoked")
    assert town.found(town.card("amina").signed) == (Verdict.VALID, "")


def test_of_many_who_rotate_at_once_one_does_and_badges_issued_meanwhile_hold(town: Town) -> None:
    town.card("amina")

    def rotate(_number: int) -> str:
        try:
            return town.custody.rotate("issuer-learnometer-1", now=town.clock.now).name
        except Conflict:
            return ""

    with ThreadPoolExecutor(4) as pool:
        early = [pool.submit(town.issued, number) for number in range(4)]
        rotated = [pool.submit(rotate, number) for number in range(4)]
        late = [pool.submit(town.issued, number) for number in range(4, 8)]
        assert sorted(one.result() for one in rotated) == ["", "", "", "issuer-learnometer-2"]
        documents = [one.result() for one in early + late]
    for document in documents:
        assert town.found(document) == (Verdict.VALID, "")
    assert {signed_with(document) for document in documents} <= {OLD, NEW}
    with town.office.store.ledger() as ledger:
        assert len(ledger.log_leaves(TENANT)) == ledger.log_size(TENANT)


def test_many_who_take_a_key_back_at_once_replace_it_once_and_sign_all_anew_once(
    town: Town,
) -> None:
    documents = [town.issued(number) for number in range(12)]
    town.clock.now += DAY
    now, name = town.clock.now, "issuer-learnometer-1"
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(town.custodian.compromise, name, since=NOW, now=now) for _ in range(4)]
        assert sum(one.result().renewed for one in done) == len(documents)
    assert len([record for record in town.custody.list() if record.owner == DID]) == 2
    with town.office.store.ledger() as ledger:
        assert len(ledger.log_leaves(TENANT)) == ledger.log_size(TENANT)
        signed = [ledger.credential_by_url(document["id"]) for document in documents]
    for row in signed:
        assert row
        assert row.signed
        assert signed_with(row.signed) == NEW


def test_credentials_issued_while_their_key_is_taken_back_are_signed_anew_or_have_the_new_key(
    town: Town,
) -> None:
    with ThreadPoolExecutor(4) as pool:
        issuing = [pool.submit(town.issued, number) for number in range(6)]
        taking = pool.submit(
            town.custodian.compromise, "issuer-learnometer-1", since=NOW, now=town.clock.now
        )
        issuing += [pool.submit(town.issued, number) for number in range(6, 12)]
        taking.result()
        documents = [one.result() for one in issuing]
    with town.office.store.ledger() as ledger:
        rows = [ledger.credential_by_url(document["id"]) for document in documents]
    for row in rows:
        assert row
        assert row.signed
        assert town.found(row.signed) == (Verdict.VALID, "")


def test_time_of_the_log_never_goes_back(town: Town) -> None:
    town.clock.now += 2 * DAY
    town.issued(1)
    town.clock.now -= DAY
    town.issued(2)
    with town.office.store.ledger() as ledger:
        entered = [ledger.get(LeafRow, TENANT, place).entered_at for place in (0, 1)]
    assert entered == [NOW + 2 * DAY] * 2
    size, root = town.office.log.state_before(TENANT, NOW + DAY)
    assert (size, root) == (0, root_hash([]))
    assert town.office.log.state_before(TENANT, NOW + 3 * DAY)[0] == 2


def test_log_says_what_was_in_it_before_a_size_and_refuses_what_it_never_had(town: Town) -> None:
    leaves = [document_leaf(town.issued(number)).hex() for number in (1, 2)]
    assert town.get(f"log/before/1/{leaves[0]}") == {"index": 0, "proof": []}
    assert town.get(f"log/before/1/{leaves[1]}") == {"index": None}
    assert town.get(f"log/before/2/{leaves[1]}")["index"] == 1
    assert town.get(f"log/before/2/{'0' * 64}") == {"index": None}
    assert town.get("log/before/2/nothex") == {"index": None}
    client = town.program.app.test_client()
    for size in (0, 3):
        path = f"/issuer/{TENANT}/log/before/{size}/{leaves[0]}"
        assert client.get(path).status_code == 400
    for size in (2**63, 10**1000, "9" * 5000):
        for path in (f"before/{size}/{leaves[0]}", f"growth/{size}"):
            assert client.get(f"/issuer/{TENANT}/log/{path}").status_code in {400, 404}
    assert client.get(f"/issuer/nobody/log/before/1/{leaves[0]}").status_code == 404
    assert client.get("/issuer/nobody/keys.json").status_code == 404


def test_issuer_without_a_key_that_may_sign_publishes_no_history(town: Town) -> None:
    town.custody.revoke("issuer-learnometer-1", now=NOW)
    answer = town.program.app.test_client().get(f"/issuer/{TENANT}/keys.json")
    assert answer.status_code == 404


@pytest.mark.parametrize(("old", "new"), [("#key-1", "#key-9"), ("{", "[")])
def test_changed_register_of_keys_is_told_to_the_operator_and_to_no_stranger(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture, old: str, new: str
) -> None:
    path = tmp_path / "keys" / "register.json"
    path.write_text(path.read_text().replace(old, new, 1))
    client = town.program.app.test_client()
    for name in ("did.json", "keys.json", "log/checkpoint"):
        answer = client.get(f"/issuer/{TENANT}/{name}")
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text
        assert "master secret" not in answer.text
    assert str(path) in caplog.text


@pytest.mark.exhaustive
def test_drill_five_thousand_holders_keep_a_valid_badge_after_a_theft(town: Town) -> None:
    stolen = town.custody.signer("issuer-learnometer-1")
    before = [town.issued(number) for number in range(2_500)]
    town.clock.now += DAY
    theft = town.clock.now
    town.clock.now += DAY
    after = [town.issued(number) for number in range(2_500, 5_000)]
    forged = [
        issue(
            {name: value for name, value in genuine.items() if name != "proof"}
            | {"id": f"urn:example:forged-{number}"},
            signer=stolen,
            created=NOW,
        )
        for number, genuine in enumerate(before[:50])
    ]
    town.clock.now += DAY
    name = "issuer-learnometer-1"
    done = town.custodian.compromise(name, since=theft, now=town.clock.now)
    assert done.renewed == len(after)
    for document in before:
        assert town.found(document) == (Verdict.VALID, "")
    for document in forged:
        assert town.found(document) == (Verdict.INVALID, "key-compromised")
    with town.office.store.ledger() as ledger:
        rows = [ledger.credential_by_url(document["id"]) for document in after]
    for row in rows:
        assert row
        assert row.signed
        assert town.found(row.signed) == (Verdict.VALID, "")
