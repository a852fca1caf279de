#!/usr/bin/env bash
# Fine-tuning against the size of the model: three models pretrained alike, of 87,936, 182,016 and 451,424 parameters, tuned with each population and σ
# (α = 0.3 σ), and the table of docs/experiments/model-size.md. What is there already is not made again, so an interrupted experiment goes on.
#
#   experiments/model-size/run.sh [FOLDER]
#
# EVOLUTE: the command to run instead of building the tool.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/runs/model-size}
source "$root/experiments/tool.sh"
mkdir -p "$out"

# population, σ, α
settings=("32 0.005 0.0015" "32 0.01 0.003" "32 0.02 0.006" "8 0.01 0.003" "16 0.01 0.003" "64 0.01 0.003")
models=("$root/experiments/model-size/models/countdown-small" "$root/models/countdown-mini" "$root/experiments/model-size/models/countdown-large")

for seed in 1 2; do
  for setting in "${settings[@]}"; do
    for model in "${models[@]}"; do
      read -r population sigma rate <<<"$setting"
      run=$out/$(basename "$model")-$population-$sigma-seed$seed
      [ -s "$run.json" ] && continue
      rm -rf "$run"
      # The last iteration is the result, so that all have made as many updates.
      $EVOLUTE train countdown --model "$model" --output "$run" --population "$population" --sigma "$sigma" --learning-rate "$rate" \
        --iterations 20 --eval-every 0 --seed "$seed" --json >"$run.part" 2>/dev/null
      mv "$run.part" "$run.json"
    done
  done
done
python3 "$root/experiments/model-size/table.py" "$out"
