"""The VC-API endpoints at the root, with keys made for one run: for conformance suites."""
