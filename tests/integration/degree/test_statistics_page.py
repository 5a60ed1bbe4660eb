"""The registrars' statistics: the latest audit of everybody, and nobody to be recognised."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from office import COMMUNITY, PROGRAMME, Office
from village import NOW, ORIGIN
from wallets import TODAY, learnometer_msc

from accounts.people import People
from accounts.store import Store as Accounts
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, written
from degree.rules.explain import Answer
from degree.rules.records_json import read_records
from degree.store import ApplicationRow, DecisionRow, RequestRow, Store
from service.app import create_app
from service.database import Database
from service.settings import Settings

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
MSC, PGCERT = "two-circles-and-a-capstone.json", "on-the-way.json"
PASSWORD = "a long enough password"
RULES = learnometer_msc()


def decided(name: str, *, revoked: bool = False) -> DecisionRow:
    """The decision about one of the example wallets, of no application yet."""
    text = (EXAMPLES / name).read_text()
    if revoked:
        text = text.replace('"status": "valid"', '"status": "revoked"')
    decision = decide([RULES], read_records(text), today=TODAY)
    earned = decision.outcome.earned
    return DecisionRow(
        ruleset=RULES.digest,
        version=RULES.version,
        answer=decision.answer.value,
        earned=earned.award if earned else None,
        record=written(decision_record(decision, learnometer="1")).decode(),
    )


def apply(store: Store, person: int, decision: DecisionRow, *, at: datetime = NOW) -> None:
    """Keep the decision as one about this person's application."""
    id_ = f"{person:04}{at:%Y%m%d}"
    with store.ledger() as ledger:
        ledger.keep_ruleset(RULES.digest, source="", now=NOW)
        ledger.add(
            RequestRow(
                state=id_,
                nonce="n",
                person_id=str(person),
                name=f"Member {person}",
                programme=PROGRAMME,
                created_at=at,
                expires_at=at + timedelta(minutes=10),
            )
        )
        ledger.add(
            ApplicationRow(
                id=id_,
                state=id_,
                person_id=str(person),
                name=f"Member {person}",
                holder=f"did:key:{person}",
                programme=PROGRAMME,
                code_digest=id_,
                registered=TODAY,
                received_at=at,
                checked_at=at,
                claimed_at=at,
                credentials="[]",
                records="{}",
                not_records="[]",
            )
        )
        ledger.add(
            DecisionRow(
                id=id_,
                application_id=id_,
                ruleset=decision.ruleset,
                version=decision.version,
                answer=decision.answer,
                earned=decision.earned,
                record=decision.record,
                decided_at=at,
            )
        )


def cohort(store: Store, *groups: tuple[int, DecisionRow]) -> None:
    """So many members with this decision."""
    person = 0
    for members, decision in groups:
        for _ in range(members):
            person += 1
            apply(store, person, decision)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database.sessions)


@pytest.fixture
def registrar(database: Database, tmp_path: Path) -> FlaskClient:
    people = People(
        Accounts(database.sessions),
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    )
    people.register(
        name="Ruth Cole", email="ruth@example.org", password=PASSWORD, roles=["registrar"], now=NOW
    )
    settings = Settings(home=tmp_path, origin=ORIGIN, master_secret=bytes(32), secret_key="s" * 32)
    app = create_app(settings, clock=lambda: NOW, database=database, people=people)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/account/sign-in", data={"email": "ruth@example.org", "password": PASSWORD})
    return client


def page(client: FlaskClient) -> str:
    answer = client.get("/degree/registry/statistics", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def numbers(text: str) -> dict[str, str]:
    """Each bar's label with its number."""
    bars = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td class="chart-number">(.*?)</td>', text, re.S
    )
    return {label: re.sub(r"<[^>]+>", "", cell).split()[0] for label, cell in bars}


def test_figures_are_of_the_latest_audit_of_everybody(database: Database, store: Store) -> None:
    office = Office(database)
    apply(store, 1, decided(PGCERT), at=NOW - timedelta(days=40))
    apply(store, 1, decided(MSC))
    apply(store, 2, decided(PGCERT))
    found = office.registry.figures()
    assert found[PROGRAMME].awards == {"MSc": 1, "PGCert": 1}
    assert found[PROGRAMME].answers == {Answer.SATISFIED: 2}
    assert office.registry.figures() == found
    apply(store, 2, decided(PGCERT, revoked=True), at=NOW + timedelta(days=1))
    assert office.registry.figures()[PROGRAMME].awards == {"MSc": 1, None: 1}
    assert COMMUNITY  # the office trusts its own issuer; decisions that are kept stay as they were


def test_the_page_tells_numbers_beside_every_bar(registrar: FlaskClient, store: Store) -> None:
    cohort(store, (6, decided(MSC)), (8, decided(PGCERT)))
    found = numbers(page(registrar))
    assert (found["Master of Science"], found["Postgraduate Certificate"]) == ("6", "8")
    assert found["Capstone"] == "8"
    assert "Small groups together" not in found


def test_a_small_group_takes_another_with_it(registrar: FlaskClient, store: Store) -> None:
    none = decided(PGCERT, revoked=True)
    cohort(store, (6, decided(MSC)), (8, decided(PGCERT)), (2, none))
    found = numbers(page(registrar))
    assert "Master of Science" not in found
    assert "No award yet" not in found
    assert "2" not in found.values()
    assert "14" not in found.values()
    assert found["Postgraduate Certificate"] == "8"


def test_of_fewer_than_five_members_nothing_is_told(registrar: FlaskClient, store: Store) -> None:
    cohort(store, (4, decided(MSC)))
    text = page(registrar)
    assert "Fewer than 5 members have been audited" in text
    assert "Master of Science" not in text


def test_without_applicants_the_page_says_so(registrar: FlaskClient) -> None:
    assert "Nobody has applied yet" in page(registrar)


def test_the_page_holds_nothing_that_the_content_policy_forbids(
    registrar: FlaskClient, store: Store
) -> None:
    cohort(store, (6, decided(MSC)), (8, decided(PGCERT)))
    text = page(registrar)
    assert not re.search(r"<script|<style| style=| on\w+=", text)
    assert "Member 1" not in text
