"""The issuer: from a judged activity to a signed Open Badge."""
