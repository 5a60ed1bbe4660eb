"""The issuer's tables, all with the prefix issuer_."""

from issuer.tables import audits, community, credentials, judging
from issuer.tables.base import Base

__all__ = ["Base", "audits", "community", "credentials", "judging"]
