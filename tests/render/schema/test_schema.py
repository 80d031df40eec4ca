"""What `--json` prints is what `gradcalc schema` says: every key, and no other."""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gradcalc.cli.app import COMMANDS, main
from gradcalc.cli.typed import function
from gradcalc.files.lines import Line
from gradcalc.jobs.batch import Settings, answer
from gradcalc.render.formats import KINDS
from gradcalc.render.pages import batch
from gradcalc.render.schema.schema import PRINTED, schema

jsonschema = pytest.importorskip("jsonschema")
EXAMPLES = Path(__file__).parents[3] / "examples"
LINES = """\
diff "sin(x**2)"
diff "sin(x**2)" --at 3
diff "x**2*y" --at x=1,y=2 --direction x=1 --tangent --digits 30
diff "log(1 + exp(x))" --at 1000
diff "(1 - cos(x))/x**2" --at 1e-8
diff "abs(x) + abs(y)" --at x=0,y=0
diff "cbrt(x)" --at 0
diff "log(x)" --at -1
diff "x**1.5" --at 0
diff "heaviside(x, 1)" --at 2
diff "exp(x)" --at 1000
diff "y = x^2; z = sin(y); u = e^z" --at 3
diff "x^2 + y^2 = 25" --at x=3,y=4
diff "norm(A @ x - b)**2" --shape A=m,n --shape x=n --shape b=m --wrt x
diff "(x**2).mean()" --at "x=[1, 2, 3]"
diff "sum(sqrt(A))" --at "A=[[1, 0], [4, 9]]"
diff "tan(x)" --at pi/2
diff "x**2" --at 3 --dtype float16,float32
diff "abs(x) + log(x)" --range x=-1:1
diff "abs(x)" --range x=-1:1 --samples 9 --dtype float16,float32
diff "x**2" --at x=0:1:0.5
diff "sum(sin(x))" --at "x=eye(20)"
jacobian "[x*y, sin(x)]" --at x=1,y=2
jacobian "[x*y, sin(x)]"
jacobian "[abs(x), log(x)]" --at 0
jacobian "A @ x" --shape A=m,n --shape x=n
hessian "x**3 - x + y**2" --at x=1,y=0
hessian "x**2*y"
hessian "(x**2).sum()" --at "x=[1, 2]"
hessian "abs(x)*y" --at x=0,y=1
critical "x**3 - x + y**2" --range x=-2:2,y=-1:1
critical "abs(x) + x**2" --range x=-1:1
critical "cos(a*x)" --range x=-1:1 --at a=2
functions
code "log(1 + exp(x))" --to numpy --test
code "x^2" --to latex
plot "abs(x)" --range x=-1:1
plot "x**2" --range x=-1:1 --tangent 0.5
plot "x*y" --range x=-1:1,y=-1:1
functions lambertw
functions matmul
check "sin(x**2)" --gradient "cos(x**2)"
check "x**2*y" --gradient "x=2*x*y" --gradient "y=x**2" --at x=1,y=2
check "x @ A @ x" --gradient "x=A @ x" --shape A=n,n --shape x=n
check "x^2 + y^2 = 25" --gradient "-x/y"
check "x**2" --gradient "2*x" --at x=0:1:0.5
steps "sin(x**2)*x/y"
steps "x^2 + y^2 = 25"
steps "norm(A @ x - b)**2" --shape A=m,n --shape x=n --shape b=m
graph "y = x^2; z = sin(y)" --at 3
graph "sum(sigmoid(A @ x))" --at "A=[[1, 2], [3, 4]]" --at "x=[1, 0]"
graph "x > 0 ? x : 0" --at 2
nn --iq 10 --placed 1
nn --iq 10 --placed 1 --epochs 2 --no-zero-grad --predict-row iq=9
nn --data placements.csv --epochs 2 --standardize --predict-row iq=9,cgpa=7
accumulate "x**2" --at 2 --passes 3
accumulate "x**2*y" --at x=2,y=3
nograd "x**2" --at 2
nograd "x**2*y" --at x=2,y=3 --more
lessons
lessons sigmoid
quiz --answers
quiz --topic partial --seed 3
explain
explain flat
explain agree
audit model.py:f --at "x=[1.2, 2.7]"
audit model.py:f --at "x=[1.2, 2.7]" --dtype float16,float32
graph model.py:f --at "x=[1.2, 2.7]"
map "x**3" --points heights.csv --column x=height -o out.csv
diff "sni(x)"
diff "9**9**9"
diff "x @ [1, 2, 3]" --at "x=[1, 2]"
"""


@cache
def validator(command: str, strict: bool = True) -> Any:
    """What holds a record against the schema of a command; `strict` refuses keys that the schema does not have."""
    found = json.loads(json.dumps(schema(command)))
    for one in found["$defs"].values() if strict else ():
        if "properties" in one:
            one["unevaluatedProperties"] = one["additionalProperties"] = False
            one["properties"].setdefault("schema", {"type": "integer"})
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def printed(line: str, folder: Path) -> Any:
    """The record that a command prints."""
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.chdir(folder), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        main([*shlex.split(line), "--json"])
    stdout.seek(0)
    stderr.seek(0)
    text = stdout.read()
    assert text, stderr.read()
    return json.loads(text)


@pytest.mark.parametrize("line", LINES.splitlines())
def test_what_is_printed_is_what_the_schema_says(line: str, tmp_path: Path) -> None:
    for path in (*EXAMPLES.glob("*.csv"), EXAMPLES / "modules"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "model.py").write_text("def f(x):\n    return (x * x.detach()).sum()\n")
    require_valid(line.split()[0], printed(line, tmp_path))


JOBS = """\
"x*y"
{"id": 1, "expression": "x**2", "at": {"x": 3}}
{"id": {"page": [2, null]}, "expression": "abs(x)*y", "at": "x=0,y=1", "wrt": ["x"]}
{"id": null, "expression": "exp(x)", "at": 1000, "dtype": "float32", "digits": 30}
{"expression": "(x**2).mean()", "at": {"x": [1, 2, 3]}, "order": 2}
{"expression": "sum(x)", "at": {"x": [1, 2, 3]}, "tangent": true}
{"expression": "x^2 + y^2 = 25", "at": {"x": 3, "y": 4}, "of": "y"}
{"id": "slip", "expression": "x + sni(x)"}
{"id": "limit", "expression": "9**9**9*x"}
{"expresion": "x"}
x**2
"""


@pytest.mark.parametrize("job", JOBS.splitlines())
def test_a_line_of_a_batch_is_what_the_schema_says(job: str) -> None:
    outcome = answer(Line(7, job.encode(), len(job)), Settings(timeout=20, dtype="float64"))
    record = json.loads(batch.line(outcome))
    require_valid("batch", record)
    assert record.get("line") == (None if outcome.comparison else 7)


def require_valid(command: str, record: Any) -> None:
    """A record is one that the command's schema describes, with no key that it lacks."""
    errors = sorted(validator(command).iter_errors(record), key=jsonschema.exceptions.relevance)
    assert not errors, jsonschema.exceptions.best_match(errors)


def test_every_command_that_prints_json_has_a_schema() -> None:
    taking = {name for name in COMMANDS if {"json", "as_json"} & inspect.signature(function(name)).parameters.keys()}
    assert taking == set(PRINTED)
    assert {line.split()[0] for line in LINES.splitlines()} | {"batch"} == set(PRINTED)


def test_every_kind_of_result_is_in_one() -> None:
    assert set(KINDS) - {one.__name__ for kinds in PRINTED.values() for one in kinds if isinstance(one, type)} == set()


def test_the_schema_of_all_has_that_of_each() -> None:
    whole = schema()
    assert [one["$ref"] for one in whole["anyOf"]] == [f"#/$defs/gradcalc {name}" for name in PRINTED]
    jsonschema.Draft202012Validator(whole).validate(printed('diff "x**2" --at 3', EXAMPLES))


def test_a_line_in_error_says_which_and_no_answer_does() -> None:
    record = printed('diff "x**2" --at 3', EXAMPLES)
    found = [
        list(validator("batch").iter_errors(one)) != [] for one in (record | {"line": 1}, printed("diff", EXAMPLES))
    ]
    assert found == [True, False]  # the second is the error of a whole run


WRONG: list[tuple[str, Any]] = [
    ("a verdict that there is not", {"verdict": "fine"}),
    ("a number where text stands", {"expression": 3}),
    ("nan, which is no JSON", {"value": "nan"}),
    ("a key that there is not", {"gradients": {}}),
]


@pytest.mark.parametrize(("what", "changed"), WRONG, ids=[what for what, _ in WRONG])
def test_what_is_wrong_is_seen(what: str, changed: dict[str, Any]) -> None:
    record = printed('diff "x**2" --at 3', EXAMPLES) | changed
    assert list(validator("diff").iter_errors(record)) != []


def test_a_key_that_is_missing_is_seen() -> None:
    record = printed('diff "x**2" --at 3', EXAMPLES)
    del record["gradient"]["x"]["ulps"]
    assert list(validator("diff").iter_errors(record)) != []
