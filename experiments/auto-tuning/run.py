"""Automatic σ and learning rate beside a sweep of fixed ones, at equal iterations; prints and writes results.csv.

    dotnet build -c Release && python3 experiments/auto-tuning/run.py [--seeds 1,2,3] [--sweep-seeds 1] [--parallel 2] [--runs FOLDER]

Of a sweep the run with the best validation reward counts, as a user without the test problems would choose it; reported are test problems. A seed
without a sweep is compared with the first sweep. Runs that are there already are not made again.
"""

import argparse
import concurrent.futures
import csv
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOOL = HERE.parent.parent / "artifacts" / "bin" / "Evolute.Cli" / "release" / "Evolute.Cli"
ITERATIONS = 20
SIGMAS = ["0.001", "0.003", "0.01", "0.03", "0.1"]
RATIOS = [0.1, 0.3, 1.0]
STARTS = ["0.001", "0.1", "0.0001", "1"]


def train(runs, seed, kind, sigma, rate):
    folder = runs / f"{kind}-{sigma.replace(':', '-')}-{rate}-seed{seed}"
    result = folder.with_suffix(folder.suffix + ".json")
    if not result.exists():
        command = [TOOL, "train", "countdown", "--sigma", sigma, "--learning-rate", rate, "--iterations", ITERATIONS, "--eval-every", 5,
                   "--checkpoint-every", 0, "--seed", seed, "--threads", 1, "--output", folder, "--json"]
        done = subprocess.run(["nice", "-n", "2", *map(str, command)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        result.write_text(done.stdout)
    summary = json.loads(result.read_text())
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    validation = max(l["result"]["reward"] for l in lines if l["kind"] == "evaluation" and l["result"]["split"] == "validation")
    last = [l for l in lines if l["kind"] == "iteration"][-1]
    return {"seed": seed, "kind": kind, "sigma": sigma, "learning_rate": rate, "validation_reward": round(validation, 4), "chosen": summary["chosen"],
            "base_accuracy": summary["base"]["accuracy"], "test_accuracy": summary["final"]["accuracy"],
            "gain": round(summary["final"]["accuracy"] - summary["base"]["accuracy"], 4), "probe_evaluations": summary.get("probe_evaluations", 0),
            "last_sigma": round(last["sigma"], 6), "last_learning_rate": round(last["learning_rate"], 6)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--sweep-seeds", default="1")
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs/auto-tuning"))
    options = parser.parse_args()
    options.runs.mkdir(parents=True, exist_ok=True)
    seeds, sweeps = options.seeds.split(","), options.sweep_seeds.split(",")
    jobs = [(seed, "auto", f"auto:{start}", "auto") for start in STARTS for seed in seeds]
    jobs += [(seed, "fixed", sigma, f"{float(sigma) * ratio:g}") for seed in sweeps for sigma in SIGMAS for ratio in RATIOS]
    with concurrent.futures.ThreadPoolExecutor(options.parallel) as pool:
        rows = list(pool.map(lambda job: train(options.runs, *job), jobs))
    best = {seed: max((r for r in rows if r["seed"] == seed and r["kind"] == "fixed"), key=lambda r: r["validation_reward"]) for seed in sweeps}
    for seed, row in best.items():
        print(f"seed {seed}: the sweep's best is σ {row['sigma']}, learning rate {row['learning_rate']}: test {row['test_accuracy']:.3f}, gain {row['gain']:.3f}")
    for row in rows:
        row["share_of_best_gain"] = round(row["gain"] / best.get(row["seed"], best[sweeps[0]])["gain"], 3)
        if row["kind"] == "auto":
            print(f"seed {row['seed']}, --sigma {row['sigma']}: test {row['test_accuracy']:.3f}, {row['share_of_best_gain']:.1%} of the best gain, {row['probe_evaluations']} evaluations of calibration")
    with open(HERE / "results.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
