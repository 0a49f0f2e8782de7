#!/usr/bin/env python3
"""The examples of the Python package run as they are; without their libraries they are skipped.

PyTorch, Stable-Baselines3 and Matplotlib are looked for in this Python, and in the environment that
tools/bench/peers/run makes ($ANOLE_PEERS).
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import python_package
from program import SOURCE_DIR, ProgramTest

EXAMPLES = SOURCE_DIR / "tools/python/examples"
PEERS = Path(os.environ.get("ANOLE_PEERS", Path.home() / ".cache/anole-peers"))


def python_with(library):
    """A Python that has it, and where else it is to look for packages; None: there is none."""
    minor = python_package.MINOR
    for python in (sys.executable, PEERS / "bin/python", PEERS / "torch/bin/python"):
        for folders in (python_package.FOLDERS[:1], python_package.FOLDERS):
            paths = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
            asked = f"import sys, {library}, gymnasium; assert sys.version.startswith('{minor}.')"
            try:
                found = subprocess.run([python, "-c", asked], env=paths, capture_output=True,
                                       check=False)
            except OSError:
                continue
            if found.returncode == 0:
                return python, paths
    return None


class ExamplesTest(ProgramTest):
    def example(self, name, *arguments, library="numpy", says):
        found = python_with(library)
        if found is None:
            self.skipTest(f"no {library} here")
        python, paths = found
        told = subprocess.run([python, "-W", "error", EXAMPLES / name, *arguments], env=paths,
                              cwd=self.folder, capture_output=True, text=True, timeout=300,
                              check=False)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertRegex(told.stdout, says)

    def test_all_are_tried(self):
        tried = Path(__file__).read_text(encoding="utf-8")
        for example in EXAMPLES.glob("*.py"):
            self.assertIn(f'self.example("{example.name}"', tried)

    def test_cross_entropy(self):
        self.example("cross_entropy.py", "--generations=3", "--candidates=8",
                     says=r"generation 2: mean return -\d+\.\d, best -")

    def test_adapt_and_export(self):
        self.example("adapt_and_export.py", says=r"after 3 updates: return -?\d+")
        self.assertGreater((self.folder / "adapted/policy.onnx").stat().st_size, 1000)

    def test_inner_loop(self):
        self.example("inner_loop_torch.py", "--tasks=3", "--episodes=2", library="torch",
                     says="after 2 updates: mean return -")

    def test_ppo(self):
        self.example("ppo_torch.py", "--steps=1600", "--envs=4", library="torch",
                     says="1600 steps: mean return -?[0-9.]+\n$")

    def test_stable_baselines3(self):
        self.example("ppo_of_stable_baselines3.py", "--steps=2048", library="stable_baselines3",
                     says="after 2048 steps: -")

    def test_plot(self):
        self.train("run")
        self.example("plot_run.py", "run", library="matplotlib", says="the curves are in run.png")
        self.assertGreater((self.folder / "run.png").stat().st_size, 1000)


if __name__ == "__main__":
    unittest.main()
