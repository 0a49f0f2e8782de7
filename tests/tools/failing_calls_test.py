#!/usr/bin/env python3
"""Every call that a command makes on its files fails once, at each place, in each way that a system
has for it: then the command ends by itself, says why in a line, and nothing that was there is lost.
So it does where a thread cannot be started, and where memory is scarce.

crash_shim.cc counts the calls and has them fail. ANOLE_FAIL_STRIDE=1 tries all of them.
"""

import collections
import errno
import os
import shutil
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from program import ANOLE, ProgramTest, results

SHIM = os.environ.get("ANOLE_CRASH_SHIM", "")
STRIDE = int(os.environ.get("ANOLE_FAIL_STRIDE", "5"))

# What may become of a call.
DISK = [errno.ENOSPC, errno.EIO, errno.EDQUOT]
ERRORS = {
    "open": [errno.EMFILE, errno.EACCES, *DISK],
    "look": [errno.EMFILE, errno.EIO, errno.ENOMEM],
    "lock": [errno.ENOLCK, errno.EINTR],
    "write": [errno.EINTR, *DISK], "writev": [errno.EINTR, *DISK], "pwrite": [errno.EINTR, *DISK],
    "fsync": DISK, "fdatasync": DISK,
    "rename": DISK, "symlink": DISK, "mkdir": DISK, "truncate": [errno.EINTR, *DISK],
    "unlink": [errno.EIO], "rmdir": [errno.EIO],
}
PROMISED = {0, 1, 2}  # what README says of exit codes


@unittest.skipUnless(SHIM, "needs ANOLE_CRASH_SHIM, which a build with sanitizers does not have")
class FailingCallsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("small.toml", """\
[task]
family = "point-navigation"
horizon = 10
[policy]
hidden = [4]
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
[run]
checkpoint_every = 1
""")
        self.template = self.folder.resolve() / "template"
        self.template.mkdir()
        shutil.copy(self.folder / "small.toml", self.template)

    def shimmed(self, world, *command, at=0, error=0, log="", thread=0):
        return self.anole(*command, cwd=world, env=os.environ | {
            "LD_PRELOAD": SHIM, "ANOLE_CRASH_FOLDER": str(world), "ANOLE_CRASH_AT": str(at),
            "ANOLE_CRASH_ERROR": str(error), "ANOLE_CRASH_READS": "1",
            "ANOLE_CRASH_LOG": str(log), "ANOLE_CRASH_THREAD": str(thread)})

    def calls(self, *command):
        world = self.copy("counted")
        log = self.folder / "log.txt"
        result = self.shimmed(world, *command, log=log)
        self.assertEqual(result.returncode, 0, result.stderr)
        names = [line.split("\t")[:2] for line in log.read_text(encoding="utf-8").splitlines()]
        log.unlink()
        return names, world

    def copy(self, name):
        world = self.folder.resolve() / name
        shutil.copytree(self.template, world, symlinks=True)
        return world

    def check_end(self, result):
        self.assertIn(result.returncode, PROMISED, result.stderr)
        if result.returncode != 0:
            self.assertRegex(result.stderr, r"anole: [^\n]+\n$")
            self.assertNotIn("terminate called", result.stderr)

    def check(self, *command, kept, goes_on):
        """kept: a function of a world, of what may not change; goes_on(world, code): what a user
        does next, which must work."""
        calls, _ = self.calls(*command)
        expected = kept(self.template)
        jobs = [(at, error) for at, (name, _) in enumerate(calls, 1) for error in ERRORS[name]]
        jobs = jobs[::STRIDE]

        def attempt(at, error):
            world = self.copy(f"world-{at}-{error}")
            try:
                result = self.shimmed(world, *command, at=at, error=error)
                self.check_end(result)
                self.assertEqual(kept(world), expected)
                goes_on(world, result.returncode)
            except AssertionError as problem:
                return (f"call {at} ({' '.join(calls[at - 1])}) with "
                        f"{errno.errorcode[error]}: {problem}")
            shutil.rmtree(world)
            return None

        with ThreadPoolExecutor(2) as pool:
            failures = [text for text in pool.map(attempt, *zip(*jobs)) if text]
        counts = collections.Counter(name for name, _ in calls)
        print(f"{command[0]}: {len(jobs)} failures of {len(calls)} calls "
              f"({', '.join(f'{n} {name}' for name, n in sorted(counts.items()))})")
        if failures:
            self.fail(f"{len(failures)} of {len(jobs)}:\n" + "\n".join(failures[:20]))

    def trained(self):
        self.done("train", "small.toml", "--run-dir=run", cwd=self.template)
        return results(self.template / "run")

    def test_train(self):
        command = ["train", "small.toml", "--run-dir=run"]
        straight = self.calls(*command)[1]
        expected = results(straight / "run")
        shutil.rmtree(straight)

        def goes_on(world, _):
            self.go_on(world / "run", *command, cwd=world)
            self.assertEqual(results(world / "run"), expected)

        self.check(*command, kept=lambda world: None, goes_on=goes_on)

    def test_resume(self):
        self.trained()
        command = ["train", "--resume", "run", "--meta.iterations=4"]
        longer = self.calls(*command)[1]
        expected = results(longer / "run")
        shutil.rmtree(longer)

        def first(world):
            state = world / "run/checkpoints/step_000001/state.safetensors"
            return state.read_bytes()

        def goes_on(world, _):
            self.done(*command, cwd=world)
            self.assertEqual(results(world / "run"), expected)

        self.check(*command, kept=first, goes_on=goes_on)

    def reads_a_run(self, *command):
        """A command that makes something of a finished run."""
        self.trained()

        def goes_on(world, code):
            if code == 0:
                return
            for left in ["out", "out.tmp"]:  # its own, unfinished
                shutil.rmtree(world / left, ignore_errors=True)
            self.done(*command, cwd=world)

        self.check(*command, kept=lambda world: results(world / "run"), goes_on=goes_on)

    def test_evaluate(self):
        self.reads_a_run("evaluate", "run")

    def test_adapt(self):
        self.reads_a_run("adapt", "run", "--goal=.3,.3", "--out=adapted.safetensors")

    def test_export(self):
        self.reads_a_run("export", "run", "--out=out", "--format=c")

    def test_plot(self):
        self.reads_a_run("plot", "run", "--out=picture.svg")

    def test_render(self):
        self.reads_a_run("render", "run", "--goal=.3,.3", "--updates=0", "--strip=strip.png",
                         "--size=64x64")

    def test_threads(self):
        """Where one thread, or each from some number on, cannot be started."""
        expected = self.trained()
        tried = 0
        for command in [["train", "small.toml", "--run-dir=new"], ["evaluate", "run"],
                        ["adapt", "run", "--goal=.3,.3", "--out=adapted.safetensors"]]:
            command.append("--threads=3")
            for thread in [sign * number for sign in (1, -1) for number in range(1, 8)]:
                with self.subTest(command=command[0], thread=thread):
                    world = self.copy(f"{command[0]}-{thread}")
                    result = self.shimmed(world, *command, thread=thread)
                    self.check_end(result)
                    self.assertTrue(result.returncode == 0 or abs(thread) > 2 or
                                    "ulimit -u" in result.stderr, result.stderr)
                    self.assertEqual(results(world / "run"), expected)
                    tried += result.returncode != 0
                    if command[0] == "train" and result.returncode == 0:
                        self.assertEqual(results(world / "new"), expected)
                    shutil.rmtree(world)
        self.assertGreater(tried, 12)
        print(f"threads: {tried} times that one could not be started")

    def test_memory(self):
        """From far too little of it to enough."""
        expected = self.trained()
        codes = []
        for megabytes in range(50, 400, 10):
            limited = ["prlimit", f"--as={megabytes}000000", ANOLE]
            started = subprocess.run([*limited, "--version"], capture_output=True)
            if started.returncode not in PROMISED:
                continue  # the libraries have no room to be loaded in, or to begin in
            world = self.copy("memory")
            result = subprocess.run([*limited, "train", "small.toml", "--run-dir=new",
                                     "--threads=2"], cwd=world, capture_output=True, text=True)
            codes.append(result.returncode)
            with self.subTest(megabytes=megabytes):
                self.check_end(result)
                if result.returncode == 0:
                    self.assertEqual(results(world / "new"), expected)
            shutil.rmtree(world)
        self.assertIn(0, codes)
        self.assertIn(1, codes)

    def test_report(self):
        self.reads_a_run("report", "run", "--out=page.html", "--no-films")


if __name__ == "__main__":
    unittest.main()
