"""Lines typed at a terminal, by prompt_toolkit: history, and completion from the catalogue and what is defined."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from gradcalc.cli.completion import LAST_NAME, Typed, expressions, taken_apart, within
from gradcalc.cli.prompt.session import Session
from gradcalc.cli.typed import opened

PROMPT = "gradcalc> "
COLONS = (":help", ":list", ":clear", ":quit")


class Words(Completer):
    """What may come next on a line."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """The candidates, each for the whole of the current word."""
        whole = taken_apart(f"gradcalc {document.text_before_cursor.lstrip()}")
        typed = Typed(whole.words[1:], whole.current, whole.quote)
        for text, about in candidates(self.session, typed).items():
            yield Completion(text, -len(typed.current), display_meta=about)


def candidates(session: Session, typed: Typed) -> dict[str, str]:
    """What the current word may become, each with a few words about it."""
    notes, current = session.notes, typed.current
    last = LAST_NAME.search(current)
    before = current[: last.start()] if last else current
    found = {f"{before}{name}": "defined here" for name in (*notes.formulas, *notes.values)}
    if not typed.words:
        found |= dict.fromkeys(session.commands, "command") | dict.fromkeys(COLONS, "")
    elif typed.words[0] == ":help":
        found = dict.fromkeys(session.commands, "command")
    elif typed.words[0] in session.commands:
        found |= within(opened(typed.words[0]), Typed(typed.words, current, '"'))
    if last and not current.startswith("--"):
        found |= {text: about for text, about in expressions(current, '"') if text not in found}
    return {text: about for text, about in found.items() if text.startswith(current) and text != current}


def lines(session: Session) -> Iterator[str]:
    """The lines that are typed, up to Ctrl-D; Ctrl-C leaves a line unasked."""
    prompt: PromptSession[str] = PromptSession(history=_history(), completer=Words(session))
    while True:
        try:
            yield prompt.prompt(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _history() -> History:
    """The lines of earlier sessions, in a file where one can be made."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    file = Path(state) / "gradcalc" / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))
