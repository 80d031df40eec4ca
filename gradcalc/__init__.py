"""gradcalc derives gradients symbolically and by autograd, and says whether the two agree.

    derive   diff, jacobian, hessian, critical points, steps; `reading` tells how a text is read
    check    a gradient worked out by hand; audit PyTorch code, assert_gradient in tests, watch a training loop
    learn    graph, accumulate, nograd, nn: what autograd does, run in torch; quiz sets exercises
    make     a plot, code in other languages, map over a table, map_batches over Arrow, to_json

Each function is the command of its name, with the same arguments, and returns a frozen record: `print` shows what the
command prints, a notebook typesets it, `to_json` writes what --json does. Errors are GradcalcErrors. In IPython and
Jupyter, `%load_ext gradcalc` gives `%gradcalc` and `%%gradcalc`. `help(gradcalc.diff)` tells all of one function.
"""

from gradcalc.base.printing import shown_by

TYPE_CHECKING = False  # `typing` has it too, but takes as long to load as a warm call has
if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    # in the order of PLACES, a line for a module
    # isort: off
    from gradcalc.answers.audit.call import assert_gradient
    from gradcalc.answers.audit.proof import Piece as BoxPiece
    from gradcalc.answers.audit.records import (
        CodeAudit, CodeBlame, CodeFormula, Finding as CodeFinding, Judged as CodeJudged, Part as CodePart,
    )  # fmt: skip
    from gradcalc.answers.check.records import Check, CounterExample, Finding, Judgement
    from gradcalc.answers.code.records import Code, Typeset
    from gradcalc.answers.critical.records import Break as CriticalBreak, Point as CriticalPoint, CriticalPoints
    from gradcalc.answers.diagnosis.records import Culprit
    from gradcalc.answers.matrices.records import Critical, Definiteness, Hessian, Jacobian, Matrix
    from gradcalc.answers.plot.records import (
        Arrow, Curve, LinePlot, Mark, Kind as MarkKind, Special, Stroke, SurfacePlot, TangentLine,
    )  # fmt: skip
    from gradcalc.answers.records import (
        ArrayRow, Blame, Comparison, Diagnosis, Directional, Forward, Implicit, Link, Row, Tangent,
    )  # fmt: skip
    from gradcalc.answers.steps.records import ArraySteps, Derivation, Steps
    from gradcalc.answers.verdicts import Reason, Verdict
    from gradcalc.answers.watch.records import NotFiniteError
    from gradcalc.answers.watch.watching import watch
    from gradcalc.api import audit, check, critical, diff, hessian, jacobian, reading, steps
    from gradcalc.api.lessons import accumulate, graph, nn, nograd, quiz
    from gradcalc.api.products import code, plot
    from gradcalc.arrays.array import Array
    from gradcalc.base.errors import (
        ExpressionSyntaxError, FileError, GradcalcError, InternalError, LimitError, LineError,
        MissingProgramError, PointError, ShapeError, UnknownNameError, UsageError, UserCodeError,
    )  # fmt: skip
    from gradcalc.base.floating import Format as NumberFormat
    from gradcalc.base.span import Span
    from gradcalc.calculus.matrix.backward import Back
    from gradcalc.calculus.matrix.stages import Stage
    from gradcalc.calculus.step import Rule, Step
    from gradcalc.engines.records import Corner, Line as CornerLine, Missing
    from gradcalc.jobs.map.asking import map
    from gradcalc.jobs.map.batches import BatchMap, map_batches
    from gradcalc.jobs.map.records import Audit as MapAudit, Mapped, Worst as MapWorst
    from gradcalc.lessons.accumulation.records import Accumulation, Run as AccumulationRun, Attempt, Clearing, Passes
    from gradcalc.lessons.graph.records import Chain, Edge, Graph, Vertex, Kind as VertexKind
    from gradcalc.lessons.neuron.dataset import Dataset
    from gradcalc.lessons.neuron.records import (
        ByHand, Factor, Fit, Check as NeuronCheck, Example as NeuronExample, Pass, Predicted, Predictions,
        Spelled,
    )  # fmt: skip
    from gradcalc.lessons.neuron.settings import Settings
    from gradcalc.lessons.neuron.weights import Scale, Weights
    from gradcalc.lessons.quiz.quiz import Exercise, Quiz
    from gradcalc.lessons.tracking.records import (
        Backward, Case, Result as TrackedResult, Tracking, Run as TrackingRun, Way,
    )  # fmt: skip
    from gradcalc.lessons.words import Words
    from gradcalc.problem.problem import Definition, Problem
    from gradcalc.render.shown import to_json
    from gradcalc.syntax.tree import Call, Constant, Name, Number
    # isort: on

__version__ = "0.1.0"
__all__ = [  # noqa: RUF022  # by what they are for
    "__version__",
    # derive
    "diff", "jacobian", "hessian", "critical", "steps", "reading",
    # check
    "check", "audit", "assert_gradient", "watch",
    # learn
    "graph", "accumulate", "nograd", "nn", "quiz",
    # make
    "plot", "code", "map", "map_batches", "to_json",
    # what they return
    "Comparison", "Jacobian", "Hessian", "CriticalPoints", "Steps", "ArraySteps", "Check", "CodeAudit", "Graph",
    "Accumulation", "Tracking", "Fit", "Predicted", "Quiz", "LinePlot", "SurfacePlot", "Code", "Typeset", "Mapped",
    "BatchMap",
    # errors
    "GradcalcError", "ExpressionSyntaxError", "UnknownNameError", "PointError", "ShapeError", "UsageError",
    "FileError", "LimitError", "UserCodeError", "MissingProgramError", "LineError", "NotFiniteError", "InternalError",
    # what results are made of: of a gradient
    "Row", "ArrayRow", "Verdict", "Reason", "Forward", "Diagnosis", "Blame", "Culprit", "Link", "Implicit", "Tangent",
    "Directional", "Corner", "CornerLine", "Array", "Span",
    # of matrices and critical points
    "Matrix", "Missing", "Definiteness", "Critical", "CriticalPoint", "CriticalBreak", "BoxPiece",
    # of a derivation
    "Derivation", "Step", "Rule", "Stage", "Back", "Call", "Name", "Number", "Constant",
    # of a check
    "Finding", "Judgement", "CounterExample",
    # of an audit
    "CodeBlame", "CodeFinding", "CodeFormula", "CodeJudged", "CodePart",
    # of lessons
    "Vertex", "VertexKind", "Edge", "Chain", "Words", "AccumulationRun", "Passes", "Clearing", "Attempt",
    "TrackingRun", "TrackedResult", "Way", "Case", "Backward", "Problem", "Definition", "Exercise",
    # of the neuron
    "Dataset", "Settings", "NumberFormat", "Weights", "Scale", "NeuronCheck", "Pass", "Predictions", "NeuronExample",
    "ByHand", "Factor", "Spelled",
    # of pictures
    "Curve", "Stroke", "Mark", "MarkKind", "TangentLine", "Special", "Arrow",
    # of maps
    "MapAudit", "MapWorst",
]  # fmt: skip
PLACES = {  # loaded when first used, so that the command line starts fast; `public=own` where other rooms have the name
    "gradcalc.answers.audit.call": "assert_gradient",
    "gradcalc.answers.audit.proof": "BoxPiece=Piece",
    "gradcalc.answers.audit.records": (
        "CodeAudit CodeBlame CodeFinding=Finding CodeFormula CodeJudged=Judged CodePart=Part"
    ),
    "gradcalc.answers.check.records": "Check CounterExample Finding Judgement",
    "gradcalc.answers.code.records": "Code Typeset",
    "gradcalc.answers.critical.records": "CriticalBreak=Break CriticalPoint=Point CriticalPoints",
    "gradcalc.answers.diagnosis.records": "Culprit",
    "gradcalc.answers.matrices.records": "Critical Definiteness Hessian Jacobian Matrix",
    "gradcalc.answers.plot.records": "Arrow Curve LinePlot Mark MarkKind=Kind Special Stroke SurfacePlot TangentLine",
    "gradcalc.answers.records": "ArrayRow Blame Comparison Diagnosis Directional Forward Implicit Link Row Tangent",
    "gradcalc.answers.steps.records": "ArraySteps Derivation Steps",
    "gradcalc.answers.verdicts": "Reason Verdict",
    "gradcalc.answers.watch.records": "NotFiniteError",
    "gradcalc.answers.watch.watching": "watch",
    "gradcalc.api": "audit check critical diff hessian jacobian reading steps",
    "gradcalc.api.lessons": "accumulate graph nn nograd quiz",
    "gradcalc.api.products": "code plot",
    "gradcalc.arrays.array": "Array",
    "gradcalc.base.errors": (
        "ExpressionSyntaxError FileError GradcalcError InternalError LimitError LineError MissingProgramError "
        "PointError ShapeError UnknownNameError UsageError UserCodeError"
    ),
    "gradcalc.base.floating": "NumberFormat=Format",
    "gradcalc.base.span": "Span",
    "gradcalc.calculus.matrix.backward": "Back",
    "gradcalc.calculus.matrix.stages": "Stage",
    "gradcalc.calculus.step": "Rule Step",
    "gradcalc.cli.prompt.notebook": "load_ipython_extension",
    "gradcalc.engines.records": "Corner CornerLine=Line Missing",
    "gradcalc.jobs.map.asking": "map",
    "gradcalc.jobs.map.batches": "BatchMap map_batches",
    "gradcalc.jobs.map.records": "MapAudit=Audit Mapped MapWorst=Worst",
    "gradcalc.lessons.accumulation.records": "Accumulation AccumulationRun=Run Attempt Clearing Passes",
    "gradcalc.lessons.graph.records": "Chain Edge Graph Vertex VertexKind=Kind",
    "gradcalc.lessons.neuron.dataset": "Dataset",
    "gradcalc.lessons.neuron.records": (
        "ByHand Factor Fit NeuronCheck=Check NeuronExample=Example Pass Predicted Predictions Spelled"
    ),
    "gradcalc.lessons.neuron.settings": "Settings",
    "gradcalc.lessons.neuron.weights": "Scale Weights",
    "gradcalc.lessons.quiz.quiz": "Exercise Quiz",
    "gradcalc.lessons.tracking.records": "Backward Case TrackedResult=Result Tracking TrackingRun=Run Way",
    "gradcalc.lessons.words": "Words",
    "gradcalc.problem.problem": "Definition Problem",
    "gradcalc.render.shown": "to_json",
    "gradcalc.syntax.tree": "Call Constant Name Number",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> "Any":
    from gradcalc.base.loading import load  # here, for the same reason

    for module, names in PLACES.items():
        for one in names.split():
            public, _, own = one.partition("=")
            if public == name:
                return load(f"{module}:{own or public}")
    raise AttributeError(f"module `gradcalc` has no attribute `{name}`")


def _shown(result: object, form: str) -> str | None:
    """A result as Python or a notebook shows it."""
    from gradcalc.render.shown import shown  # here, for the same reason

    return shown(result, form)


def _saved(result: object, file: "PathLike[str] | str", dark: bool, force: bool) -> None:
    """Save a picture."""
    from gradcalc.render.shown import save  # here, for the same reason

    save(result, file, dark=dark, force=force)


shown_by(_shown, _saved)
