"""Real PyTorch code run once under a recorder: its operations, values and places, as nodes for exact arithmetic."""
