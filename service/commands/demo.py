"""`learnometer demo`: plays an example community through the system, and serves it."""

import time
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from service.app import utc_now
from service.commands.serve import serve
from service.demo import home, kept, summary
from service.demo.community import load
from service.demo.plot import DEFAULT_MEMBERS, DEFAULT_SEED, plan
from service.demo.signins import SignIns, sign_ins
from service.demo.telling import Told, tell
from service.settings import Settings, from_environment
from vc.errors import Conflict

_EXAMPLES = Path(__file__).parents[2] / "examples" / "community"


@click.command()
@click.option(
    "--members", type=int, show_default=str(DEFAULT_MEMBERS), default=None, help="How many members."
)
@click.option(
    "--seed",
    type=int,
    show_default=str(DEFAULT_SEED),
    default=None,
    help="Another seed, another story.",
)
@click.option("--home", "folder", type=click.Path(path_type=Path), help="Where to keep it.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--no-serve", is_flag=True, help="Stop after the table.")
@click.option("--afresh", is_flag=True, help="Play it anew where one was played already.")
def command(
    members: int | None, seed: int | None, folder: Path | None, port: int, **flags: bool
) -> None:
    """Play three years of an example community, verify what came of it, and serve it.

    Where it was played already it is served as it is.

    Exit code 0: all that the table claims was verified. 1: some of it was not.
    """
    settings = from_environment(default_origin=f"http://localhost:{port}")
    settings = replace(settings, home=folder or settings.home)
    home.refuse_others(settings.home)
    played = None if flags["afresh"] else kept.read(settings.home)
    if played is None:
        members = DEFAULT_MEMBERS if members is None else members
        settings = _play(settings, members=members, seed=DEFAULT_SEED if seed is None else seed)
    else:
        _refuse_another(played, settings, members=members, seed=seed)
        settings = home.as_played(settings)
        _show_again(played, settings)
    if not flags["no_serve"]:
        serve(settings, port=port, certificate=None)


def _play(settings: Settings, *, members: int, seed: int) -> Settings:
    """Play the story, show what came of it, and give the settings with which it is served.

    Ends the program where not all that the table claims is true.
    """
    began = time.monotonic()
    plot = plan(load(_EXAMPLES), members=members, seed=seed)
    if home.is_half_played(settings.home):
        click.echo(f"The demonstration in {settings.home} was interrupted. It is played anew.")
    settings = home.fresh(settings)
    who, console = sign_ins(plot), Console()
    with _Bars(console) as bars:
        told = tell(plot, settings, sign_ins=who, progress=bars.show, clock=utc_now)
    if told.holds:
        # Before the table: whoever reads its first lines only, through a pipe, ends the program.
        _keep(settings, told, who, members=members, seed=seed)
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
    return settings


def _keep(settings: Settings, told: Told, who: SignIns, *, members: int, seed: int) -> None:
    played = kept.Kept(
        members=members,
        seed=seed,
        origin=settings.origin,
        password=who.password,
        visits=told.visits,
    )
    kept.keep(settings.home, played)


def _show_again(played: kept.Kept, settings: Settings) -> None:
    plot = plan(load(_EXAMPLES), members=played.members, seed=played.seed)
    click.echo(
        f"The demonstration in {settings.home} was played already, with {played.members} members "
        f"and seed {played.seed}, and is left as it is; --afresh plays it anew."
    )
    summary.show_ways_in(
        Console(),
        visits=played.visits,
        sign_ins=sign_ins(plot, password=played.password),
        origin=settings.origin,
    )


def _refuse_another(
    played: kept.Kept, settings: Settings, *, members: int | None, seed: int | None
) -> None:
    """Raises Conflict when another demonstration is asked for than was played."""
    place = str(settings.home)
    if members not in {None, played.members} or seed not in {None, played.seed}:
        sentence = (
            f"What was played here has {played.members} members and seed {played.seed}. Play "
            "another story in its place with --afresh, or name another --home."
        )
        raise Conflict("another-story", sentence, place=place)
    if played.origin != settings.origin:
        sentence = (
            f"What was played here is at home at {played.origin}: all its badges name that. Serve "
            "it there, by its --port, or play it anew with --afresh."
        )
        raise Conflict("origin", sentence, place=place)


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
