"""What an installation is founded on, read from a community's files: circles, contexts, menu."""
