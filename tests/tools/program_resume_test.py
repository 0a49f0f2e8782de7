#!/usr/bin/env python3
"""Bit for bit: no number of threads, and no way of stopping and resuming, shows in a run."""

import shutil
import signal
import unittest

from program import (ANOLE, ProgramTest, checkpoint, iterations_stored, metrics, repeatable, tree)


class ThreadsTest(ProgramTest):
    def test_number_of_threads_does_not_show(self):
        one = self.train("1", "--threads=1")
        for threads in [2, 3, 8]:
            with self.subTest(threads=threads):
                self.assert_same_run(self.train(str(threads), f"--threads={threads}"), one)

    def test_another_seed_does(self):
        """Or the comparisons of this file would compare nothing."""
        one, other = repeatable(self.train("1")), repeatable(self.train("2", "--seed=2"))
        for name in one:
            if one[name] is not None:
                self.assertNotEqual(one[name], other[name], name)


class ResumeTest(ProgramTest):
    def resume(self, iterations, *args):
        self.done("train", "--resume", "run", f"--meta.iterations={iterations}", *args)
        return self.folder / "run"

    def test_longer_run_equals_a_resumed_one(self):
        """Schedules, which end after 8 iterations, included."""
        self.train("run", "--meta.iterations=6")
        self.assert_same_run(self.resume(12), self.train("straight", "--meta.iterations=12"))

    def test_with_other_threads(self):
        self.train("run", "--meta.iterations=2", "--threads=3")
        self.resume(4, "--threads=1")
        self.assert_same_run(self.resume(6, "--threads=2"), self.train("straight"))

    def test_between_checkpoints(self):
        """Resuming goes back to the last checkpoint, and drops the rows of work that was lost."""
        run = self.train("run")
        shutil.rmtree(checkpoint(run, 6).parent)
        shutil.rmtree(checkpoint(run, 4).parent)
        self.assert_same_run(self.resume(6), self.train("straight"))

    def test_from_the_first_checkpoint(self):
        self.train("run", "--meta.iterations=0")
        self.assert_same_run(self.resume(6), self.train("straight"))

    def test_finished_run(self):
        run = self.train("run")
        before = tree(run)
        result = self.anole("train", "--resume", "run")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertEqual(result.stderr,
                         "run is finished (6 iterations); --meta.iterations=12 goes on\n")
        self.assert_same_files(tree(run), before)

    def test_refuses_what_would_have_changed_the_run_so_far(self):
        self.train("run", "--meta.iterations=2")
        for option, stored, changed in [("inner.step_size", "0.3", "0.5"),
                                        ("meta.anneal_iterations", "8", "16"),
                                        ("run.seed", "1", "2"),
                                        ("task.range", "[0.0, 3.0]", "[0.0, 2.0]"),
                                        ("policy.hidden", "[16]", "[32]"),
                                        ("meta.optimizer", '"adam"', '"sgd"')]:
            self.refused("train", "--resume", "run", f"--{option}={changed}", "--meta.iterations=4",
                         says=["--resume: ", f"{option} is {stored} in this run", changed])
        self.refused("train", "--resume", "run", "--seed=2", says="run.seed")

    def test_refuses_fewer_iterations_than_done(self):
        self.train("run")
        self.refused("train", "--resume", "run", "--meta.iterations=5",
                     says=["meta.iterations = 5", "has done 6"])


class StopTest(ProgramTest):
    NEW_RUN = ("train", "cheetah.toml", "--run-dir=run")

    def test_interrupted(self):
        """The last iteration is finished and stored, though no checkpoint is due."""
        rarely = "--run.checkpoint_every=1e9"
        run = self.folder / "run"
        for signal_number in [signal.SIGINT, signal.SIGTERM]:
            with self.subTest(signal=signal_number):
                exit_code, text = self.stop(3, signal_number, *self.NEW_RUN, rarely)
                self.assertEqual(exit_code, 130)
                done = len(metrics(run))
                self.assertIn(f"interrupted after {done} iterations", text)
                self.assertTrue(text.endswith(f"{ANOLE} train --resume run\n"), text)
                self.assertIn("\nending the iteration; Ctrl-C again stops at once", text)
                self.assertEqual(iterations_stored(run), [0, done])
                more = f"--meta.iterations={done + 3}"
                self.done("train", "--resume", "run", more)
                straight = self.train("straight", more, rarely)
                shutil.rmtree(checkpoint(run, done).parent)  # the only trace
                self.assert_same_run(run, straight)
            shutil.rmtree(run)
            shutil.rmtree(self.folder / "straight", ignore_errors=True)

    def test_killed(self):
        exit_code, _ = self.stop(5, signal.SIGKILL, *self.NEW_RUN, "--run.checkpoint_every=4")
        self.assertEqual(exit_code, -signal.SIGKILL)
        # As if it had been killed in the middle of a row, and of a checkpoint.
        run = self.folder / "run"
        last = iterations_stored(run)[-1]
        with open(run / "metrics.csv", "a", encoding="utf-8") as file:
            file.write(f"{len(metrics(run)) + 1},12")
        unfinished = run / "checkpoints" / f"tmp_step_{last + 4:06}"
        unfinished.mkdir(exist_ok=True)
        (unfinished / "state.safetensors").write_bytes(checkpoint(run, last).read_bytes()[:100])
        more = f"--meta.iterations={last + 5}"
        self.done("train", "--resume", "run", more)
        self.assert_same_run(run, self.train("straight", more, "--run.checkpoint_every=4"))


if __name__ == "__main__":
    unittest.main()
