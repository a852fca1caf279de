"""The table of run.sh: accuracy, KL to the base and distance of the weights by rule and number of updates, means over the seeds that are there."""

import json
import sys
from collections import defaultdict
from pathlib import Path

rows = defaultdict(list)
for path in sorted(Path(sys.argv[1]).glob("*/comparison.json")):
    rule, updates, _ = path.parent.name.rsplit("-", 2)
    result = json.loads(path.read_text())
    rows[int(updates), rule].append((result["accuracy"], result["kl"]["mean"], result["weights"]["norm"], result["regressions"]["count"]))

print("updates,rule,seeds,accuracy,kl,distance,regressions")
for (updates, rule), runs in sorted(rows.items()):
    accuracy, kl, distance, lost = (sum(column) / len(runs) for column in zip(*runs))
    print(f"{updates},{rule},{len(runs)},{accuracy:.3f},{kl:.5f},{distance:.3f},{lost:.1f}")
