"""The files that pictures are drawn into, by the ends of their names."""

SUFFIXES = (".png", ".svg", ".pdf")
UNDRAWN = frozenset({".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".eps", ".ps"})
