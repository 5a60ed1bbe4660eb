"""Who acts for the degree office: roles of accounts, and those in which a decision is approved."""

from typing import Final

REGISTRAR: Final = "registrar"
EXAMINER: Final = "external_examiner"
STAFF: Final = frozenset({REGISTRAR, EXAMINER})
# In which two people approve a decision; its record lists approvals in this order.
CAPACITIES: Final = (REGISTRAR, EXAMINER)
