"""The acts of the story, played through the use cases that the pages call."""
