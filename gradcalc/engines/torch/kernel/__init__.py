"""Value and gradient at millions of points: the rules as one straight line of torch's operations, without a graph."""
