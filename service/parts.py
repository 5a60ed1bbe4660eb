"""What the roles are built from, and what they are once built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from accounts.passkeys import Passkeys
from accounts.people import People
from degree.pages import Desk as DegreeDesk
from issuer.chance import Chance
from issuer.office import Office
from keys.custody import Custody
from keys.sealing import Seal
from service.database import Database
from service.fetchers import Web
from service.settings import Settings
from verifier.desk import Desk as VerifierDesk
from wallet.desk import Desk as WalletDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a role can be built from; each mount takes from it what its use cases need."""

    settings: Settings
    database: Database
    people: People
    passkeys: Passkeys
    web: Web
    seal: Seal
    custody: Custody
    clock: Callable[[], datetime]
    chance: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The application and the use cases of the roles that are mounted in it."""

    app: Flask
    parts: Parts
    issuer: Office | None = None
    verifier: VerifierDesk | None = None
    wallet: WalletDesk | None = None
    degree: DegreeDesk | None = None
