"""The engines: each derives in its own way, and they share nothing but the tree and the catalogue."""
