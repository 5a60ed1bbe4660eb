"""OpenID4VCI 1.0 and OpenID4VP 1.0 messages, made and checked once for both sides. Pure."""
