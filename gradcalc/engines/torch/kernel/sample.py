"""Which rows are looked at again: some that are spread over all of them, and those where a number is at its extreme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from gradcalc.engines.torch.functions import Tensor
from gradcalc.engines.torch.tensors import tensor

Row = tuple[float, ...]  # the numbers of a row: what was given, then what was computed


@dataclass(slots=True)
class Sample:
    """At most `most` rows of a table that is seen piece by piece; the same ones however it is cut.

    `spread` are every so many rows, `extremes` the rows where a column is least or greatest, each with its number, from
    0. `odd` counts the rows that have a result which is not finite, of which `first_odd` is the first.
    """

    most: int
    rows: int = 0
    stride: int = 1
    spread: dict[int, Row] = field(default_factory=dict)
    extremes: dict[str, tuple[float, int, Row]] = field(default_factory=dict)
    odd: int = 0
    first_odd: tuple[int, Row] | None = None

    @property
    def chosen(self) -> Mapping[int, Row]:
        """The rows by number, half of them at most for being extreme; in order."""
        odd = [] if self.first_odd is None else [self.first_odd]
        special = dict([*odd, *((place, row) for _, place, row in self.extremes.values())][: -(-self.most // 2)])
        room = self.most - len(special)
        others = [place for place in self.spread if place not in special]
        thinned = others if len(others) <= room else [others[-(-len(others) * one // room)] for one in range(room)]
        return dict(sorted((special | {place: self.spread[place] for place in thinned}).items()))

    def see(self, given: Sequence[Any], results: Sequence[Any]) -> None:
        """Look at the next rows: columns of numbers that are given, and those that were computed."""
        columns = [tensor(one) for one in (*given, *results)]
        count = len(columns[0])
        if self.most and count:
            with torch.inference_mode():
                self._spread(columns, count)
                fine = self._odd(columns[len(given) :], columns)
                for place, column in enumerate(columns):
                    self._extremes(place, column, columns, fine)
        self.rows += count

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where another sample was, of which JSON kept the fields."""
        self.rows, self.stride, self.odd = state["rows"], state["stride"], state["odd"]
        self.spread = {int(place): tuple(row) for place, row in state["spread"].items()}
        self.extremes = {key: (value, place, tuple(row)) for key, (value, place, row) in state["extremes"].items()}
        self.first_odd = state["first_odd"] and (state["first_odd"][0], tuple(state["first_odd"][1]))

    def _spread(self, columns: Sequence[Tensor], count: int) -> None:
        """Keep every so many rows; as the table turns out longer, every second one of them."""
        while True:
            first = -self.rows % self.stride
            found = range(first, count, self.stride)
            if len(found) + len(self.spread) <= 2 * self.most:  # some fall to the extremes
                break
            self.stride *= 2
            self.spread = {place: row for place, row in self.spread.items() if place % self.stride == 0}
        for place in found:
            self.spread[self.rows + place] = _row(columns, place)

    def _odd(self, results: Sequence[Tensor], columns: Sequence[Tensor]) -> Tensor | None:
        """Count the rows with a result that is not finite; where the others are, or None where all are finite."""
        if all(torch.isfinite(column.sum()) for column in results):
            return None
        fine = torch.isfinite(results[0])
        for column in results[1:]:
            fine &= torch.isfinite(column)
        odd = torch.nonzero(~fine).flatten()
        if len(odd) and self.first_odd is None:
            place = int(odd[0].item())
            self.first_odd = self.rows + place, _row(columns, place)
        self.odd += len(odd)
        return fine if len(odd) else None

    def _extremes(self, column: int, numbers: Tensor, columns: Sequence[Tensor], fine: Tensor | None) -> None:
        """Keep the rows where a column is least and greatest so far, among those with finite results."""
        kept = numbers if fine is None else numbers[fine]
        if not len(kept):
            return
        least, greatest = (float(one.item()) for one in torch.aminmax(kept))
        for key, value, better in ((f"least {column}", -least, least), (f"greatest {column}", greatest, greatest)):
            if key not in self.extremes or value > self.extremes[key][0]:
                hit = numbers == better if fine is None else (numbers == better) & fine
                place = int(torch.nonzero(hit)[0].item())
                self.extremes[key] = value, self.rows + place, _row(columns, place)


def _row(columns: Sequence[Tensor], place: int) -> Row:
    return tuple(float(column[place].item()) for column in columns)
