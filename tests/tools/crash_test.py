#!/usr/bin/env python3
"""No crash loses a run: killed before any change that it makes to its folder, or at any moment, it
goes on and ends as if nothing had happened; and the order of its writes survives a power cut.

crash_shim.cc counts the changes and kills.
"""

import os
import random
import shutil
import signal
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from program import ANOLE, DEADLINE, ProgramTest, results

SHIM = os.environ.get("ANOLE_CRASH_SHIM", "")
NEEDS_SHIM = unittest.skipUnless(
    SHIM, "needs ANOLE_CRASH_SHIM, which a build with sanitizers does not have")
UNWATCHED = os.environ | {"LD_PRELOAD": SHIM}  # whose syncs do not wait for the disk
KILLS = int(os.environ.get("ANOLE_KILLS", "20"))
CHEETAH_STRIDE = 7  # half-cheetah dies at each 7th call only

SHORT = ["--meta.iterations=3", "--run.checkpoint_every=1"]
LINES = ["train", "../lines.toml", "--run-dir=run", *SHORT]
CHEETAH = ["train", "../cheetah.toml", "--run-dir=run", *SHORT]


class CrashTest(ProgramTest):
    """Commands run in a folder each, which holds nothing but their run."""

    def new_world(self, name):
        world = self.folder.resolve() / name
        world.mkdir()
        return world

    def shimmed(self, world, *command, at=0, torn=False, log=""):
        return self.anole(*command, cwd=world, env=os.environ | {
            "LD_PRELOAD": SHIM, "ANOLE_CRASH_FOLDER": str(world), "ANOLE_CRASH_AT": str(at),
            "ANOLE_CRASH_TORN": str(int(torn)), "ANOLE_CRASH_LOG": str(log)})

    def calls(self, world, *command):
        """Runs a command undisturbed. Returns its calls: (name, path, detail)."""
        log = self.folder / "log.txt"
        result = self.shimmed(world, *command, log=log)
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = log.read_text(encoding="utf-8").splitlines()
        log.unlink()
        return [tuple(line.split("\t")) for line in lines]

    def crash(self, world, *command, at, torn=False):
        result = self.shimmed(world, *command, at=at, torn=torn)
        self.assertEqual(result.returncode, -signal.SIGKILL, result.stderr)

    def at_each(self, calls, case, stride=1):
        """case(world, at, torn) for each of the calls, and for each write torn as well; two at a
        time. Tells of all that fail."""
        def attempt(at, torn):
            world = self.new_world(f"world-{at}-{torn}")
            try:
                case(world, at, torn)
            except AssertionError as error:
                return f"call {at}{', torn' * torn} ({' '.join(calls[at - 1])}): {error}"
            shutil.rmtree(world)
            return None

        numbers = range(1, len(calls) + 1, stride)
        jobs = [(at, False) for at in numbers]
        jobs += [(at, True) for at in numbers if calls[at - 1][0] in ["write", "writev", "pwrite"]]
        with ThreadPoolExecutor(2) as pool:
            failures = [text for text in pool.map(attempt, *zip(*jobs)) if text]
        if failures:
            self.fail(f"{len(failures)} of {len(jobs)} crashes:\n" + "\n".join(failures))


@NEEDS_SHIM
class EachCallTest(CrashTest):
    def check_each_call(self, *command, stride=1):
        straight = self.new_world("straight")
        calls = self.calls(straight, *command)
        expected = results(straight / "run")

        def case(world, at, torn):
            self.crash(world, *command, at=at, torn=torn)
            self.go_on(world / "run", *command, cwd=world, env=UNWATCHED)
            self.assertEqual(results(world / "run"), expected)

        self.at_each(calls, case, stride)

    def test_lines(self):
        self.check_each_call(*LINES)

    def test_cheetah(self):
        self.check_each_call(*CHEETAH, stride=CHEETAH_STRIDE)

    def test_resumed_run(self):
        """Crashes while it recovers from a crash."""
        straight = self.new_world("straight")
        calls = self.calls(straight, *LINES)
        expected = results(straight / "run")
        # With a row of metrics too many, and a whole checkpoint that has no name yet.
        first = next(number for number, (name, _, detail) in enumerate(calls, 1)
                     if name == "rename" and detail.endswith("/step_000002"))
        template = self.new_world("template")
        self.crash(template, *LINES, at=first)
        resume = ["train", "--resume", "run"]

        def case(world, at, torn):
            shutil.copytree(template, world, symlinks=True, dirs_exist_ok=True)
            self.crash(world, *resume, at=at, torn=torn)
            self.done(*resume, cwd=world, env=UNWATCHED)
            self.assertEqual(results(world / "run"), expected)

        copy = self.new_world("copy")
        shutil.copytree(template, copy, symlinks=True, dirs_exist_ok=True)
        self.at_each(self.calls(copy, *resume), case)

    def test_overwriting(self):
        """Wherever it is cut short, what is left is one of the two runs, or none."""
        template, straight = self.new_world("template"), self.new_world("straight")
        self.done(*LINES, "--seed=2", cwd=template, env=UNWATCHED)
        old = results(template / "run")
        shutil.copytree(template, straight, symlinks=True, dirs_exist_ok=True)
        command = [*LINES, "--overwrite"]
        calls = self.calls(straight, *command)
        new = results(straight / "run")

        def case(world, at, torn):
            shutil.copytree(template, world, symlinks=True, dirs_exist_ok=True)
            self.crash(world, *command, at=at, torn=torn)
            resumed = self.new_world(f"resumed-{at}-{torn}")
            shutil.copytree(world, resumed, symlinks=True, dirs_exist_ok=True)
            self.go_on(resumed / "run", *command, cwd=resumed, env=UNWATCHED)
            self.assertIn(results(resumed / "run"), [old, new])
            self.done(*command, cwd=world, env=UNWATCHED)
            self.assertEqual(results(world / "run"), new)

        self.at_each(calls, case)


class AnyMomentTest(CrashTest):
    def test_killed_again_and_again(self):
        """Runs are killed at any moment of their lives, start-up included, and so are those that
        resume them, until all kills are spent."""
        command = ["train", "../lines.toml", "--run-dir=run", "--meta.iterations=300",
                   "--run.checkpoint_every=10"]
        straight = self.new_world("straight")
        start = time.monotonic()
        self.done(*command, cwd=straight)
        life = time.monotonic() - start  # [s]
        expected = results(straight / "run")
        random_number = random.Random(1)
        kills = runs = 0
        while kills < KILLS:
            world = self.new_world(f"world-{runs}")
            runs += 1
            killed = True
            while killed and kills < KILLS:
                killed = self.kill(world, command, random_number.uniform(0, life))
                kills += killed
            self.go_on(world / "run", *command, cwd=world)
            self.assertEqual(results(world / "run"), expected, f"after {kills} kills in all")

    def kill(self, world, command, seconds):
        """Whether the process was still alive then."""
        has_checkpoint = any(world.glob("run/checkpoints/step_*"))
        args = ["train", "--resume", "run"] if has_checkpoint else command
        process = subprocess.Popen([ANOLE, *args], cwd=world, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        try:
            _, text = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            _, text = process.communicate(timeout=DEADLINE)
        self.assertIn(process.returncode, [0, -signal.SIGKILL], text)
        return process.returncode != 0


def is_below(path, folder):
    return path == folder or path.startswith(folder + "/")


def order_faults(calls):
    """What a power cut could spoil of all that is renamed into place, links apart: its bytes and
    names are to be on the disk before it gets its name, and that one before the folder's next."""
    faults = []
    links = {path for name, path, _ in calls if name == "symlink"}
    renames = [number for number, (name, path, _) in enumerate(calls)
               if name == "rename" and path not in links]
    for now in renames:
        _, source, target = calls[now]
        synced, changed = {}, {}  # path -> number of its last call
        for number, (name, path, _) in enumerate(calls[:now]):
            if name in ["fsync", "fdatasync"]:
                synced[path] = number
            elif is_below(path, source):
                changed[path] = number
                if path != source and name not in ["write", "writev", "truncate"]:
                    changed[os.path.dirname(path)] = number
        faults += [f"{path} is not synced before {target} is there"
                   for path, number in changed.items() if synced.get(path, -1) < number]
        folder = os.path.dirname(target)
        end = next((number for number in renames
                    if number > now and os.path.dirname(calls[number][2]) == folder), len(calls))
        if ("fsync", folder, "") not in calls[now:end]:
            faults.append(f"{folder} is not synced after {target} is there")
    return faults


def replay(calls, found):
    """What calls leave of what was found: path -> size of a file [B], None for anything else."""
    found = dict(found)
    for name, path, detail in calls:
        if name in ["mkdir", "symlink"]:
            found[path] = None
        elif name == "open":
            found[path] = 0 if detail == "truncate" else found.get(path, 0)
        elif name in ["write", "writev"]:
            found[path] += int(detail)
        elif name == "truncate":
            found[path] = int(detail)
        elif name == "rename":
            found |= {detail + below.removeprefix(path): found.pop(below)
                      for below in list(found) if is_below(below, path)}
        elif name in ["unlink", "rmdir"]:
            found.pop(path, None)
    return found


class LogTest(CrashTest):
    """Of a log that is fine, and of all that one line makes worse."""

    FINE = [("mkdir", "/run", ""),
            ("open", "/run/config.tmp", "truncate"),
            ("writev", "/run/config.tmp", "9"),
            ("fsync", "/run/config.tmp", ""),
            ("rename", "/run/config.tmp", "/run/config"),
            ("fsync", "/run", ""),
            ("mkdir", "/run/tmp_step", ""),
            ("open", "/run/tmp_step/state", "truncate"),
            ("write", "/run/tmp_step/state", "9"),
            ("fdatasync", "/run/tmp_step/state", ""),
            ("fsync", "/run/tmp_step", ""),
            ("rename", "/run/tmp_step", "/run/step_1"),
            ("symlink", "/run/tmp_latest", "step_1"),
            ("rename", "/run/tmp_latest", "/run/latest"),
            ("fsync", "/run", "")]

    def test_faults_are_found(self):
        self.assertEqual(order_faults(self.FINE), [])
        for number, call in enumerate(self.FINE):
            if call[0] not in ["fsync", "fdatasync"]:
                continue
            rest = self.FINE[:number] + self.FINE[number + 1:]
            with self.subTest(left_out=number):
                self.assertEqual(len(order_faults(rest)), 1)
        for number, earlier in [(3, 2), (5, 4), (9, 8), (10, 7), (14, 11)]:
            with self.subTest(too_early=number):
                calls = list(self.FINE)
                calls.insert(earlier, calls.pop(number))
                self.assertEqual(len(order_faults(calls)), 1)

    @NEEDS_SHIM
    def test_order(self):
        world = self.new_world("world")
        calls = self.calls(world, *LINES)
        self.assertEqual(order_faults(calls), [])
        run = world / "run"
        renamed = {target for name, _, target in calls if name == "rename"}
        self.assertLessEqual({str(run / "config.toml"),
                              *(f"{run}/checkpoints/step_{i:06}" for i in range(4))}, renamed)

    @NEEDS_SHIM
    def test_every_name_is_durable(self):
        """The run's own included, which is in the folder above."""
        world = self.new_world("world")
        calls = self.calls(world, *LINES)
        for name in ["run", "run/checkpoints", "run/metrics.csv"]:
            made = next(number for number, (what, path, _) in enumerate(calls)
                        if what in ["mkdir", "open"] and path == str(world / name))
            with self.subTest(name):
                self.assertTrue(("fsync", str((world / name).parent), "") in calls[made:],
                                f"the folder of {name} is not synced once it is there")

    @NEEDS_SHIM
    def test_metrics_are_durable_before_their_checkpoint(self):
        """Or a run resumed after a power cut could lack rows, or even the names of its columns."""
        world = self.new_world("world")
        log = str(world / "run" / "metrics.csv")
        synced = True
        for name, path, detail in self.calls(world, *LINES):
            if path == log:
                synced = name not in ["write", "writev"] and (synced or "sync" in name)
            elif name == "rename" and os.path.basename(detail).startswith("step_"):
                self.assertTrue(synced, f"rows are not synced before {detail} is there")

    @NEEDS_SHIM
    def test_no_call_is_missed(self):
        """Or the tests above would leave out some moments. log.txt is written through stdio, which
        the shim does not see; no run depends on it."""
        world = self.new_world("world")
        found = {}
        for command in [LINES, ["train", "--resume", "run", "--meta.iterations=5"],
                        [*LINES, "--overwrite"]]:
            found = replay(self.calls(world, *command), found)
            there = {str(path): path.stat().st_size
                     if path.is_file() and not path.is_symlink() else None
                     for path in world.rglob("*")}
            for files in [found, there]:
                files.pop(str(world / "run" / "log.txt"), None)
            self.assertEqual(found, there, command)


if __name__ == "__main__":
    unittest.main()
