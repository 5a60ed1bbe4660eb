"""The demonstration: a whole community, read from files, and the story that it plays."""
