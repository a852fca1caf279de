"""Answers a second with low-rank noise against full noise, in training iterations of the bundled model; prints the table of docs/experiments/low-rank-speed.md.

    python3 experiments/low-rank-speed/run.py [FOLDER]     # about 2 minutes

The two are run in turn, PAIRS times (environment, 7 unless given). EVOLUTE: the command to run instead of building the tool.
"""

import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
POPULATION = 512
WARM_UP = 3


def tool():
    if os.environ.get("EVOLUTE"):
        return shlex.split(os.environ["EVOLUTE"])
    subprocess.run(["dotnet", "build", "-c", "Release", str(ROOT / "src/Evolute.Cli")], check=True, stdout=sys.stderr)
    return ["dotnet", "exec", str(ROOT / "artifacts/bin/Evolute.Cli/release/Evolute.Cli.dll")]


def measure(command, out, noise, prompts, iterations):
    """Answers a second over whole iterations that moved the weights, and over preparing and generating alone."""
    folder = out / f"{noise}-{prompts}"
    shutil.rmtree(folder, ignore_errors=True)
    # So small a step changes no answer: both forms go on answering like the base, with answers of the same lengths.
    arguments = ["train", "countdown", "--model", str(ROOT / "models/countdown-mini"), "--output", str(folder), "--noise", noise, "--population", str(POPULATION), "--prompts", str(prompts)]
    arguments += ["--learning-rate", "1e-6", "--iterations", str(iterations), "--eval-every", "0", "--eval-problems", "20"]
    subprocess.run([*command, *arguments], check=True, capture_output=True)
    lines = [json.loads(line) for line in (folder / "timings.jsonl").read_text().splitlines()][WARM_UP:]
    # Where all rewards are equal nothing is updated, which spares full noise most.
    moved = [line for line in lines if line["step"] is not None]
    threads = [line["thread_seconds"] for line in lines]
    answers = POPULATION * prompts
    return answers * len(moved) / sum(line["seconds"] for line in moved), answers * len(lines) / sum(t["prepare"] + t["generate"] for t in threads)


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "runs/low-rank-speed"
    out.mkdir(parents=True, exist_ok=True)
    command = tool()
    print("prompts,what,full,low-rank,ratio,lowest,highest")
    for prompts, iterations in ((8, 12), (1, 40)):
        pairs = [[measure(command, out, noise, prompts, iterations) for noise in ("full", "low-rank")] for _ in range(int(os.environ.get("PAIRS", "7")))]
        for i, what in enumerate(("iteration", "prepare and generate, a thread")):
            ratios = [low[i] / full[i] for full, low in pairs]
            full, low = (statistics.median(pair[k][i] for pair in pairs) for k in (0, 1))
            print(f"{prompts},{what},{full:.0f},{low:.0f},{statistics.median(ratios):.2f},{min(ratios):.2f},{max(ratios):.2f}")


if __name__ == "__main__":
    main()
