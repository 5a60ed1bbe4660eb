"""Registering, signing in and signing out, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from accounts.attempts import ATTEMPTS, TooManyAttempts
from accounts.people import SESSION_LIFE, People
from accounts.store import Store
from service.database import Database
from vc.errors import Conflict, Malformed, Missing, NotAuthenticated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "a long enough password"


@pytest.fixture
def people(database: Database) -> People:
    """People whose passwords are hashed weakly, so that the tests are quick."""
    return People(
        Store(database.sessions), hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


def register(people: People, email: str = "Amina@Example.org") -> str:
    person = people.register(
        name="Amina Wanjiru", email=email, password=PASSWORD, roles=["member"], now=NOW
    )
    return person.id


def test_a_registered_person_signs_in_by_any_spelling_of_the_address(people: People) -> None:
    person_id = register(people)
    signed_in = people.sign_in(
        email=" AMINA@example.org", password=PASSWORD, place="192.0.2.1", now=NOW
    )
    assert signed_in.person.id == person_id
    assert signed_in.person.roles == {"member"}
    assert people.signed_in(token=signed_in.token, now=NOW) == signed_in.person


@pytest.mark.parametrize(
    ("email", "password"),
    [("amina@example.org", "another password"), ("nobody@example.org", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    people: People, email: str, password: str
) -> None:
    register(people)
    with pytest.raises(NotAuthenticated) as refusal:
        people.sign_in(email=email, password=password, place="192.0.2.1", now=NOW)
    assert refusal.value.sentence == "The e-mail address or the password is not right."


def test_a_person_without_a_password_cannot_sign_in(people: People) -> None:
    people.register(name="Amina", email="a@example.org", password=None, roles=[], now=NOW)
    with pytest.raises(NotAuthenticated):
        people.sign_in(email="a@example.org", password="", place="192.0.2.1", now=NOW)


def test_a_session_ends_when_it_runs_out(people: People) -> None:
    register(people)
    token = people.sign_in(
        email="amina@example.org", password=PASSWORD, place="192.0.2.1", now=NOW
    ).token
    assert people.signed_in(token=token, now=NOW + SESSION_LIFE - timedelta(seconds=1))
    assert people.signed_in(token=token, now=NOW + SESSION_LIFE) is None


def test_a_session_ends_when_its_person_signs_out(people: People) -> None:
    register(people)
    token = people.sign_in(
        email="amina@example.org", password=PASSWORD, place="192.0.2.1", now=NOW
    ).token
    people.sign_out(token=token)
    assert people.signed_in(token=token, now=NOW) is None


def test_the_database_holds_neither_token_nor_password(people: People, database: Database) -> None:
    register(people)
    token = people.sign_in(
        email="amina@example.org", password=PASSWORD, place="192.0.2.1", now=NOW
    ).token
    with database.engine.connect() as connection:
        rows = [
            str(row)
            for table in ("accounts_session", "accounts_person")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert rows
    assert not [row for row in rows if token in row or PASSWORD in row]


def test_after_five_failures_even_the_right_password_waits_a_minute(people: People) -> None:
    register(people)
    for _ in range(ATTEMPTS):
        with pytest.raises(NotAuthenticated):
            people.sign_in(
                email="amina@example.org", password="a wrong one", place="192.0.2.1", now=NOW
            )
    with pytest.raises(TooManyAttempts):
        people.sign_in(email="Amina@example.org", password=PASSWORD, place="192.0.2.1", now=NOW)
    # Somebody else's failures do not lock her out elsewhere.
    assert people.sign_in(email="amina@example.org", password=PASSWORD, place="192.0.2.2", now=NOW)
    later = NOW + timedelta(minutes=1)
    assert people.sign_in(
        email="amina@example.org", password=PASSWORD, place="192.0.2.1", now=later
    )


def test_an_address_is_registered_once_in_any_spelling(people: People) -> None:
    register(people)
    with pytest.raises(Conflict):
        register(people, "AMINA@EXAMPLE.ORG")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"roles": ["admin"]}, "roles"),
        ({"email": "not an address"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 257}, "password"),
    ],
)
def test_what_cannot_be_registered_is_named(
    people: People, change: dict[str, object], place: str
) -> None:
    asked: dict[str, object] = {
        "name": "A", "email": "a@example.org", "password": PASSWORD, "roles": [], "now": NOW
    }  # fmt: skip
    with pytest.raises(Malformed) as refusal:
        people.register(**(asked | change))  # type: ignore[arg-type]
    assert refusal.value.place == place


def test_a_person_is_found_by_id_and_by_address_or_is_missing(people: People) -> None:
    person_id = register(people)
    assert people.person(person_id) == people.person_by_email("amina@example.org")
    with pytest.raises(Missing):
        people.person("0" * 32)
    with pytest.raises(Missing):
        people.person_by_email("nobody@example.org")


def test_a_time_without_its_zone_is_never_stored(people: People) -> None:
    with pytest.raises(Exception, match="a time without its zone"):
        people.register(
            name="A",
            email="a@example.org",
            password=None,
            roles=[],
            now=datetime(2026, 1, 1),  # noqa: DTZ001
        )


def test_another_password_ends_every_session_and_needs_the_present_one(people: People) -> None:
    register(people)
    first = people.sign_in(email="amina@example.org", password=PASSWORD, place="here", now=NOW)
    with pytest.raises(NotAuthenticated):
        people.change_password(
            first.person, present="not the one at all", wanted="another long one", place="", now=NOW
        )
    assert people.signed_in(token=first.token, now=NOW)
    with pytest.raises(Malformed):
        people.change_password(
            first.person, present=PASSWORD, wanted="too short", place="", now=NOW
        )
    people.change_password(
        first.person, present=PASSWORD, wanted="another long one", place="", now=NOW
    )
    assert people.signed_in(token=first.token, now=NOW) is None
    with pytest.raises(NotAuthenticated):
        people.sign_in(email="amina@example.org", password=PASSWORD, place="here", now=NOW)
    assert people.sign_in(
        email="amina@example.org", password="another long one", place="here", now=NOW
    )


def test_sign_in_that_began_before_a_reset_opens_nothing(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(people)
    is_right = people._is_right

    def reset_meanwhile(password: str, password_hash: str | None) -> bool:
        right = is_right(password, password_hash)
        people.reset_password("amina@example.org", password="another long one")
        return right

    monkeypatch.setattr(people, "_is_right", reset_meanwhile)
    with pytest.raises(NotAuthenticated):
        people.sign_in(email="amina@example.org", password=PASSWORD, place="here", now=NOW)
    monkeypatch.undo()
    assert people.sign_in(
        email="amina@example.org", password="another long one", place="here", now=NOW
    )


@pytest.mark.parametrize(
    ("name", "email", "place"),
    [
        ("", "a@example.org", "name"),
        ("   ", "a@example.org", "name"),
        ("n" * 201, "a@example.org", "name"),
        ("A\x1bna", "a@example.org", "name"),
        ("Anna", "", "email"),
        ("Anna", "anna", "email"),
        ("Anna", "a b@example.org", "email"),
        ("Anna", "a@b@example.org", "email"),
        ("Anna", "a@.org", "email"),
        ("Anna", "a@example..org", "email"),
        ("Anna", "a@" + "e" * 260, "email"),
    ],
)
def test_name_or_address_that_cannot_be_is_refused_with_its_place(
    people: People, name: str, email: str, place: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        people.register(
            name=name, email=email, password="a long enough password", roles=["member"], now=NOW
        )
    assert refusal.value.place == place
