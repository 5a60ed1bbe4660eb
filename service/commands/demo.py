"""`learnometer demo`: plays an example community through the system, and serves it."""

import time
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from service.app import utc_now
from service.commands.serve import serve
from service.demo import home, summary
from service.demo.community import load
from service.demo.plot import DEFAULT_MEMBERS, DEFAULT_SEED, plan
from service.demo.signins import sign_ins
from service.demo.telling import tell
from service.settings import from_environment

_EXAMPLES = Path(__file__).parents[2] / "examples" / "community"


@click.command()
@click.option("--members", default=DEFAULT_MEMBERS, show_default=True, help="How many members.")
@click.option(
    "--seed", default=DEFAULT_SEED, show_default=True, help="Another seed, another story."
)
@click.option("--home", "folder", type=click.Path(path_type=Path), help="Where to keep it.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--no-serve", is_flag=True, help="Stop after the table.")
def command(members: int, seed: int, folder: Path | None, port: int, **flags: bool) -> None:
    """Play three years of an example community, verify what came of it, and serve it.

    Exit code 0: all that the table claims was verified. 1: some of it was not.
    """
    began = time.monotonic()
    settings = from_environment(default_origin=f"http://localhost:{port}")
    plot = plan(load(_EXAMPLES), members=members, seed=seed)
    settings = home.fresh(replace(settings, home=folder or settings.home))
    who, console = sign_ins(plot), Console()
    with _Bars(console) as bars:
        told = tell(plot, settings, sign_ins=who, progress=bars.show, clock=utc_now)
    summary.show(
        console,
        claims=told.claims,
        visits=told.visits,
        sign_ins=who,
        origin=settings.origin,
        seconds=time.monotonic() - began,
    )
    if not told.holds:
        raise SystemExit(1)
    if not flags["no_serve"]:
        serve(settings, port=port, certificate=None)


class _Bars(Progress):
    """A bar for each act, on a terminal only."""

    def __init__(self, console: Console) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        super().__init__(*columns, console=console, disable=not console.is_terminal)
        self._acts: dict[str, TaskID] = {}

    def show(self, act: str, done: int, known: int) -> None:
        """That `done` of `known` steps of an act are behind us."""
        if act not in self._acts:
            self._acts[act] = self.add_task(act)
        self.update(self._acts[act], completed=done, total=known)
