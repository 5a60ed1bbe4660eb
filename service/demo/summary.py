"""The short table after the story: what happened, what was verified, and what to look at."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from service.demo.addresses import Visit
from service.demo.claims import Claim
from service.demo.signins import EXTERNAL_EXAMINER, MODERATOR, REGISTRAR, SignIns


def show(
    console: Console,
    *,
    claims: Iterable[Claim],
    visits: Iterable[Visit],
    sign_ins: SignIns,
    origin: str,
    seconds: float,
) -> None:
    """Print the table."""
    console.print(_claims(claims, seconds))
    show_ways_in(console, visits=visits, sign_ins=sign_ins, origin=origin)


def show_ways_in(
    console: Console, *, visits: Iterable[Visit], sign_ins: SignIns, origin: str
) -> None:
    """Print what there is to look at, and who can sign in."""
    console.print(_visits(visits, origin))
    console.print(_sign_ins(sign_ins))


def _claims(claims: Iterable[Claim], seconds: float) -> Table:
    table = Table(title=f"Played and verified in {seconds:.0f} seconds", title_justify="left")
    table.add_column("What happened")
    table.add_column("Found again")
    for claim in claims:
        table.add_row(claim.sentence, "yes" if claim.holds else "NO: " + "; ".join(claim.against))
    return table


def _visits(visits: Iterable[Visit], origin: str) -> Table:
    """Addresses stand on lines of their own, so that they stay whole and can be clicked."""
    table = Table(title="To look at", title_justify="left", box=None, show_header=False)
    table.add_column(overflow="fold")
    for visit in visits:
        who = f" (sign in as {visit.email})" if visit.email else ""
        table.add_row(f"{visit.title}{who}\n  {origin}{visit.path}")
    return table


def _sign_ins(sign_ins: SignIns) -> Table:
    title = f"Sign-ins, all with the password {sign_ins.password}"
    table = Table(title=title, title_justify="left")
    table.add_column("E-mail address", no_wrap=True)
    table.add_column("Who")
    table.add_row(sign_ins.candidate.email, f"{sign_ins.candidate.name}, who wants the degree")
    table.add_row(sign_ins.typical.email, f"{sign_ins.typical.name}, a member like most")
    for staff in (REGISTRAR, EXTERNAL_EXAMINER, MODERATOR):
        table.add_row(staff.email, f"{staff.name}: {', '.join(staff.roles).replace('_', ' ')}")
    return table
