"""What a map came to, for people and as numbers."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.words import joined
from gradcalc.jobs.map.records import Mapped, Worst
from gradcalc.render.document import BAD, GOOD, Document, Facts, Note
from gradcalc.render.json import picked
from gradcalc.render.words import WORDS, one_line

MANY = 100_000  # rows; the rate of fewer is that of the start
SUMMARY = (  # keys of the record
    "expression reading? columns at=fixed? results dtype rows skipped not_finite=odd resumed? seconds output "
    "audit verdict"
)


def document(result: Mapped) -> Document:
    """The function, the rows, and what was verified of them."""
    return Document((Facts(tuple(_facts(result))), *(Note(text, tone) for text, tone in _notes(result))))


def _facts(result: Mapped) -> Iterator[tuple[str, str]]:
    yield "f", one_line(result.expression)
    if result.reading is not None:
        yield "read as", result.reading
    renamed = [f"{name} from `{column}`" for name, column in result.columns.items() if name != column]
    if renamed:
        yield "columns", joined(renamed)
    yield from ((name, repr(value)) for name, value in result.fixed.items())
    yield "results", ", ".join(result.results)
    rate = f", {result.rows / result.seconds:,.0f} a second" if result.rows >= MANY else ""
    yield "rows", f"{result.rows:,}{rate}"
    if result.resumed:
        yield "from the run before", f"{result.resumed:,}"
    if result.skipped:
        yield "rows skipped", f"{result.skipped:,}"
    if result.output is not None:
        yield "written to", result.output


def _notes(result: Mapped) -> Iterator[tuple[str, str]]:
    if result.odd:
        rows = "1 row has" if result.odd == 1 else f"{result.odd:,} rows have"
        yield f"{rows} a result that is not finite", BAD
    audit = result.audit
    if not audit.rows:
        yield "nothing was verified", BAD
        return
    said = joined([f"{count:,} {WORDS[verdict]}" for verdict, count in audit.counts.items()])
    rest = result.rows - audit.rows
    left = f"; the other {rest:,} were not looked at" if rest else ", which are all"
    looked = "1 row was" if audit.rows == 1 else f"{audit.rows:,} rows were"
    yield (
        f"{looked} verified by the exact engine and autograd, spread over the table and at its extremes: {said}{left}",
        GOOD if audit.verdict is Verdict.AGREE else BAD,
    )
    if audit.apart:
        rows = "1 row" if audit.apart == 1 else f"{audit.apart:,} rows"
        yield f"in {rows} of them the kernel's numbers are not autograd's", BAD
    assert audit.worst is not None
    yield _worst(audit.worst), GOOD if audit.worst.verdict is Verdict.AGREE else BAD


def _worst(one: Worst) -> str:
    """The number that is farthest off, and why."""
    name = one.function if one.variable is None else f"d{one.function}/d{one.variable}"
    at = ", ".join(f"{variable} = {value!r}" for variable, value in one.at.items())
    off = "" if one.ulps is None else f", {one.ulps:g} ulp off"
    why = "" if one.reason in (None, Reason.EDGE) else f": {one.reason}"
    told = "" if one.explanation is None else f"; {one.explanation}"
    true = "" if one.exact is None else f", truly {one.exact}"
    return (
        f"the worst is {name} in row {one.row:,}, at {at}: {one.kernel!r}{true}{off}, {WORDS[one.verdict]}{why}{told}"
    )


def record(result: Mapped) -> object:
    """The same as JSON."""
    return picked(result, SUMMARY)


def quiet(result: Mapped) -> str:
    """Nothing: the numbers are in the table."""
    return ""
