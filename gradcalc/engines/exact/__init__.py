"""The exact engine: the rules of the catalogue in ball arithmetic, the truth with a bound on its error."""
