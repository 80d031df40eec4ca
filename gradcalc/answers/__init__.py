"""What is worked out from the engines: gradients, matrices, checks, audits, and what explains them."""
