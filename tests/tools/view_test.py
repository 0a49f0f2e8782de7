#!/usr/bin/env python3
"""`anole view`: a real window on a screen in memory, real keys and mouse, and what is then seen.

Skipped without Xvfb and xdotool, or where the program was built without GLFW.
"""

import os
import re
import shutil
import struct
import subprocess
import sys
import time
import unittest

from program import ANOLE, CHEETAH, SOURCE_DIR, ProgramTest

WIDTH, HEIGHT = 800, 300
CONFIG = """\
[task]
family = "{}"
horizon = 60
[policy]
hidden = [16]
[inner]
updates = 2
rollouts = 3
[meta]
iterations = 0
[evaluation]
tasks = 3
updates = 2
rollouts = 2
"""
STEPS = ["s"] * 10
WORDS = 250  # [pixels] of width that they do not exceed

if not shutil.which("Xvfb") or not shutil.which("xdotool"):
    print("skipped: no Xvfb or no xdotool")
    sys.exit(77)


class Screen:
    """A screen in memory; its pictures are rows of (blue, green, red, 0)."""

    def __init__(self, folder):
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir",
             str(folder)], pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.display = ":" + answer.readline().strip()
        self.file = folder / "Xvfb_screen0"

    def close(self):
        self.process.terminate()
        self.process.wait()

    def picture(self):
        data = self.file.read_bytes()
        header = struct.unpack(">25I", data[:100])
        begin = header[0] + 12 * header[19]  # the header, and a colour map
        row_bytes = header[12]
        return [data[begin + y * row_bytes:begin + y * row_bytes + 4 * WIDTH]
                for y in range(HEIGHT)]

    def type(self, *keys):
        window = subprocess.run(["xdotool", "search", "--name", "^anole"], text=True,
                                capture_output=True, env=self.environment(),
                                check=True).stdout.split()[0]
        self.do("windowfocus", window, "key", *keys)

    def do(self, *actions):
        """What xdotool calls so: mousemove, mousedown ..."""
        subprocess.run(["xdotool", *map(str, actions)], check=True, env=self.environment())

    def settled(self):
        """The picture, once it stays as it is."""
        last = None
        for _ in range(100):
            time.sleep(0.5)
            picture = self.picture()
            if picture == last:
                return picture
            last = picture
        raise AssertionError("the picture does not come to rest")

    def environment(self):
        return {**os.environ, "DISPLAY": self.display}


def difference(one, other, left=0):
    """The share of pixels, from column `left` on, that are not the same."""
    rows, columns = range(0, HEIGHT, 3), range(4 * left, 4 * WIDTH, 12)
    count = sum(one[y][x:x + 3] != other[y][x:x + 3] for y in rows for x in columns)
    return count / (len(rows) * len(columns))


class ViewTest(ProgramTest):
    def setUp(self):
        super().setUp()
        screen = self.folder / "screen"
        screen.mkdir()
        self.screen = Screen(screen)
        self.addCleanup(self.screen.close)

    def open(self, config):
        """The window of a run, paused at the start of an episode."""
        self.write("config.toml", config)
        self.done("train", "config.toml", "--run-dir=run", "--meta.iterations=0")
        told = open(self.folder / "told.txt", "w", encoding="utf-8")
        self.addCleanup(told.close)
        viewer = subprocess.Popen(
            [ANOLE, "view", "run", f"--size={WIDTH}x{HEIGHT}", "--seconds=300"], cwd=self.folder,
            stderr=told, stdout=subprocess.DEVNULL, env=self.screen.environment())
        self.addCleanup(viewer.wait)
        self.addCleanup(viewer.kill)
        self.wait_until(lambda: "quit" in self.told() or viewer.poll() is not None, "no keys")
        if "built without windows" in self.told() or "no OpenGL" in self.told():
            self.skipTest(self.told())
        blank = [bytes(4 * WIDTH)] * HEIGHT
        self.wait_until(lambda: difference(self.screen.picture(), blank) > 0.5, "nothing is drawn")
        self.screen.type("space", "Return")
        return viewer

    def told(self):
        return (self.folder / "told.txt").read_text()

    def wait_for(self, what, times=1):
        """Until the program has said so."""
        self.wait_until(lambda: self.told().count(what) >= times, f"'{what}' never came")

    def wait_until(self, holds, what):
        for _ in range(600):
            if holds():
                return
            time.sleep(0.1)
        self.fail(f"{what}: {self.told()}")

    def after_steps(self, *keys):
        """The picture after ten steps from the start, after these keys there."""
        self.screen.type("Return", *keys, *STEPS)
        return self.screen.settled()

    def goal(self):
        return [float(number) for number in
                re.findall(r"target_[xy] (\S+) m", self.told().split("goal: ")[-1])]

    def test_keys_adapt_and_take_back(self):
        viewer = self.open(CHEETAH)
        before = self.screen.settled()
        self.screen.type("a")
        self.wait_for("after 1 update: return")
        self.wait_until(lambda: difference(before, self.screen.picture()) > 0.2,
                        "before and after are not side by side")
        after = self.screen.picture()
        self.screen.type("u")
        self.wait_until(lambda: difference(before, self.screen.picture()) < 0.05,
                        "taking the update back does not show")
        self.screen.type(*STEPS)
        self.wait_until(lambda: difference(before, self.screen.picture()) > 0.002,
                        "steps do not show")
        self.screen.type("n")
        self.wait_for("goal: ", times=2)
        self.assertGreater(difference(after, before), 0.2)
        self.screen.type("q")
        self.assertEqual(viewer.wait(timeout=60), 0)
        self.wait_for(" a second")

    def test_a_body_is_pulled_by_the_mouse(self):
        self.open(CHEETAH)
        untouched = self.after_steps()
        self.assertEqual(self.after_steps(), untouched)
        self.screen.type("Return")
        picture = self.screen.settled()
        green = [(x, y) for y in range(HEIGHT) for x in range(WIDTH)
                 if picture[y][4 * x + 1] > 30 + max(picture[y][4 * x], picture[y][4 * x + 2])]
        x, y = green[len(green) // 2]
        self.screen.do("mousemove", x, y, "click", "--repeat", 2, "--delay", 80, 1)
        in_hand = self.screen.settled()
        self.assertNotEqual(in_hand, picture)
        # The keys reach the program without Ctrl, which counts when the button goes down.
        self.screen.do("keydown", "ctrl", "mousedown", 3, "keyup", "ctrl", "mousemove", x, y - 80)
        self.screen.type(*STEPS)
        pulled = self.screen.settled()
        self.assertGreater(difference(pulled, untouched, left=WORDS), 0.005)
        # It touches what is shown alone: an update meanwhile learns what it would have learned.
        self.screen.type("a")
        self.wait_for("after 1 update: return")
        self.screen.do("mouseup", 3)
        self.screen.type("u")
        # Beside the words, which know the return now.
        self.assertEqual(difference(self.after_steps(), untouched, left=WORDS), 0)
        self.screen.type("a")
        self.wait_for("after 1 update: return", times=2)
        returns = re.findall("after 1 update: return (.*)", self.told())
        self.assertEqual(returns[0], returns[1])

    def test_a_body_that_does_not_move_freely_takes_no_load(self):
        self.open(CHEETAH)
        untouched = self.after_steps()
        for key in ("o", "l"):
            self.screen.type("Return")
            start = self.screen.settled()
            self.screen.type(key)
            self.assertNotEqual(self.screen.settled(), start)  # it says why
            self.screen.type(*STEPS)
            self.assertEqual(self.screen.settled(), untouched)
        self.assertNotEqual(self.after_steps("p"), untouched)

    def test_loads_and_pushes_of_a_robot(self):
        self.open(CONFIG.format("ant-direction"))
        untouched = self.after_steps()
        loaded = self.after_steps("l", "l", "l")
        self.assertGreater(difference(loaded, untouched, left=WORDS), 0.001)
        self.assertEqual(self.after_steps("k", "k", "k"), untouched)
        self.assertGreater(difference(self.after_steps("o"), untouched, left=WORDS), 0.001)
        # A direction between the two that there are is no goal.
        self.assertEqual(self.after_steps("Left"), untouched)
        self.assertEqual(self.told().count("goal: "), 1)

    def test_every_number_of_a_goal_moves(self):
        self.open(CONFIG.format("point-navigation"))
        x, y = self.goal()
        self.screen.type("Left")
        self.wait_for("goal: ", times=2)
        left = self.goal()
        self.assertLess(left[0], x)
        self.assertEqual(left[1], y)
        self.screen.type("Down", "Left")
        self.wait_for("goal: ", times=3)
        self.assertEqual(self.goal()[0], left[0])
        self.assertLess(self.goal()[1], y)
        # From above: the middle of the picture is the origin, and y goes up.
        self.drag_target((500, 100), (400, 150), times=4)
        for number in self.goal():
            self.assertAlmostEqual(number, 0, delta=0.01)
        self.drag_target((400, 150), (460, 120), times=5)
        x, y = self.goal()
        self.assertAlmostEqual(x, 2 * y, delta=0.02)
        self.assertGreater(y, 0.1)

    def drag_target(self, begin, end, times):
        self.screen.do("mousemove", *begin, "keydown", "shift", "mousedown", 1, "keyup", "shift",
                       "mousemove", *end)
        time.sleep(0.5)
        self.screen.do("mouseup", 1)
        self.wait_for("goal: ", times)

    def test_what_can_be_done_is_listed_once(self):
        self.open(CHEETAH)
        readme = (SOURCE_DIR / "tools/README.md").read_text(encoding="utf-8")
        listed = [line for line in self.told().splitlines() if line.startswith(("A ", "shift "))]
        self.assertEqual(len(listed), 2, self.told())
        for line in self.told().split("goal: ")[0].splitlines():
            keys, what = line[:16].strip(), line[16:]
            self.assertIn(f"| {keys} | {what}", readme)

    def test_what_is_missing_is_told(self):
        self.write("config.toml", CHEETAH)
        self.done("train", "config.toml", "--run-dir=run", "--meta.iterations=0")
        result = subprocess.run(
            [ANOLE, "view", "run"], cwd=self.folder, text=True, capture_output=True, timeout=60,
            env={name: value for name, value in os.environ.items()
                 if name not in ("DISPLAY", "WAYLAND_DISPLAY")}, check=False)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for size in ("big", "100x100", "800", "800x"):
            self.refused("view", "run", f"--size={size}", says=[f"--size={size}"])


if __name__ == "__main__":
    unittest.main()
