"""Where results are written: never through a link, over a file unasked, into what is read, nor to a device."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gradcalc.base.errors import FileError
from gradcalc.cli.app import main
from gradcalc.files.access import whole, write_whole
from tests.running import Run

WRITING = [
    ["diff", "x"],
    ["diff", "x", "--latex"],
    ["diff", "x", "--range=x=0:1", "--samples=3"],
    ["diff", "x", "--at=1", "--dtype=float32,float64"],
    ["check", "x", "--gradient=1"],
    ["graph", "x", "--at=1"],
    ["graph", "x", "--at=1", "--format=dot"],
    ["graph", "x", "--at=1", "--format=mermaid"],
    ["accumulate", "x", "--at=1"],
    ["nograd", "x", "--at=1", "--code"],
    ["jacobian", "x"],
    ["hessian", "x"],
    ["functions"],
    ["lessons"],
    ["batch", "in.txt", "--jobs=1"],
    ["nn", "--iq=1", "--placed=1"],
]
LINK = "error: `shared/link` is a symbolic link\n\nhint: name the file itself\n"
EXISTS = "error: `old` exists\n\nhint: replace it with --force\n"
READ = "error: `in.txt` is what is read\n\nhint: write to another file\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with a file of each kind, and one beside it that everybody may write to, as /tmp is."""
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text('"x"\n', encoding="utf-8")
    Path("in.csv").write_text("iq,placed\n1,0\n2,1\n", encoding="utf-8")
    Path("old").write_text("kept", encoding="utf-8")
    Path("shared").mkdir()
    Path("shared").chmod(0o1777)
    Path("shared/link").symlink_to("../old")


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a refused command says. Asserts that it wrote nothing."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert main(arguments) == 2
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    return capsys.readouterr().err


@pytest.mark.parametrize("command", WRITING)
def test_a_link_is_not_followed(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert refused([*command, "--output=shared/link", "--force"], capsys) == LINK


@pytest.mark.parametrize("command", WRITING)
def test_a_file_is_not_replaced_unasked(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert refused([*command, "--output=old"], capsys) == EXISTS


OVER_INPUT = [
    (["diff", "@in.txt", "--output=in.txt"], READ),
    (["graph", "@in.txt", "--at=1", "--output=./in.txt"], READ),
    (["batch", "in.txt", "--output=in.txt"], READ),
    (["nn", "--data=in.csv", "--output=in.csv"], READ.replace("in.txt", "in.csv")),
    (["nn", "--data=in.csv", "--save=in.csv"], READ.replace("in.txt", "in.csv")),
]


@pytest.mark.parametrize(("arguments", "said"), OVER_INPUT)
def test_what_is_read_is_not_overwritten_even_by_force(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused([*arguments, "--force"], capsys) == said


PLACES = [
    ("/dev/full", "error: `/dev/full` is not a regular file\n"),
    ("/dev/null", "error: `/dev/null` is not a regular file\n"),
    ("shared", "error: `shared` is a directory\n\nhint: name a file in it\n"),
    ("missing/x", "error: cannot write `missing/x`: no such file or directory\n"),
    ("old/x", "error: cannot write `old/x`: not a directory\n"),
    ("\x1b[2J/x", "error: cannot write `\\x1b[2J/x`: no such file or directory\n"),
    ("-", "error: `-` is no file\n\nhint: leave the option out to write to standard output\n"),
    (".", "error: `.` is a directory\n\nhint: name a file in it\n"),
]


@pytest.mark.parametrize("option", ["diff x --output", "nn --iq=1 --placed=1 --save"])
@pytest.mark.parametrize(("place", "said"), PLACES)
def test_a_place_that_takes_no_file(option: str, place: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    *command, last = option.split()
    assert refused([*command, f"{last}={place}", "--force"], capsys) == said


def test_a_folder_that_may_not_be_written_to(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # whoever runs the tests may be allowed everything
    assert run.refused("diff", "x", "--output=new") == "error: cannot write `new`: permission denied\n"


NAMES = [  # of no file
    ("", "{} is empty, expected the name of a file\n"),
    ("name/", "{} is `name/`, the name of a directory\n\nhint: name a file in it\n"),
    ("old/", "{} is `old/`, the name of a directory\n\nhint: name a file in it\n"),
    ("name/.", "{} is `name/.`, the name of a directory\n\nhint: name a file in it\n"),
    ("name/..", "{} is `name/..`, the name of a directory\n\nhint: name a file in it\n"),
]
NAMING = ["diff x --output", "diff x -o", "nn --iq=1 --placed=1 --save", "nn --data", "batch -o", "graph x --at=1 -o"]


@pytest.mark.parametrize("option", NAMING)
@pytest.mark.parametrize(("name", "said"), NAMES)
def test_a_name_that_no_file_has(option: str, name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    *command, last = option.split()
    given = [last, name] if last == "-o" else [f"{last}={name}"]
    assert refused([*command, *given], capsys) == "error: " + said.format(last)


def test_an_expression_in_a_directory(capsys: pytest.CaptureFixture[str]) -> None:
    said = "error: @FILE is `in.txt/`, the name of a directory\n\nhint: name a file in it\n"
    assert refused(["diff", "@in.txt/"], capsys) == said


def test_no_work_is_done_for_a_file_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gradcalc.api.diff", lambda *_, **__: pytest.fail("it was derived"))
    for place in ("old", "shared", "shared/link", "missing/x", "/dev/null"):
        assert main(["diff", "x", f"--output={place}"]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("save", "output"), [("s", "s"), ("s", "./s"), ("shared/../s", "s")])
def test_two_results_go_to_two_files(save: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = "error: two results would be written to `s`\n\nhint: name two files\n"
    assert refused(["nn", "--iq=1", "--placed=1", f"--save={save}", "-o", output], capsys) == said


def test_of_two_that_write_one_file_the_second_is_told() -> None:
    with pytest.raises(FileError, match="`new` exists"), whole(Path("new"), force=False) as file:
        file.write(b"second")
        write_whole(Path("new"), b"first", force=False)
    assert Path("new").read_bytes() == b"first"
    assert not list(Path().glob(".*.part"))


def test_weights_may_be_trained_on_and_saved_again() -> None:
    assert main(["nn", "--iq=1", "--placed=1", "--save=w.json"]) == 0
    assert main(["nn", "--iq=1", "--placed=1", "--load=w.json", "--save=w.json", "--force"]) == 0
    assert stat.S_ISREG(Path("w.json").lstat().st_mode)


def test_names_of_files_do_not_reach_the_terminal_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Path("in.csv").rename("\x1b[2J.csv")
    assert main(["nn", "--data=\x1b[2J.csv", "--epochs=1"]) == 0
    assert main(["audit", "\x1b[2J.py:f"]) == 2
    said = capsys.readouterr()
    assert "data = \\x1b[2J.csv: 2 rows\n" in said.out
    assert said.err.startswith("running \\x1b[2J.py\n")
    assert "\x1b" not in said.out + said.err
