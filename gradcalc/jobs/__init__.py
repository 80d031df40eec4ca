"""Many expressions at once: read, spread over processes, answered in order."""
