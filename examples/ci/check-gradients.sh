#!/usr/bin/env bash
# Fails where a gradient that is written down in gradients.tsv is wrong, or a backward of this project is.
set -uo pipefail
cd "$(dirname "$0")" || exit
failed=0

while IFS=$'\t' read -r formula gradient shapes; do
    options=()
    for shape in $shapes; do options+=(--shape "$shape"); done
    gradcalc check "$formula" --gradient "$gradient" --wrt "${gradient%%=*}" "${options[@]}" --quiet >/dev/null && continue
    echo "gradients.tsv: not the gradient of $formula: $gradient"
    failed=1
done <gradients.tsv

gradcalc audit ../modules/huber.py:Huber --at "x=[0.5, -3]" --quiet >/dev/null || failed=1

exit $failed
