"""A problem: an expression read and resolved, with its variables, shapes, point and options."""
