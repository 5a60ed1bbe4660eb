"""Auditing many wallets at once, for `learnometer degree cohort`."""
