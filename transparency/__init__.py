"""The append-only log: RFC 6962 Merkle tree, checkpoints and proofs. Pure."""
