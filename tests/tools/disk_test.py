#!/usr/bin/env python3
"""A disk that is full, read-only or gone ends the program at once, in one line that names the path
and the reason; what was stored stays good, and the run goes on once there is room.

Where a mount namespace of its own can be had, the whole file runs in one, so as to mount small
disks without a trace.
"""

import itertools
import os
import resource
import shutil
import subprocess
import sys
import time
import unittest

from program import ANOLE, DEADLINE, ProgramTest, iterations_stored, results

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
MARK = "ANOLE_DISK_TEST_IN_NAMESPACE"
MAY_MOUNT = MARK in os.environ
PROMPT = 5  # [s], from the fault to the end of the program
SHORT = ["--meta.iterations=6", "--run.checkpoint_every=1"]


class DiskTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        self.run_dir = self.disk / "run"

    def straight(self, *command):
        """What an undisturbed run finds."""
        self.done(*command, "--run-dir=straight")
        return results(self.folder / "straight")

    def check_failure(self, exit_code, stderr, reason):
        """Told in the last line, after progress, which names a path of the disk."""
        self.assertIn(exit_code, [1, 2], stderr)
        self.assertEqual(stderr.count("anole: "), 1, stderr)
        last = stderr.splitlines()[-1]
        self.assertTrue(last.startswith("anole: "), stderr)
        self.assertIn(reason, last)
        self.assertIn("disk/run", last)
        if exit_code == 2:  # only before the first step, as if a bad folder had been named
            self.assertNotRegex(stderr, "training|resuming")

    def check_runs_on(self, expected, *command):
        self.go_on(self.run_dir, *command)
        self.assertEqual(results(self.run_dir), expected)


class LimitTest(DiskTest):
    """Files may not grow beyond a limit, as a quota or `ulimit -f` has it."""

    def train_below(self, limit, *command):  # [B]
        return self.anole(*command, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)))

    def test_any_file(self):
        command = ["train", "cheetah.toml", *SHORT]
        expected = self.straight(*command)
        command.append("--run-dir=disk/run")
        for limit in (4**i for i in itertools.count()):
            with self.subTest(limit=limit):
                result = self.train_below(limit, *command)
                if result.returncode == 0:
                    break
                self.check_failure(result.returncode, result.stderr, "File too large")
                self.check_runs_on(expected, *command)
            shutil.rmtree(self.run_dir, ignore_errors=True)
        self.assertGreater(limit, 4**5)

    def test_metrics(self):
        """The files that grow; parameters are smaller."""
        command = ["train", "lines.toml", "--meta.iterations=100", "--run.checkpoint_every=10"]
        expected = self.straight(*command)
        command.append("--run-dir=disk/run")
        result = self.train_below(16384, *command)
        self.check_failure(result.returncode, result.stderr, "File too large")
        self.assertGreaterEqual(iterations_stored(self.run_dir)[-1], 10)
        self.check_runs_on(expected, *command)


@unittest.skipUnless(MAY_MOUNT, "this user may make no mount namespace")
class MountTest(DiskTest):
    def mount(self, *args):
        subprocess.run(["mount", *args, self.disk], check=True)

    def setUp(self):
        super().setUp()
        self.mount("-t", "tmpfs", "tmpfs")
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)

    def test_full(self):
        """Of any size up to the one that suffices."""
        command = ["train", "cheetah.toml", *SHORT]
        expected = self.straight(*command)
        command.append("--run-dir=disk/run")
        for pages in itertools.count(1):
            with self.subTest(pages=pages):
                self.mount("-o", f"remount,size={4 * pages}k")
                result = self.anole(*command)
                if result.returncode == 0:
                    break
                self.check_failure(result.returncode, result.stderr, "No space left on device")
                self.mount("-o", "remount,size=4m")
                self.check_runs_on(expected, *command)
            shutil.rmtree(self.run_dir, ignore_errors=True)
        self.assertGreater(pages, 5)

    def test_read_only(self):
        command = ["train", "cheetah.toml", *SHORT]
        expected = self.straight(*command)
        command.append("--run-dir=disk/run")
        self.mount("-o", "remount,ro")
        result = self.anole(*command)
        self.check_failure(result.returncode, result.stderr, "Read-only file system")
        self.mount("-o", "remount,rw")
        self.done("train", "cheetah.toml", "--run-dir=disk/run", "--meta.iterations=2",
                  "--run.checkpoint_every=1")
        self.mount("-o", "remount,ro")
        resume = ["train", "--resume", "disk/run", "--meta.iterations=6"]
        result = self.anole(*resume)
        self.check_failure(result.returncode, result.stderr, "Read-only file system")
        self.mount("-o", "remount,rw")
        self.done(*resume)
        self.assertEqual(results(self.run_dir), expected)


class GoneTest(DiskTest):
    def lose(self, lose, *args):
        """Starts a run, takes its folder away after some iterations, and waits for the end."""
        process = subprocess.Popen(
            [ANOLE, "train", "cheetah.toml", "--run-dir=disk/run", "--meta.iterations=1e7", *args],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        give_up = time.monotonic() + DEADLINE
        file = self.run_dir / "metrics.csv"
        while not file.exists() or file.read_bytes().count(b"\n") < 5:
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), give_up, "does not get ahead")
            time.sleep(0.002)
        lose()
        try:
            _, text = process.communicate(timeout=PROMPT)
        except subprocess.TimeoutExpired:
            self.fail(f"goes on {PROMPT} s later")
        self.check_failure(process.returncode, text, "No such file or directory")
        self.assertEqual(list(self.disk.iterdir()), [], "made anew")

    def test_moved(self):
        self.lose(lambda: self.run_dir.rename(self.folder / "moved"), "--run.checkpoint_every=1")
        more = f"--meta.iterations={iterations_stored(self.folder / 'moved')[-1] + 3}"
        self.done("train", "--resume", "moved", more)
        self.assertEqual(results(self.folder / "moved"),
                         self.straight("train", "cheetah.toml", "--run.checkpoint_every=1", more))

    def test_deleted(self):
        def delete():
            self.run_dir.rename(self.folder / "trash")  # at once
            shutil.rmtree(self.folder / "trash")
        self.lose(delete, "--run.checkpoint_every=1")

    def test_deleted_between_rare_checkpoints(self):
        """Hours of work must not be done in vain."""
        self.lose(lambda: self.run_dir.rename(self.folder / "moved"), "--run.checkpoint_every=1e9")


if __name__ == "__main__":
    if not MAY_MOUNT and subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0:
        os.environ[MARK] = "1"
        os.execvp(NAMESPACE[0], [*NAMESPACE, sys.executable, *sys.argv])
    unittest.main()
