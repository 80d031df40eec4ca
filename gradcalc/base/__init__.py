"""What every room stands on: errors, limits, numbers, loading."""
