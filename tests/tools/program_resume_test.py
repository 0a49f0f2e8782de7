#!/usr/bin/env python3
"""Bit for bit: no number of threads, and no way of stopping and resuming, shows in a run."""

import json
import re
import shutil
import signal
import subprocess
import unittest

from program import (ANOLE, CHEETAH_STEPS, ProgramTest, checkpoint, iterations_stored, metrics,
                     repeatable, results, tree)


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
            if one[name] is not None and not name.endswith("latest"):
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

    def test_with_another_mujoco(self):
        """It may go on, but is told that its bits are no longer promised."""
        run = self.train("run", "--meta.iterations=2")
        file = checkpoint(run, 2)
        content, here = file.read_bytes(), re.search(rb'"mujoco":"([\d.]+)"', file.read_bytes())
        file.write_bytes(content.replace(here[1], b"3" + here[1][1:-1] + b"9"))
        told = self.anole("train", "--resume", "run", "--meta.iterations=4").stderr
        self.assertRegex(told, f"warning: .*: was trained with MuJoCo 3.*9; with {here[1].decode()} ")
        told = self.anole("train", "--resume", "run", "--meta.iterations=5").stderr
        self.assertNotIn("was trained with MuJoCo", told)

    def test_finished_run(self):
        run = self.train("run")
        before = tree(run)
        result = self.anole("train", "--resume", "run")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertEqual(result.stderr,
                         "run: finished after 6 iterations; --meta.iterations=12 goes on\n")
        self.assert_same_files(tree(run), before)

    def test_every_way_to_train(self):
        """A serial run, other meta gradients and outer optimisers, joint training, a loss."""
        for name, *options in [
                ["serial", "--meta.batch_size=1", "--meta.strata=3"],
                ["sgd", "--meta.optimizer=sgd", "--meta.step_size=1"],
                ["momentum", "--meta.optimizer=momentum"],
                ["fomaml", "--meta.gradient=fomaml"],
                ["promp", "--meta.gradient=promp"],
                ["trpo", "--meta.gradient=maml", "--meta.optimizer=trpo"],
                ["mixture", "--task.mixture=true"],
                ["learned", "--policy.log_std_mode=learned", "--inner.optimizer=adam"]]:
            with self.subTest(name=name):
                straight = self.train("straight", *options)
                run = self.train("run", *options, "--meta.iterations=3")
                self.assertEqual(results(self.resume(6)), results(straight))
                shutil.rmtree(run)
                shutil.rmtree(straight)

    def test_a_damaged_checkpoint_is_passed_over(self):
        run = self.train("run")
        file = checkpoint(run, 6)
        damaged = bytearray(file.read_bytes())
        damaged[-20] ^= 1  # the file is whole, one of its numbers is not what it was
        for content in [damaged[:-1], damaged]:
            file.write_bytes(content)
            text = self.anole("train", "--resume", "run").stderr
            self.assertIn("anole: warning: run/checkpoints/step_000006/state.safetensors: ", text)
            self.assertIn("the checkpoint of iteration 4 is used instead", text)
            self.assertEqual(results(run), results(self.train("straight")))
            self.assertTrue((run / "checkpoints/damaged_step_000006").is_dir())
            shutil.rmtree(self.folder / "straight")

    def test_another_process_trains_it(self):
        self.train("run")
        trainer = subprocess.Popen(
            [ANOLE, "train", "--resume", "run", "--meta.iterations=1e7"], cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(trainer.wait)
        self.addCleanup(trainer.kill)
        while "resuming" not in trainer.stderr.readline():
            self.assertIsNone(trainer.poll())
        for command in [["train", "--resume", "run", "--meta.iterations=1e7"],
                        ["train", "cheetah.toml", "--run-dir=run", "--overwrite"]]:
            result = self.anole(*command)
            self.assertEqual(result.returncode, 2)
            self.assertIn(f"run: is being trained by process {trainer.pid} on ", result.stderr)
        self.assertIn("return", self.done("evaluate", "run"))
        trainer.kill()
        trainer.communicate()  # all of it: nobody else closes the pipe
        done = iterations_stored(self.folder / "run")[-1]
        self.done("train", "--resume", "run", f"--meta.iterations={done + 1}")

    def test_tells_of_every_start(self):
        self.train("run", "--meta.iterations=2", "--threads=1")
        run = self.resume(6, "--threads=2")
        starts = json.loads((run / "meta.json").read_text(encoding="utf-8"))["starts"]
        self.assertEqual([start["threads"] for start in starts], [1, 2])
        self.assertEqual([start["from_iteration"] for start in starts], [0, 2])
        self.assertEqual([start["iteration"] for start in starts], [2, 6])
        self.assertEqual([start["ended"] for start in starts], ["finished"] * 2)
        for start in starts:
            self.assertEqual(start["seed"], 1)
            self.assertRegex(start["git_commit"], "^([0-9a-f]{40}|unknown)$")
            self.assertRegex(start["end"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        commands = (run / "command.txt").read_text(encoding="utf-8").splitlines()
        self.assertEqual(commands, [start["command"] for start in starts])
        self.assertEqual(commands[1], f"{ANOLE} train --resume run --meta.iterations=6 --threads=2")
        log = (run / "log.txt").read_text(encoding="utf-8")
        self.assertRegex(log, r"(?m)^20\S+ \S+ info: resuming cheetah-velocity on 2 threads")

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


class LimitsTest(ProgramTest):
    """What ends a run before its iterations are done, and that it could as well have gone on."""

    def ended(self, *args, says):
        result = self.anole("train", *args)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(says, result.stderr)
        return self.folder / "run"

    def start(self, *args, says):
        return self.ended("cheetah.toml", "--run-dir=run", *args, says=says)

    def test_env_steps(self):
        most = f"--run.max_env_steps={2 * CHEETAH_STEPS + 1}"
        says = "stopped after 3 iterations: run.max_env_steps is reached"
        run = self.start(most, says=says)
        self.assertEqual(iterations_stored(run), [0, 2, 3])
        before = tree(run)
        self.ended("--resume", "run", says=says)
        self.assert_same_files(tree(run), before)
        self.done("train", "--resume", "run", "--run.max_env_steps=0")
        self.assertEqual(results(run), results(self.train("straight")))

    def test_seconds(self):
        run = self.start("--run.max_seconds=1e-9", says="stopped after 1 iteration: run.max_seconds")
        self.ended("--resume", "run", says="stopped after 2 iterations: run.max_seconds")
        self.done("train", "--resume", "run", "--run.max_seconds=0")
        self.assertEqual(results(run), results(self.train("straight")))

    def test_tolerance(self):
        run = self.start("--meta.tolerance=1e9", says="converged after 1 iteration\n")
        before = tree(run)
        self.ended("--resume", "run", says="run: converged after 1 iteration; another limit goes on")
        self.assert_same_files(tree(run), before)
        self.done("train", "--resume", "run", "--meta.tolerance=0")
        self.assertEqual(results(run), results(self.train("straight")))

    def test_patience(self):
        """Nothing is learned, so that no validation is better than the first one."""
        run = self.start("--meta.optimizer=sgd", "--meta.step_size=0", "--inner.step_size=0",
                         "--policy.log_std_mode=fixed", "--policy.normalize_observations=false",
                         "--validation.every=1", "--validation.patience=2",
                         says="stopped after 3 iterations: no validation was better than that of "
                              "iteration 1")
        self.assertEqual((run / "checkpoints/best").resolve(), checkpoint(run, 1).parent)


class CheckpointsTest(ProgramTest):
    def test_best_is_by_validation(self):
        run = self.train("run", "--validation.every=2", "--meta.iterations=8",
                         "--run.checkpoint_every=100")
        rows = metrics(run)
        scores = {int(row["iteration"]): float(row["validation/mean"])
                  for row in rows if row["validation/mean"]}
        self.assertEqual(list(scores), [2, 4, 6, 8])
        best = max(scores, key=scores.get)
        self.assertEqual((run / "checkpoints/best").resolve(), checkpoint(run, best).parent)
        self.assertEqual(self.done("evaluate", "run", "--theta", "best"),
                         self.done("evaluate", "run", "--theta", str(best)))
        self.assertIn(f"iteration {best}, validation/mean", self.done("info", "run"))
        # What validation sees is what `evaluate --validation` says.
        table = json.loads(self.done("evaluate", "run", "--validation", "--theta", str(best),
                                     "--evaluation.tasks=8", "--evaluation.rollouts=10", "--json"))
        after = [update["return"]["mean"] for update in table["updates"]]
        row = rows[best - 1]
        for k in range(3):
            self.assertAlmostEqual(float(row[f"validation/after_{k}"]), after[k], places=9)

    def test_validation_shows_in_no_parameter(self):
        run = self.train("run", "--validation.every=1")
        plain = self.train("plain")
        self.assertEqual(*(json.loads(self.done("info", name, "--json"))["signature"]
                           for name in [run, plain]))

    def test_retention(self):
        run = self.train("run", "--run.checkpoint_every=1", "--run.keep_last=2",
                         "--run.keep_every=4", "--meta.iterations=7")
        self.assertEqual(iterations_stored(run), [0, 4, 6, 7])
        self.assertEqual((run / "checkpoints/latest").resolve(), checkpoint(run, 7).parent)
        self.refused("evaluate", "run", "--theta=5", says="there are 0, 4, 6, 7")
        self.refused("evaluate", "run", "--theta=best", says="train with --validation.every=N")
        self.refused("evaluate", "run", "--theta=bset", says=["no such file", "mean 'best'?"])

    def test_a_copy_that_follows_links(self):
        run = self.train("run")
        shutil.copytree(run, self.folder / "copy")
        self.assertFalse((self.folder / "copy/checkpoints/latest").is_symlink())
        self.done("train", "--resume", "copy", "--meta.iterations=8")
        self.assertEqual(results(self.folder / "copy"),
                         results(self.train("straight", "--meta.iterations=8")))


class StopTest(ProgramTest):
    NEW_RUN = ("train", "cheetah.toml", "--run-dir=run")

    def test_interrupted(self):
        """The last iteration is finished and stored, though no checkpoint is due."""
        rarely = "--run.checkpoint_every=1e9"
        run = self.folder / "run"
        for signal_number in [signal.SIGINT, signal.SIGTERM]:
            with self.subTest(signal=signal_number):
                exit_code, text = self.stop(3, signal_number, *self.NEW_RUN, rarely)
                self.assertEqual(exit_code, 128 + signal_number)
                done = len(metrics(run))
                self.assertIn(f"interrupted after {done} iterations", text)
                self.assertTrue(text.endswith(f"go on with: {ANOLE} train --resume run\n"), text)
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
