"""Points to try a formula at, and whether it holds there."""
