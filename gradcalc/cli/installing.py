"""Completion as each shell wants it: the script that asks for it, where that is kept, and how an answer is written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradcalc.base.errors import UsageError, one_of
from gradcalc.files.access import write_whole

Pairs = Sequence[tuple[str, str]]
BREAKS = " \t\n\"'@><=;|&(:"  # where bash begins another word, unless COMP_WORDBREAKS says otherwise
SPACES = re.compile(r"\s+")
BASH = """\
_gradcalc_completion() {
    local IFS=$'\\n'
    COMPREPLY=($(_GRADCALC_COMPLETE=complete_bash COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" \\
        COMP_WORDBREAKS="$COMP_WORDBREAKS" "$1" 2>/dev/null))
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=\\(,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _gradcalc_completion gradcalc
"""
ZSH = """\
#compdef gradcalc
_gradcalc() {
    local line="${(j: :)words[1,CURRENT-1]} ${words[CURRENT]}" value about
    local -a plain shown open
    while IFS=$'\\t' read -r value about; do
        if [[ $value == *[/=\\(,] ]]; then
            open+=("$value")
        else
            plain+=("$value") shown+=("$value${about:+  -- $about}")
        fi
    done < <(_GRADCALC_COMPLETE=complete_zsh COMP_LINE="$line" ${words[1]} 2>/dev/null)
    compadd -l -d shown -a plain
    compadd -S '' -a open
}
if [[ $funcstack[1] == _gradcalc ]]; then
    _gradcalc "$@"
else
    compdef _gradcalc gradcalc
fi
"""
FISH = """\
complete --command gradcalc --no-files --arguments \\
    '(env _GRADCALC_COMPLETE=complete_fish COMP_LINE=(commandline -cp) gradcalc 2>/dev/null)'
"""


def _bash(candidates: Pairs, current: str, quote: str) -> str:
    """The text that takes the place of what bash takes for the current word, a line each."""
    breaks = os.environ.get("COMP_WORDBREAKS", BREAKS)
    kept = 0 if quote else max((current.rfind(letter) for letter in breaks), default=-1) + 1
    return "".join(f"{text[kept:]}\n" for text, _ in candidates)


def _described(candidates: Pairs, current: str, quote: str) -> str:
    """The whole word, and after a tab what it is."""
    return "".join(f"{text}\t{SPACES.sub(' ', about)}".rstrip() + "\n" for text, about in candidates)


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell: its script, the file for it below the home, and lines for the file that the shell reads at its start."""

    script: str
    file: str
    lines: Callable[[Pairs, str, str], str]
    start: str | None = None
    entry: str = ""


SHELLS = {
    "bash": Shell(BASH, ".bash_completions/gradcalc.sh", _bash, ".bashrc", ". ~/.bash_completions/gradcalc.sh"),
    "zsh": Shell(ZSH, ".zfunc/_gradcalc", _described, ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit"),
    "fish": Shell(FISH, ".config/fish/completions/gradcalc.fish", _described),
}
OPTIONS = ("--install-completion", "--show-completion")


def shell_of(name: str) -> Shell:
    """The shell of a name. Raises UsageError where it is not known."""
    if name not in SHELLS:
        raise UsageError(f"no completion for the shell `{name}`", hint=one_of(name, SHELLS))
    return SHELLS[name]


def run(option: str, rest: Sequence[str]) -> str:
    """What to say after an option was followed: the script itself, or where it was put.

    The shell is the one named, else the one of `SHELL`. Raises UsageError where it is none that is known, FileError.
    """
    name = rest[0] if rest else Path(os.environ.get("SHELL", "")).name
    if len(rest) > 1 or not name:
        raise UsageError(f"{option} takes the name of one shell", hint=f"for instance: gradcalc {option} bash")
    shell = shell_of(name)
    return shell.script if option == "--show-completion" else _installed(shell)


def _installed(shell: Shell) -> str:
    """Put the script into its file, and the line that reads it into the one that the shell begins with."""
    file = Path.home() / shell.file
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, shell.script.encode(), force=True)
    if shell.start is not None:
        start = Path.home() / shell.start
        text = start.read_text("utf-8") if start.exists() else ""
        if shell.entry not in text.splitlines():
            with start.open("a", encoding="utf-8") as lines:
                lines.write(("\n" if text and not text.endswith("\n") else "") + shell.entry + "\n")
    return f"completion is in ~/{shell.file}; a new shell has it\n"
