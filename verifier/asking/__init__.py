"""Asking a wallet for credentials (OpenID4VP 1.0): what is asked, and what is kept of it."""
