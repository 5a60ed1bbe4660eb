"""`learnometer keys`: the signing keys in custody, and what happens to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import click

from issuer.custodian import Custodian, Withdrawn
from issuer.tenant_keys import TenantKeys
from keys.records import KeyRecord
from service.app import compose, utc_now
from service.custody import custody_of, refuse_other_keys
from service.settings import from_environment
from vc.errors import Conflict, Missing
from vc.key_history import KeyState
from vc.public_key import KeyKind, spelled

_KIND = click.Choice([kind.value for kind in KeyKind])
_sure = click.option("--yes", "sure", is_flag=True, help="Go on without asking.")


@click.group()
def command() -> None:
    """See the signing keys, replace them, and take back one that fell into other hands."""


@command.command("list")
def list_keys() -> None:
    """Show the public facts and dates of every key, and where it lies.

    The number at the end grows with every change: after an older backup it is lower than before.
    """
    custody = custody_of(from_environment())
    records = custody.list()
    for record in records:
        _show(record)
    if not records:
        click.echo("There are no keys yet.")
    click.echo(f"Edition {custody.edition()} of the register of keys.")


@command.command("rotate")
@click.argument("issuer")
@click.option(
    "--token/--no-token",
    "in_token",
    default=None,
    help="Make and keep it in the hardware token, or outside. Unless said, where the old one lies.",
)
@click.option("--kind", type=_KIND, default=KeyKind.ED25519.value, show_default=True)
def rotate(issuer: str, kind: str, **flags: bool | None) -> None:
    """Give ISSUER a new key, such as learnometer, university, degree, or a DID.

    What the key of that kind until now signed stays valid; it signs no more.
    """
    with _custodian() as custodian:
        owner = _owner(issuer)
        made = custodian.rotate(
            owner, now=utc_now(), in_token=flags["in_token"], kind=KeyKind(kind)
        )
    _show(made)


@command.command("add")
@click.argument("tenant")
@click.argument("kind", type=_KIND)
def add(tenant: str, kind: str) -> None:
    """Give the issuer TENANT a key of another KIND, to sign in the forms that need one.

    Its Ed25519 key goes on signing what nobody asks another form for.
    """
    settings = from_environment()
    keys = TenantKeys(custody_of(settings), origin=settings.origin)
    with _custodian() as custodian:
        record = keys.add(tenant, KeyKind(kind), now=utc_now())
        custodian.publish(record.owner, now=utc_now())
    _show(record)


@command.command("compromise")
@click.argument("key")
@click.option(
    "--since",
    required=True,
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="When it fell into other hands, in UTC. If in doubt, take the earlier date.",
)
@_sure
def compromise(key: str, since: datetime, *, sure: bool) -> None:
    """KEY, by its name in the list, is in other hands. Doing it again finishes what was begun.

    It is replaced if it still signs. What it signed counts only where the log had it before the
    date; the credentials after it are signed anew, and their holders fetch them again.
    """
    moment = since.replace(tzinfo=UTC)
    with _custodian() as custodian:
        if not sure:
            affected = custodian.affected(key, since=moment, now=utc_now())
            _ask(f"All that {key} signed since {moment:%Y-%m-%d %H:%M} UTC", affected)
        done = custodian.compromise(key, since=moment, now=utc_now())
    _show_withdrawn(done)


@command.command("revoke")
@click.argument("key")
@_sure
def revoke(key: str, *, sure: bool) -> None:
    """Take back all that KEY, by its name in the list, ever signed, and sign it anew.

    Every holder has to fetch theirs again, and every other copy of it is not valid any more.
    """
    with _custodian() as custodian:
        if not sure:
            _ask(f"All that {key} ever signed", custodian.affected(key, now=utc_now()))
        done = custodian.revoke(key, now=utc_now())
    _show_withdrawn(done)


def _ask(what: str, affected: int) -> None:
    """Go on only if the operator means it: none of it can be undone."""
    click.echo(f"{what} counts no more, whoever shows it.")
    click.echo(f"Credentials to be signed anew, and fetched again by their holders: {affected}.")
    click.confirm("This cannot be undone. Go on?", abort=True)


def _owner(named: str) -> str:
    """The DID that is named, or whose last part is, or whose key is. Raises Missing, Conflict."""
    records = custody_of(from_environment()).list()
    if any(one.name == named and one.state is not KeyState.ACTIVE for one in records):
        raise Conflict(
            "key-rotated", f"{named} signs no more; name its issuer to replace the next."
        )
    found = {
        record.owner
        for record in records
        if named in (record.owner, record.name) or record.owner.endswith(f":{named}")
    }
    if len(found) != 1:
        known = ", ".join(sorted({record.owner.rpartition(":")[2] for record in records}))
        sentence = f"{named} has no key here. Those who have: {known or 'nobody yet'}."
        raise Missing("issuer-key", sentence)
    return found.pop()


@contextmanager
def _custodian() -> Iterator[Custodian]:
    settings = from_environment()
    # Before anything is touched: half of it would be done, and the other half refused.
    refuse_other_keys(custody_of(settings), settings)
    program = compose(replace(settings, roles=frozenset({"issuer"})))
    assert program.issuer is not None, "the issuer was asked for"
    try:
        yield Custodian(
            program.issuer.store,
            custody=program.parts.custody,
            log=program.issuer.log,
            publishing=program.issuer.publishing,
            renewal=program.issuer.renewal,
        )
    finally:
        program.parts.database.close()


def _show(record: KeyRecord) -> None:
    key = record.key
    dates = [f"made on {key.created:%Y-%m-%d}"]
    dates += [f"in use until {key.rotated:%Y-%m-%d}"] if key.rotated else []
    if key.compromise:
        dates.append(f"in other hands since {key.compromise.since:%Y-%m-%d %H:%M}")
    dates += [f"revoked on {key.revoked:%Y-%m-%d}"] if key.revoked else []
    click.echo(f"{record.name}  {record.state}  {', '.join(dates)}")
    click.echo(f"  {record.verification_method}")
    click.echo(f"  {spelled(key.public_key)}")
    label = record.token_label
    click.echo("  sealed in the register" if label is None else f"  in the token, labelled {label}")


def _show_withdrawn(done: Withdrawn) -> None:
    _show(done.record)
    click.echo(f"Credentials signed anew: {done.renewed}.")
