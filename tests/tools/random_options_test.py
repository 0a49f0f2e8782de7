#!/usr/bin/env python3
"""Runs of random options, drawn from their whole ranges: each ends with exit code 0, 1 or 2 and says
why in one line, and none stores a number that is not finite.

  ANOLE=... ANOLE_SOURCE_DIR=. tests/tools/random_options_test.py [NUMBER [FIRST]]

With $ANOLE_RANDOM_TELL, how each of them ended.

NUMBER cases (default: 30, or $ANOLE_RANDOM_OPTIONS) from seed FIRST on (default: 1). A case that
fails is printed as the command that repeats it.
"""

import json
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from program import ANOLE, SOURCE_DIR, stored_options

CASES = int(os.environ.get("ANOLE_RANDOM_OPTIONS", "30"))
FIRST = 1
PATIENCE = 120  # [s]; a run of these takes about a second

# What says how much work there is, how long, or where: as small as can be, drawn from these.
SMALL = {
    "meta.iterations": [2], "meta.batch_size": [1, 2, 3], "inner.updates": [1, 2, 3],
    "inner.rollouts": [1, 2, 3], "task.horizon": [1, 2, 7, 20], "policy.hidden": [[], [1], [4, 3]],
    "model.hidden": [[], [1], [4, 3]], "critic.hidden": [[], [1], [4, 3]], "critic.steps": [1, 2],
    "inner.cg_iterations": [1, 3], "meta.cg_iterations": [1, 3], "inner.epochs": [1, 3],
    "inner.minibatches": [1, 2, 4], "inner.backtracks": [0, 3], "meta.backtracks": [0, 3],
    "meta.outer_steps": [1, 3], "meta.strata": [0, 1, 5], "task.points": [1, 5],
    "task.frame_skip": [1, 2], "validation.every": [0, 1], "validation.tasks": [1, 2],
    "validation.updates": [0, 1, 2], "validation.rollouts": [1, 2], "validation.metric": ["mean"],
    "evaluation.tasks": [1, 2], "evaluation.updates": [0, 2], "evaluation.rollouts": [1, 2],
    "run.max_seconds": [0, 1e9],
}
# Of the user's own files; few-shot and robot have tests of their own.
WITHOUT = {"task.family", "task.file", "task.checksum", "task.images", "run.initial", "task.preset",
           "task.fixed"}
FAMILIES_WITH_FILES = {"few-shot", "robot"}
OFTEN = 0.15  # of the options that a case has, so many are changed


def bounds(text, lowest=-1e6, highest=1e6):
    """(least, greatest) of what a range says in words."""
    number = r"(-?[\d.e+-]+)"
    if match := re.search(rf"above 0, at most {number}", text):
        return 5e-324, float(match[1])
    if "above 0" in text:
        return 5e-324, 1e300
    if match := re.search(rf"{number} to {number}", text):
        return float(match[1]), float(match[2])
    if match := re.search(rf"at least {number}", text):
        return float(match[1]), 1e300
    if match := re.search(rf"at most {number}", text):
        return lowest, float(match[1])
    return lowest, highest


def draw_number(rng, low, high):
    """An edge, or anything between on a logarithmic scale as well as on a linear one."""
    kind = rng.random()
    if kind < 0.15:
        return low
    if kind < 0.3:
        return high
    if kind < 0.5:
        return rng.uniform(low, high) if math.isfinite(high - low) else low
    small = max(abs(low), 1e-9) if low > 0 else 1e-9
    value = math.exp(rng.uniform(math.log(small), math.log(max(abs(high), small))))
    return min(max(value if low >= 0 or rng.random() < 0.5 else -value, low), high)


def draw(rng, option):
    """A value of the option, as the command line takes it; None: leave it."""
    name, kind = option["name"], option["type"]
    if name in SMALL:
        return json.dumps(rng.choice(SMALL[name]))
    if option["choices"]:
        return rng.choice(option["choices"])
    if kind == "true or false":
        return rng.choice(["true", "false"])
    if "list" in kind:
        sizes = re.search(r"(\d+) (?:to (\d+) )?values?", option["range"])
        size = int(sizes[1]) if sizes else rng.randint(0, 3)
        low, high = bounds(option["range"].split("all ")[-1])
        values = sorted(draw_number(rng, low, high) for _ in range(size))
        return json.dumps([int(value) if "integer" in kind else value for value in values])
    if kind in ("integer", "number"):
        low, high = bounds(option["range"])
        value = draw_number(rng, low, high)
        return str(int(value)) if kind == "integer" else repr(value)
    return None


def values_of(file):
    """All doubles of a safetensors file: name -> values."""
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    doubles = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        if tensor["dtype"] == "F64":
            raw = data[8 + size + begin:8 + size + end]
            doubles[name] = struct.unpack(f"<{len(raw) // 8}d", raw)
    return doubles


class RandomOptionsTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="anole-random-"))
        self.addCleanup(shutil.rmtree, self.folder)
        listed = subprocess.run([ANOLE, "list", "--json"], check=True, capture_output=True)
        registries = json.loads(listed.stdout)
        self.families = [entry["name"] for registry in registries if registry.startswith("task.")
                         for entry in registries[registry]
                         if entry["name"] not in FAMILIES_WITH_FILES]
        catalogue = subprocess.run([ANOLE, "list", "--options", "--json"], check=True,
                                   capture_output=True)
        self.options = {}  # name -> those of its owners
        for option in json.loads(catalogue.stdout):
            self.options.setdefault(option["name"], []).append(option)

    def case(self, seed):
        """The arguments of a run."""
        rng = random.Random(seed)
        family = self.family = rng.choice(self.families)
        config = self.folder / "config.toml"
        config.write_text(f'[task]\nfamily = "{family}"\n', encoding="utf-8")
        return rng, ["train", str(config), "--run-dir", str(self.folder / "run"), "--threads=1",
                     "--overwrite", "--quiet"]

    def applying(self, arguments):
        """The options that a run of these arguments has: those of its stored config."""
        run = self.folder / "probe"
        changed = [argument if argument != str(self.folder / "run") else str(run)
                   for argument in arguments]
        result = subprocess.run([ANOLE, *changed, "--meta.iterations=0"], capture_output=True,
                                text=True, timeout=PATIENCE, check=False)
        if result.returncode != 0:
            return None, result
        return [f"{section}.{name}" for section, options in stored_options(run).items()
                for name in options], result

    def own(self, name, arguments):
        """The option as the family or the learner of these arguments has it."""
        words = " ".join(arguments + [self.family])
        return next((option for option in self.options[name] if option["owner"] in words.split()
                     or f"={option['owner']}" in words), self.options[name][0])

    def components(self, rng):
        """A choice of learner and meta-learner."""
        return [f"--{name}={rng.choice(self.options[name][0]['choices'])}"
                for name in ["inner.learner", "meta.gradient", "meta.optimizer"]
                if rng.random() < 0.5]

    def check(self, arguments, result):
        self.assertIn(result.returncode, (0, 1, 2), f"{arguments}: {result.stderr}")
        lines = [line for line in result.stderr.splitlines()
                 if not line.startswith("anole: warning: ")]
        self.assertEqual(len(lines), 0 if result.returncode == 0 else 1,
                         f"{arguments}: {result.stderr}")
        for file in sorted(self.folder.glob("run/checkpoints/step_*/state.safetensors")):
            for name, values in values_of(file).items():
                if name in ("best/score", "direction_norm"):
                    continue  # before there is one, they are NaN and infinite
                self.assertTrue(all(map(math.isfinite, values)), f"{arguments}: {file}: {name}")

    def run_case(self, seed):
        rng, arguments = self.case(seed)
        small = [f"--{name}={json.dumps(values[0])}" for name, values in SMALL.items()]
        arguments += self.components(rng)
        has, result = self.applying(arguments)
        if has is None:
            self.check(arguments, result)
            if "inner.learner" not in " ".join(arguments) or "is not an option" in result.stderr:
                arguments = [a for a in arguments if not a.startswith("--inner.learner")]
            has, result = self.applying(arguments + ["--inner.learn_step_sizes=false"])
            if has is None:
                return result.returncode
            arguments.append("--inner.learn_step_sizes=false")
        changes = [argument for argument in small
                   if argument[2:].split("=")[0] in has and argument.split("=")[0][2:] != ""]
        for name in has:
            if name in WITHOUT or name not in self.options:
                continue
            if name in SMALL or rng.random() < OFTEN:
                if any(argument.startswith(f"--{name}=") for argument in arguments):
                    continue
                value = draw(rng, self.own(name, arguments))
                if value is not None:
                    changes = [c for c in changes if not c.startswith(f"--{name}=")]
                    changes.append(f"--{name}={value}")
        if "--validation.every=1" in changes:  # its own options were not there before
            changes += ["--validation.tasks=1", "--validation.updates=1"]
            changes += ["--validation.rollouts=1"] if "inner.rollouts" in has else []
        arguments += changes
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        try:
            result = subprocess.run([ANOLE, *arguments], capture_output=True, text=True,
                                    timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            self.fail(f"hangs: {arguments}")
        self.check(arguments, result)
        if os.environ.get("ANOLE_RANDOM_TELL"):
            print(seed, result.returncode, result.stderr.strip()[:400], file=sys.stderr)
        return result.returncode

    def test_every_run_ends_with_a_reason(self):
        start = time.monotonic()
        codes = []
        for seed in range(FIRST, FIRST + CASES):
            with self.subTest(seed=seed):
                codes.append(self.run_case(seed))
        print(f"{CASES} runs in {time.monotonic() - start:.0f} s, exit codes: " +
              ", ".join(f"{code}: {codes.count(code)}" for code in sorted(set(codes))),
              file=sys.stderr)
        self.assertGreater(codes.count(0), 0.3 * len(codes), "nearly nothing trains")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        CASES = int(sys.argv.pop(1))
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        FIRST = int(sys.argv.pop(1))
    unittest.main()
