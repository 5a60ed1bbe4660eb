"""The last act: every member shows the degree office their badges, and one award is conferred."""

from datetime import UTC, datetime, timedelta
from functools import partial

from accounts.store import Person as Account
from service.demo.chronicle import Conferral
from service.demo.stage import Stage

PROGRAMME = "lm-msc"
FIRST_APPLICATION = datetime(2026, 11, 10, 8, tzinfo=UTC)
BETWEEN_APPLICATIONS = timedelta(minutes=3)
BOARD = datetime(2026, 11, 18, 14, tzinfo=UTC)
DEGREE = "MSc"


def enter(stage: Stage, *, registrar: str) -> None:
    """Put the applications and the board's meeting on the agenda."""
    for number, handle in enumerate(stage.plot.people):
        moment = FIRST_APPLICATION + number * BETWEEN_APPLICATIONS
        stage.agenda.at(moment, partial(_apply, stage, handle))
    stage.agenda.at(BOARD, partial(_confer, stage, registrar))


def _apply(stage: Stage, handle: str) -> None:
    """The office asks, the member's wallet presents everything it has, and the audit follows."""
    person = stage.people.person(stage.person_id(handle))
    office, presenting = stage.degree, stage.wallet.presenting
    uri = office.reception.ask(person, programme=PROGRAMME, now=stage.now())
    asked = presenting.look(person.id, uri, now=stage.now())
    chosen = [held.id for matches in asked.matches.values() for held in matches]
    goes_on = presenting.present(person.id, asked, chosen=chosen, now=stage.now())
    if goes_on is None:
        raise RuntimeError("the degree office did not say where the browser goes on")
    code = goes_on.rpartition("/")[2]
    application = office.reception.claim(code, person, now=stage.now())
    decision = office.registry.audit_once(application.id, now=stage.now())
    stage.chronicle.awards[handle] = decision.earned
    stage.chronicle.decided(handle, decision.earned or "no award yet")


def _confer(stage: Stage, registrar: str) -> None:
    """The degree is conferred on the person of whom the story says so, if it was earned."""
    handle = stage.plot.community.story.conferred
    if stage.chronicle.awards.get(handle) != DEGREE:
        return
    account: Account = stage.people.person(stage.person_id(handle))
    latest = stage.degree.registry.latest(account.id)
    if latest is None:
        raise RuntimeError("an audit that was made is not there")
    conferring, audit = stage.degree.conferring, latest.decision.id
    conferral = conferring.confer(audit, stage.people.person(registrar), now=stage.now())
    audit = conferral.decision_id
    offers = [conferring.offer(audit, one.number, reader=account) for one in conferral.current]
    held = [stage.wallet.fetching.accept(account.id, uri, now=stage.now()) for uri in offers]
    stage.chronicle.conferrals.append(
        Conferral(
            holder=handle,
            award=DEGREE,
            audit=audit,
            urls=tuple(one.credential_id for one in held),
        )
    )
