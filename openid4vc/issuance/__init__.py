"""OpenID for Verifiable Credential Issuance 1.0: each message made and checked, for both sides."""
