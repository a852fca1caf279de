"""The table of run.sh: accuracy, KL to the base, distance of the weights, problems lost and seconds of training by form, means over the seeds that are there."""

import json
import sys
from collections import defaultdict
from pathlib import Path

rows = defaultdict(list)
for path in Path(sys.argv[1]).glob("*.json"):
    result = json.loads(path.read_text())
    timings = [json.loads(line) for line in (path.with_suffix("") / "timings.jsonl").read_text().splitlines()]
    seconds = sum(line.get("seconds", 0) for line in timings)
    rows[path.stem.rsplit("-", 1)[0]].append((result["accuracy"], result["kl"]["mean"], result["weights"]["norm"], result["regressions"]["count"], seconds))

print("form,seeds,accuracy,kl,distance,lost,seconds")
for form, runs in sorted(rows.items()):
    accuracy, kl, distance, lost, seconds = (sum(column) / len(runs) for column in zip(*runs))
    print(f"{form},{len(runs)},{accuracy:.3f},{kl:.5f},{distance:.3f},{lost:.1f},{seconds:.1f}")
