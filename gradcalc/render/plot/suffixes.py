"""The files that pictures are drawn into, by the ends of their names."""

from __future__ import annotations

from pathlib import Path

from gradcalc.base.errors import UsageError

SUFFIXES = (".png", ".svg", ".pdf")
UNDRAWN = frozenset({".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".eps", ".ps"})


def require_suffix(file: Path) -> None:
    """Raises UsageError at a file that no picture is drawn into."""
    if file.suffix.lower() not in SUFFIXES:
        raise UsageError(f"no picture can be drawn into `{file.name}`", hint="write a .svg, .png or .pdf file")
