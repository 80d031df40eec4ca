"""The closed form, by SymPy."""
