"""The Python that README.md and examples/ show, each snippet a file of its own, for a type checker to read.

`python tests/snippets.py FOLDER` writes them. A snippet that imports nothing is a part of a program, and is left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SNIPPET = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def snippets() -> Iterator[tuple[str, str]]:
    """A name for each snippet, made of that of its document, and its text."""
    for document in (ROOT / "README.md", *sorted((ROOT / "examples").rglob("*.md"))):
        for number, found in enumerate(SNIPPET.finditer(document.read_text("utf-8")), 1):
            if "import " in found[1]:
                name = re.sub(r"\W", "_", document.stem)
                yield f"{name}_{number}", found[1]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    for name, text in snippets():
        (folder / f"{name}.py").write_text(text, "utf-8")
