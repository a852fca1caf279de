#!/usr/bin/env bash
# A reward in Bash: 1 for a response with an <answer>, else 0. A whole JSON parser is not needed to look for a text and the id.
while IFS= read -r line; do
  [[ $line =~ \"id\":([0-9]+) ]] || continue
  reward=0
  response=${line#*'"response":'}
  [[ ${response%%'"finish":'*} == *'<answer>'* ]] && reward=1
  printf '{"id":%s,"reward":%s}\n' "${BASH_REMATCH[1]}" "$reward"
done
