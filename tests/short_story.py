"""The first activities of a small community: a demonstration that is played in seconds."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from service.demo.aftermath import Withdrawn
from service.demo.community import load
from service.demo.contributions import Contribution
from service.demo.plot import Plot, plan

EXAMPLES = Path(__file__).parents[1] / "examples" / "community"
SCENES = 3
MEMBERS = 24


def short_plot() -> Plot:
    """Three activities; of their first badges one is revoked, one suspended, and both shared."""
    plot = plan(load(EXAMPLES), members=MEMBERS)
    plot = replace(plot, scenes=plot.scenes[:SCENES])
    first, second = plot.contributions[:2]
    (share, *_) = plot.shares
    return replace(
        plot,
        revocations=(withdrawn(first, day=1),),
        suspensions=(withdrawn(second, day=2),),
        shares=tuple(
            replace(share, person=each.author, contributions=(each,)) for each in (first, second)
        ),
    )


def withdrawn(contribution: Contribution, *, day: int) -> Withdrawn:
    return Withdrawn(
        contribution=contribution,
        reason="The register was corrected.",
        at=datetime(2026, 10, day, 12, tzinfo=UTC),
        by_audit=False,
    )
