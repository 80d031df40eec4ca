"""`python -m gradcalc`."""

from gradcalc.cli.process import run

run()
