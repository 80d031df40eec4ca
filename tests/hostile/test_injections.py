"""Tricks that escape from other calculators: none runs, none writes, none reaches the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.console import code_of

CODE = [  # Python, as eval and its sandboxes know it
    "__import__('os').system('touch pwned')",
    "__import__('subprocess').check_output(['touch', 'pwned'])",
    "eval(\"__import__('os').popen('touch pwned')\")",
    "eval(compile('open(\"pwned\",\"w\")','','exec'))",
    "exec('import os; os.mkdir(\"pwned\")')",
    "().__class__.__base__.__subclasses__()",
    "[].__class__.__mro__[1].__subclasses__()[132].__init__.__globals__['system']('touch pwned')",
    "''.__class__.__mro__[2].__subclasses__()[40]('pwned', 'w').write('x')",
    "(lambda f: f(f))(lambda f: f(f))",
    "(lambda: [x for x in ().__class__.__bases__[0].__subclasses__() if x.__name__ == 'Popen'])()",
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "x.__init__.__globals__",
    "sin.__self__",
    "sin.__globals__['__builtins__']",
    "__builtins__.__dict__['open']('pwned', 'w')",
    "getattr(sin, '__globals__')",
    "globals()['__builtins__']",
    "vars()",
    "locals()",
    "setattr(x, 'y', 1)",
    "breakpoint()",
    "exit()",
    "quit()",
    "help()",
    "input('> ')",
    "print(open('/etc/passwd').read())",
    "open('pwned', 'w')",
    "type('X', (), {'__del__': lambda s: 1})()",
    "(y := __import__('os')).system('true')",
    "x if __import__('os') else x",
    "yield x, y",
    "await x()",
    "@x\ndef f(): pass",
    "import os\nos.system('touch pwned')",
    "from os import system; system('touch pwned')",
    'f\'{__import__("os").system("touch pwned")}\'',
    "{x.__class__.__init__.__globals__}",
    "%(x)s%n%n%n%n",
    "{0.__class__.__mro__}",
    'sympify(\'__import__("os").system("touch pwned")\')',
    "parse_expr('x')",
    "lambdify(x, x)",
    "Symbol('x')",
    "S('x').evalf()",
    "Function('f')(x)",
    "torch.load('pwned')",
    "numpy.load('pwned.npy')",
    "cos\nsystem\n(S'touch pwned'\ntR.",
    "c__builtin__\neval\n(S'1'\ntR.",
    "gASVIAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAV0b3VjaJSFlFKULg==",
    "!!python/object/apply:os.system ['touch pwned']",
]
SHELL = [  # shells, databases, templates, mark-up
    "$(touch pwned)",
    "`touch pwned`",
    "x; touch pwned",
    "x && touch pwned",
    "x | tee pwned",
    "x > pwned",
    "x >> pwned",
    "${IFS}touch${IFS}pwned",
    "() { :; }; touch pwned",
    ":(){ :|:& };:",
    "' OR '1'='1",
    "1; DROP TABLE students; --",
    "1 UNION SELECT 1",
    "{{config}}.items()",
    "{% for c in x %}{% endfor %}",
    "<%= 7 * 7 %>",
    "<script>alert(1)</script>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    "${jndi:ldap://localhost/a}",
    "=cmd|'/c calc'!A1",
    "../../../../etc/passwd",
    "[link](javascript:alert(1))",
    "[bold]x[/bold]",
    "[red]x[/red]",
]
LATEX = [
    r"\input{/etc/passwd}",
    r"\include{/etc/passwd}",
    r"\write18{touch pwned}",
    r"\immediate\write18{touch pwned}",
    r"\openout\x=pwned",
    r"\newwrite\x",
    r"\catcode`\%=12",
    r"\def\x{\x\x}\x",
    r"\loop\iftrue\repeat",
    r"\csname x\endcsname",
    r"\usepackage{shellesc}",
    r"\href{javascript:alert(1)}{x}",
    r"\directlua{os.execute('touch pwned')}",
    r"\verbatiminput{/etc/passwd}",
]
TERMINAL = [  # what a terminal obeys, and what misleads its reader
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]52;c;dG91Y2g=\x07",
    "\x1b]8;;http://localhost\x07x\x1b]8;;\x07",
    "\x1b[31mx",
    "\x1bP$q\x1b\\",
    "\x9b2J",
    "x\r\x1b[1Ay",
    "x\x08\x08y",
    "x\x07",
    "x\x00y",
    "x\x7f",
    "\u202ex+1",
    "x\u2066+1\u2069",
    "x\u200b+1x",
    "\ufeff\ufeffx",
    "\u2028x :y",
    "\ud800",
    "x\udcff",
    "ｅval(x)",
    "__ｉmport__(x)",
    "𝐞𝐯𝐚𝐥(x)",
    "ex\u0430c(x)",
    "x\u0301\u0301\u0301(2)",
    "\U000e0041x",
    "🏴\u200d☠️",
]


@pytest.mark.parametrize("text", [*CODE, *SHELL, *LATEX, *TERMINAL])
def test_a_trick_as_the_expression_is_bad_input(text: str, tmp_path: Path) -> None:
    assert code_of(["diff", "--", text], tmp_path)[0] == 2


@pytest.mark.parametrize("text", [*CODE[::3], *SHELL[::3], *LATEX[::4], *TERMINAL[::2]])
def test_a_trick_as_the_value_is_bad_input(text: str, tmp_path: Path) -> None:
    assert code_of(["diff", "x", f"--at=x={text}", "--json"], tmp_path)[0] == 2


@pytest.mark.parametrize("text", [*CODE[::4], *SHELL[::4], *TERMINAL[::3]])
@pytest.mark.parametrize("option", ["--at", "--wrt", "--dtype", "--shape", "--range"])
def test_a_trick_as_an_option_is_bad_input(option: str, text: str, tmp_path: Path) -> None:
    assert code_of(["diff", "x", f"{option}={text}"], tmp_path)[0] == 2


def test_the_whole_message(tmp_path: Path) -> None:
    assert code_of(["diff", "__import__('os').system('touch pwned')"], tmp_path) == (
        2,
        "error: unexpected `'`\n\n"
        "  __import__('os').system('touch pwned')\n"
        "             ^\n\n"
        "hint: leave the quotes out; behind a value, `'` transposes it\n",
    )


def test_letters_that_a_terminal_obeys_are_shown_as_such(tmp_path: Path) -> None:
    assert code_of(["diff", "x + \x1b[2J"], tmp_path) == (
        2,
        "error: unexpected character U+001B\n\n  x + \\x1b[2J\n      ^^^^\n\n"
        "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n",
    )


HARMLESS = [  # names and products of the language, whatever they mean elsewhere
    ("__builtins__", 1),
    ("yield x", 2),
    ("await x", 2),
    ("os", 1),
    ("{{7*7}}*x", 1),
    ("x\rsin(y)", 2),
]


@pytest.mark.parametrize(("text", "variables"), HARMLESS)
def test_a_word_of_another_language_is_a_variable(text: str, variables: int, tmp_path: Path) -> None:
    code, said = code_of(["diff", text, "--json"], tmp_path)
    assert (code, len(json.loads(said)["gradient"])) == (0, variables)
