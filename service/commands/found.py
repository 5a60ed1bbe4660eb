"""`learnometer found`: the issuers, circles, rules and menu of a new installation."""

from contextlib import closing
from pathlib import Path

import click

from issuer.community import Community
from issuer.store import Store
from issuer.tenant_keys import TenantKeys
from service.app import utc_now
from service.custody import custody_of
from service.database import connect, upgrade
from service.founding import POLICY, found, read_charter
from service.settings import from_environment


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--policy", type=click.Path(path_type=Path), default=POLICY, help="The policy file.")
def command(folder: Path, policy: Path) -> None:
    """Found this installation on the files in FOLDER, which examples/community shows.

    Makes the two issuers' keys in LEARNOMETER_HOME, so it is to be run where the issuer runs.
    """
    settings = from_environment()
    charter = read_charter(folder, policy=policy)
    keys = TenantKeys(custody_of(settings), origin=settings.origin)
    upgrade(settings.database)
    with closing(connect(settings.database)) as database:
        community = Community(Store(database.sessions))
        found(charter, community=community, keys=keys, origin=settings.origin, now=utc_now())
    click.echo(
        f"{settings.origin} is founded: {len(charter.circles)} circles, "
        f"{len(charter.achievements)} badges on the menu, {len(charter.rubrics)} rubrics."
    )
