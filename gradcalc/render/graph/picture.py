"""DOT to a picture, by Graphviz's program `dot`."""

from __future__ import annotations

import shutil
import subprocess

from gradcalc.base.errors import GradcalcError, MissingProgramError

FORMATS = {".svg": ("-Tsvg",), ".png": ("-Tpng", "-Gdpi=192", "-Gsize=60,60"), ".pdf": ("-Tpdf",)}
# of a PNG at most 60 inches a side: of larger ones Graphviz cuts the end off
PROGRAM = "dot"
INSTALL = "install the package `graphviz` (apt-get install graphviz, brew install graphviz), or write a .dot file"


def require_program() -> str:
    """Where `dot` is. Raises MissingProgramError where it is not."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise MissingProgramError("pictures are drawn by Graphviz's program `dot`, which is not here", hint=INSTALL)
    return found


def draw(source: str, suffix: str) -> bytes:
    """The picture that a DOT program describes. Raises GradcalcError where `dot` will not draw it."""
    command = [require_program(), *FORMATS[suffix]]
    done = subprocess.run(command, input=source.encode(), capture_output=True, check=False)
    if done.returncode or not done.stdout:
        words = " ".join(done.stderr.decode(errors="replace").split())
        raise GradcalcError(f"Graphviz draws no picture: {words[:200]}", hint="write a .dot file and look at it")
    return done.stdout
