"""Every word that gradcalc answers with has a page, and every page an example that leads to the word."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcalc.answers.audit import along_torch, examine_torch
from gradcalc.answers.audit.records import ROUNDING, Finding
from gradcalc.answers.check.records import Judgement
from gradcalc.answers.matrices.records import Critical
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.errors import UsageError
from gradcalc.cli.app import main
from gradcalc.lessons.meanings.meanings import MEANINGS, meaning
from tests.running import Run

ROOT = Path(__file__).parents[3] / "gradcalc"
ANSWERED = [*Verdict, *Finding, *Judgement, *Reason, *Critical, ROUNDING]


def error_kinds() -> Iterator[str]:
    """The kind that each class of errors has, wherever it stands."""
    for path in ROOT.rglob("*.py"):
        text = path.read_text("utf-8")
        for one in ast.walk(ast.parse(text)) if "Error):\n" in text else ():
            if isinstance(one, ast.ClassDef) and any("Error" in ast.unparse(base) for base in one.bases):
                yield from (
                    str(ast.literal_eval(line.value))
                    for line in one.body
                    if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "kind"
                )


PLACES = {"at": 2, "_judged": 3}  # which argument of these is a reason


def code_reasons() -> Iterator[str]:
    """The reasons that the audit of code writes as texts."""
    for path in (ROOT / "answers" / "audit").glob("*.py"):
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(one, ast.Call) and (name := ast.unparse(one.func).rpartition(".")[2]) in PLACES:
                given = one.args[PLACES[name]] if len(one.args) > PLACES[name] else None
                if isinstance(given, ast.Constant) and given.value is not None:
                    yield str(given.value)


def test_every_word_has_a_page() -> None:
    kinds, reasons = set(error_kinds()), set(code_reasons())
    assert {"limit", "internal"} < kinds and {"cut", "hook", "in-place"} < reasons  # they are found
    words = {*map(str, ANSWERED), *kinds, *reasons, along_torch.TOLD}
    assert words - set(MEANINGS) == set()


def test_no_page_is_about_a_word_that_is_never_said() -> None:
    said = {*map(str, ANSWERED), *error_kinds(), *code_reasons(), along_torch.TOLD, "jump", "backward"}
    assert set(MEANINGS) - said == set()


def printed(command: str) -> str:
    """What a command prints in this process, stdout and stderr together."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        main(shlex.split(command)[1:])
    stream.seek(0)
    return stream.read()


@pytest.mark.parametrize("word", [word for word, one in MEANINGS.items() if one.command])
def test_the_example_leads_to_the_word(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = MEANINGS[word]
    assert one.command is not None
    if one.file is not None:
        (tmp_path / one.file.name).write_text(one.file.text)
    monkeypatch.chdir(tmp_path)
    command = one.command
    if word == "directions":  # the same of a smaller one
        monkeypatch.setattr(examine_torch, "FOR_THE_TRUTH", 0.0)
        command = command.replace("300", "5")
    if command.startswith("PATH= "):
        command = command.removeprefix("PATH= ")
        monkeypatch.setenv("PATH", "")
    lines = printed(command).splitlines()
    assert [line for line in one.prints if line not in lines] == []
    if "kind of error" in one.use and word not in ("line", "program"):  # these have no --json of their own
        record = next(line for line in printed(f"{command} --json").splitlines() if line.startswith("{"))
        assert json.loads(record)["error"]["kind"] == word


def test_no_row_of_a_table_breaks_in_a_terminal() -> None:
    assert [line for one in MEANINGS.values() for line in one.prints if "   " in line and len(line) > 77] == []


def test_a_page_has_all_that_is_said(run: Run) -> None:
    one, out = MEANINGS["flat"], run.printed("explain", "flat")
    assert one.file is not None
    for text in (one.says, one.do, one.file.text.strip(), one.command or "", *one.prints):
        assert text in out


def test_all_words_are_listed(run: Run) -> None:
    assert [line.split()[0] for line in run.printed("explain").splitlines()[1:-2]] == list(MEANINGS)


@pytest.mark.parametrize("text", ["nan", "NaN", "`nan`", "disagree: nan"])
def test_a_word_is_found_as_it_is_written(text: str) -> None:
    assert meaning(text).word == "nan"


def test_a_word_that_is_never_said_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        meaning("cancelation")
    assert (caught.value.message, caught.value.hint) == (
        "gradcalc never answers `cancelation`",
        "did you mean `cancellation`?",
    )
