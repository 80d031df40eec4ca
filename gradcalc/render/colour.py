"""Colours that can be read on light and on dark ground, and whether to use them at all."""

import os

TYPE_CHECKING = False  # as in gradcalc/__init__.py
if TYPE_CHECKING:
    from typing import TextIO

GREEN, RED, GREY, BLUE = 28, 196, 243, 30  # of the 256 of a terminal: each as far from white as from black
RESET = "\x1b[0m"


def is_terminal(stream: "TextIO") -> bool:
    """Is it a terminal that can place what is written?"""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def forced() -> bool:
    """Is colour asked for wherever the output goes?"""
    return bool(os.environ.get("FORCE_COLOR")) or os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0")


def wanted(stream: "TextIO") -> bool:
    """Is a stream to be written in colour? NO_COLOR comes before FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, the stream."""
    if os.environ.get("NO_COLOR"):
        return False
    return forced() or (is_terminal(stream) and os.environ.get("CLICOLOR") != "0")


def painted(text: str, colour: int, *, bold: bool = False) -> str:
    """A text in a colour."""
    return f"\x1b[{'1;' if bold else ''}38;5;{colour}m{text}{RESET}"
