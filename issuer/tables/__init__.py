"""The issuer's tables, all with the prefix issuer_."""

from issuer.tables import audits, clients, community, credentials, judging
from issuer.tables.base import Base

__all__ = ["Base", "audits", "clients", "community", "credentials", "judging"]
