"""Plays a plot in a program, act by act, through the same use cases that the pages call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from accounts.people import People
from accounts.store import Store
from service.app import compose
from service.database import connect
from service.demo.acts import aftermath, applying, board, founding, joining
from service.demo.acts.gathering import Gathering
from service.demo.acts.judging import Judging
from service.demo.agenda import Agenda, StoryChance, StoryClock
from service.demo.chronicle import Chronicle
from service.demo.plot import Plot
from service.demo.signins import SignIns
from service.demo.stage import Stage
from service.settings import Settings

# Told how many steps of an act are done, and of how many that are known so far.
Progress = Callable[[str, int, int], None]

_BEGINS = datetime(2023, 8, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Act:
    """A part of the story that lasts until a day."""

    name: str
    until: date


ACTS = (
    Act("The first year", date(2024, 9, 1)),
    Act("The second year", date(2025, 9, 1)),
    Act("The third year", date(2026, 9, 1)),
    Act("What became of the badges", date(2026, 11, 10)),
    Act("The degree office", date(2026, 11, 20)),
)


def play(plot: Plot, settings: Settings, *, sign_ins: SignIns, progress: Progress) -> Chronicle:
    """Play the plot in an empty installation; what happened is the result."""
    stage = _staged(plot, settings)
    try:
        founded = founding.found(stage, sign_ins=sign_ins)
        joining.enter(stage, sign_ins=sign_ins)
        judging = Judging(stage=stage, moderator=founded.moderator)
        Gathering(stage=stage, rules=founded.rules, followed_by=judging.follow).enter()
        aftermath.enter(stage)
        applying.enter(stage)
        board.enter(stage, registrar=founded.registrar, sign_ins=sign_ins)
        for act in ACTS:
            until = datetime.combine(act.until, time(), tzinfo=UTC)
            stage.agenda.play(until=until, progress=_named(act.name, progress))
    finally:
        stage.program.parts.database.close()
    return stage.chronicle


def _staged(plot: Plot, settings: Settings) -> Stage:
    clock, chance = StoryClock(_BEGINS), StoryChance(plot.seed)
    database = connect(settings.database, synchronous="OFF")  # it is made anew, if need be
    program = compose(
        settings,
        clock=clock,
        chance=chance,
        database=database,
        people=People(Store(database.sessions), new_id=chance.identifier),
    )
    if program.issuer is None or program.wallet is None or program.degree is None:
        raise RuntimeError("the story needs all roles in one program")
    return Stage(
        plot=plot,
        program=program,
        office=program.issuer,
        wallet=program.wallet,
        degree=program.degree,
        clock=clock,
        agenda=Agenda(clock),
    )


def _named(act: str, progress: Progress) -> Callable[[int, int], None]:
    return lambda done, known: progress(act, done, known)
