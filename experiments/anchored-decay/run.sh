#!/usr/bin/env bash
# Anchored decay against none: trains the bundled model with every rule and seed, compares each result with the base, and prints the table of
# docs/experiments/anchored-decay.md. What is there already is not made again, so an interrupted experiment goes on.
#
#   experiments/anchored-decay/run.sh [FOLDER]
#
# EVOLUTE: the command to run instead of building the tool.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/runs/anchored-decay}
base=$root/models/countdown-mini
source "$root/experiments/tool.sh"
mkdir -p "$out"

# name, iterations, seeds, flags
rules=(
  "plain-40|40|1 2 3|"
  "l2-10-40|40|1 2 3|--anchor l2 --anchor-strength 10"
  "l1-0.01-40|40|1 2 3|--anchor l1 --anchor-strength 0.01"
  "plain-160|160|1 2|"
  "l2-10-160|160|1 2|--anchor l2 --anchor-strength 10"
  "l1-0.01-160|160|1|--anchor l1 --anchor-strength 0.01"
  "l2-3-40|40|1|--anchor l2 --anchor-strength 3"
  "l2-30-40|40|1|--anchor l2 --anchor-strength 30"
  "l1-0.1-40|40|1|--anchor l1 --anchor-strength 0.1"
)

each() {
  local action=$1 rule name iterations seeds flags seed
  for rule in "${rules[@]}"; do
    IFS='|' read -r name iterations seeds flags <<<"$rule"
    for seed in $seeds; do "$action" "$out/$name-seed$seed" "$iterations" "$seed" "$flags"; done
  done
}

# The last iteration is the result, so that all have made as many updates.
train() {
  [ -d "$1/final" ] && return
  local begin="--seed $3 --iterations $2 --eval-every 0 --checkpoint-every 0 $4"
  [ -d "$1" ] && begin=--resume
  $EVOLUTE train countdown --output "$1" $begin >&2
}

compare() {
  [ -s "$1/comparison.json" ] && return
  $EVOLUTE eval countdown --model "$1/final" --compare-to "$base" --kl-prompts 200 --json >"$1/comparison.json.part"
  mv "$1/comparison.json.part" "$1/comparison.json"
}

each train
[ "${TRAIN_ONLY:-}" ] && exit
each compare
python3 "$root/experiments/anchored-decay/table.py" "$out"
