"""Files are read with a limit, never cut in silence, and written whole or not at all."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from gradcalc.base.errors import FileError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.cli.app import main
from gradcalc.files.access import read_text, reading, whole, write_whole

LIMITS = Limits(characters=100)
BOM = b"\xef\xbb\xbf"
READ = {
    "as many letters as are allowed": (b"x" * 100, "x" * 100),
    "as many letters of four bytes": ("😀".encode() * 100, "😀" * 100),
    "a byte order mark and as many letters": (BOM + "😀".encode() * 100, "😀" * 100),
    "nothing": (b"", ""),
}


@pytest.mark.parametrize(("data", "text"), READ.values(), ids=READ)
def test_a_file_is_read_whole(data: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert read_text(path, LIMITS) == text


TOO_LONG = {
    "one letter more": b"x" * 101,
    "four times as many letters": b"x" * 401,
    "many more letters": b"x" * 5_000,
    "one letter of four bytes more": "😀".encode() * 101,
    "a byte order mark and one letter more": BOM + b"x" * 101,
    "what would be cut inside a letter": b"x" + "😀".encode() * 200,
}


@pytest.mark.parametrize("data", TOO_LONG.values(), ids=TOO_LONG)
def test_a_file_that_is_too_long_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(LimitError) as raised:
        read_text(path, LIMITS)
    assert raised.value.message == f"`{path}` is too long, over the limit of 100 characters"
    assert raised.value.hint == "set GRADCALC_MAX_CHARACTERS to raise it"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x + \xff")
    with pytest.raises(FileError) as raised:
        read_text(path, LIMITS)
    assert raised.value.message == f"`{path}` is not UTF-8 text: byte 0xff at position 4"


def test_an_error_of_what_is_done_with_a_file_is_not_the_files_own(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x")
    with pytest.raises(BrokenPipeError), reading(path):
        raise BrokenPipeError
    with pytest.raises(ConnectionError), whole(tmp_path / "y", force=False):
        raise ConnectionError


def test_an_error_in_reading_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=f"^cannot read `{tmp_path}`: is a directory$"), reading(tmp_path):
        pass


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_a_file(path: Path) -> None:
    (path.parent / "target").write_bytes(b"kept")
    path.symlink_to("target")


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("target")


def a_file(path: Path) -> None:
    path.write_bytes(b"kept")


def nothing(path: Path) -> None:
    path.parent.rmdir()


IN_THE_WAY: list[tuple[Callable[[Path], None], bool, str]] = [
    (a_file, False, "`{path}` exists"),
    (a_folder, False, "`{path}` is a directory"),
    (a_folder, True, "`{path}` is a directory"),
    (a_link_to_a_file, False, "`{path}` exists"),
    (a_link_to_a_file, True, "`{path}` is a symbolic link"),
    (a_link_to_nothing, False, "`{path}` exists"),
    (a_link_to_nothing, True, "`{path}` is a symbolic link"),
    (nothing, False, "cannot write `{path}`: no such file or directory"),
]


@pytest.mark.parametrize(("make", "force", "message"), IN_THE_WAY)
def test_what_is_in_the_way_stays(make: Callable[[Path], None], force: bool, message: str, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "out"
    path.parent.mkdir()
    make(path)
    before = contents(tmp_path)
    with pytest.raises(FileError) as raised:
        write_whole(path, b"new", force=force)
    assert raised.value.message == message.format(path=path)
    assert contents(tmp_path) == before


def test_a_device_is_no_file_to_write_to() -> None:
    with pytest.raises(FileError, match="is not a regular file"):
        write_whole(Path("/dev/full"), b"new", force=True)


def test_an_existing_file_is_replaced_with_force(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    write_whole(tmp_path / "out", b"new", force=True)
    assert contents(tmp_path) == {"out": b"new"}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError()])
def test_half_a_file_never_stays(error: BaseException, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with (
        pytest.raises(type(error)),
        whole(tmp_path / "out", force=True) as file,
    ):
        file.write(b"half")
        raise error
    assert contents(tmp_path) == {"out": b"old"}


def test_a_disk_that_takes_no_more_is_told(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, before[1]))
    try:
        with pytest.raises(FileError) as raised:
            write_whole(tmp_path / "out", b"more", force=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert raised.value.message == f"cannot write `{tmp_path / 'out'}`: file too large"
    assert contents(tmp_path) == {}


def test_what_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="exists"), whole(tmp_path / "out", force=False) as file:
        file.write(b"new")
        (tmp_path / "out").write_bytes(b"somebody's")
    assert contents(tmp_path) == {"out": b"somebody's"}


def test_a_full_disk_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full for this process alone: files may have no more than 10 bytes."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(FileError, match=r"cannot write `.*out`: file too large"):
            write_whole(tmp_path / "out", b"x" * 100, force=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert contents(tmp_path) == {}


COMMANDS = [
    ["diff", "x**2", "--at", "3"],
    ["check", "x**2", "--gradient", "2*x"],
    ["accumulate", "x**2", "--at", "3"],
    ["nograd", "x**2", "--at", "3"],
    ["graph", "x**2", "--at", "3"],
    ["functions"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_writes_through_a_link(command: list[str], tmp_path: Path) -> None:
    a_link_to_a_file(tmp_path / "out")
    assert main([*command, "--output", str(tmp_path / "out"), "--force"]) == 2
    assert contents(tmp_path) == {"out": b"kept", "target": b"kept"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_replaces_a_file_unasked(command: list[str], tmp_path: Path) -> None:
    a_file(tmp_path / "out")
    assert main([*command, "--output", str(tmp_path / "out")]) == 2
    assert contents(tmp_path) == {"out": b"kept"}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with what it holds."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
