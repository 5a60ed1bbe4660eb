"""The tables of the whole program: a room with a store adds its Base here, and nowhere else."""

from typing import Final

from sqlalchemy import MetaData

from accounts.tables import Base as Accounts
from degree.board.tables import Base as Degree
from issuer.tables import Base as Issuer
from verifier.asking.store import Base as VerifierAsking
from verifier.bulk.store import Base as VerifierBulk
from wallet.tables import Base as Wallet

TABLES: Final[tuple[MetaData, ...]] = (
    Accounts.metadata,
    Degree.metadata,
    Issuer.metadata,
    VerifierAsking.metadata,
    VerifierBulk.metadata,
    Wallet.metadata,
)
