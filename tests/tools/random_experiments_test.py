#!/usr/bin/env python3
"""Random experiments over all registries: whatever family, learner, meta gradient, outer optimiser
and policy are put together, a run that is stopped and resumed has the same bits, the number of
threads does not show, evaluating twice gives the same, and parameters stay finite or the run ends
with a reason.

  ANOLE=... ANOLE_SOURCE_DIR=. tests/tools/random_experiments_test.py [NUMBER [FIRST]]

NUMBER experiments (default: 16, or $ANOLE_RANDOM_EXPERIMENTS) from seed FIRST on (default: 1). One
that fails is printed as the options that repeat it. Values at the edges of their ranges are
random_options_test.py's.
"""

import json
import math
import os
import random
import subprocess
import sys
import time
import unittest

from program import ANOLE, SOURCE_DIR, ProgramTest, iterations_stored, results, stored_options
from random_options_test import SMALL, values_of

sys.path.append(str(SOURCE_DIR / "tests/fuzz"))
from seeds import png  # noqa: E402

EXPERIMENTS = int(os.environ.get("ANOLE_RANDOM_EXPERIMENTS", "16"))
FIRST = 1
COMPONENTS = ["inner.learner", "meta.gradient", "meta.optimizer"]
# What is chosen beside them, by options that most experiments have.
WORDS = ["inner.optimizer", "inner.baseline", "inner.advantage_scale", "inner.learn_step_sizes",
         "policy.log_std_mode", "policy.normalize_observations", "policy.feedback", "task.mixture",
         "task.reward",
         "task.observe_parameters", "task.directions", "task.contact_forces", "task.model_rewrite",
         "evaluation.deterministic", "model.normalization", "model.transductive"]
LENGTHS = {"task.horizon": [5, 12], "meta.average": [0, 0.5], "meta.anneal_iterations": [0, 3],
           "task.ways": [3], "task.shots": [1], "task.image_size": [8]}
ITERATIONS = 4


def catalogue():
    """Each option by its name, with all values that a word of it may have."""
    listed = subprocess.run([ANOLE, "list", "--options", "--json"], check=True,
                            capture_output=True)
    words = {}
    for option in json.loads(listed.stdout):
        if option["type"] == "true or false":
            words[option["name"]] = ["false", "true"]
        elif option["choices"]:
            words.setdefault(option["name"], option["choices"])
    return words


class RandomExperimentsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.words = catalogue()
        for alphabet in range(8):
            for character in range(4):
                folder = self.folder / f"pictures/a{alphabet}/{character}"
                folder.mkdir(parents=True)
                for picture in range(4):
                    (folder / f"{picture}.png").write_bytes(
                        png(8 + alphabet, 8 + character + picture, 0))

    def family(self, rng):
        """A config of nothing but a family."""
        family = rng.choice(self.words["task.family"])
        text = f'[task]\nfamily = "{family}"\n'
        if family == "robot":
            text += f'file = "{SOURCE_DIR}/configs/robots/{rng.choice(["cart_pole", "quadruped"])}.toml"\n'
        elif family == "few-shot":
            text += 'folder = "pictures"\nways = 3\nimage_size = 8\n'
        self.write("family.toml", text)
        return family

    def has(self, *options):
        """Whether such a run can be; with all options that it then has."""
        result = self.anole("train", "family.toml", "--run-dir=probe", "--overwrite", "--quiet",
                            "--meta.iterations=0", *options)
        if result.returncode == 2:
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            return None
        self.assertEqual(result.returncode, 0, result.stderr)
        return {f"{section}.{name}" for section, values in
                stored_options(self.folder / "probe").items() for name in values}

    def options(self, rng):
        """Of an experiment that can be, or None."""
        chosen = [f"--{name}={rng.choice(self.words[name])}" for name in COMPONENTS
                  if rng.random() < 0.6]
        if "--inner.learner=memory" in chosen:
            chosen += ["--policy.gru=3", "--inner.learn_step_sizes=false"]
        elif self.has("--policy.gru=3", *chosen) and rng.random() < 0.3:
            chosen.append("--policy.gru=3")
        known = self.has(*chosen)
        if known is None:  # these do not go together, and a message has said so
            return None
        small = {name: values for name, values in (SMALL | LENGTHS).items()
                 if name in known and not name.startswith("validation.")}
        chosen += [f"--{name}={json.dumps(rng.choice(values))}" for name, values in small.items()
                   if name not in ("meta.iterations", "run.max_seconds")]
        for name in WORDS:
            if name in known and rng.random() < 0.3:
                word = f"--{name}={rng.choice(self.words[name])}"
                if self.has(*chosen, word) is not None:
                    chosen.append(word)
        return chosen if self.has(*chosen) is not None else None

    def run_of(self, name, threads, iterations, *options):
        """The end of a run: exit code, and what was found."""
        result = self.anole("train", *options, "--quiet", f"--threads={threads}",
                            f"--meta.iterations={iterations}")
        self.assertIn(result.returncode, (0, 1), result.stderr)
        if result.returncode == 1:  # numbers ran away
            self.assertRegex(result.stderr, r"iteration \d+: ")
        return result.returncode, results(self.folder / name)

    def check_experiment(self, options):
        straight = self.run_of("straight", 1, ITERATIONS, "family.toml", "--run-dir=straight",
                               "--overwrite", *options)
        self.run_of("run", 3, ITERATIONS // 2, "family.toml", "--run-dir=run", "--overwrite",
                    *options)
        resumed = self.run_of("run", 3, ITERATIONS, "--resume", "run")
        self.assertEqual(resumed, straight)
        for run in ["straight", "run"]:
            file = max((self.folder / run).glob("checkpoints/step_*/state.safetensors"))
            for name, values in values_of(file).items():
                finite = all(map(math.isfinite, values))
                self.assertTrue(finite or name in ("best/score", "direction_norm"), name)
        said = [self.evaluation(run, threads) for run, threads in
                [("straight", 1), ("straight", 1), ("run", 3)]]
        self.assertEqual(said[1], said[0])
        self.assertEqual(said[2], said[0])
        return len(iterations_stored(self.folder / "straight")) > 1

    def evaluation(self, run, threads):
        """All scores, but for what the run is called."""
        told = json.loads(self.done("evaluate", run, "--json", f"--threads={threads}"))
        return {key: value for key, value in told.items() if key not in ("run", "date")}

    def test_invariants_hold(self):
        start = time.monotonic()
        tried = refused = 0
        for seed in range(FIRST, FIRST + EXPERIMENTS):
            rng = random.Random(seed)
            family = self.family(rng)
            options = self.options(rng)
            if options is None:
                refused += 1
                continue
            tried += 1
            with self.subTest(seed=seed, family=family, options=" ".join(options)):
                self.check_experiment(options)
        print(f"{tried} experiments in {time.monotonic() - start:.0f} s, and {refused} that cannot "
              "be", file=sys.stderr)
        self.assertGreater(tried, 0.3 * EXPERIMENTS, "nearly nothing can be")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        EXPERIMENTS = int(sys.argv.pop(1))
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        FIRST = int(sys.argv.pop(1))
    unittest.main()
