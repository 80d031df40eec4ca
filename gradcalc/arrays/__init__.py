"""Arrays: their shapes, told before anything is computed, and their components, as scalar expressions."""
