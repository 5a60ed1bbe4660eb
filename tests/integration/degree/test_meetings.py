"""The board's meetings: who may call, put on the agenda, write and close, and what stays."""

import threading
from datetime import date, timedelta

import pytest
from campus import NOW, Campus
from ed25519_keys import signer
from office import EXAMINER, MEMBER, OTHER, REGISTRAR, SECOND, Office

from accounts.store import Person
from degree.board.listing import listing
from degree.board.meetings import Called, Meetings
from degree.board.minutes import Minute, Minutes, Resolution, texts, version
from degree.board.tables import MeetingRow
from service.database import Database
from vc.errors import Conflict, Forbidden, Malformed, Missing, Refused

TODAY = Called(held_on=NOW.date(), place="14:00, Senate room", chair="Dr Miriam Adeyemi")
AGREED = Minute(resolution=Resolution.AWARD, text="Read and agreed.")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def meetings(office: Office) -> Meetings:
    return Meetings(office.store, registry=office.registry)


def minutes(
    *of_cases: Minute, present: str = "Miriam, Edith, Ruth", other_business: str = ""
) -> Minutes:
    return Minutes(
        present=present,
        apologies="",
        other_business=other_business,
        of_cases=dict(enumerate(of_cases, 1)),
    )


def write(meetings: Meetings, meeting_id: str, minutes: Minutes, by: Person) -> None:
    """As somebody writes who has just read what stands there."""
    read = version(meetings.meeting(meeting_id))
    meetings.write(meeting_id, minutes, by, expected_version=read, now=NOW)


def close(meetings: Meetings, meeting_id: str, minutes: Minutes, by: Person) -> None:
    read = version(meetings.meeting(meeting_id))
    meetings.close(meeting_id, minutes, by, expected_version=read, now=NOW)


def held(office: Office, meetings: Meetings, called: Called = TODAY) -> tuple[MeetingRow, str]:
    """A meeting with one case on its agenda, and that case."""
    decision = office.apply(office.certificate())
    meeting = meetings.call(called, REGISTRAR, now=NOW)
    meetings.put_on_agenda(meeting.id, decision, REGISTRAR, now=NOW)
    return meeting, decision


def log(office: Office, about: str) -> list[str]:
    with office.store.ledger() as ledger:
        return [event.kind for event in ledger.events(about)]


def test_a_meeting_is_called_minuted_and_closed(office: Office, meetings: Meetings) -> None:
    meeting, decision = held(office, meetings)
    write(meetings, meeting.id, minutes(AGREED), REGISTRAR)
    close(meetings, meeting.id, minutes(AGREED), SECOND)
    closed = meetings.meeting(meeting.id)
    assert (closed.present, closed.closed_by_name) == ("Miriam, Edith, Ruth", "Noor Aziz")
    (listed,) = meetings.agenda(closed, EXAMINER)
    assert (listed.item.resolution, listed.item.minute) == ("award", "Read and agreed.")
    assert (listed.item.minuted_by_name, listed.file.case.decision.id) == ("Ruth Cole", decision)
    assert log(office, meeting.id) == [
        *("meeting-called", "put-on-agenda", "minutes-written", "minuted", "minutes-closed"),
    ]


def test_closed_minutes_do_not_change(office: Office, meetings: Meetings) -> None:
    meeting, decision = held(office, meetings)
    write(meetings, meeting.id, minutes(AGREED), REGISTRAR)
    close(meetings, meeting.id, minutes(AGREED), REGISTRAR)
    for attempt in (
        lambda: write(meetings, meeting.id, minutes(), REGISTRAR),
        lambda: meetings.move(meeting.id, TODAY, REGISTRAR, now=NOW),
        lambda: meetings.put_on_agenda(meeting.id, decision, REGISTRAR, now=NOW),
        lambda: close(meetings, meeting.id, minutes(AGREED), REGISTRAR),
    ):
        with pytest.raises(Conflict, match="closed"):
            attempt()
    later = office.registry.audit(application_of(office, decision), now=NOW)
    (listed,) = meetings.agenda(meetings.meeting(meeting.id), REGISTRAR)
    assert listed.file.case.decision.id == decision != later.id


def application_of(office: Office, decision_id: str) -> str:
    return office.registry.file(decision_id, reader=REGISTRAR).case.application.id


def test_until_it_is_minuted_the_latest_audit_is_before_the_board(
    office: Office, meetings: Meetings
) -> None:
    meeting, decision = held(office, meetings)
    later = office.registry.audit(application_of(office, decision), now=NOW)
    (listed,) = meetings.agenda(meetings.meeting(meeting.id), REGISTRAR)
    assert listed.file.case.decision.id == later.id
    write(meetings, meeting.id, minutes(AGREED), REGISTRAR)
    office.registry.audit(application_of(office, decision), now=NOW)
    (listed,) = meetings.agenda(meetings.meeting(meeting.id), REGISTRAR)
    assert listed.file.case.decision.id == later.id


@pytest.mark.parametrize("somebody", [MEMBER, OTHER, EXAMINER])
def test_only_registrars_call_and_write(
    office: Office, meetings: Meetings, somebody: Person
) -> None:
    meeting, decision = held(office, meetings)
    for attempt in (
        lambda: meetings.call(TODAY, somebody, now=NOW),
        lambda: meetings.move(meeting.id, TODAY, somebody, now=NOW),
        lambda: meetings.put_on_agenda(meeting.id, decision, somebody, now=NOW),
        lambda: write(meetings, meeting.id, minutes(), somebody),
        lambda: close(meetings, meeting.id, minutes(), somebody),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_nobody_writes_the_minutes_of_their_own_case(office: Office, meetings: Meetings) -> None:
    staff = Person(MEMBER.id, MEMBER.name, MEMBER.email, frozenset({"member", "registrar"}))
    meeting, _ = held(office, meetings)
    with pytest.raises(Forbidden, match="own case"):
        write(meetings, meeting.id, minutes(AGREED), staff)
    assert meetings.meeting(meeting.id).present == ""


@pytest.mark.parametrize(
    ("called", "written", "says"),
    [
        (TODAY, None, "who was present"),
        (TODAY, minutes(), "on 1 of the agenda"),
        (TODAY, minutes(Minute(resolution=None, text="We talked.")), "on 1 of the agenda"),
        (
            Called(held_on=NOW.date() + timedelta(days=1), place="14:00", chair="M"),
            minutes(AGREED),
            "has not been held",
        ),
    ],
)
def test_minutes_are_closed_when_they_are_complete_and_nothing_is_written_before(
    office: Office, meetings: Meetings, called: Called, written: Minutes | None, says: str
) -> None:
    meeting, _ = held(office, meetings, called)
    nothing = minutes(present="")
    with pytest.raises(Conflict, match=says):
        close(meetings, meeting.id, written or nothing, REGISTRAR)
    assert texts(meetings.meeting(meeting.id)) == {}


def test_a_case_is_on_an_agenda_once_and_may_come_again_later(
    office: Office, meetings: Meetings
) -> None:
    meeting, decision = held(office, meetings)
    with pytest.raises(Conflict, match="Amina Otieno is on this agenda already"):
        meetings.put_on_agenda(meeting.id, decision, REGISTRAR, now=NOW)
    later = meetings.call(TODAY, REGISTRAR, now=NOW)
    meetings.put_on_agenda(later.id, decision, REGISTRAR, now=NOW)
    assert len(meetings.meeting(later.id).items) == 1


def test_a_minute_of_a_case_that_is_not_there_is_refused(
    office: Office, meetings: Meetings
) -> None:
    meeting, _ = held(office, meetings)
    with pytest.raises(Malformed) as refusal:
        write(meetings, meeting.id, minutes(AGREED, AGREED), REGISTRAR)
    assert refusal.value.place == "minute-2"
    assert meetings.meeting(meeting.id).items[0].resolution == ""


def test_the_log_keeps_every_text_and_nothing_that_did_not_change(
    office: Office, meetings: Meetings
) -> None:
    meeting, _ = held(office, meetings)
    texts = ["First.", "Second.", "Second."]
    for text in texts:
        written = minutes(Minute(resolution=Resolution.DEFERRED, text=text))
        write(meetings, meeting.id, written, REGISTRAR)
    with office.store.ledger() as ledger:
        events = ledger.events(meeting.id)
    assert [one.detail["minute"] for one in events if one.kind == "minuted"] == texts[:2]
    assert len([one for one in events if one.kind == "minutes-written"]) == 1


def test_meetings_are_listed_the_latest_first(office: Office, meetings: Meetings) -> None:
    for day in (3, 9, 6):
        meetings.call(
            Called(held_on=date(2026, 12, day), place="14:00", chair="M"), REGISTRAR, now=NOW
        )
    assert [meeting.held_on.day for meeting in meetings.all()] == [9, 6, 3]
    with pytest.raises(Missing):
        meetings.meeting("nothing")
    with pytest.raises(Missing):
        meetings.move("nothing", TODAY, REGISTRAR, now=NOW)


def test_of_two_who_write_at_once_one_is_told_and_nothing_is_overwritten(
    office: Office, meetings: Meetings
) -> None:
    meeting, _ = held(office, meetings)
    read, refusals = version(meetings.meeting(meeting.id)), []

    def save(text: str, by: Person) -> None:
        written = minutes(Minute(resolution=Resolution.AWARD, text=text))
        try:
            meetings.write(meeting.id, written, by, expected_version=read, now=NOW)
        except Refused as refusal:
            refusals.append((text, refusal.code))

    threads = [
        threading.Thread(target=save, args=(text, by))
        for text, by in (("One.", REGISTRAR), ("Other.", SECOND))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((lost, code),) = refusals
    assert code == "changed-meanwhile"
    with office.store.ledger() as ledger:
        kept = [e.detail["minute"] for e in ledger.events(meeting.id) if e.kind == "minuted"]
    assert sorted([*kept, lost]) == ["One.", "Other."]
    assert meetings.meeting(meeting.id).items[0].minute == kept[0]


def test_what_was_read_before_somebody_else_saved_is_neither_saved_nor_closed(
    office: Office, meetings: Meetings
) -> None:
    meeting, _ = held(office, meetings)
    read = version(meetings.meeting(meeting.id))
    write(meetings, meeting.id, minutes(AGREED), SECOND)
    stale = minutes(Minute(resolution=Resolution.NO_AWARD, text="No."), present="Ruth")
    for act in (meetings.write, meetings.close):
        with pytest.raises(Conflict, match="after you had opened them"):
            act(meeting.id, stale, REGISTRAR, expected_version=read, now=NOW)
    assert meetings.meeting(meeting.id).items[0].minute == "Read and agreed."


def test_the_same_text_sent_twice_is_no_conflict(office: Office, meetings: Meetings) -> None:
    meeting, _ = held(office, meetings)
    read = version(meetings.meeting(meeting.id))
    for _time in range(2):
        meetings.write(meeting.id, minutes(AGREED), REGISTRAR, expected_version=read, now=NOW)
    assert meetings.meeting(meeting.id).items[0].minute == "Read and agreed."


def test_a_case_put_on_the_agenda_meanwhile_keeps_nobody_from_writing(
    office: Office, meetings: Meetings
) -> None:
    meeting = meetings.call(TODAY, REGISTRAR, now=NOW)
    read = version(meetings.meeting(meeting.id))
    meetings.put_on_agenda(meeting.id, office.apply(office.certificate()), SECOND, now=NOW)
    meetings.write(meeting.id, minutes(), REGISTRAR, expected_version=read, now=NOW)
    assert meetings.meeting(meeting.id).present == "Miriam, Edith, Ruth"


# The list.


def test_cases_stand_on_the_list_until_they_are_conferred(
    office: Office, database: Database, meetings: Meetings
) -> None:
    decision = office.apply(office.certificate())
    other = Office(database, Campus(holder=signer(7)))
    other.apply([other.card()], person=OTHER)
    ((group, (entry,)),) = listing(office.store).items()
    assert (group, entry.award, entry.approved) == ("to_approve", "Postgraduate Certificate", ())
    assert (entry.quality, entry.on_agenda) == ({"silent": 5}, False)
    meeting = meetings.call(TODAY, REGISTRAR, now=NOW)
    meetings.put_on_agenda(meeting.id, decision, REGISTRAR, now=NOW)
    office.approved(decision)
    ((group, (entry,)),) = listing(office.store).items()
    assert (group, entry.on_agenda) == ("to_confer", True)
    office.conferring.confer(decision, REGISTRAR, now=NOW)
    assert listing(office.store) == {}


def test_what_is_undecided_is_for_the_board(office: Office) -> None:
    """Nobody can say whether the badges are revoked."""
    application = application_of(office, office.apply(office.certificate()))
    office.campus.library.documents.pop("https://issuer.example/status/1")
    office.registry.recheck(application, now=NOW)
    ((group, (entry,)),) = listing(office.store).items()
    assert (group, entry.award) == ("for_the_board", "")
    assert entry.undecided == ("Postgraduate Certificate",)
