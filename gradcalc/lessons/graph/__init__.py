"""The computational graph of an expression at a point: forward, backward, and both checked."""
