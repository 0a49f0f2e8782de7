#!/usr/bin/env python3
"""Tasks of the field as task files, beside the real ones: Meta-World's reach, push and pick-place
and Gymnasium-Robotics' Fetch tasks run in this process with the same goals and actions as
configs/robots/field/, and observations, rewards and success are compared in every step.

Without the packages (tools/fetch_python gymnasium, robots and field), or without the Python package
of the build, this is skipped.
"""

import importlib.util
import os
import sys
import unittest
from pathlib import Path
from unittest import mock

from program import SOURCE_DIR, mujoco_version

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
DEPS = SOURCE_DIR / ".deps"
PACKAGES = [DEPS / PYTHON, DEPS / f"robots-{PYTHON}", DEPS / f"field-{PYTHON}"]
MODULE = Path(os.environ.get("ANOLE_BUILD_DIR", SOURCE_DIR / "build/release")) / "python"


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


for needed in PACKAGES:
    if not needed.exists():
        skip(f"no {needed}")
if not any((MODULE / "anole").glob("_native*")):
    skip(f"no Python package in {MODULE}")
sys.path[:0] = map(str, (*PACKAGES, MODULE))
# Windows, and agents that are several: nothing here has any.
for name in ("gymnasium.envs.mujoco.mujoco_rendering", "pettingzoo"):
    if importlib.util.find_spec(name.split(".")[0]) is None or "rendering" in name:
        sys.modules[name] = mock.MagicMock()

import numpy as np  # noqa: E402
import mujoco  # noqa: E402

if mujoco_version() != mujoco.__version__:
    skip(f"ours runs MuJoCo {mujoco_version()}, the field's packages {mujoco.__version__}")

import anole  # noqa: E402
import gymnasium  # noqa: E402
import gymnasium_robotics  # noqa: E402
import metaworld.policies  # noqa: E402
from gymnasium_robotics.utils import mujoco_utils  # noqa: E402
from metaworld.sawyer_xyz_env import SawyerMocapBase  # noqa: E402

FIELD = SOURCE_DIR / "configs/robots/field"
EPISODES, STEPS, SCRIPTED_STEPS = 10, 50, 120


def set_welds(self):
    """Meta-World's own, which knows 11 numbers of a weld: MuJoCo has a twelfth since."""
    weld = self.model.eq_type == int(mujoco.mjtEq.mjEQ_WELD)
    self.model.eq_data[weld, :11] = [0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 5]
    self.model.eq_data[weld, 11:] = 0


SawyerMocapBase.reset_mocap_welds = set_welds


class PlainNumbers:
    """Enums of joints as numbers: Gymnasium-Robotics compares them with NumPy's."""
    mjtJoint = type("mjtJoint", (), {name: int(getattr(mujoco.mjtJoint, name)) for name in
                                     ("mjJNT_FREE", "mjJNT_BALL", "mjJNT_SLIDE", "mjJNT_HINGE")})

    def __getattr__(self, name):
        return getattr(mujoco, name)


mujoco_utils.mujoco = PlainNumbers()
gymnasium.register_envs(gymnasium_robotics)


class MetaWorld:
    """One of Meta-World's tasks, with its numbers in the order of our task files: each term now and
    one control step before; the goal, which is hidden, and the second object, which is none, left
    out."""

    def __init__(self, name, policy):
        benchmark = metaworld.ML1(name, seed=42)
        self.env, self.tasks = benchmark.train_classes[name](), benchmark.train_tasks
        self.policy = policy()

    def reset(self, episode):
        self.env.set_task(self.tasks[episode])
        self.observation, _ = self.env.reset()
        return np.concatenate([self.env.obj_init_pos, self.env._target_pos])

    def numbers(self):
        now, before = self.observation[:18], self.observation[18:36]
        parts = [slice(0, 3), slice(3, 4), slice(4, 7), slice(7, 11)]
        return np.concatenate([frame[part] for part in parts for frame in (now, before)])

    def scripted(self, rng):
        seen = self.observation.copy()
        seen[36:] = self.env._target_pos
        return np.clip(self.policy.get_action(seen) + rng.normal(0, 0.3, 4), -1, 1)

    def random(self, rng):
        return rng.uniform(-1, 1, 4)

    def step(self, action):
        self.observation, reward, _, _, info = self.env.step(action)
        return reward, info["success"] > 0


class Fetch:
    """One of Gymnasium-Robotics' tasks with dense rewards."""

    def __init__(self, name, object_name, grasps=False):
        self.grasps = grasps
        self.env = gymnasium.make(name, max_episode_steps=1000).unwrapped
        self.object_name = object_name
        if grasps:  # places lag by one physics step there; those of the other tasks do not
            self.env._step_callback = lambda: mujoco.mj_forward(self.env.model, self.env.data)

    def reset(self, episode):
        self.seen, _ = self.env.reset(seed=episode)
        self.pushes = self.holds = False
        goal = self.env.goal
        if not self.object_name:
            return goal
        place = mujoco_utils.get_joint_qpos(self.env.model, self.env.data, self.object_name)
        return np.concatenate([place[:2], goal])

    def numbers(self):
        return self.seen["observation"]

    def random(self, rng):
        return rng.uniform(-1, 1, 4)

    def scripted(self, rng):
        """To the goal, or behind the object from above and from there to the goal, or with the
        object between the fingers."""
        if self.grasps:
            return self.grasped(rng)
        grip, thing = self.seen["observation"][:3], self.seen["achieved_goal"]
        goal = self.seen["desired_goal"]
        aim = goal
        if self.object_name:
            way = (goal - thing)[:2] / (np.linalg.norm((goal - thing)[:2]) + 1e-9)
            behind = thing[:2] - 0.08 * way
            off, height = np.linalg.norm(grip[:2] - behind), grip[2] - thing[2]
            self.pushes = self.pushes or (off < 0.03 and height < 0.03)
            if np.linalg.norm(goal - thing) < 0.03:
                aim = grip
            elif self.pushes:
                aim = np.append(goal[:2] - 0.02 * way, thing[2])
            else:
                aim = np.append(behind, thing[2] + (0.1 if off > 0.03 else 0))
        return np.clip(np.append(10 * (aim - grip), 0) + rng.normal(0, 0.03, 4), -1, 1)

    def grasped(self, rng):
        """From above around the object, which then is held and brought to the goal."""
        grip, thing = self.seen["observation"][:3], self.seen["achieved_goal"]
        off, height = np.linalg.norm((grip - thing)[:2]), grip[2] - thing[2]
        near = off < 0.01 and abs(height) < 0.01
        self.holds = near and self.seen["observation"][9:11].sum() < 0.06 or (
            self.holds and np.linalg.norm(grip - thing) < 0.03)
        aim = self.seen["desired_goal"] if self.holds else thing + (
            [0, 0, 0.1] if off > 0.01 else [0, 0, 0])
        fingers = -1 if near or self.holds else 1
        return np.clip(np.append(6 * (aim - grip), fingers) + rng.normal(0, 0.03, 4), -1, 1)

    def step(self, action):
        self.seen, reward, _, _, info = self.env.step(action)
        return reward, info["is_success"] > 0


class FieldParityTest(unittest.TestCase):
    def compare(self, file, real, ever=True, tolerance=1e-9):
        """ever: success counts from when it was there on."""
        ours = anole.make_robot(str(FIELD / file))
        rng = np.random.default_rng(7)
        worst = {"observation": 0.0, "reward": 0.0}
        successes = states = 0
        for kind, steps in (("random", STEPS), ("scripted", SCRIPTED_STEPS)):
            for episode in range(EPISODES):
                task = real.reset(episode)
                observation, _ = ours.reset(seed=0, options={"task": task})
                self.assertLess(np.abs(observation - real.numbers()).max(), tolerance)
                succeeded = False
                for _ in range(min(steps, ours.unwrapped.family_spec["horizon"])):
                    action = getattr(real, kind)(rng)
                    reward, success = real.step(action)
                    observation, our_reward, _, _, info = ours.step(
                        action[:ours.action_space.shape[0]])
                    differs = np.abs(observation - real.numbers()).max()
                    worst["observation"] = max(worst["observation"], differs)
                    worst["reward"] = max(worst["reward"], abs(our_reward - reward))
                    states += 1
                    successes += success
                    succeeded = success or (ever and succeeded)
                    self.assertEqual(info["success"], succeeded)
        print(f"{file}: {states} states, {successes} with success, largest differences: " +
              ", ".join(f"{name} {value:.1e}" for name, value in worst.items()))
        self.assertGreater(successes, 0)
        self.assertLess(max(worst.values()), tolerance)

    def test_meta_worlds_reach(self):
        self.compare("metaworld_reach.toml",
                     MetaWorld("reach-v3", metaworld.policies.SawyerReachV3Policy))

    def test_meta_worlds_push(self):
        self.compare("metaworld_push.toml",
                     MetaWorld("push-v3", metaworld.policies.SawyerPushV3Policy))

    def test_meta_worlds_pick_and_place(self):
        self.compare("metaworld_pick_place.toml",
                     MetaWorld("pick-place-v3", metaworld.policies.SawyerPickPlaceV3Policy))

    def test_fetch_reach(self):
        self.compare("fetch_reach.toml", Fetch("FetchReachDense-v4", ""), ever=False)

    def test_fetch_pick_and_place(self):
        real = Fetch("FetchPickAndPlaceDense-v4", "object0:joint", grasps=True)
        self.compare("fetch_pick_and_place.toml", real, ever=False)

    def test_fetch_push(self):
        self.compare("fetch_push.toml", Fetch("FetchPushDense-v4", "object0:joint"), ever=False)


if __name__ == "__main__":
    unittest.main()
