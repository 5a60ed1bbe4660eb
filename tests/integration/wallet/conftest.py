"""A wallet on either database."""

import pytest
from wallet_home import Home, wallet_home

from service.database import Database


@pytest.fixture
def home(database: Database) -> Home:
    return wallet_home(database)
