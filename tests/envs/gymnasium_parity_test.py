#!/usr/bin/env python3
"""Our half-cheetah against the real one: Gymnasium's HalfCheetah-v5 runs in this process, ours in
half_cheetah_stepper, from the same states with the same actions.

  ANOLE_SOURCE_DIR=. ANOLE_STEPPER=build/release/tests/half_cheetah_stepper \\
    tests/envs/gymnasium_parity_test.py

Gymnasium comes from tools/fetch_python; without it, this is skipped.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

PACKAGES = Path(os.environ["ANOLE_SOURCE_DIR"]).resolve() / ".deps" / \
    f"python{sys.version_info.major}.{sys.version_info.minor}"
STEPPER = Path(os.environ["ANOLE_STEPPER"]).resolve()
SKIPPED = 77  # exit code


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


if not PACKAGES.exists():
    skip(f"no {PACKAGES} (from tools/fetch_python gymnasium)")
sys.path.insert(0, str(PACKAGES))
# The real one needs a window system and more packages; nothing is drawn here.
sys.modules["gymnasium.envs.mujoco.mujoco_rendering"] = mock.MagicMock()
import gymnasium  # noqa: E402
import mujoco  # noqa: E402
import numpy as np  # noqa: E402

# Else the deprecated attribute in Gymnasium's model is told of at each start.
mujoco.set_mju_user_warning(lambda message: None)

TOLERANCE = 1e-10
CONTROL_COST = 0.05  # ours by default; Gymnasium's is .1
# Each cheetah family with a task: what its first reward term must be at Gymnasium's velocity.
TASKS = {
    ("cheetah-direction", 1): lambda velocity: velocity,
    ("cheetah-direction", -1): lambda velocity: -velocity,
    ("cheetah-velocity", 1.5): lambda velocity: -abs(velocity - 1.5),
}
# The columns of an answer.
REWARD, GOAL_TERM, COST_TERM = 0, 1, 2
OBSERVATION, QPOS, QVEL = slice(3, 20), slice(20, 29), slice(29, 38)
STATE = slice(20, 38)


def ours(commands, family="cheetah-direction", task=1):
    """The answer of half_cheetah_stepper to each command, (name, numbers), as a row."""
    text = "".join(f"{name} {' '.join(map(repr, np.asarray(numbers).tolist()))}\n"
                   for name, numbers in commands)
    answers = subprocess.run([STEPPER, family, str(task)], input=text, check=True,
                             capture_output=True, text=True, timeout=60).stdout
    return np.array([float(word) for word in answers.split()]).reshape(len(commands), -1)


class Gymnasium:
    """HalfCheetah-v5, which answers as half_cheetah_stepper does for direction +1."""

    def __init__(self):
        self.env = gymnasium.make("HalfCheetah-v5", ctrl_cost_weight=CONTROL_COST)
        self.cheetah = self.env.unwrapped

    def reset(self, seed=None):
        return self.answer(self.env.reset(seed=seed)[0])

    def begin(self, state):
        # As reset() does: set_state() alone would keep the solver's warm start.
        mujoco.mj_resetData(self.cheetah.model, self.cheetah.data)
        self.cheetah.set_state(*np.split(state, [self.cheetah.model.nq]))
        return self.answer(self.cheetah._get_obs())

    def step(self, action):
        observation, reward, _, _, info = self.env.step(action)
        return self.answer(observation, reward, info["reward_forward"], info["reward_ctrl"])

    def answer(self, observation, *rewards):
        return np.concatenate([rewards or np.zeros(3), observation, self.cheetah.state_vector()])


def some_states(env, random, count):
    """States of a random motion with noise on them, and each tenth as reset makes it."""
    for i in range(count):
        if i % 10 == 0:
            yield env.reset(seed=i)[STATE]
            continue
        for _ in range(random.integers(1, 8)):
            moved = env.step(random.uniform(-1, 1, 6))
        yield moved[STATE] + random.normal(scale=[.02] * 9 + [.2] * 9)


class ParityTest(unittest.TestCase):
    def setUp(self):
        self.env = Gymnasium()
        self.random = np.random.default_rng(1)

    def assert_close(self, what, found, expected):
        self.assertEqual(found.shape, expected.shape)
        worst = np.abs(found - expected).max()
        print(f"{what}: {len(found)} compared, largest difference {worst:.3g}")
        self.assertLessEqual(worst, TOLERANCE, what)

    def step_from_states(self, largest_action):
        """One step from each of 1,000 states: commands for ours, the actions, and Gymnasium's
        answers at the states and after the steps."""
        states = list(some_states(self.env, self.random, 1000))
        actions = self.random.uniform(-largest_action, largest_action, (1000, 6))
        before, after, contacts = [], [], 0
        for state, action in zip(states, actions):
            before.append(self.env.begin(state))
            contacts += self.env.cheetah.data.ncon > 0
            after.append(self.env.step(action))
        self.assertGreater(contacts, 300)
        commands = [command for state, action in zip(states, actions)
                    for command in (("state", state), ("step", action))]
        return commands, actions, np.array(before), np.array(after)

    def test_one_step_from_given_states(self):
        commands, _, before, after = self.step_from_states(largest_action=1)
        for (family, task), goal_term in TASKS.items():
            found = ours(commands, family, task)
            began, stepped = found[0::2], found[1::2]
            task = f"{family} {task}, "
            self.assert_close(task + "observation before", began[:, OBSERVATION],
                              before[:, OBSERVATION])
            self.assert_close(task + "observation after", stepped[:, OBSERVATION],
                              after[:, OBSERVATION])
            self.assert_close(task + "motion", stepped[:, STATE], after[:, STATE])
            goal = goal_term(after[:, GOAL_TERM])
            self.assert_close(task + "goal term", stepped[:, GOAL_TERM], goal)
            self.assert_close(task + "control cost", stepped[:, COST_TERM], after[:, COST_TERM])
            self.assert_close(task + "reward", stepped[:, REWARD], goal + after[:, COST_TERM])

    def test_actions_out_of_range_move_it_equally_but_cost_what_is_clipped(self):
        commands, actions, _, after = self.step_from_states(largest_action=3)
        found = ours(commands)[1::2]
        self.assert_close("motion", found[:, STATE], after[:, STATE])
        self.assert_close("velocity", found[:, GOAL_TERM], after[:, GOAL_TERM])
        cost = -CONTROL_COST * np.square(actions.clip(-1, 1)).sum(axis=1)
        self.assert_close("control cost", found[:, COST_TERM], cost)

    def test_free_motion(self):
        start = self.env.reset(seed=3)
        actions = self.random.uniform(-1, 1, (1000, 6))
        expected = np.array([start, *map(self.env.step, actions)])
        found = ours([("state", start[STATE]), *(("step", action) for action in actions)])
        self.assert_close("observation", found[:, OBSERVATION], expected[:, OBSERVATION])
        self.assert_close("motion", found[:, STATE], expected[:, STATE])
        self.assert_close("rewards", found[1:, :OBSERVATION.start],
                          expected[1:, :OBSERVATION.start])

    def test_resets_are_distributed_equally(self):
        count = 2000
        self.env.reset(seed=5)
        expected = np.array([self.env.reset() for _ in range(count)])
        found = ours([("reset", [rollout]) for rollout in range(count)])
        # Kolmogorov-Smirnov: with equal distributions one in a million is farther apart.
        for part in (QPOS, QVEL, *range(STATE.start, STATE.stop)):
            samples = [np.sort(rows[:, part], axis=None) for rows in (found, expected)]
            shares = [np.searchsorted(sample, samples[0]) / sample.size for sample in samples]
            distance = np.abs(shares[0] - shares[1]).max()
            self.assertLess(distance, 2.69 * np.sqrt(2 / samples[0].size), f"columns {part}")


if __name__ == "__main__":
    version = subprocess.check_output(STEPPER, text=True).strip()
    if version != mujoco.__version__:
        skip(f"ours runs MuJoCo {version}, Gymnasium {mujoco.__version__}")
    unittest.main()
