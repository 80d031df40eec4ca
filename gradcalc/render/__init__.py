"""Results to text: one file a format, one a kind of result; nothing here computes."""
