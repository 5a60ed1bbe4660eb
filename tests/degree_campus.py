"""The whole program with a member who has earned badges, and staff, each with a browser."""

import re
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from authenticator import Authenticator
from ed25519_keys import signer
from flask.testing import FlaskClient
from village import NOW, ORIGIN, Village
from werkzeug.test import TestResponse

from accounts.people import People
from accounts.store import Person
from accounts.store import Store as Accounts
from issuer.oid4vci import offer
from issuer.tenant_keys import TenantKeys
from openid4vc.issuance.offer import offer_by_value
from service.app import compose
from service.database import Database
from service.parts import Program
from service.settings import Settings
from vc.documents import JsonObject
from vc.issue import issue
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

    def submit(self, page: str, path: str, /, **fields: str) -> TestResponse:
        token = re.search('name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert token, f"{page} has no form"
        return self.client.post(
            path, data={"csrf_token": token[1], **fields}, headers={"Accept": "text/html"}
        )


class Campus:
    """The whole program, with a member who has earned badges, two registrars and an examiner."""

    def __init__(self, database: Database, home: Path) -> None:
        self.now = NOW
        people = People(
            Accounts(database.sessions),
            hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        )
        self.member, self.other, self.registrar, self.second, self.examiner = (
            people.register(name=name, email=email, password=PASSWORD, roles=[role], now=NOW)
            for name, email, role in (
                ("Amina Otieno", "amina@example.org", "member"),
                ("Ben Hughes", "ben@example.org", "member"),
                ("Ruth Cole", "ruth@example.org", "registrar"),
                ("Noor Aziz", "noor@example.org", "registrar"),
                ("Edith Marsh", "edith@example.org", "external_examiner"),
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
        program = compose(settings, clock=lambda: self.now, database=database, people=people)
        keys = TenantKeys(program.parts.custody, origin=ORIGIN)
        for tenant in ("learnometer", "university"):
            keys.ensure(tenant, now=NOW)
        return program

    def fill_wallet(self, person: Person) -> str:
        """The membership card and the badges of EARNED, fetched; the wallet's DID."""
        made = self.office.offers.offer_card(person_id=person.id, now=self.now)
        uri = offer_by_value(offer(made, origin=ORIGIN))
        self.wallet.fetching.accept(person.id, uri, now=self.now)
        holder = self.wallet.wallet.holder(person.id).did
        for number in range(len(EARNED)):
            self.take(person, badge(holder, number))
        return holder

    def take(self, person: Person, unsigned: JsonObject) -> None:
        """Have a badge issued by the community, and fetch it."""
        signed = self.office.awarding.issue("learnometer", unsigned, now=self.now)
        made = self.office.offers.offer_signed("learnometer", url=signed["id"], now=self.now)
        uri = offer_by_value(offer(made, origin=ORIGIN))
        self.wallet.fetching.accept(person.id, uri, now=self.now)

    def present(self, person: Person, uri: str, *, without: str = "") -> str:
        """Show everything that the wallet holds but one badge; where the browser goes on."""
        asked = self.wallet.presenting.look(person.id, uri, now=self.now)
        chosen = [held.id for held in asked.matches["badges"] if held.name != without]
        goes_on = self.wallet.presenting.present(person.id, asked, chosen=chosen, now=self.now)
        assert goes_on
        return goes_on

    def audited(self) -> str:
        """The address of the audit of the member, who has shown all badges."""
        self.fill_wallet(self.member)
        uri = self.degree.reception.ask(self.member, programme="lm-msc", now=self.now)
        return self.browser(self.member).get(self.present(self.member, uri)).location

    def approved(self, audit: str) -> str:
        """The address of an audit whose decision a registrar and an examiner have approved."""
        for person, capacity in (
            (self.registrar, "registrar"),
            (self.examiner, "external_examiner"),
        ):
            answer = self.approve(audit, person, capacity=capacity)
            assert answer.status_code == 303, answer.text
        return audit

    def approve(self, audit: str, person: Person, *, capacity: str) -> TestResponse:
        """Somebody reads the page of a case and approves it with a new passkey of theirs."""
        passkeys, device = self.program.parts.passkeys, Authenticator(origin=ORIGIN)
        made = device.create(passkeys.begin_registration(person, now=self.now))
        passkeys.register(person, name="Laptop", response=made, now=self.now)
        browser, page = (
            self.browser(person),
            f"{audit.replace('/audits/', '/board/cases/')}/approval",
        )
        shown = re.search('data-digest="([0-9a-f]{64})"', browser.get(page).text)
        assert shown, "this page asks for no approval"
        digest = bytes.fromhex(shown[1])
        answered = device.get(passkeys.begin_approval(person, digest=digest, now=self.now))
        return browser.submit(page, page, confirmed="yes", capacity=capacity, passkey=answered)

    def conferred(self) -> str:
        """The address of the audit on which the member's certificate was conferred."""
        audit = self.approved(self.audited())
        form = audit.replace("/audits/", "/registry/") + "/confer"
        answer = self.browser(self.registrar).submit(form, form, award="PGCert", confirmed="yes")
        assert answer.status_code == 303, answer.text
        return answer.location

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
