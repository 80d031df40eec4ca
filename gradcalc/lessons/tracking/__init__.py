"""The lesson on the three ways of disabling gradient tracking."""
