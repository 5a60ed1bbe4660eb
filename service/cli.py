"""The command line `learnometer`."""

import click


@click.group()
def main() -> None:
    """Issue, hold, verify and count peer-judged Open Badges."""
