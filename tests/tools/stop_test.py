#!/usr/bin/env python3
"""A stop that is asked for, in any way, ends with a checkpoint and the code that shells expect."""

import os
import shutil
import signal
import subprocess
import time
import unittest

from program import ANOLE, DEADLINE, SANITIZERS, ProgramTest, iterations_stored, metrics

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2,
           signal.SIGXCPU]
# One iteration, which lasts about a second: whatever comes in it comes in the last one.
SLOW = """\
[task]
family = "point-navigation"
[policy]
hidden = [8]
[inner]
updates = 2
rollouts = 300
[meta]
iterations = 1
batch_size = 20
[evaluation]
tasks = 2
updates = 1
rollouts = 2
"""
SPEC = """\
[compare]
config = "slow.toml"
env_steps = 1200000
seeds = [1, 2]
[method.reptile]
"""


class StopTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("slow.toml", SLOW)
        self.write("spec.toml", SPEC)

    def start(self, *args, told="shown is", **options):
        """A process that has told so, and hence works on its first iteration."""
        process = subprocess.Popen([ANOLE, *args], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while told not in (line := process.stderr.readline()):
            self.assertNotEqual(line, "", "ended by itself")
        time.sleep(0.1)
        return process

    def end(self, process):
        _, text = process.communicate(timeout=DEADLINE)
        return process.returncode, text

    def test_any_signal_ends_a_run(self):
        for number in SIGNALS:
            with self.subTest(signal=number):
                code, text = self.stop(2, number, "train", "cheetah.toml", "--run-dir=run",
                                       "--run.checkpoint_every=1e9")
                self.assertEqual(code, 128 + number, text)
                run = self.folder / "run"
                self.assertEqual(iterations_stored(run), [0, len(metrics(run))])
                self.assertIn(f"go on with: {ANOLE} train --resume run\n", text)
            shutil.rmtree(self.folder / "run")

    def test_the_last_iteration_of_a_run_ends_a_sweep(self):
        sweeps = [(["train", "slow.toml", "--seeds=1-2", "--run-dir=runs/slow"], "slow-1"),
                  (["compare", "spec.toml", "--dir=runs"], "reptile-1")]
        for (args, first), number in zip(sweeps, [signal.SIGINT, signal.SIGUSR1]):
            with self.subTest(args=args):
                process = self.start(*args)
                process.send_signal(number)
                code, text = self.end(process)
                self.assertEqual(code, 128 + number, text)
                self.assertEqual([run.name for run in (self.folder / "runs").iterdir()], [first])
                self.assertEqual(iterations_stored(self.folder / "runs" / first), [0, 1])
            shutil.rmtree(self.folder / "runs")

    def test_the_last_iteration_of_a_single_run(self):
        process = self.start("train", "slow.toml", "--run-dir=run")
        process.send_signal(signal.SIGTERM)
        code, text = self.end(process)
        self.assertEqual(code, 128 + signal.SIGTERM)
        self.assertIn("finished after 1 iteration", text)

    @unittest.skipIf(SANITIZERS, "their runtime must be loaded first")
    def test_no_library_takes_what_is_ignored(self):
        """As UCX does, which some builds of OpenMPI load before main begins."""
        self.write("taker.c", "#include <signal.h>\nstatic void Take(int number) { (void)number; }\n"
                   "__attribute__((constructor)) static void Load(void) { signal(SIGHUP, Take); }\n")
        subprocess.run(["gcc", "-shared", "-fPIC", "taker.c", "-o", "taker.so"], cwd=self.folder,
                       check=True)
        self.stays_ignored(env=os.environ | {"LD_PRELOAD": str(self.folder / "taker.so")})

    def test_what_was_ignored_stays_ignored(self):
        """As under nohup."""
        self.stays_ignored()

    def stays_ignored(self, **options):
        process = self.start(
            "train", "cheetah.toml", "--run-dir=run", "--meta.iterations=1e7",
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN), **options)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.end(process)[0], 130)

    def test_a_second_one_ends_at_once_and_says_how_to_go_on(self):
        process = self.start("train", "slow.toml", "--run-dir=run", "--inner.rollouts=10000")
        process.send_signal(signal.SIGINT)
        self.assertIn("ending the iteration", process.stderr.readline())
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        code, text = self.end(process)
        self.assertEqual(code, -signal.SIGINT)
        self.assertEqual(text, "stopped at once; go on from the last checkpoint with: "
                               f"{ANOLE} train --resume run\n")
        self.assertEqual(iterations_stored(self.folder / "run"), [0])

    def test_the_same_one_twice_is_one(self):
        """`timeout` sends it to the process, then to its group."""
        subprocess.run(["timeout", "1", ANOLE, "train", "cheetah.toml", "--run-dir=run",
                        "--meta.iterations=1e7", "--run.checkpoint_every=1e9"], cwd=self.folder,
                       capture_output=True, timeout=DEADLINE)
        self.assertEqual(iterations_stored(self.folder / "run"),
                         [0, len(metrics(self.folder / "run"))])

    def test_a_reader_of_messages_that_dies_first(self):
        """Ctrl-C in `anole train ... 2>&1 | tee log`."""
        process = self.start("train", "cheetah.toml", "--run-dir=run", "--meta.iterations=1e7",
                             "--run.checkpoint_every=1e9")
        process.stderr.close()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=DEADLINE), 130)
        self.assertEqual(len(iterations_stored(self.folder / "run")), 2)

    def test_no_part_of_a_result_is_left(self):
        self.train("run", "--inner.rollouts=2", config="slow.toml")
        whole = self.done("adapt", "run", "--goal=0.3,0.3", "--out=whole")
        self.assertNotEqual(whole, "")
        expected = (self.folder / "whole").read_bytes()
        (self.folder / "out").mkdir()
        for delay in range(0, 40, 4):  # [ms]
            for command in [["adapt", "run", "--goal=0.3,0.3", "--out=out/part"],
                            ["evaluate", "run", f"--seed={delay}"]]:
                process = subprocess.Popen([ANOLE, *command], cwd=self.folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(delay / 1000)
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=DEADLINE)
            for file in (self.folder / "out").iterdir():
                self.assertEqual((file.name, file.read_bytes()), ("part", expected))
            self.assertEqual(list((self.folder / "run").rglob("*.tmp")), [])


if __name__ == "__main__":
    unittest.main()
