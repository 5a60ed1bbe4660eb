"""The small community in which the issuer is tested."""

import pytest
from village import Village

from service.database import Database


@pytest.fixture
def village(database: Database) -> Village:
    """Two circles of eight members with wallets, on each kind of database."""
    return Village(database)
