"""The ways in which a recorded run may be read: what is a batch, what rows are, cheap ways first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcalc.answers.audit.paper.bound import Layout
from gradcalc.answers.audit.paper.piece import MATRIX, Axes, batched, in_rows, without_ones


def layouts(axes: Mapping[str, Axes], images: Mapping[str, Axes]) -> Iterator[tuple[Mapping[str, Axes], Layout]]:
    """The axes that variables may have, and how else a run may be read with them: cheap ways first."""
    yield axes, Layout()
    plain = {name: (whole, without_ones(sizes)) for name, (whole, sizes) in axes.items()}
    if plain != axes:
        yield plain, Layout()
    batch = next((whole for whole, _ in axes.values() if whole), ())
    if len(batch) == 1:
        yield {name: batched(one, batch) for name, one in axes.items()}, Layout(batch=batch)
    rows = {  # that have three axes
        name for name, one in axes.items() if len(one[0]) == 1 and len(one[1]) == MATRIX and images[name] == one
    }
    if rows and len(items := {axes[name][1][0] for name in rows}) == 1:
        behind = {
            name: ((*items,), (*one[0], one[1][1])) if name in rows else batched(one, (*items,))
            for name, one in axes.items()
        }
        yield behind, Layout(batch=(*items,), inner=frozenset(rows))
    if images != axes:
        yield images, Layout(images=True)
        yield images, Layout(batch=next((whole for whole, _ in images.values() if whole), ()), images=True)
    flat = {name: in_rows(*one) for name, one in images.items()}
    if flat != images:
        yield flat, Layout(flat=True)
