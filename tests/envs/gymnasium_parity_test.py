#!/usr/bin/env python3
"""Our families against the real ones: Gymnasium's v5 environments run in this process, ours in
family_stepper, from the same states with the same actions.

  ANOLE_SOURCE_DIR=. ANOLE_STEPPER=build/release/tests/family_stepper \\
    tests/envs/gymnasium_parity_test.py [cheetah_direction ...]

A new family adds an entry to FAMILIES. Gymnasium comes from tools/fetch_python; without it, this is
skipped.
"""

import os
import subprocess
import sys
import unittest
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable
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

# Else the deprecated attribute in Gymnasium's half-cheetah is told of at each start.
mujoco.set_mju_user_warning(lambda message: None)

TOLERANCE = 1e-10


@dataclass
class Family:
    """A family of ours with one of its tasks, and the environment whose body it has."""
    name: str
    task: tuple
    gymnasium: str
    # Our reward terms in their order: from the `info` of Gymnasium's step, what each must be.
    terms: dict[str, Callable[[dict], float]]
    arguments: dict = field(default_factory=dict)  # of Gymnasium's constructor
    options: tuple = ()  # of ours: "--task.horizon=100"
    observed: Callable = lambda observation: observation  # what we have of Gymnasium's observation
    # Gymnasium's state, (qpos, qvel) in one, with what our task prescribes of it.
    state: Callable = lambda state: state
    by_task: tuple = ()  # columns of the state that the task prescribes: not drawn at a reset
    action_scale: float = 1.  # Gymnasium's action to our 1
    constrained: float = .3  # at least this share of states has contacts or joints at limits
    terminates: bool = False


def velocity_to(goal, key="x_velocity"):
    return lambda info: -abs(info[key] - goal)


def along(angle, weight=1.):
    return lambda info: weight * (np.cos(angle) * info["x_velocity"] +
                                  np.sin(angle) * info["y_velocity"])


CONTROL_COST = {"control_cost": lambda info: info["reward_ctrl"]}
ALIVE = {"alive_bonus": lambda info: info["reward_survive"]}
CONTACT_COST = {"contact_cost": lambda info: info["reward_contact"]}
# A band that random motion leaves now and then; ours by default is Gymnasium's.
ANT_BAND = {"healthy_z_range": (.45, .75)}
ANT_BAND_OPTION = "--task.healthy_height=0.45,0.75"
CHEETAH = {
    "gymnasium": "HalfCheetah-v5",
    "arguments": {"ctrl_cost_weight": .05},  # ours by default
}
REACHER_TARGET = (.1, -.15)


def reacher_observed(observation):
    """cos, sin, joint velocities, and the fingertip: the target and the way from it to there."""
    return np.concatenate([observation[:4], observation[6:8], observation[4:6] + observation[8:]])


def with_reacher_target(state):
    state[2:4], state[6:8] = REACHER_TARGET, 0
    return state


FAMILIES = {
    "ant_velocity": Family(
        "ant-velocity", (1.5,), "Ant-v5",
        arguments={"ctrl_cost_weight": .005, "healthy_reward": 1.05,
                   "include_cfrc_ext_in_observation": False, **ANT_BAND},
        options=(ANT_BAND_OPTION,), terminates=True,
        terms={"velocity_error": velocity_to(1.5), **CONTROL_COST, **ALIVE}),
    "ant_direction": Family(  # all of Ant-v5, from 105 numbers to the contact cost
        "ant-direction", (1,), "Ant-v5", arguments=ANT_BAND,
        options=(ANT_BAND_OPTION, "--task.contact_forces=true"), terminates=True,
        terms={"velocity": along(0), **CONTROL_COST, **ALIVE, **CONTACT_COST}),
    "ant_any_direction": Family(
        "ant-direction", (2.,), "Ant-v5",
        arguments={"include_cfrc_ext_in_observation": False, **ANT_BAND},
        options=(ANT_BAND_OPTION, "--task.directions=any"), terminates=True,
        terms={"velocity": along(2), **CONTROL_COST, **ALIVE}),
    "ant_goal": Family(
        "ant-goal", (1., -2.), "Ant-v5",
        arguments={"ctrl_cost_weight": .1, "include_cfrc_ext_in_observation": False,
                   "exclude_current_positions_from_observation": False,
                   "terminate_when_unhealthy": False},
        terms={"distance": lambda info: -abs(info["x_position"] - 1) - abs(info["y_position"] + 2),
               **CONTROL_COST}),
    "humanoid_any_direction": Family(
        "humanoid-direction", (2.,), "Humanoid-v5", action_scale=.4, terminates=True,
        observed=lambda observation: observation[:45],
        terms={"progress": along(2, 1.25), **CONTROL_COST, **ALIVE}),
    "humanoid_direction": Family(  # all of Humanoid-v5, from 348 numbers to the contact cost
        "humanoid-direction", (1,), "Humanoid-v5", action_scale=.4, terminates=True,
        options=("--task.directions=forward-backward", "--task.body_inertias=true",
                 "--task.body_velocities=true", "--task.actuator_forces=true",
                 "--task.contact_forces=true"),
        terms={"progress": along(0, 1.25), **CONTROL_COST, **ALIVE, **CONTACT_COST}),
    "cheetah_direction": Family(
        "cheetah-direction", (1,), **CHEETAH,
        terms={"velocity": lambda info: info["reward_forward"],
               "control_cost": lambda info: info["reward_ctrl"]}),
    "cheetah_direction_backward": Family(
        "cheetah-direction", (-1,), **CHEETAH,
        terms={"velocity": lambda info: -info["reward_forward"],
               "control_cost": lambda info: info["reward_ctrl"]}),
    "cheetah_velocity": Family(
        "cheetah-velocity", (1.5,), **CHEETAH,
        terms={"velocity_error": velocity_to(1.5),
               "control_cost": lambda info: info["reward_ctrl"]}),
    "walker_velocity": Family(
        "walker-velocity", (.5,), "Walker2d-v5", terminates=True,
        arguments={"healthy_reward": 15},
        terms={"velocity_error": velocity_to(.5),
               "control_cost": lambda info: info["reward_ctrl"],
               "alive_bonus": lambda info: info["reward_survive"]}),
    "walker_velocity_of_promp": Family(
        "walker-velocity", (7,), "Walker2d-v5",
        arguments={"frame_skip": 8, "healthy_reward": 15, "terminate_when_unhealthy": False},
        options=("--task.physics_steps=8", "--task.terminate=false"),
        terms={"velocity_error": velocity_to(7),
               "control_cost": lambda info: info["reward_ctrl"],
               "alive_bonus": lambda info: info["reward_survive"]}),
    "hopper_velocity": Family(
        "hopper-velocity", (.5,), "Hopper-v5", terminates=True,
        arguments={"healthy_reward": 5},
        terms={"velocity_error": velocity_to(.5),
               "control_cost": lambda info: info["reward_ctrl"],
               "alive_bonus": lambda info: info["reward_survive"]}),
    "swimmer_velocity": Family(
        "swimmer-velocity", (.15,), "Swimmer-v5", constrained=.03,
        terms={"velocity_error": velocity_to(.15),
               "control_cost": lambda info: info["reward_ctrl"]}),
    "reacher_goal": Family(
        "reacher-goal", REACHER_TARGET, "Reacher-v5", observed=reacher_observed,
        state=with_reacher_target, by_task=(2, 3), constrained=.03,
        terms={"distance": lambda info: info["reward_dist"],
               "control_cost": lambda info: info["reward_ctrl"]}),
}


def ours(family, commands):
    """The answer of family_stepper to each command, (name, numbers), as a row."""
    text = "".join(f"{name} {' '.join(map(repr, np.asarray(numbers).tolist()))}\n"
                   for name, numbers in commands)
    answers = subprocess.run(
        [STEPPER, family.name, ",".join(map(str, family.task)), *family.options], input=text,
        check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout
    return np.array([float(word) for word in answers.split()]).reshape(len(commands), -1)


class Gymnasium:
    """The real environment, which answers as family_stepper does."""

    def __init__(self, family):
        self.family = family
        self.env = gymnasium.make(family.gymnasium, disable_env_checker=True,
                                  **family.arguments).unwrapped
        self.model, self.data = self.env.model, self.env.data
        observed = len(family.observed(self.env.reset(seed=0)[0]))
        # The columns of an answer.
        self.reward, self.terminated = 0, 1
        self.terms = slice(2, 2 + len(family.terms))
        self.observation = slice(self.terms.stop, self.terms.stop + observed)
        self.qpos = slice(self.observation.stop, self.observation.stop + self.model.nq)
        self.qvel = slice(self.qpos.stop, self.qpos.stop + self.model.nv)
        self.state = slice(self.qpos.start, self.qvel.stop)
        self.motion = slice(self.observation.start, self.state.stop)
        self.rewards = slice(0, self.terms.stop)

    def reset(self, seed=None):
        return self.answer(self.env.reset(seed=seed)[0])

    def begin(self, state):
        # As reset() does: set_state() alone would keep the solver's warm start.
        mujoco.mj_resetData(self.model, self.data)
        self.env.set_state(*np.split(state, [self.model.nq]))
        return self.answer(self.env._get_obs())

    def step(self, action):
        observation, _, terminated, _, info = self.env.step(action * self.family.action_scale)
        return self.answer(observation, terminated,
                           [term(info) for term in self.family.terms.values()])

    def answer(self, observation, terminated=False, terms=None):
        if terms is None:
            terms = np.zeros(len(self.family.terms))
        return np.concatenate([[np.sum(terms), terminated], terms,
                               self.family.observed(observation), self.env.state_vector()])

    def a_state(self, state):
        """`state` as both can begin in it."""
        qpos, qvel = np.split(self.family.state(state.copy()), [self.model.nq])
        mujoco.mj_normalizeQuat(self.model, qpos)
        return np.concatenate([qpos, qvel])

    def some_states(self, random, count):
        """States of a random motion with noise on them, and each tenth as reset makes it."""
        for i in range(count):
            if i % 10 == 0:
                moved = self.reset(seed=i)
                yield self.a_state(moved[self.state])
                continue
            for _ in range(random.integers(1, 8)):
                moved = self.step(random.uniform(-1, 1, self.model.nu))
            noise = random.normal(scale=[.02] * self.model.nq + [.2] * self.model.nv)
            yield self.a_state(moved[self.state] + noise)


class ParityTest:
    def setUp(self):
        self.gymnasium = Gymnasium(self.family)
        self.random = np.random.default_rng(1)

    def assert_close(self, what, found, expected, columns=slice(None)):
        self.assertEqual(found.shape, expected.shape)
        worst = np.abs(found[:, columns] - expected[:, columns]).max()
        print(f"{self.name}, {what}: {len(found)} compared, largest difference {worst:.3g}")
        self.assertLessEqual(worst, TOLERANCE, what)

    def step_from_states(self, count, largest_action):
        """One step from each of so many states: commands for ours, and Gymnasium's answers at the
        states, after the steps, and after steps of the clipped actions."""
        states = list(self.gymnasium.some_states(self.random, count))
        actions = self.random.uniform(-largest_action, largest_action,
                                      (count, self.gymnasium.model.nu))
        before, after, clipped, constrained = [], [], [], 0
        for state, action in zip(states, actions):
            before.append(self.gymnasium.begin(state))
            constrained += self.gymnasium.data.nefc > 0
            after.append(self.gymnasium.step(action))
            if largest_action > 1:
                self.gymnasium.begin(state)
                clipped.append(self.gymnasium.step(action.clip(-1, 1)))
        self.assertGreaterEqual(constrained, self.family.constrained * count)
        commands = [command for state, action in zip(states, actions)
                    for command in (("state", state), ("step", action))]
        return commands, np.array(before), np.array(after), np.array(clipped)

    def test_one_step_from_given_states(self):
        commands, before, after, _ = self.step_from_states(1000, largest_action=1)
        found = ours(self.family, commands)
        began, stepped = found[0::2], found[1::2]
        self.assert_close("observation before", began, before, self.gymnasium.observation)
        self.assert_close("observation after", stepped, after, self.gymnasium.observation)
        self.assert_close("motion", stepped, after, self.gymnasium.state)
        for i, term in enumerate(self.family.terms, self.gymnasium.terms.start):
            self.assert_close(term, stepped, after, i)
        self.assert_close("reward", stepped, after, self.gymnasium.reward)
        self.assert_terminates_equally(stepped, after)

    def assert_terminates_equally(self, found, expected):
        terminated = expected[:, self.gymnasium.terminated]
        self.assertTrue(np.array_equal(found[:, self.gymnasium.terminated], terminated))
        print(f"{self.name}: {terminated.sum():.0f} terminated")
        if self.family.terminates:
            self.assertTrue(50 < terminated.sum() < len(terminated) - 50)
        else:
            self.assertFalse(terminated.any())

    def test_actions_out_of_range_move_it_equally_but_cost_what_is_clipped(self):
        commands, _, after, clipped = self.step_from_states(300, largest_action=3)
        found = ours(self.family, commands)[1::2]
        self.assert_close("motion out of range", found, after, self.gymnasium.motion)
        self.assert_close("rewards out of range", found, clipped, self.gymnasium.rewards)

    def test_free_motion(self):
        start = self.gymnasium.begin(
            self.gymnasium.a_state(self.gymnasium.reset(seed=3)[self.gymnasium.state]))
        actions = self.random.uniform(-1, 1, (1000, self.gymnasium.model.nu))
        expected = np.array([start, *map(self.gymnasium.step, actions)])
        found = ours(self.family, [("state", start[self.gymnasium.state]),
                                   *(("step", action) for action in actions)])
        self.assert_close("free motion", found, expected)

    def test_resets_are_distributed_equally(self):
        count = 1000
        self.gymnasium.reset(seed=5)
        expected = np.array([self.gymnasium.a_state(self.gymnasium.reset()[self.gymnasium.state])
                             for _ in range(count)])
        found = ours(self.family, [("reset", [rollout]) for rollout in range(count)])
        found = found[:, self.gymnasium.state]
        drawn = [i for i in range(expected.shape[1]) if i not in self.family.by_task]
        nq = self.gymnasium.model.nq
        # Kolmogorov-Smirnov: with equal distributions one in a million is farther apart.
        for part in (*drawn, [i for i in drawn if i < nq], [i for i in drawn if i >= nq]):
            samples = [np.sort(rows[:, part], axis=None) for rows in (found, expected)]
            shares = [np.searchsorted(sample, samples[0]) / sample.size for sample in samples]
            distance = np.abs(shares[0] - shares[1]).max()
            self.assertLess(distance, 2.69 * np.sqrt(2 / samples[0].size), f"columns {part}")


for name, family in FAMILIES.items():
    globals()[name] = type(name, (ParityTest, unittest.TestCase), {"name": name, "family": family})

if __name__ == "__main__":
    version = subprocess.check_output(STEPPER, text=True).strip()
    if version != mujoco.__version__:
        skip(f"ours runs MuJoCo {version}, Gymnasium {mujoco.__version__}")
    unittest.main()
