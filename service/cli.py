"""The command line `learnometer`: one module of service/commands for each command."""

import importlib
import pkgutil

import click

from service import commands
from service.faults import FAULTS, sentence
from vc.errors import Malformed, Refused, Unavailable


class _CouldNotBeTried(click.ClickException):
    """The input or the surroundings are at fault: exit code 2, as for a wrong option."""

    exit_code = 2


class _Commands(click.Group):
    """Finds a command by its module's name and imports it only when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        del ctx
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The object `command` of the module with this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"service.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal becomes its sentence instead of a traceback."""
        try:
            return super().invoke(ctx)
        except FAULTS as fault:
            if isinstance(fault, Refused) and not isinstance(fault, Malformed | Unavailable):
                raise click.ClickException(sentence(fault)) from fault
            raise _CouldNotBeTried(sentence(fault)) from fault


@click.group(cls=_Commands)
@click.version_option(package_name="learnometer")
def main() -> None:
    """Issue, hold, verify and count peer-judged Open Badges."""
