"""Every console block of README.md and of examples/ is run, and what it prints is compared with what stands there.

A block is a list of commands, each a line that begins with `$ ` and the lines after it that begin with `> `, and below
each what it prints, stdout and stderr together. Commands run in the folder of the document, in a copy of it. A block
that needs no shell runs in this process, which is the same text without the second that torch takes to start;
any other block runs in one bash, so that its commands see each other's variables, and a process that serves answers
them, which is the same text too.

`python tests/test_examples.py FILE …` writes into a document what its blocks print now.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gradcalc.cli.app import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PLAIN = re.compile(r"""gradcalc(?: +(?:[\w@%=.,:/+-]|"[^"$`\\]*"|'[^']*')+)*""")  # no pipe, no variable, no pattern
EXIT_CODE = "echo $?"
MARK = "-- end of the output --"
PROGRAMS = ("jq", "make")  # that a block may call, and that not every machine has
INSTALLED = os.environ.get("GRADCALC_BIN")  # the folder of a gradcalc that is called instead, always by a shell
COLUMNS = "80"  # of the terminal that --help is folded for


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what stands below it."""

    command: str
    output: str


@dataclass(frozen=True, slots=True)
class Block:
    """The steps of one console block."""

    document: Path
    line: int
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def documents() -> list[Path]:
    """Everything that has console blocks for people to read."""
    return [ROOT / "README.md", *sorted((ROOT / "examples").rglob("*.md"))]


def blocks(document: Path) -> Iterator[Block]:
    """The console blocks of a document, from top to bottom."""
    text = document.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        yield Block(document, text.count("\n", 0, found.start()) + 1, tuple(steps(found.group(1))))


def steps(body: str) -> Iterator[Step]:
    """The commands of a block, each with what stands below it."""
    command: list[str] = []
    output: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if command:
                yield Step("\n".join(command), "\n".join(output))
            command, output = [line[2:]], []
        elif line.startswith("> ") and not output:
            command.append(line[2:])
        else:
            output.append(line)
    yield Step("\n".join(command), "\n".join(output))


def outputs(block: Block, folder: Path) -> list[str]:
    """What the commands of a block print, run one after the other in `folder`."""
    commands = [step.command for step in block.steps]
    if INSTALLED is None and all(command == EXIT_CODE or in_process(command) for command in commands):
        return _here(commands, folder)
    return _by_shell(commands, folder)


def in_process(command: str) -> bool:
    """Is it a call of gradcalc that a shell would pass on as it is, and that reads no stdin?"""
    return PLAIN.fullmatch(command) is not None and "-" not in shlex.split(command)


def _here(commands: Sequence[str], folder: Path) -> list[str]:
    """Run commands without a shell."""
    found, code = [], 0
    for command in commands:
        if command == EXIT_CODE:
            found.append(str(code))
            continue
        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with contextlib.chdir(folder), contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            code = main(shlex.split(command)[1:])
        stream.seek(0)
        found.append(stream.read().rstrip("\n"))
    return found


def _by_shell(commands: Sequence[str], folder: Path) -> list[str]:
    """Run commands in one bash; between them it prints a mark and keeps the exit code."""
    script = "\n".join(f"{command}\n_code=$?; printf '%s\\n' '{MARK}'; (exit $_code)" for command in commands)
    return [output.strip("\n") for output in in_bash(script, folder).split(f"{MARK}\n")[:-1]]


def in_bash(script: str, folder: Path) -> str:
    """What a script prints."""
    path = os.pathsep.join([INSTALLED or str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "COLUMNS": COLUMNS, "LC_ALL": "C.UTF-8"}
    environment.pop("PYTHONHASHSEED", None)
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, encoding="utf-8", check=False, **streams)
    return str(done.stdout)


def copied(document: Path, folder: Path) -> Path:
    """A copy of README.md and examples/ in `folder`; the place in it where the document's commands run."""
    shutil.copy(ROOT / "README.md", folder)
    if (ROOT / "examples").is_dir():
        shutil.copytree(ROOT / "examples", folder / "examples")
    return folder / document.parent.relative_to(ROOT)


def transcript(commands: Sequence[str], printed: Sequence[str]) -> str:
    """Commands and what they print, as a block shows them."""
    parts = (
        "\n".join([f"$ {command}".replace("\n", "\n> "), *([output] if output else [])])
        for command, output in zip(commands, printed, strict=True)
    )
    return "\n".join(parts) + "\n"


def replayed(block: Block) -> str:
    """The transcript of a block as it runs now, in a new copy of its folder."""
    with tempfile.TemporaryDirectory() as folder:
        return transcript([step.command for step in block.steps], outputs(block, copied(block.document, Path(folder))))


BLOCKS = [block for document in documents() for block in blocks(document)]


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The place of a process that answers the calls of gradcalc; there is none for a gradcalc that is installed."""
    folder = tmp_path_factory.mktemp("run")
    if INSTALLED is None:
        assert in_bash(f"XDG_RUNTIME_DIR={folder} gradcalc serve", folder).startswith("process ")
    yield folder
    if INSTALLED is None:
        in_bash(f"XDG_RUNTIME_DIR={folder} gradcalc serve --stop", folder)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_console_block_prints_what_it_says(
    block: Block, serving: Path, needs: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", COLUMNS)
    for program in PROGRAMS:
        if any(re.search(rf"\b{program}\b", step.command) for step in block.steps):
            needs(program)
    if not any("gradcalc serve" in step.command for step in block.steps):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(serving))
    assert replayed(block) == transcript([step.command for step in block.steps], [step.output for step in block.steps])


# -- the gallery

LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
GALLERY = ROOT / "examples" / "README.md"


def anchors(document: Path) -> set[str]:
    """The places in a document that a link may name: its headings, as they are spelled there."""
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def dead(document: Path) -> Iterator[str]:
    """The links of a document that lead nowhere."""
    for name, anchor in LINK.findall(BLOCK.sub("", document.read_text(encoding="utf-8"))):
        target = document.parent / name if name else document
        outside = name.startswith("http")
        if not outside and not (target.exists() and (not anchor or anchor in anchors(target))):
            yield f"{name}#{anchor}"


@pytest.mark.parametrize("document", [*documents(), *(ROOT / ".github").glob("*.md")], ids=lambda one: one.name)
def test_links_lead_somewhere(document: Path) -> None:
    assert list(dead(document)) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# A head: `x`\n[a](b.md) [b](a.md#a-head-x) [c](#nowhere) [d](https://example.org)\n"
    )
    assert list(dead(tmp_path / "a.md")) == ["b.md#", "#nowhere"]


def test_every_page_answers_a_question_of_the_index() -> None:
    index = GALLERY.read_text(encoding="utf-8")
    linked = {name for line in index.splitlines() if line.count("|") == 3 for name, _ in LINK.findall(line)}
    pages = {str(page.relative_to(GALLERY.parent)) for page in documents() if GALLERY.parent in page.parents}
    assert linked == pages - {GALLERY.name}


def test_every_other_file_belongs_to_a_page() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in documents())
    files = [one for one in GALLERY.parent.rglob("*") if one.is_file() and "__pycache__" not in one.parts]
    assert [one.name for one in files if one.suffix != ".md" and one.name not in text] == []


# -- the commands

SHOWN = {word for block in BLOCKS for step in block.steps for word in re.findall(r"\bgradcalc (\w+)", step.command)}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_shown_in_an_example(command: str) -> None:
    assert command in SHOWN


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    before_options, *_ = re.split(r"^\w[\w ]*:$", text, flags=re.MULTILINE)
    assert re.search(rf"^ +.*gradcalc {command}\b", before_options, re.MULTILINE)
    assert not re.search(r"<\w+>|^Usage.*\{", text)  # values and arguments have names


# -- the replay itself

BODIES = {
    "a command and its output": ("$ a\nb\nc\n", [Step("a", "b\nc")]),
    "two commands": ("$ a\nb\n$ c\nd\n", [Step("a", "b"), Step("c", "d")]),
    "no output": ("$ a\n$ b\nc\n", [Step("a", ""), Step("b", "c")]),
    "empty lines inside the output": ("$ a\nb\n\nc\n", [Step("a", "b\n\nc")]),
    "a command of several lines": ("$ a <<E\n> b\n> E\nc\n", [Step("a <<E\nb\nE", "c")]),
    "a mark inside the output is output": ("$ a\nb\n> c\n", [Step("a", "b\n> c")]),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
def test_a_block_is_read(body: str, expected: list[Step]) -> None:
    assert list(steps(body)) == expected
    assert transcript([one.command for one in expected], [one.output for one in expected]) == body


WITHOUT_SHELL = {
    "words": ("gradcalc diff x", True),
    "quotes": ('gradcalc diff "sin(x)*2; y" --at x=pi/3', True),
    "single quotes keep everything": ("gradcalc diff '$x | y'", True),
    "a pipe": ("gradcalc diff x | cat", False),
    "a variable": ('gradcalc diff "$x"', False),
    "a file as stdin": ("gradcalc diff - < file", False),
    "stdin": ("gradcalc diff -", False),
    "a pattern": ("gradcalc diff x*y", False),
    "another program": ("cat file", False),
}


@pytest.mark.parametrize(("command", "expected"), WITHOUT_SHELL.values(), ids=WITHOUT_SHELL)
def test_a_shell_is_used_where_it_is_needed(command: str, expected: bool) -> None:
    assert in_process(command) is expected


def block_of(*commands: str) -> Block:
    return Block(ROOT / "README.md", 1, tuple(Step(command, "") for command in commands))


SAME = ("gradcalc lessons --json", 'gradcalc diff "sni(x)"', "gradcalc diff --help", EXIT_CODE)


def test_a_process_of_its_own_prints_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", COLUMNS)
    here, there = replayed(block_of(*SAME)), replayed(block_of(*SAME, "true"))
    assert there == f"{here}$ true\n"


def test_commands_of_a_shell_share_variables_and_exit_codes() -> None:
    commands = ("x=5", "cat <<END\n$x\nEND", "(exit 7)", EXIT_CODE, "ls -d examples README.md; echo no >&2")
    assert replayed(block_of(*commands)) == (
        "$ x=5\n$ cat <<END\n> $x\n> END\n5\n$ (exit 7)\n$ echo $?\n7\n"
        "$ ls -d examples README.md; echo no >&2\nREADME.md\nexamples\nno\n"
    )


def test_a_block_that_is_wrong_is_seen(tmp_path: Path) -> None:
    wrong = '```console\n$ gradcalc diff "x**2" --at 3 -q\n7.0\n```\n'
    (tmp_path / "wrong.md").write_text(wrong)
    (block,) = blocks(tmp_path / "wrong.md")
    assert replayed(Block(ROOT / "README.md", 1, block.steps)) != transcript([block.steps[0].command], ["7.0"])


def refresh(document: Path) -> None:
    """Write into a document what its blocks print now."""
    found = blocks(document)
    text = BLOCK.sub(lambda _: f"```console\n{replayed(next(found))}```", document.read_text(encoding="utf-8"))
    document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ["COLUMNS"] = COLUMNS
    for name in sys.argv[1:]:
        refresh(Path(name).resolve())
