#!/usr/bin/env bash
# Check a list of formulas, and name those where autograd does not agree or that are no formulas at all.
set -u

gradcalc batch <<'JOBS' | grep -v '"verdict": "agree"}$' | sed -E 's/.*"id": "([^"]*)".*"(message|verdict)": "([^"]*)".*/\1: \3/'
{"id": "energy", "expression": "m*v**2/2", "at": {"m": 2, "v": 3}}
{"id": "distance", "expression": "sqrt(x**2 + y**2)", "at": {"x": 0, "y": 0}}
{"id": "momentum", "expression": "m*w", "at": {"m": 2, "v": 3}}
JOBS
echo "exit code of gradcalc batch: ${PIPESTATUS[0]}"
