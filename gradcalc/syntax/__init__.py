"""Text to tree: tokens, grammar, LaTeX, and the way back to text. No mathematics here."""
