"""The trust core: proofs, DIDs, status lists, verification.

No Flask, database, clock or network.
"""
