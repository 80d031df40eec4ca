"""Pictures: in a terminal, and by matplotlib."""
