"""A member's wallet, the degree office and the university's issuer, each behind its own HTTP."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from ed25519_keys import signer
from flask.testing import FlaskClient
from village import NOW, ORIGIN, Village
from werkzeug.test import TestResponse

from accounts.people import People
from accounts.store import Person
from accounts.store import Store as Accounts
from degree.rules.audit import audit as decide
from degree.rules.grammar import read_programme
from degree.rules.records_json import read_records
from degree.rules.rendering import decision_as_json
from issuer.oid4vci import offer
from issuer.peers.audit import AuditOutcome
from issuer.tenant_keys import TenantKeys
from openid4vc.issuance.offer import offer_by_value
from service.app import compose
from service.database import Database, connect
from service.migrations.tables import TABLES
from service.parts import Program
from service.settings import Settings
from vc.documents import JsonObject
from vc.issue import issue
from vc.model import Verdict
from vc.structure import CREDENTIALS_V2, OPEN_BADGES

PASSWORD = "a long enough password"
COMMUNITY = "did:web:localhost%3A8000:issuer:learnometer"
# Tag, credits: a Postgraduate Certificate.
EARNED = (
    ("reflective_practice", 10),
    ("ethics", 5),
    ("enquiry", 15),
    ("enquiry", 15),
    ("enquiry", 15),
)


class Browser:
    """A signed-in browser that fills in forms with their CSRF token."""

    def __init__(self, client: FlaskClient, email: str) -> None:
        self.client = client
        self.submit("/account/sign-in", "/account/sign-in", email=email, password=PASSWORD)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path.removeprefix(ORIGIN), headers={"Accept": "text/html"})

    def submit(self, page: str, path: str, **fields: str) -> TestResponse:
        token = re.search('name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert token, f"{page} has no form"
        return self.client.post(
            path, data={"csrf_token": token[1], **fields}, headers={"Accept": "text/html"}
        )


class Campus:
    """The whole program, with a member who has earned badges and a registrar."""

    def __init__(self, database: Database, home: Path) -> None:
        people = People(
            Accounts(database.sessions),
            hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        )
        self.member, self.other, self.registrar = (
            people.register(name=name, email=email, password=PASSWORD, roles=[role], now=NOW)
            for name, email, role in (
                ("Amina Otieno", "amina@example.org", "member"),
                ("Ben Hughes", "ben@example.org", "member"),
                ("Ruth Cole", "ruth@example.org", "registrar"),
            )
        )
        self.program = self._composed(database, people, home)
        self.village = village = Village(database)
        assert self.program.wallet
        assert self.program.issuer
        assert self.program.degree
        self.wallet, self.office, self.degree = (
            self.program.wallet,
            self.program.issuer,
            self.program.degree,
        )
        for person in (self.member, self.other):
            village.enrol(person.id, circle_id="north", number=1, wallet=False)
            self.wallet.wallet.open(person.id, name=person.name, now=NOW)

    def _composed(self, database: Database, people: People, home: Path) -> Program:
        settings = Settings(home=home, origin=ORIGIN, master_secret=bytes(32), secret_key="s" * 32)
        program = compose(settings, clock=lambda: NOW, database=database, people=people)
        keys = TenantKeys(program.parts.custody, origin=ORIGIN)
        for tenant in ("learnometer", "university"):
            keys.ensure(tenant, now=NOW)
        return program

    def fill_wallet(self, person: Person) -> str:
        """The membership card and the badges of EARNED, fetched; the wallet's DID."""
        made = self.office.offers.offer_card(person_id=person.id, now=NOW)
        uri = offer_by_value(offer(made, origin=ORIGIN))
        self.wallet.fetching.accept(person.id, uri, now=NOW)
        holder = self.wallet.wallet.holder(person.id).did
        for number in range(len(EARNED)):
            signed = self.office.awarding.issue("learnometer", badge(holder, number), now=NOW)
            made = self.office.offers.offer_signed("learnometer", url=signed["id"], now=NOW)
            uri = offer_by_value(offer(made, origin=ORIGIN))
            self.wallet.fetching.accept(person.id, uri, now=NOW)
        return holder

    def present(self, person: Person, uri: str) -> str:
        """Show everything that the wallet holds; where the browser goes on."""
        asked = self.wallet.presenting.look(person.id, uri, now=NOW)
        chosen = [held.id for held in asked.matches["badges"]]
        goes_on = self.wallet.presenting.present(person.id, asked, chosen=chosen, now=NOW)
        assert goes_on
        return goes_on

    def browser(self, person: Person) -> Browser:
        return Browser(self.program.app.test_client(), person.email)


def badge(holder: str, number: int) -> JsonObject:
    tag, credits_ = EARNED[number]
    contribution = f"{ORIGIN}/issuer/learnometer/contributions/{number}"
    achievement: dict[str, Any] = {
        "id": f"{ORIGIN}/issuer/learnometer/achievements/{tag}",
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": f"Study {number}",
        "description": "Studied together.",
        "criteria": {"narrative": "A cycle, studied with peers."},
        "tag": [tag],
        "alignment": [
            {
                "type": ["Alignment"],
                "targetFramework": "FHEQ",
                "targetCode": "7",
                "targetName": "Level 7",
                "targetUrl": "https://www.qaa.ac.uk/en/quality-code",
            }
        ],
    }
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": COMMUNITY, "type": ["Profile"], "name": "Learnometer community"},
        "name": f"Study {number}",
        "credentialSubject": {
            "id": holder,
            "type": ["AchievementSubject"],
            "creditsEarned": credits_,
            "activityStartDate": f"2026-0{number + 1}-01T09:00:00Z",
            "activityEndDate": f"2026-0{number + 1}-20T09:00:00Z",
            "achievement": achievement,
        },
        "evidence": [{"id": contribution, "type": ["Evidence"], "name": "A study"}],
        "endorsement": [endorsement(contribution, 500 + 2 * number + each) for each in (0, 1)],
    }


def endorsement(contribution: str, number: int) -> JsonObject:
    judge = signer(number)
    unsigned = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "A judgement",
        "issuer": {"id": judge.did, "type": ["Profile"]},
        "validFrom": "2026-09-01T00:00:00Z",
        "credentialSubject": {
            "id": contribution,
            "type": ["EndorsementSubject"],
            "endorsementComment": "At masters level.",
        },
    }
    return issue(unsigned, signer=judge, created=NOW)


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    database = connect(f"sqlite:///{tmp_path / 'campus.sqlite'}")
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    yield Campus(database, tmp_path)
    database.close()


def test_badges_go_from_the_wallet_to_an_award_that_lands_in_the_wallet(campus: Campus) -> None:
    holder = campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    goes_on = campus.present(campus.member, uri)
    member, registrar = campus.browser(campus.member), campus.browser(campus.registrar)

    # The wallet sends the member's browser to the audit.
    audit = member.get(goes_on).location
    page = member.get(audit).text
    assert "The Postgraduate Certificate is earned." in page
    assert "Study 0" in page

    # The registrar reads it and confers.
    registry = registrar.get("/degree/registry/").text
    assert "Amina Otieno" in registry
    assert "To confer: 1" in registry
    assert "Confer the Postgraduate Certificate" in registrar.get(audit).text
    form = audit.replace("/audits/", "/registry/") + "/confer"
    conferred = registrar.submit(form, form, award="PGCert", confirmed="yes")
    assert conferred.status_code == 303, conferred.text

    # The member takes the award into the wallet, which verifies it.
    page = member.get(conferred.location).text
    assert page.count("Take it into my wallet") == 2
    title = "Postgraduate Certificate, MSc Learning Practice (Learnometer)"
    for number, name in enumerate((title, f"Transcript: {title}")):
        taken = member.submit(conferred.location, f"{conferred.location}/papers/{number}/offer")
        assert taken.location.startswith("/wallet/offers?")
        uri = f"openid-credential-offer://?{taken.location.partition('?')[2]}"
        held = campus.wallet.fetching.accept(campus.member.id, uri, now=NOW)
        (checked,) = campus.wallet.wallet.check(held, now=NOW)
        assert checked.report.verdict is Verdict.VALID
        assert checked.report.credential
        assert checked.report.credential.subject_id == holder
        assert held.name == name

    # A second time nothing is conferred, and the page says so.
    again = registrar.submit(form, form, award="PGCert", confirmed="yes")
    assert again.status_code == 409


def test_award_waits_while_doubtful_decisions_are_audited(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    village, auditing = campus.village, campus.village.office.auditing
    first, second = (
        village.handed_in(village.found_at_level(), author) for author in ("north2", "north3")
    )
    for contribution, at in ((first, NOW - timedelta(days=90)), (second, NOW)):
        village.judged(contribution)
        village.awarding.award(contribution_id=contribution, now=at)
    audit = auditing.draw(circle_id="north", begins=date(2026, 7, 1), now=NOW)

    def find(contribution: str, outcome: AuditOutcome) -> None:
        auditing.decide(
            audit_id=audit,
            contribution_id=contribution,
            moderator_id="mod",
            outcome=outcome,
            reason="I read it twice.",
            now=NOW,
        )

    find(first, AuditOutcome.OVERTURNED)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    page = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    form = page.replace("/audits/", "/registry/") + "/confer"
    registrar = campus.browser(campus.registrar)
    refused = registrar.submit(form, form, award="PGCert", confirmed="yes")
    assert refused.status_code == 403
    assert "Nothing was conferred." in refused.text
    assert "Awards wait for the audit of doubtful decisions." in refused.text
    find(second, AuditOutcome.UPHELD)
    assert registrar.submit(form, form, award="PGCert", confirmed="yes").status_code == 303


def test_the_member_is_asked_by_page_and_led_to_the_own_wallet(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    browser = campus.browser(campus.member)
    page = browser.submit("/degree/", "/degree/ask", programme="lm-msc").text
    found = re.search(r'href="(/wallet/present\?[^"]+)"', page)
    assert found
    shown = browser.get(found[1].replace("&amp;", "&"))
    assert shown.status_code == 200
    assert "Study 4" in shown.text
    assert "data:image/svg+xml" in page


def test_another_member_sees_neither_audit_nor_registry(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    goes_on = campus.present(campus.member, uri)
    stranger = campus.browser(campus.other)
    assert stranger.get(goes_on).status_code == 403
    audit = campus.browser(campus.member).get(goes_on).location
    assert stranger.get(audit).status_code == 404
    assert stranger.get(f"{audit}.json").status_code == 404
    assert stranger.get("/degree/registry/").status_code == 403
    form = audit.replace("/audits/", "/registry/") + "/confer"
    assert stranger.get(form).status_code == 403
    assert stranger.submit("/degree/", form, award="PGCert", confirmed="yes").status_code == 403
    assert "No audit yet" in stranger.get("/degree/progress").text


def test_the_audit_recomputes_from_what_the_office_publishes(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    browser = campus.browser(campus.member)
    audit = browser.get(campus.present(campus.member, uri)).location
    published = browser.get(f"{audit}.json").json
    programme = browser.get("/degree/programmes/lm-msc").data
    wallet = read_records(json.dumps(published["records"]))
    again = decide(read_programme(programme), wallet, today=NOW.date())
    assert decision_as_json(again) == published["decision"]


def test_a_registrar_verifies_the_badges_again(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    held = next(
        held
        for held in campus.wallet.wallet.credentials(campus.member.id)
        if held.name == "Study 0"
    )
    with campus.office.store.ledger() as ledger:
        row = ledger.credential_by_url(held.credential_id)
        assert row
    campus.office.awarding.revoke(row.id, reason="Issued in error.", now=NOW)
    registrar = campus.browser(campus.registrar)
    again = registrar.submit(audit, audit.replace("/audits/", "/registry/") + "/again")
    assert again.status_code == 303
    page = registrar.get(again.location).text
    assert "No award is earned yet." in page
    assert "The issuer has revoked it." in page


def test_an_audit_after_a_conferral_leads_back_to_the_award(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    registrar = campus.browser(campus.registrar)
    form = audit.replace("/audits/", "/registry/")
    answer = registrar.submit(f"{form}/confer", f"{form}/confer", award="PGCert", confirmed="yes")
    conferred = answer.location
    again = registrar.submit(audit, f"{form}/again").location
    for reader in (registrar, campus.browser(campus.member)):
        page = reader.get(again).text
        assert "Conferred before" in page
        assert f'href="{conferred}"' in page
    assert "Take it into my wallet" in campus.browser(campus.member).get(conferred).text


def test_the_office_publishes_its_key_and_its_programme(campus: Campus) -> None:
    client = campus.program.app.test_client()
    document = client.get("/degree/did.json")
    assert document.mimetype == "application/did+json"
    assert document.json["id"] == "did:web:localhost%3A8000:degree"
    assert len(document.json["verificationMethod"]) == 1
    assert client.get("/degree/programmes/nothing").status_code == 404


def test_a_wallets_refusal_is_told_by_json(campus: Campus) -> None:
    client = campus.program.app.test_client()
    declined = client.post("/degree/response", data={"error": "access_denied", "state": "x"})
    assert declined.json == {"redirect_uri": f"{ORIGIN}/degree/"}
    wrong = client.post("/degree/response", data={"vp_token": "{}", "state": "x"})
    assert (wrong.status_code, wrong.json["error"]) == (400, "invalid_request")


def test_no_page_of_the_office_holds_what_the_content_policy_forbids(campus: Campus) -> None:
    campus.fill_wallet(campus.member)
    uri = campus.degree.reception.ask(campus.member, programme="lm-msc", now=NOW)
    registrar = campus.browser(campus.registrar)
    audit = campus.browser(campus.member).get(campus.present(campus.member, uri)).location
    for path in (
        "/degree/",
        audit,
        f"{audit}?all",
        "/degree/registry/",
        audit.replace("/audits/", "/registry/") + "/confer",
    ):
        page = registrar.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page.text), path
