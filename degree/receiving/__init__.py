"""A receiving university brings its own programme, and sees how a shared wallet fares by it."""
