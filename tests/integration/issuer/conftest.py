"""The small community in which the issuer is tested."""

from pathlib import Path

import pytest
from flask import Flask
from village import Village
from village_site import site

from service.database import Database


@pytest.fixture
def village(database: Database) -> Village:
    """Two circles of eight members with wallets, on each kind of database."""
    return Village(database)


@pytest.fixture
def app(tmp_path: Path, village: Village, database: Database) -> Flask:
    """The village as a site."""
    return site(tmp_path, village, database)
