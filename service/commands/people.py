"""`learnometer people`: who can sign in."""

import secrets
from contextlib import closing
from datetime import datetime
from typing import Any, Final

import click

from accounts.ceremony import RelyingParty
from accounts.passkeys import Passkeys
from accounts.people import ROLES, People
from accounts.store import Store
from issuer.community import Community
from issuer.store import Store as IssuerStore
from issuer.tables.community import CircleRow, ContextRow
from service.app import utc_now
from service.database import Database, connect, upgrade
from service.settings import Settings, from_environment
from vc.errors import Malformed

_PASSWORD_BYTES: Final = 18
_MEMBER: Final = "member"


@click.group()
def command() -> None:
    """Look after the accounts."""


@command.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(sorted(ROLES)))
@click.option("--circle", help="A member's circle, by its id.")
@click.option("--context", help="Where a member teaches, by its id.")
@click.option("--identity-confirmed", is_flag=True, help="You have seen who the member is.")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
def add(name: str, email: str, roles: tuple[str, ...], **options: Any) -> None:
    """Make an account. Its password is shown once, and kept nowhere.

    A member needs a circle and a context.
    """
    settings = from_environment()
    upgrade(settings.database)
    with closing(connect(settings.database)) as database:
        if _MEMBER in roles:
            _check_place(database, options["circle"], options["context"])
        wanted, now = _password(ask=options["ask"]), utc_now()
        person = People(Store(database.sessions)).register(
            name=name, email=email, password=wanted, roles=roles, now=now
        )
        if _MEMBER in roles:
            _enrol(database, person.id, person.name, options, now)
    click.echo(f"{person.name} <{person.email}> can sign in as {', '.join(sorted(roles))}.")
    if not options["ask"]:
        click.echo(f"Password: {wanted}")


@command.command("password")
@click.argument("email")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
def password(email: str, **options: bool) -> None:
    """Give somebody another password, shown once; every session of theirs ends."""
    settings = from_environment()
    upgrade(settings.database)
    wanted = _password(ask=options["ask"])
    with closing(connect(settings.database)) as database:
        person = People(Store(database.sessions)).reset_password(email, password=wanted)
        count = len(_passkeys(database, settings).of(person))
    click.echo(f"{person.name} <{person.email}> has another password.")
    if not options["ask"]:
        click.echo(f"Password: {wanted}")
    if count:
        click.echo(
            f"Passkeys that still sign in: {count}. Unless they are the person's own: "
            f"learnometer people passkeys {person.email} --remove"
        )


@command.command("passkeys")
@click.argument("email")
@click.option("--remove", is_flag=True, help="Let none be used any more; all sessions end.")
def passkeys(email: str, **options: bool) -> None:
    """Show somebody's passkeys, or take them all away."""
    settings = from_environment()
    upgrade(settings.database)
    with closing(connect(settings.database)) as database:
        person = People(Store(database.sessions)).person_by_email(email)
        theirs = _passkeys(database, settings)
        found = theirs.of(person)
        if options["remove"]:
            theirs.remove_all(person, now=utc_now())
    for passkey in found:
        used = f"{passkey.last_used_at:%Y-%m-%d}" if passkey.last_used_at else "never"
        click.echo(f"{passkey.name}: added {passkey.created_at:%Y-%m-%d}, last used {used}")
    word = "Removed" if options["remove"] else "Passkeys"
    click.echo(f"{word}: {len(found)}")


def _passkeys(database: Database, settings: Settings) -> Passkeys:
    store = Store(database.sessions)
    return Passkeys(store, People(store), party=RelyingParty.at(settings.origin))


def _password(*, ask: bool) -> str:
    if not ask:
        return secrets.token_urlsafe(_PASSWORD_BYTES)
    given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return given


def _check_place(database: Database, circle: str | None, context: str | None) -> None:
    """Before anything is written. Raises Malformed, Missing."""
    for option, given in (("--circle", circle), ("--context", context)):
        if not given:
            raise Malformed("member", "A member has a circle and a context.", place=option)
    with IssuerStore(database.sessions).ledger() as ledger:
        ledger.get(CircleRow, circle)
        ledger.get(ContextRow, context)


def _enrol(
    database: Database, person_id: str, name: str, options: dict[str, Any], now: datetime
) -> None:
    Community(IssuerStore(database.sessions)).enrol(
        person_id=person_id,
        name=name,
        circle_id=options["circle"],
        context_id=options["context"],
        joined_on=now.date(),
        identity_confirmed_at=now if options["identity_confirmed"] else None,
    )
