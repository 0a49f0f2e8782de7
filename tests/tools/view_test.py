#!/usr/bin/env python3
"""`anole view`: a real window on a screen in memory, real keys, and what is then to be seen.

Skipped without Xvfb and xdotool, or where the program was built without GLFW.
"""

import os
import shutil
import struct
import subprocess
import sys
import time
import unittest

from program import ANOLE, CHEETAH, ProgramTest

WIDTH, HEIGHT = 800, 300

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
        subprocess.run(["xdotool", "windowfocus", window, "key", *keys], check=True,
                       env=self.environment())

    def environment(self):
        return {**os.environ, "DISPLAY": self.display}


def difference(one, other):
    """The share of pixels that are not the same."""
    count = sum(one[y][x:x + 3] != other[y][x:x + 3]
                for y in range(0, HEIGHT, 3) for x in range(0, 4 * WIDTH, 12))
    return count / (len(range(0, HEIGHT, 3)) * len(range(0, 4 * WIDTH, 12)))


class ViewTest(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "cheetah.toml").write_text(CHEETAH, encoding="utf-8")
        result = self.anole("train", "cheetah.toml", "--run-dir=run", "--meta.iterations=1")
        self.assertEqual(result.returncode, 0, result.stderr)
        screen = self.folder / "screen"
        screen.mkdir()
        self.screen = Screen(screen)
        self.addCleanup(self.screen.close)

    def wait_for(self, what):
        """Until the program has said so."""
        for _ in range(600):
            self.told = (self.folder / "told.txt").read_text()
            if what in self.told:
                return
            time.sleep(0.1)
        self.fail(f"'{what}' never came: {self.told}")

    def wait_until(self, holds, what):
        for _ in range(300):
            if holds():
                return
            time.sleep(0.1)
        self.fail(what)

    def test_keys_adapt_and_take_back(self):
        told = open(self.folder / "told.txt", "w", encoding="utf-8")
        self.addCleanup(told.close)
        viewer = subprocess.Popen(
            [ANOLE, "view", "run", f"--size={WIDTH}x{HEIGHT}", "--seconds=120"], cwd=self.folder,
            stderr=told, stdout=subprocess.DEVNULL, env=self.screen.environment())
        self.addCleanup(viewer.kill)
        for _ in range(300):
            text = (self.folder / "told.txt").read_text()
            if "built without windows" in text or "no OpenGL" in text:
                self.skipTest(text)
            if "A adapts" in text:
                break
            time.sleep(0.1)
        blank = [bytes(4 * WIDTH)] * HEIGHT
        self.wait_until(lambda: difference(self.screen.picture(), blank) > 0.5, "nothing is drawn")

        self.screen.type("space", "Return")  # paused at the start: pictures stay as they are
        time.sleep(1)
        before = self.screen.picture()
        self.assertLess(difference(before, self.screen.picture()), 0.02)
        self.screen.type("a")
        self.wait_for("after 1 update: return")
        self.wait_until(lambda: difference(before, self.screen.picture()) > 0.2,
                        "before and after are not side by side")
        after = self.screen.picture()
        self.screen.type("u")
        self.wait_until(lambda: difference(before, self.screen.picture()) < 0.05,
                        "taking the update back does not show")
        self.screen.type("s", "s", "s", "s", "s", "s", "s", "s", "s", "s")
        self.wait_until(lambda: difference(before, self.screen.picture()) > 0.002,
                        "steps do not show")
        self.screen.type("n")
        self.wait_until(lambda: (self.folder / "told.txt").read_text().count("goal: ") == 2,
                        "there is no next task")
        self.assertGreater(difference(after, before), 0.2)
        self.screen.type("q")
        self.assertEqual(viewer.wait(timeout=60), 0)
        self.wait_for(" a second")

    def test_what_is_missing_is_told(self):
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
