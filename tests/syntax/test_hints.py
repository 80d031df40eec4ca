"""What a hint proposes works: every text in it is read."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.functions import VOCABULARY
from gradcalc.functions.elsewhere import SAME, Elsewhere
from gradcalc.functions.forms import LISTED, lacking
from gradcalc.functions.lacking import LACKING
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Name
from tests.problem.test_resolve import CALLS, NAMES
from tests.syntax.hints import COMMAND, proposals
from tests.syntax.test_foreign import REFUSED as FOREIGN
from tests.syntax.test_foreign import refused
from tests.syntax.test_latex import SYNTAX_ERRORS as LATEX
from tests.syntax.test_mathematics import REFUSED as MATHEMATICS
from tests.syntax.test_parser import REFUSED as PARSER
from tests.syntax.test_parser import UNKNOWN
from tests.syntax.test_tokens import REFUSED as TOKENS

TEXTS = [
    *(row[3] for row in (*PARSER, *UNKNOWN, *TOKENS, *LATEX, *MATHEMATICS, *CALLS, *NAMES)),
    *(refused(row[0], row[1]).hint for row in FOREIGN),
]
HINTS = sorted({hint for hint in TEXTS if hint})


@pytest.mark.parametrize("hint", HINTS)
def test_what_a_hint_proposes_is_read(hint: str) -> None:
    for proposal in proposals(hint):
        read(proposal, Limits())
    for expression, variable in COMMAND.findall(hint):
        pose(expression, Limits(), wrt=variable or None)


def test_a_proposal_that_does_not_work_is_found() -> None:
    with pytest.raises(GradcalcError):
        test_what_a_hint_proposes_is_read("for a product write `clamp*(x, 0, 6)`")


@pytest.mark.parametrize("row", LACKING, ids=lambda row: f"{row.name}-{len(row.parameters)}")
def test_a_function_that_is_lacking_has_a_formula_that_is_read(row: Elsewhere) -> None:
    error = lacking(row.name, tuple(map(Name, row.parameters)), None)
    assert error.message == f"gradcalc has no function `{row.name}`"
    assert (row.formula is None) == (error.hint == (row.words or LISTED))
    for proposal in proposals(error.hint or ""):
        read(proposal, Limits())


@pytest.mark.parametrize("row", SAME, ids=lambda row: f"{row.name}-{len(row.parameters)}")
def test_a_function_with_another_name_is_read(row: Elsewhere) -> None:
    if row.name.islower():
        called = f"{row.name}({', '.join(row.parameters)})"
        assert to_text(read(called, Limits()).root) == to_text(read(row.formula or "", Limits()).root)


def test_no_function_is_lacking_that_the_catalogue_has() -> None:
    assert {row.name for row in LACKING} & VOCABULARY.functions == set()
