"""Members join: an account, a place in a circle, a wallet, and the card that binds it."""

from datetime import UTC, datetime, time
from functools import partial

from service.demo.community import Person
from service.demo.signins import SignIns
from service.demo.stage import Stage


def enter(stage: Stage, *, sign_ins: SignIns) -> None:
    """Put everybody's joining on the agenda, each on the morning of their day."""
    for person in stage.plot.people.values():
        morning = datetime.combine(person.joined, time(7), tzinfo=UTC)
        stage.agenda.at(morning, partial(_join, stage, person, sign_ins))


def _join(stage: Stage, person: Person, sign_ins: SignIns) -> None:
    """Join; from now on the member can hand in work and judge that of others."""
    now, community = stage.now(), stage.office.community
    account = stage.people.register(
        name=person.name,
        email=person.email,
        password=sign_ins.password_of(person),
        roles=("member",),
        now=now,
    )
    stage.know(person.handle, account.id)
    community.enrol(
        person_id=account.id,
        name=person.name,
        circle_id=person.circle,
        context_id=person.context,
        joined_on=person.joined,
        identity_confirmed_at=now,
    )
    for rubric in stage.plot.community.rubrics:
        community.pass_calibration(person_id=account.id, rubric=rubric, now=now)
    stage.wallet.wallet.open(account.id, name=person.name, now=now)
    stage.fetch(account.id, stage.office.offers.offer_card(person_id=account.id, now=now))
