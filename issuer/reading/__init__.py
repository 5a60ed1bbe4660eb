"""What the issuer's pages show: read-only questions, answered with frozen values."""
