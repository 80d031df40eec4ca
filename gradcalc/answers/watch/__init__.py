"""A training run watched: it stops at the first loss or gradient that is not finite, with the audit of that batch."""
