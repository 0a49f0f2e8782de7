#!/usr/bin/env python3
"""Whether every family learns: each experiment of configs/ against random parameters and experts.

  tests/learning/every_family_learns.py [--runs DIR] [--threads N] [NAME ...]

Takes hours, so it is no part of the tests. Trains in DIR (default: runs/learning) and passes over
what is finished there: it can be stopped at any time. Prints a line for each experiment, and exits
with 1 where one does not learn.

A family learns if the return after adaptation, mean of its last ten iterations, is above that of
random parameters adapted as long by more than 5 standard errors and by at least 20 % of what an
expert gains. An expert trains on one task by the same experiment, with the rollouts of 4 tasks an
iteration, whose gradients are pooled; what it gains is counted from random parameters on that task.
"""

import argparse
import csv
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST = 10  # iterations

# Tasks of experts.
EXPERTS = {
    "ant-direction": ["1"],
    "ant-goal": ["1.5,1.5"],
    "ant-velocity": ["1.5"],
    "cart-pole": ["0.7,1,1,1,1"],
    "cheetah-direction": ["1", "-1"],
    "cheetah-velocity": ["0.5", "1.5", "2.5"],
    "hopper-dynamics": ["nominal"],
    "hopper-velocity": ["1.5"],
    "humanoid-direction": ["0"],
    "point-navigation": ["0.4,0.3"],
    "quadruped": ["0.5,2"],
    "reacher-goal": ["0.1,0.1", "-0.1,0.1"],
    "swimmer-velocity": ["0.15"],
    "walker-dynamics": ["nominal"],
    "walker-velocity": ["5"],
}
FEWER_TASKS = "--meta.batch_size=4"
AS_EXPERT = ["--task.mixture=true", FEWER_TASKS]
AS_RANDOM = [f"--meta.iterations={LAST}", "--meta.step_size=1e-12", "--meta.anneal_iterations=0",
             "--inner.step_size_rate=0"]


class Figures:
    def __init__(self, arguments):
        self.program = ROOT / arguments.program
        self.runs, self.threads = arguments.runs, arguments.threads

    def train(self, run, config, *options):
        """The returns after adaptation in the last iterations of a run."""
        command = [self.program, "train", config, "--run-dir", self.runs / run, "--seeds=1",
                   "--quiet", *options]
        if self.threads:
            command.append(f"--threads={self.threads}")
        subprocess.run(command, check=True)
        with open(self.runs / f"{run}-1" / "metrics.csv", encoding="utf-8") as file:
            return [float(row["return/after"]) for row in csv.DictReader(file)][-LAST:]

    def nominal(self, config):
        """The task that leaves a body as it is: all factors 1."""
        run = self.runs / f"{config.stem}-random-1"
        told = subprocess.run([self.program, "evaluate", run, "--json", "--per-task", "--quiet",
                               "--evaluation.tasks=1", "--evaluation.updates=0",
                               "--evaluation.rollouts=1"],
                              check=True, capture_output=True, text=True).stdout
        return ",".join("1" for name in json.loads(told)["tasks"][0] if name != "return")

    def line(self, name):
        """Whether the experiment learns; prints how well."""
        config = ROOT / "configs" / f"{name}.toml"
        learned = self.train(name, config)
        random = self.train(f"{name}-random", config, *AS_RANDOM)
        gains = []
        for number, task in enumerate(EXPERTS[name]):
            fixed = f"--task.fixed={self.nominal(config) if task == 'nominal' else task}"
            expert = self.train(f"{name}-expert{number}", config, fixed, *AS_EXPERT)
            start = self.train(f"{name}-expert{number}-random", config, fixed, *AS_RANDOM,
                               FEWER_TASKS)
            gains.append(statistics.mean(expert) - statistics.mean(start))
        gain = statistics.mean(learned) - statistics.mean(random)
        error = math.hypot(*(statistics.stdev(x) / math.sqrt(len(x)) for x in (learned, random)))
        share = gain / statistics.mean(gains)
        ok = gain > 5 * error and share >= 0.2
        print(f"| {name} | {statistics.mean(random):.4g} | {statistics.mean(learned):.4g} | "
              f"{error:.2g} | {gain / error:.0f} | {statistics.mean(gains):.4g} | "
              f"{100 * share:.0f} % | {'yes' if ok else 'NO'} |", flush=True)
        return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="experiments of configs/; default: all")
    parser.add_argument("--program", default="build/release/anole",
                        help="default: build/release/anole")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs/learning")
    parser.add_argument("--threads", type=int, default=0, help="default: all cores")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in EXPERTS:
            parser.error(f"'{name}' is none of {', '.join(EXPERTS)}")
    figures = Figures(arguments)
    print("| experiment | random, adapted | last ten, adapted | standard error | gain in errors | "
          "expert's gain | share of it | learns |\n|---|---|---|---|---|---|---|---|", flush=True)
    return 0 if all([figures.line(name) for name in arguments.names or EXPERTS]) else 1


if __name__ == "__main__":
    sys.exit(main())
