"""The keys of records that are more than their fields, with the fields that each is made of."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.audit.formats import Formats
from gradcalc.answers.audit.interval import RangeAudit
from gradcalc.answers.audit.range import Ranges
from gradcalc.answers.audit.records import CodeAudit, CodeBlame, CodeEdge, CodeFormats, CodeVertex, Finding, Judged
from gradcalc.answers.beside import Where
from gradcalc.answers.check.records import Check
from gradcalc.answers.matrices.records import Hessian, Jacobian, Matrix
from gradcalc.answers.records import ArrayRow, Comparison, Directional, Forward, Row
from gradcalc.answers.steps.records import ArraySteps, Derivation, Steps
from gradcalc.answers.verdicts import Verdict
from gradcalc.calculus.step import Rule
from gradcalc.jobs.map.records import Mapped
from gradcalc.lessons.accumulation.records import Accumulation
from gradcalc.lessons.course import Lesson
from gradcalc.lessons.graph.records import Edge, Graph, Vertex
from gradcalc.lessons.meanings.records import Meanings
from gradcalc.lessons.quiz.quiz import Quiz
from gradcalc.lessons.tracking.records import Advice, Case, Way
from gradcalc.render.graph.graph import EDGE, NODE, REST
from gradcalc.render.json import DETAILS, FACTS, HEAD, NUMBERS
from gradcalc.render.pages.code_audit import ALONG, BLAMED, JUDGED
from gradcalc.render.pages.code_graph import EDGE as CODE_EDGE
from gradcalc.render.pages.code_graph import VERTEX
from gradcalc.render.pages.hessian import JUDGEMENT
from gradcalc.render.pages.map import SUMMARY
from gradcalc.render.pages.steps import DERIVATION
from gradcalc.render.schema.derive import Either, Keys, Listed, Made, Named, Nested, own, picked
from gradcalc.render.schema.neuron import FIT, PREDICTED

TEXTS, HELD = tuple[str, ...], Nested(float | None)


def each(kind: type, keys: str) -> dict[str, Any]:
    """The types of fields of every component, in lists as deep as the array; null where there is nothing to say."""
    return {key: Nested(hint) for key, hint in picked(kind, keys).items()}


def optional(keys: Keys) -> dict[str, Any]:
    """The same keys, each of which may be missing."""
    return {f"{key.rstrip('?')}?": hint for key, hint in keys.items()}


SHAPE = list[int | str]
NAMED = Either(HELD, Named(HELD))  # of one variable the value itself, of several an object by name
FORMULA = picked(Row, "formula")["formula"]
CHECKED = picked(Row, f"{FACTS} left? right? {DETAILS}")
CHECK = Either(  # the formula stands beside it
    Made("Check", {key: hint for key, hint in CHECKED.items() if key != "formula"}), None, {"type": "object"}
)
ARRAY_ROW: Keys = {
    **picked(Row, "formula"), "components": Nested(FORMULA), **each(Row, " ".join(NUMBERS)),
    **picked(Row, "verdict reason"), **optional(each(Row, "left right diagnosis verdict")), "explanation?": TEXTS,
    "verdicts?": Nested(Verdict | None), "verified?": Made("Verified", {"components": list[list[int]], "of": int}),
    **picked(ArrayRow, "note?"),
}  # fmt: skip
FORWARDS = Made(
    "Forward of components",
    {
        **each(Forward, "autograd ulps"), **picked(Forward, "verdict reason"),
        "verdicts?": Nested(Verdict | None), **optional(each(Forward, "lost_digits diagnosis")),
    },
)  # fmt: skip
MATRIX: Keys = {
    "rows": TEXTS | None, "columns": TEXTS | None, "formula": str | None, **picked(Matrix, "formulas"),
    "components": Nested(FORMULA), **each(Row, " ".join(NUMBERS)), **picked(Row, "verdict reason"),
    **optional(each(Row, "left right blame diagnosis")), "verdicts?": Nested(Verdict | None),
    "explanation?": TEXTS, "note?": str,
}  # fmt: skip
STEP = Made(
    "Step",
    {
        "rule": Rule, "by": str, "letter": str | None, "inside": str | None, "expression": str, "pattern": str,
        "formula": str, "steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}},
    },
)  # fmt: skip
DERIVED = picked(Derivation, DERIVATION)
STEPS: Keys = {
    **picked(Steps, "expression reading function of?"), "verdict": None,
    "derivations": Listed(Made("Derivation", {
        **DERIVED, **picked(Derivation, "symmetric_to=swapped"), "steps": Either(STEP, None), "right?": STEP,
    })),
}  # fmt: skip
ARRAY_STEPS: Keys = {
    **picked(ArraySteps, "expression reading function"), "verdict": None,
    "forward": Listed(Made("Line", {"name": str, "formula": str, "shape": SHAPE})),
    "backward": Listed(Made("Step back", {
        "rule": Rule, "by": str, "from": str | None, "to": str, "pattern": str | None, "formula": str | None,
        "shape": SHAPE, "part": bool,
    })),
    "derivations": Listed(Made("Derivation of an array", {**DERIVED, "shape": SHAPE, "steps": None})),
}  # fmt: skip
PART: Keys = {
    "shape": SHAPE, **each(Judged, "autograd symbolic"), "verdicts": Nested(Finding), "reasons": Nested(str | None),
    **optional(each(Judged, "left right")), "verdict": Finding,
}  # fmt: skip
DERIVED_FORMULA = Made("Derived formula", {"name": str, "formula": str | None, "latex": str | None})
CODE_FORMULA: Keys = {
    "expression": str | None, "latex": str | None, "gradient": Named(DERIVED_FORMULA), "remarks?": TEXTS,
    "where?": Either(
        Made("Code formula in names", {**picked(Where, "definitions expression gradient"), "latex": str}), None
    ),
    "absent": str | None,
}  # fmt: skip
AUDIT: Keys = {
    "schema": int, **picked(CodeAudit, "target dtype order along"),
    "forward": Made("Judged value", picked(Judged, JUDGED)),
    "gradient": Named(Made("Part", PART)), "directions": Listed(Made("Judged direction", picked(Judged, ALONG))),
    "blame": Listed(Made("CodeBlame", picked(CodeBlame, BLAMED))), **picked(CodeAudit, "traced notes"),
    "formula": Either(Made("Code formula", CODE_FORMULA), None), **picked(CodeAudit, "counts verdict"),
}  # fmt: skip
CODE_GRAPH: Keys = {
    "schema": int, **picked(CodeAudit, "target dtype"), "nodes": Listed(Made("Code node", picked(CodeVertex, VERTEX))),
    "edges": Listed(Made("Code edge", picked(CodeEdge, CODE_EDGE))), "verdict": Finding,
}  # fmt: skip
GRAPH: Keys = {
    **picked(Graph, f"{HEAD} value"), "forward?": FORWARDS, **picked(Graph, "retain_grad"),
    "nodes": Listed(Made("Node", {**picked(Vertex, NODE), "forward?": FORWARDS, "check": CHECK})),
    "edges": Listed(Made("Edge", {**picked(Edge, EDGE), "check": CHECK})),
    "chain": Listed(Made("Chain", {"variable": int, "ways": list[list[int]], "count": int})),
    **picked(Graph, REST),
}  # fmt: skip
SAID: Keys = {**picked(Way, "y_requires_grad=result.requires_grad grad_fn=result.grad_fn value=result.value"),
    "backward": str | None, "grad": NAMED,
}  # fmt: skip
WAY: Keys = {
    **picked(Way, "way=name code"), "x_requires_grad": Either(bool, dict[str, bool]), **SAID,
    **picked(Way, "new_tensor shares_memory changes_variable tracked_again=later"), **own(Advice),
}  # fmt: skip
MADE: dict[str, Keys] = {  # by the kind of record; those that are not here have their fields, as `json.KEYS` picks them
    "Row": CHECKED,
    "ArrayRow": ARRAY_ROW,
    "Formats": {
        **picked(Formats, "expression"), "verdict": Verdict | None,
        "dtypes": Named(Made("Comparison in a format", {
            "schema": int, **own(Comparison), "lost_digits": dict[str, float | None],
        })),
    },
    "Directional": {**picked(Directional, "along length"), **CHECKED},
    "Ranges": {  # of several formats
        **picked(Ranges, "expression range=box verdict"),
        "dtypes": Named(Made("Range audit in a format", {"schema": int, **own(RangeAudit)})),
    },
    "Jacobian": {
        **picked(Jacobian, HEAD), "value": HELD, **picked(Jacobian, "exact_value?"), "forward": FORWARDS, **MATRIX,
        **picked(Jacobian, "remarks?"),
    },
    "Hessian": {**picked(Hessian, f"{HEAD} value exact_value? forward"), **MATRIX, **picked(Hessian, JUDGEMENT)},
    "Steps": STEPS,
    "ArraySteps": ARRAY_STEPS,
    "CodeAudit": AUDIT,
    "CodeFormats": {"schema": int, **picked(CodeFormats, "target dtypes=audits verdict")},
    "Mapped": picked(Mapped, SUMMARY),
    "Several": {"expression": str, "points": Listed(Either(Comparison, Check)), "verdict": str | None},
    "Course": {"lessons": Listed(Made("Numbered lesson", {"number": int, **own(Lesson)}))},
    "Quiz": picked(Quiz, "seed exercises"),
    "Graph": GRAPH,
    "CodeGraph": CODE_GRAPH,
    "Sigmoid": {
        **STEPS, "turned_into": TEXTS, "curves": dict[str, list[float]], "verdict": Verdict | None,
        "numbers": Listed(Made("Sigmoid at a number", {"z": float, "value": float | None, **CHECKED})),
    },
    "Accumulation": {
        **picked(Accumulation, " ".join(f"{key.rstrip('?')}=first.{key}" for key in HEAD.split())),
        "value": HELD, "passes": int, **dict.fromkeys(("accumulated", "zeroed", "gradient_of_sum"), NAMED),
        **picked(Accumulation, "error=run.error clearing=run.clearing attempts=run.attempts"),
        **picked(Comparison, "gradient verdict"),
    },
    "Tracking": {
        **picked(Comparison, HEAD), "tracked": Made("Tracked", SAID), "ways": Listed(Made("Way", WAY)),
        "more": tuple[Case, ...], **picked(Comparison, "gradient verdict"),
    },
    "Typeset": {"expression": str, "language": str, "source": str},
    "Fit": FIT,
    "Predicted": PREDICTED,
    "Meanings": own(Meanings),
}  # fmt: skip
