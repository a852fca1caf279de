#!/usr/bin/env bash
# Forms of evolution side by side on Countdown with the bundled model: accuracy and forgetting after as many evaluations, and the seconds that they took; prints the table of
# docs/experiments/forms.md. What is there already is not made again, so an interrupted experiment goes on.
#
#   experiments/forms/run.sh [FOLDER]     # about 4 minutes on two free cores
#
# EVOLUTE: the command to run instead of building the tool. SEEDS: "1 2 3" unless given.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/runs/forms}
source "$root/experiments/tool.sh"
mkdir -p "$out"

# name|flags
forms=(
  "full|"
  "mirrored|--mirrored"
  "low-rank-1|--noise low-rank"
  "low-rank-4|--noise low-rank --rank 4"
  "low-rank-1-mirrored|--noise low-rank --mirrored"
  "subspace-4|--noise subspace"
  "correlated|--noise correlated"
  "ranks|--shaping centered-ranks --learning-rate 0.01"
  "per-prompt|--shaping per-prompt-centered --learning-rate 0.02"
  "momentum|--optimizer momentum --learning-rate 0.0005"
  "adam|--optimizer adam --learning-rate 0.001"
)

for seed in ${SEEDS:-1 2 3}; do
  for form in "${forms[@]}"; do
    IFS='|' read -r name flags <<<"$form"
    run=$out/$name-seed$seed
    [ -s "$run.json" ] && continue
    rm -rf "$run"
    # The last iteration is the result, so that all have made as many updates.
    $EVOLUTE train countdown --model "$root/models/countdown-mini" --output "$run" --iterations 20 --eval-every 0 --seed "$seed" $flags >/dev/null 2>&1
    $EVOLUTE eval countdown --model "$run/final" --compare-to "$root/models/countdown-mini" --kl-prompts 200 --json >"$run.part" 2>/dev/null
    mv "$run.part" "$run.json"
  done
done
python3 "$root/experiments/forms/table.py" "$out"
