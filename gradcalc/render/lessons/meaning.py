"""A word that gradcalc answers with, explained by an example; or all of them, a line each."""

from __future__ import annotations

import re

from gradcalc.lessons.meanings.records import Meaning, Meanings
from gradcalc.render.document import Block, Document, Note, Table, Verbatim
from gradcalc.render.json import plain

BRIEF = re.compile(r"[:;,]")  # where the first words end


def document(found: Meaning | Meanings) -> Document:
    """The page."""
    if isinstance(found, Meanings):
        rows = tuple((one.word, one.use.partition(",")[0], BRIEF.split(one.says)[0]) for one in found.words.values())
        return Document((Table(("word", "is a", "means"), rows), Note("gradcalc explain WORD tells more of each")))
    blocks: list[Block] = [Note(f"{found.word} ({found.use}): {found.says}"), Note(f"what to do: {found.do}")]
    if found.file is not None:
        blocks.append(Verbatim(found.file.text, f"{found.file.name}, for example"))
    if found.command is not None:
        lines = "\n…\n".join(found.prints)
        blocks.append(Verbatim(f"{found.command}\n\n{lines}", None if found.file else "for example"))
    return Document(tuple(blocks))


def record(found: Meaning | Meanings) -> object:
    """The fields; of all, those of each under its word."""
    return plain(found)


def quiet(found: Meaning | Meanings) -> str:
    """The meaning alone; of all, the words."""
    if isinstance(found, Meanings):
        return "".join(f"{word}\n" for word in found.words)
    return f"{found.says}\n"
