"""A vector as people write it, `(1, 2)` or `<1, 2>`: its text without what encloses it, each letter where it stood."""

from __future__ import annotations

ENCLOSED = (("(", ")"), ("<", ">"), ("⟨", "⟩"), (r"\left(", r"\right)"), (r"\langle", r"\rangle"))


def blank(text: str, start: int, end: int) -> str:
    """The text with spaces in place of a part, so that all else stands where it stood; what is LaTeX stays that."""
    space = r"\,".ljust(end - start) if "\\" in text[start:end] else " " * (end - start)
    return text[:start] + space + text[end:]


def opened(text: str) -> str:
    """The text without the parentheses of a vector, `(a, b)`."""
    inner = text.strip()
    for opening, closing in ENCLOSED:
        if inner.startswith(opening) and inner.endswith(closing) and _has_comma(inner[len(opening) : -len(closing)]):
            start = text.index(opening)
            end = text.rindex(closing)
            return blank(blank(text, start, start + len(opening)), end, end + len(closing))
    return text


def _has_comma(inner: str) -> bool:
    """Is there a comma outside of all parentheses, and do these match?"""
    depth, found = 0, False
    for letter in inner:
        depth += (letter in "([{") - (letter in ")]}")
        found |= letter == "," and depth == 0
        if depth < 0:
            return False
    return found
