"""OpenID for Verifiable Presentations 1.0: each message made and checked, for both sides."""
