"""A function and its gradient as a program in another language."""
