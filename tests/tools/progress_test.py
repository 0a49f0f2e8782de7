#!/usr/bin/env python3
"""Progress of a training: within an iteration that takes long on a terminal, and nowhere else."""

import re
import time
import unittest

from program import ProgramTest

TASKS = 12
SECONDS = 4  # that the iteration below is to take: enough to be told of within it
# An iteration of many tasks of equal length.
SLOW = f"""\
[task]
family = "point-navigation"
[policy]
hidden = [32]
[inner]
updates = 2
rollouts = ROLLOUTS
[meta]
iterations = 1
batch_size = {TASKS}
"""
WITHIN = re.compile(r"(\d+)/1 \+ (\d+)/(\d+) tasks")


class ProgressTest(ProgramTest):
    def setUp(self):
        super().setUp()
        rollouts = 200
        self.write("slow.toml", SLOW.replace("ROLLOUTS", str(rollouts)))
        start = time.monotonic()
        self.done("train", "slow.toml", "--run-dir=timed", "--threads=1")
        rollouts *= SECONDS / (time.monotonic() - start)
        self.write("slow.toml", SLOW.replace("ROLLOUTS", str(max(200, round(rollouts)))))

    def test_it_moves_within_a_long_iteration(self):
        text = self.done_on_terminal("train", "slow.toml", "--run-dir=run", "--threads=1")
        seen = [tuple(map(int, match)) for match in WITHIN.findall(text)]
        self.assertGreater(len(seen), 1, text)
        self.assertEqual(seen, sorted(set(seen)))
        self.assertEqual({(iteration, of) for iteration, _, of in seen}, {(0, TASKS)})
        self.assertLess(seen[-1][1], TASKS)
        self.assertLess(text.rfind(f"/{TASKS} tasks"), text.rfind("1/1 "))  # it ends as a whole

    def test_off_a_terminal_there_is_no_more_than_before(self):
        result = self.anole("train", "slow.toml", "--run-dir=run", "--threads=1")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotRegex(result.stderr, WITHIN)
        self.assertIn("1/1 ", result.stderr)

    def test_short_iterations_are_told_as_a_whole(self):
        text = self.done_on_terminal("train", "cheetah.toml", "--run-dir=run")
        self.assertIn("6/6 ", text)
        self.assertNotIn(" + ", text)


if __name__ == "__main__":
    unittest.main()
