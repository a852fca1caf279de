"""The table of run.sh: base and final test accuracy by model, population and σ; mean of the seeds, and the seconds of training that the runs took here."""

import json
import sys
from collections import defaultdict
from pathlib import Path

rows = defaultdict(list)
for path in sorted(Path(sys.argv[1]).glob("*.json")):
    model, population, sigma, _ = path.stem.rsplit("-", 3)
    result = json.loads(path.read_text())
    timings = (path.with_suffix("") / "timings.jsonl").read_text().splitlines()
    seconds = sum(json.loads(line).get("seconds", 0) for line in timings)
    rows[model, int(population), float(sigma)].append((result["base"]["accuracy"], result["final"]["accuracy"], seconds))

print("model,population,sigma,seeds,base,final,gain,seconds")
for (model, population, sigma), runs in sorted(rows.items(), key=lambda r: (["small", "mini", "large"].index(r[0][0].split("-")[1]), r[0][1:])):
    base, final, seconds = (sum(column) / len(runs) for column in zip(*runs))
    print(f"{model},{population},{sigma},{len(runs)},{base:.3f},{final:.3f},{final - base:+.3f},{seconds:.0f}")
