#!/usr/bin/env python3
"""A run of RL^2 goes through every command: what evaluates, shows and takes away a policy knows that
it remembers, and that its parameters stay."""

import json
import re
import unittest

from program import ProgramTest

RL2 = """\
[task]
family = "cheetah-velocity"
horizon = 12
[policy]
gru = 5
hidden = [4]
feedback = true
[inner]
learner = "memory"
updates = 2
rollouts = 3
learn_step_sizes = false
[meta]
gradient = "promp"
optimizer = "adam"
step_size = 0.001
batch_size = 2
iterations = 3
[evaluation]
tasks = 4
updates = 2
rollouts = 3
"""


class MemoryTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("rl2.toml", RL2)
        self.train("run", config="rl2.toml")

    def test_an_update_is_an_episode(self):
        told = json.loads(self.done("evaluate", "run", "--json"))
        self.assertEqual([update["env_steps"] for update in told["updates"]], [0, 12, 24])
        self.assertIn("an episode more that the policy remembers", self.done("evaluate", "run"))

    def test_its_parameters_stay(self):
        result = self.anole("adapt", "run", "--goal=1.5", "--out=adapted.safetensors")
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, r"^anole: run: its policy adapts as it acts[^\n]+\n$")
        self.assertFalse((self.folder / "adapted.safetensors").exists())
        self.write("reptile.toml", RL2.replace('"promp"', '"reptile"').replace(
            'optimizer = "adam"\n', ""))
        self.assertIn('choose "promp"', self.anole("train", "reptile.toml").stderr)

    def test_is_shown(self):
        told = self.done("render", "run", "--goal=1.5", "--updates=0,2", "--strip=strip.png",
                         "--size=64x64")
        self.done("evaluate", "run")
        told += self.done("report", "run", "--out=run.html", "--no-films")
        self.assertIn("2 earlier episodes</th>", (self.folder / "run.html").read_text())
        self.done("plot", "run", "--out=run.svg")
        self.assertRegex(told, r"return after 0 earlier episodes: \S+\n"
                               r"return after 2 earlier episodes: \S+\n")

    def test_is_recorded_with_what_the_task_shows(self):
        self.done("record", "run", "--goal=1.5", "--out=episodes.csv", "--updates=2")
        with open(self.folder / "episodes.csv", encoding="utf-8") as file:
            columns = file.readline().strip().split(",")
        self.assertEqual(sum(name.startswith("observation") for name in columns), 17)

    def test_c_learns_from_what_it_sees_of_its_own_past(self):
        self.train("plain", "--policy.feedback=true")
        self.done("export", "plain", "--out=c", "--format=c", "--quiet")
        told = self.done("check-export", "c")
        before = re.search(r"\n +0 +\S+ +(\S+) \+- ", told)
        self.assertLess(abs(float(before[1])), 0.05, told)

    def test_is_exported_with_its_state(self):
        self.done("export", "run", "--out=made", "--quiet")
        policy = json.loads((self.folder / "made/policy.json").read_text(encoding="utf-8"))
        self.assertEqual(policy["network"]["gru"], {"units": 5, "forgets": "task"})
        self.assertEqual(policy["observation"]["size"], 17 + 6 + 2)
        self.assertEqual([part["name"] for part in policy["observation"]["parts"][-3:]],
                         ["last_action", "last_reward", "episode_ended"])
        self.assertFalse(policy["learning"]["outside"])
        told = self.done("check-export", "made")
        self.assertLess(float(re.search(r"  C +(\S+)", told)[1]), 1e-5)
        onnx = re.search(r"ONNX +(\S+)", told)
        if onnx and onnx[1][0].isdigit():
            self.assertLess(float(onnx[1]), 1e-5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
