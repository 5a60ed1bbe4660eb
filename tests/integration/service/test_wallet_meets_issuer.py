"""Our wallet and our issuer, each behind its own HTTP: the card, the ballot, the link."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from village import NOW, ORIGIN, Village

from issuer.addresses import Addresses
from issuer.oid4vci import offer
from issuer.peers.activity import Part
from issuer.peers.ballots import Answer
from issuer.tenant_keys import TenantKeys
from openid4vc.exchange import OAuthError
from openid4vc.issuance.offer import offer_by_value
from service.app import compose
from service.database import connect
from service.migrations.tables import TABLES
from service.parts import Program
from service.settings import Settings
from vc.documents import JsonObject
from vc.errors import Malformed, Refused
from vc.model import Verdict
from wallet.store import Held

MEMBER, OTHER = "amina", "ben"


class Town:
    """The program over a village in which two people still have no wallet."""

    def __init__(self, program: Program, village: Village) -> None:
        assert program.issuer
        assert program.wallet
        self.program, self.village = program, village
        self.office, self.desk = program.issuer, program.wallet
        for person in (MEMBER, OTHER):
            village.enrol(person, circle_id="north", number=1, wallet=False)
            self.desk.wallet.open(person, name=person.title(), now=NOW)

    def card_offer(self) -> str:
        made = self.office.offers.offer_card(person_id=MEMBER, now=NOW)
        return offer_by_value(offer(made, origin=ORIGIN))

    def fetch_card(self) -> Held:
        return self.desk.fetching.accept(MEMBER, self.card_offer(), now=NOW)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = connect(f"sqlite:///{tmp_path / 'town.sqlite'}")
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    settings = Settings(home=tmp_path, origin=ORIGIN, master_secret=bytes(32), secret_key="s" * 32)
    program = compose(settings, clock=lambda: NOW, database=database)
    keys = TenantKeys(program.parts.custody, origin=ORIGIN)
    for tenant in ("learnometer", "university"):
        keys.ensure(tenant, now=NOW)
    yield Town(program, Village(database))
    database.close()


def test_membership_card_binds_the_wallet_and_verifies(town: Town) -> None:
    held = town.fetch_card()
    (checked,) = town.desk.wallet.check(held, now=NOW)
    assert checked.report.verdict is Verdict.VALID
    (shown,) = town.desk.show([checked])
    assert (shown.issuer, shown.finding.kind) == ("Learnometer community", "valid")


def test_card_offered_to_one_member_is_not_delivered_twice(town: Town) -> None:
    offer = town.card_offer()
    town.desk.fetching.accept(MEMBER, offer, now=NOW)
    with pytest.raises(OAuthError) as refusal:
        town.desk.fetching.accept(OTHER, offer, now=NOW)
    assert refusal.value.code == "invalid_grant"


def test_ballot_goes_from_the_issuer_to_the_wallet_and_back_signed(town: Town) -> None:
    town.fetch_card()
    activity = town.village.activity()
    town.office.activities.join(activity_id=activity, person_id=MEMBER, part=Part.PARTICIPANT)
    town.office.activities.confirm_attendance(activity_id=activity, person_ids=[MEMBER], now=NOW)
    paper = town.office.level.paper(activity_id=activity, person_id=MEMBER)
    address = town.office.requests.prepare_level(
        activity_id=activity,
        person_id=MEMBER,
        answers={criterion.id: Answer.YES for criterion in paper.rubric.criteria},
        verdict=Answer.YES,
        now=NOW,
    )
    with pytest.raises(Refused):
        town.desk.judging.look(OTHER, address)
    asked = town.desk.judging.look(MEMBER, address)
    assert asked.title == "One question a week"
    goes_on = town.desk.judging.cast(MEMBER, asked, seen=asked.digest, now=NOW)
    assert goes_on is not None
    assert goes_on.startswith(f"{ORIGIN}/issuer/learnometer/")
    with pytest.raises(Refused):
        town.desk.judging.look(MEMBER, address)


def test_shared_card_is_verified_for_a_stranger_and_by_our_own_verifier(town: Town) -> None:
    held = town.fetch_card()
    new = town.desk.sharing.share(MEMBER, [held.id], purpose="", now=NOW)
    address = town.desk.share_url(new.token)
    path = address.removeprefix(ORIGIN)
    client = town.program.app.test_client()
    page = client.get(path, headers={"Accept": "text/html"})
    assert "Learnometer community signed this badge" in page.text
    assert town.program.verifier
    checked = town.program.verifier.check(address, now=NOW)
    assert checked.report.verdict is Verdict.VALID


def _as_ours(example: JsonObject, *, holder: str) -> JsonObject:
    """The example under our own DID and for our member, without what others would have to sign."""
    others = ("proof", "credentialStatus", "endorsement", "endorsementJwt", "refreshService")

    def without_others(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: without_others(value) for key, value in node.items() if key not in others}
        return [without_others(item) for item in node] if isinstance(node, list) else node

    ours: JsonObject = without_others(example)
    issuer = ours["issuer"] if isinstance(ours["issuer"], dict) else {"type": ["Profile"]}
    ours["issuer"] = {**issuer, "id": Addresses(ORIGIN, "learnometer").did}
    ours["credentialSubject"]["id"] = holder
    return ours


@pytest.mark.parametrize(
    "name",
    [
        "achievementAlignmentCase-1",
        "achievementAlignmentCe-1",
        "basicOpenBadgeCredential-1",
        "endorsement-1",
        "fullOpenBadge-1",
        "skillAssertionCase-1",
        "skillAssertionCtdl-1",
    ],
)
def test_example_of_the_specification_is_issued_fetched_and_verified(
    town: Town, vectors: Path, name: str
) -> None:
    town.fetch_card()
    holder = town.desk.wallet.holder(MEMBER).did
    example = json.loads((vectors / "openbadges" / f"{name}.json").read_text())
    signed = town.office.awarding.issue("learnometer", _as_ours(example, holder=holder), now=NOW)
    made = town.office.offers.offer_signed("learnometer", url=signed["id"], now=NOW)
    held = town.desk.fetching.accept(MEMBER, offer_by_value(offer(made, origin=ORIGIN)), now=NOW)
    assert json.loads(held.signed) == signed
    assert town.program.verifier
    report = town.program.verifier.check(held.signed, now=NOW).report
    assert report.verdict is Verdict.VALID, report.steps


@pytest.mark.parametrize("number", range(1, 9))
def test_draft_example_with_contexts_that_were_never_published_is_refused_with_its_place(
    town: Town, vectors: Path, number: int
) -> None:
    example = json.loads((vectors / "openbadges" / f"ob_v3p0-{number}.json").read_text())
    example["issuer"] = Addresses(ORIGIN, "learnometer").did
    example.pop("credentialStatus", None)
    with pytest.raises(Malformed) as refusal:
        town.office.awarding.issue("learnometer", example, now=NOW)
    assert refusal.value.place.startswith("/@context")
