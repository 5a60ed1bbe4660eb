"""A small community on a real database: two circles, wallets with real keys, one rubric.

What a test does not care about has a default; what it attacks is one line.
"""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import circle
from ed25519_keys import KnownSigner, signer

from issuer.addresses import Addresses
from issuer.evidence import Evidence
from issuer.office import office
from issuer.peers import ballots
from issuer.peers.activity import Part
from issuer.peers.ballots import Answer, Mark
from issuer.states import Role
from issuer.store import Store
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, MemberRow, TenantRow
from keys.sealing import Seal
from service.database import Database
from vc.errors import Unavailable
from vc.fetch import Fetched
from vc.issue import issue
from vc.jcs import canonical_json
from vc.jose import sign_compact
from vc.key_history import HistoricKey
from vc.public_key import ed25519

ORIGIN = "http://localhost:8000"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TENANTS = ("learnometer", "university")
REFLECTION = b"I changed one question each week and wrote down who answered it. " * 3
ANCHOR = "the table on the second page, row by row"


@dataclass
class Dice:
    """Chance and secrets in a fixed order."""

    counter: Any = field(default_factory=lambda: itertools.count(1))

    def identifier(self) -> str:
        return f"{next(self.counter):032x}"

    def nonce(self) -> bytes:
        return next(self.counter).to_bytes(32, "big")

    def token(self) -> str:
        return f"token-{next(self.counter)}"


class Village:
    """The issuer's use cases with a community of `north` and `south` already living in it."""

    def __init__(self, database: Database, *, size: int = 8) -> None:
        self.store = Store(database.sessions)
        self.dice, self.seal = Dice(), Seal(bytes(32))
        self.signers = {
            tenant: signer(number, f"{Addresses(ORIGIN, tenant).did}#key-1")
            for number, tenant in enumerate(TENANTS, start=1)
        }
        self.office = office(
            self.store,
            seal=self.seal,
            chance=self.dice,
            secrets=self.dice,
            signer_of=self.signers.__getitem__,
            signer_with=lambda tenant, _kind: self.signers[tenant],
            keys_of=self.keys_of,
            origin=ORIGIN,
        )
        self.community, self.activities = self.office.community, self.office.activities
        self.level, self.panels = self.office.level, self.office.panels
        self.lottery, self.requests = self.office.lottery, self.office.requests
        self.awarding, self.offers = self.office.awarding, self.office.offers
        self.wallets: dict[str, KnownSigner] = {}
        self._found(size)

    def keys_of(self, tenant: str) -> list[HistoricKey]:
        key = self.signers[tenant]
        return [
            HistoricKey(id=key.verification_method, public_key=ed25519(key.public_key), created=NOW)
        ]

    def _found(self, size: int) -> None:
        tenants = [
            TenantRow(
                id=tenant,
                did=Addresses(ORIGIN, tenant).did,
                name=tenant.title(),
                description="For tests.",
            )
            for tenant in TENANTS
        ]
        contexts = [
            ContextRow(id="ke-secondary", name="Secondary schools in Kenya"),
            ContextRow(id="ie-primary", name="Primary schools in Ireland"),
        ]
        circles = [
            CircleRow(
                id=name,
                tenant_id="learnometer",
                name=name.title(),
                purpose="",
                platform="",
                link="",
            )
            for name in ("north", "south")
        ]
        self.community.establish([*tenants, *contexts, *circles])
        self.policy = self.community.publish_policy(
            circle.POLICY.read_text(encoding="utf-8"), source="policy.yaml"
        )
        self.rubric = self.community.publish_rubric(circle.RUBRIC_TEXT, source="rubric.yaml")
        self.community.offer_achievements([self.achievement("lesson-study")])
        for name in ("north", "south"):
            for number in range(size):
                self.enrol(f"{name}{number}", circle_id=name, number=number)

    def achievement(self, name: str) -> AchievementRow:
        return AchievementRow(
            id=name,
            tenant_id="learnometer",
            name="Lesson study with colleagues",
            description="Planned, observed and revised a lesson together.",
            criteria="Asks a question, argues from evidence.",
            achievement_type="MicroCredential",
            level=7,
            credits_tenths=125,
            tags=["reflective_practice"],
            alignments=[
                {
                    "framework": "FHEQ",
                    "code": "7",
                    "name": "Level 7 of the FHEQ",
                    "url": "https://www.qaa.ac.uk/en/quality-code",
                }
            ],
            rubric_digest=self.rubric.digest,
        )

    def enrol(self, person: str, *, circle_id: str, number: int, wallet: bool = True) -> None:
        self.community.enrol(
            person_id=person,
            name=person.title(),
            circle_id=circle_id,
            context_id="ke-secondary" if number % 2 else "ie-primary",
            joined_on=date(2024, 9, 1),
            identity_confirmed_at=NOW,
        )
        self.community.pass_calibration(person_id=person, rubric=self.rubric.id, now=NOW)
        if wallet:
            self.wallets[person] = signer(1_000 + len(self.wallets))
            with self.store.ledger() as ledger:
                ledger.get(MemberRow, person).did = self.wallets[person].did

    def activity(self, *, level_ballot: bool = True, present: int = 8) -> str:
        """An open activity: north0 provided it, the others of `present` took part."""
        activity = self.activities.propose(
            circle_id="north",
            title="One question a week",
            description="We changed one question each week.",
            kind="lesson_study",
            context_id="ke-secondary",
            level_ballot=level_ballot,
            starts_at=NOW - timedelta(days=60),
            ends_at=NOW - timedelta(days=2),
            policy_digest=self.policy.digest,
            rubric_digest=self.rubric.digest,
            offerings=[("lesson-study", Role.PARTICIPANT), ("lesson-study", Role.CO_PROVIDER)],
        )
        people = [f"north{number}" for number in range(present)]
        self.activities.join(activity_id=activity, person_id="north0", part=Part.PROVIDER)
        self.activities.open(activity, now=NOW)
        for person in people[1:]:
            self.activities.join(activity_id=activity, person_id=person, part=Part.PARTICIPANT)
        self.activities.confirm_attendance(activity_id=activity, person_ids=people, now=NOW)
        return activity

    def sign(self, person: str, claims: dict[str, Any]) -> str:
        payload = canonical_json(claims)
        return sign_compact({"typ": ballots.JWS_TYPE}, payload, signer=self.wallets[person])

    def level_ballot(self, activity: str, person: str, verdict: Answer = Answer.YES) -> str:
        paper = self.level.paper(activity_id=activity, person_id=person)
        answers = dict.fromkeys(("inquiry", "evidence"), verdict)
        claims = ballots.level_claims(
            paper, judge=self.wallets[person].did, answers=answers, verdict=verdict
        )
        return self.sign(person, claims)

    def vote_on_level(
        self, activity: str, people: Iterable[str], verdict: Answer = Answer.YES
    ) -> None:
        for person in people:
            jws = self.level_ballot(activity, person, verdict)
            self.level.cast(activity_id=activity, jws=jws, now=NOW)

    def found_at_level(self) -> str:
        """An activity that the participants found at the level."""
        activity = self.activity()
        self.vote_on_level(activity, [f"north{number}" for number in range(1, 8)])
        self.level.close(activity_id=activity, now=NOW)
        return activity

    def evidence(self, mark: str = "") -> list[Evidence]:
        return [
            Evidence(
                genre="artefact",
                name="Lesson plan",
                media_type="text/plain",
                content=f"The plan. {mark}".encode(),
            ),
            Evidence(
                genre="reflection",
                name="Reflection",
                media_type="text/markdown",
                content=REFLECTION + mark.encode(),
            ),
        ]

    def handed_in(self, activity: str, author: str = "north1") -> str:
        return self.activities.hand_in(
            activity_id=activity,
            author_id=author,
            achievement_id="lesson-study",
            evidence=self.evidence(author),
            now=NOW,
        )

    def panel_ballot(self, contribution: str, judge: str, verdict: Answer = Answer.YES) -> str:
        given = self.panels.paper(contribution_id=contribution, judge_id=judge, now=NOW)
        yes = verdict is Answer.YES
        marks = [
            Mark(
                criterion=criterion.id,
                level="capable" if yes else "emerging",
                evidence=given.paper.evidence[0],
                anchor=ANCHOR,
            )
            for criterion in given.paper.rubric.criteria
        ]
        wallet = self.wallets[judge]
        endorsed = issue(given.endorsement, signer=wallet, created=NOW) if yes else None
        claims = ballots.panel_claims(
            given.paper, judge=wallet.did, marks=marks, verdict=verdict, endorsement=endorsed
        )
        return self.sign(judge, claims)

    def judged(self, contribution: str, verdicts: str = "yyyyy") -> str:
        """Draw a panel and let it vote, peers first: y or n for each seat. Its outcome."""
        drawn = self.lottery.draw(contribution_id=contribution, now=NOW)
        for seat, letter in zip(drawn.seats, verdicts, strict=True):
            verdict = Answer.YES if letter == "y" else Answer.NO
            jws = self.panel_ballot(contribution, seat.judge, verdict)
            self.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
        return self.panels.close(contribution_id=contribution, now=NOW).outcome

    def badge(self, author: str = "north1") -> str:
        """The whole way: the id of a signed badge."""
        contribution = self.handed_in(self.found_at_level(), author)
        self.judged(contribution)
        return self.awarding.award(contribution_id=contribution, now=NOW)

    def document(self, credential: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.awarding.signed(credential, now=NOW))
        return document

    def get(self, url: str, *, accept: str) -> Fetched:
        """The village is its own network: DID documents and status lists as published now."""
        tenant, kind, *rest = url.partition("/issuer/")[2].split("/")
        if kind == "did.json":
            document = self.office.publishing.did_document(tenant)
            return Fetched(url, json.dumps(document).encode(), "application/json")
        if kind == "keys.json":
            history = self.office.publishing.key_history(tenant, now=NOW)
            return Fetched(url, json.dumps(history).encode(), "application/json")
        if kind == "log":
            known = self.office.log.among(tenant, rest[2], size=int(rest[1]))
            return Fetched(url, json.dumps(known).encode(), "application/json")
        if kind == "rules":
            rule = self.office.publishing.rule(rest[0])
            return Fetched(url, rule.content, rule.media_type)
        if kind == "status":
            text = self.awarding.status_list(tenant, rest[0], now=NOW)
            return Fetched(url, text.encode(), "application/json")
        raise Unavailable("unreachable", f"{url} did not answer.")
