"""The schema of a command's output, or of all; what each command may print with `--json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gradcalc.answers.audit.formats import Formats
from gradcalc.answers.audit.interval import RangeAudit
from gradcalc.answers.audit.range import Ranges
from gradcalc.answers.audit.records import CodeAudit, CodeFormats, CodeGraph
from gradcalc.answers.check.records import Check
from gradcalc.answers.code.records import Code, Typeset
from gradcalc.answers.critical.records import CriticalPoints
from gradcalc.answers.described import Described
from gradcalc.answers.matrices.records import Hessian, Jacobian
from gradcalc.answers.plot.records import LinePlot, SurfacePlot
from gradcalc.answers.records import Comparison
from gradcalc.answers.steps.records import ArraySteps, Steps
from gradcalc.functions.function import Catalogue
from gradcalc.jobs.map.records import Mapped
from gradcalc.jobs.several import Several
from gradcalc.lessons.accumulation.records import Accumulation
from gradcalc.lessons.course import Course
from gradcalc.lessons.graph.records import Graph
from gradcalc.lessons.meanings.records import Meaning, Meanings
from gradcalc.lessons.neuron.records import Fit, Predicted
from gradcalc.lessons.quiz.quiz import Quiz
from gradcalc.lessons.sigmoid.records import Sigmoid
from gradcalc.lessons.tracking.records import Tracking
from gradcalc.render.json import SCHEMA
from gradcalc.render.schema.derive import Made, Schema, Writer, own
from gradcalc.render.schema.kinds import MADE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PROBLEM = Made(
    "problem",
    {"kind": str, "message": str, "expression": str | None, "span": list[int] | None, "hint": str | None},
)
ERROR = Made("error", {"schema": int, "error": PROBLEM})
LINES = (  # of a batch: each is one of these, with the `id` that its job had
    Made("answer to a line", {"id?": Any, **own(Comparison)}),
    Made("error in place of an answer", {"id?": Any, "error": PROBLEM, "line": int}),
)
PRINTED: dict[str, Sequence[type | Made]] = {
    "diff": (Comparison, Formats, RangeAudit, Ranges, Several),
    "jacobian": (Jacobian,),
    "hessian": (Hessian,),
    "critical": (CriticalPoints,),
    "plot": (LinePlot, SurfacePlot),
    "code": (Code, Typeset),
    "functions": (Catalogue, Described),
    "check": (Check, Several),
    "audit": (CodeAudit, CodeFormats),
    "explain": (Meaning, Meanings),
    "steps": (Steps, ArraySteps),
    "graph": (Graph, CodeGraph),
    "nn": (Fit, Predicted),
    "accumulate": (Accumulation,),
    "nograd": (Tracking,),
    "lessons": (Course, Sigmoid),
    "quiz": (Quiz,),
    "batch": LINES,
    "map": (Mapped,),
}
TITLES = {None: "gradcalc --json", "batch": "a line of gradcalc batch"}


def schema(command: str | None = None) -> Schema:
    """The JSON Schema of one command's output, errors too; of every command's where none is named."""
    writer = Writer(MADE)
    writer.of(ERROR)
    commands = {name: _printed(writer, kinds) for name, kinds in PRINTED.items() if command in (None, name)}
    whole: Schema = {"$schema": DIALECT, "title": TITLES.get(command, f"gradcalc {command} --json")}
    if command is None:
        writer.definitions |= {f"gradcalc {name}": one for name, one in commands.items()}
        whole |= {"anyOf": [{"$ref": f"#/$defs/gradcalc {name}"} for name in commands]}
    else:
        whole |= commands[command]
    return whole | {"$defs": writer.definitions}


def _printed(writer: Writer, kinds: Sequence[Any]) -> Schema:
    """What a command prints: one of its records, with the number of the schema in front, or an error."""
    numbered = {
        "type": "object",
        "properties": {"schema": {"type": "integer", "minimum": SCHEMA}},
        "required": ["schema"],
    }
    records = [{"allOf": [numbered, writer.of(kind)]} for kind in kinds]
    return {"anyOf": [*records, {"$ref": "#/$defs/error"}]}


def text(command: str | None = None) -> str:
    """The schema as it is printed."""
    return json.dumps(schema(command), indent=2, ensure_ascii=False) + "\n"
