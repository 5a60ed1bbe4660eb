"""The whole demonstration: an empty home, the story, and the proof that it happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.app import compose
from service.demo import player
from service.demo.addresses import Visit, visits
from service.demo.chronicle import Chronicle
from service.demo.claims import Claim, check
from service.demo.plot import Plot
from service.demo.reading_back import read_back
from service.demo.signins import SignIns
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that was played: what happened, and what was found of it afterwards."""

    chronicle: Chronicle
    claims: tuple[Claim, ...]
    visits: tuple[Visit, ...]

    @property
    def holds(self) -> bool:
        """Whether everything that the table claims is true."""
        return all(claim.holds for claim in self.claims)


def tell(
    plot: Plot,
    settings: Settings,
    *,
    sign_ins: SignIns,
    progress: player.Progress,
    clock: Callable[[], datetime],
) -> Told:
    """Play the plot in the empty home of `settings`, and verify it at the real time of `clock`."""
    chronicle = player.play(plot, settings, sign_ins=sign_ins, progress=progress)
    program = compose(settings, clock=clock)
    try:
        recommended = visits(chronicle, sign_ins)
        found = read_back(
            chronicle,
            program,
            visits=recommended,
            password=sign_ins.password,
            now=clock(),
        )
    finally:
        program.parts.database.close()
    return Told(chronicle=chronicle, claims=check(chronicle, found), visits=recommended)
