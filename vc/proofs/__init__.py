"""Data Integrity proofs: one module per cryptosuite, each with `sign` and `verifies`."""
