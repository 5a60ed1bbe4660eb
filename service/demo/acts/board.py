"""The exam board meets: two people approve the degree, each with a passkey, and it is conferred."""

from datetime import UTC, datetime
from functools import partial

from accounts.store import Person as Account
from degree.board.approvals import signed_digest
from degree.board.meetings import Called
from degree.board.minutes import Minute, Minutes, Resolution, version
from degree.roles import EXAMINER, REGISTRAR
from service.demo.acts.applying import DEGREE
from service.demo.acts.founding import employed
from service.demo.chronicle import Conferral
from service.demo.device import Device
from service.demo.signins import EXTERNAL_EXAMINER, SignIns
from service.demo.stage import Stage

PRESENT = "Dr Miriam Adeyemi (chair)\nEdith Marsh (external examiner)\nRuth Okafor (registrar)"
AGREED = Minute(
    resolution=Resolution.AWARD,
    text="The board read the audit and the capstone. The external examiner spoke of its rigour.",
)
MEETING = datetime(2026, 11, 18, 14, tzinfo=UTC)


def enter(stage: Stage, *, registrar: str, sign_ins: SignIns) -> None:
    """Put the board's meeting on the agenda."""
    stage.agenda.at(MEETING, partial(_meet, stage, registrar, sign_ins))


def _meet(stage: Stage, registrar: str, sign_ins: SignIns) -> None:
    """The degree goes to the person of whom the story says so, if it was earned."""
    examiner = employed(stage, EXTERNAL_EXAMINER, sign_ins)
    handle = stage.plot.community.story.conferred
    if stage.chronicle.awards.get(handle) != DEGREE:
        return
    holder = stage.people.person(stage.person_id(handle))
    latest = stage.degree.registry.latest(holder.id)
    if latest is None:
        raise RuntimeError("an audit that was made is not there")
    audit, officer = latest.decision.id, stage.people.person(registrar)
    _minute(stage, audit, officer)
    _approve(stage, audit, officer, capacity=REGISTRAR)
    _approve(stage, audit, stage.people.person(examiner), capacity=EXAMINER)
    _confer(stage, audit, officer, holder, handle)


def _minute(stage: Stage, audit: str, officer: Account) -> None:
    """The meeting was called in the days before; what it resolved is written down and closed."""
    meetings, now = stage.degree.meetings, stage.now()
    called = Called(held_on=now.date(), place="14:00, Senate room", chair="Dr Miriam Adeyemi")
    meeting = meetings.call(called, officer, now=now)
    meetings.put_on_agenda(meeting.id, audit, officer, now=now)
    minutes = Minutes(present=PRESENT, apologies="", other_business="", of_cases={1: AGREED})
    read = version(meetings.meeting(meeting.id))
    meetings.close(meeting.id, minutes, officer, expected_version=read, now=now)


def _approve(stage: Stage, audit: str, person: Account, *, capacity: str) -> None:
    """Somebody adds a passkey to their account, and signs the decision's digest with it."""
    passkeys, now = stage.program.parts.passkeys, stage.now()
    device = Device(stage.program.parts.settings.origin)
    made = device.create(passkeys.begin_registration(person, now=now))
    passkeys.register(person, name="Office key", response=made, now=now)
    file = stage.degree.registry.file(audit, reader=person)
    asked = passkeys.begin_approval(person, digest=signed_digest(file.record), now=now)
    stage.degree.approving.approve(
        audit, person, capacity=capacity, response=device.get(asked), now=now
    )


def _confer(stage: Stage, audit: str, officer: Account, holder: Account, handle: str) -> None:
    conferring = stage.degree.conferring
    conferral = conferring.confer(audit, officer, now=stage.now())
    offers = [conferring.offer(audit, one.number, reader=holder) for one in conferral.current]
    held = [stage.wallet.fetching.accept(holder.id, uri, now=stage.now()) for uri in offers]
    stage.chronicle.conferrals.append(
        Conferral(
            holder=handle,
            award=DEGREE,
            audit=audit,
            urls=tuple(one.credential_id for one in held),
        )
    )
