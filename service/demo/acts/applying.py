"""Every member shows the degree office their badges, and is told what they come to."""

from datetime import UTC, datetime, timedelta
from functools import partial

from service.demo.stage import Stage

PROGRAMME = "lm-msc"
FIRST_APPLICATION = datetime(2026, 11, 10, 8, tzinfo=UTC)
BETWEEN_APPLICATIONS = timedelta(minutes=3)
DEGREE = "MSc"


def enter(stage: Stage) -> None:
    """Put the applications on the agenda."""
    for number, handle in enumerate(stage.plot.people):
        moment = FIRST_APPLICATION + number * BETWEEN_APPLICATIONS
        stage.agenda.at(moment, partial(_apply, stage, handle))


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
