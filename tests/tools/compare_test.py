#!/usr/bin/env python3
"""anole compare: the table, its files, stopping and starting again, and its errors."""

import csv
import json
import shutil
import signal
import subprocess
import time
import unittest

import program
from program import ANOLE, ProgramTest

SPEC = """\
[compare]
config = "cheetah.toml"
env_steps = 4320   # three iterations
seeds = [1, 2]
tune = [0.5, 1]
tune_tasks = 2
[all]
evaluation.deterministic = false
[method.reptile]
[method.fomaml]
meta.gradient = "fomaml"
inner.updates = 1
[method.joint]
task.mixture = true
inner.step_size = 0.7
[method.random]
env_steps = 0
[method.slow]
row = "expert"
task.fixed = [0.5]
tune = [1]
[method.fast]
row = "expert"
task.fixed = [1.5]
tune = [1]
"""
METHODS = ["reptile", "fomaml", "joint", "random", "slow", "fast"]


class CompareTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("spec.toml", SPEC)

    def results(self, folder="runs/compare-spec"):
        return json.loads((self.folder / folder / "results.json").read_text())

    def document(self, folder="runs/compare-spec"):
        return (self.folder / folder / "table.md").read_text()

    def test_makes_runs_tables_and_the_same_again(self):
        printed = self.done("compare", "spec.toml")
        folder = self.folder / "runs/compare-spec"
        table = self.document()
        self.assertIn("seeds 1, 2", table)
        self.assertIn("fewer than five seeds, so no claim", table)
        # The same words, in lines that a terminal shows whole; the table goes on below itself.
        self.assertLessEqual(max(map(len, printed.splitlines())), 80)
        self.assertGreater(printed.count("\nmethod "), 1)
        self.assertLessEqual(set(table.replace("|", " ").replace("---", " ").split()),
                             set(printed.split()))
        rows = [row["name"] for row in self.results()["rows"]]
        self.assertEqual(rows, ["reptile", "fomaml", "joint", "random", "expert"])
        expert = self.results()["rows"][4]
        self.assertEqual([method["name"] for method in expert["methods"]], ["slow", "fast"])

        # Ordinary runs of equal length; the random one was never trained.
        for method in METHODS:
            config = program.stored_options(folder / f"{method}-2")
            self.assertEqual(config["run"]["seed"], 2)
            self.assertEqual(config["meta"]["iterations"], 0 if method == "random" else 6)
            if method != "random":  # schedules stretch with the length: 8 of 6 in the config
                self.assertEqual(config["meta"]["anneal_iterations"], 8)
        self.assertTrue(program.stored_options(folder / "joint-1")["task"]["mixture"])

        # The same test tasks for all that do not fix their own; each score in the CSV once.
        with open(folder / "table.csv", newline="") as file:
            lines = list(csv.DictReader(file))
        # The experts have one task each.
        self.assertEqual(len(lines), (4 * 3 + 2) * 2 * 3)
        self.assertIn("on 3 held-out tasks; seeds 1, 2", table)
        self.assertIn("expert: each on tasks of its own, 1 task, also trained on, 3 adaptations.",
                      table)
        tasks = {method: {line["goal_velocity"] for line in lines if line["method"] == method}
                 for method in METHODS}
        self.assertEqual(tasks["reptile"], tasks["joint"])
        self.assertEqual(len(tasks["reptile"]), 3)
        self.assertEqual(tasks["slow"], {"0.5"})
        reptile = [float(line["return"]) for line in lines
                   if line["method"] == "reptile" and line["seed"] == "1" and line["updates"] == "2"]
        seeds = self.results()["rows"][0]["updates"][2]["seeds"]["reptile"]
        self.assertAlmostEqual(sum(reptile) / 3, seeds[0], places=9)
        self.assertIn(self.results()["rows"][2]["methods"][0]["step_size"], [0.35, 0.7])

        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")
                  if path.name != "results.json"}
        again = self.anole("compare", "spec.toml")
        self.assertEqual(again.stdout, printed)
        self.assertNotIn("run 1 of", again.stderr)
        self.assertEqual(self.done("compare", "spec.toml", "--format=markdown"), table)
        self.assertEqual(self.done("compare", "spec.toml", "--format=csv"),
                         (folder / "table.csv").read_text())
        latex = self.done("compare", "spec.toml", "--format=latex")
        self.assertEqual(latex.count("\\begin{tabular}"), 1)
        self.assertIn("reptile & ", latex)
        self.assertEqual({path: path.stat().st_mtime_ns for path in before}, before)

        # A score that belongs to another checkpoint is not believed.
        shutil.rmtree(folder / "joint-1/checkpoints")
        shutil.copytree(folder / "joint-2/checkpoints", folder / "joint-1/checkpoints")
        self.refused("compare", "spec.toml", says="joint-1: run.seed is 2 in this run")
        for file in (folder / "joint-1/checkpoints").glob("*/state.safetensors"):
            file.write_bytes(file.read_bytes().replace(b"run.seed = 2", b"run.seed = 1"))
        self.assertNotEqual(self.done("compare", "spec.toml"), printed)

    def test_stopped_and_started_again_gives_the_same_table(self):
        straight = self.done("compare", "spec.toml", "--dir", "straight")
        for wait in [0.3, 0.6, 0.9]:
            process = subprocess.Popen([ANOLE, "compare", "spec.toml", "--dir", "broken"],
                                       cwd=self.folder, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.assertEqual(self.done("compare", "spec.toml", "--dir", "broken"), straight)

    def test_ctrl_c_ends_it_and_says_how_to_go_on(self):
        self.write("spec.toml", SPEC.replace("env_steps = 4320", "env_steps = 4e6"))
        process = subprocess.Popen(
            [ANOLE, "compare", "spec.toml", "--dir", "slow"], cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stderr.readline()  # the first run has begun
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=program.DEADLINE)
        self.assertEqual(process.returncode, 130)
        self.assertIn("the same command goes on", stderr)

    def test_five_seeds_make_intervals_and_differences(self):
        spec = SPEC.replace("tune = [0.5, 1]\n", "").split("[method.random]")[0]
        self.write("spec.toml", spec)
        self.done("compare", "spec.toml", "--seeds", "1-5")
        table = self.document()
        self.assertIn("Interquartile mean over seeds [95 % interval", table)
        self.assertIn("| minus reptile |", table)
        update = self.results()["rows"][1]["updates"][1]
        low, high = update["interval"]
        self.assertLessEqual(low, update["interquartile_mean"])
        self.assertLessEqual(update["interquartile_mean"], high)
        self.assertEqual(len(update["seeds"]["fomaml"]), 5)

    def test_trains_many_seeds_and_passes_over_what_is_finished(self):
        self.done("train", "cheetah.toml", "--seeds", "3-4")
        first = (self.folder / "runs/cheetah-3/metrics.csv").read_bytes()
        shutil.rmtree(self.folder / "runs/cheetah-4/checkpoints/step_000006")
        again = self.anole("train", "cheetah.toml", "--seeds", "3-4").stderr
        self.assertIn("runs/cheetah-3: finished after 6 iterations", again)
        self.assertIn("resuming", again)
        self.assertEqual((self.folder / "runs/cheetah-3/metrics.csv").read_bytes(), first)
        self.assertTrue((self.folder / "runs/cheetah-4/checkpoints/step_000006").is_dir())

    def test_losses_are_compared(self):
        self.write("spec.toml", '''[compare]
config = "lines.toml"
env_steps = 500
seeds = [1]
tune = [0.5, 1]
tune_tasks = 2
[method.reptile]
[method.random]
env_steps = 0
''')
        self.done("compare", "spec.toml")
        rows = {row["name"]: row for row in self.results()["rows"]}
        self.assertEqual(list(rows), ["reptile", "random"])

    def test_a_table_of_many_updates_shows_some(self):
        self.write("spec.toml", '''[compare]
config = "lines.toml"
env_steps = 500
seeds = [1]
[all]
evaluation.updates = 23
[method.random]
env_steps = 0
''')
        self.done("compare", "spec.toml")
        lines = self.document().splitlines()
        self.assertIn("on 2 tasks, also trained on; seeds 1.", lines[0])
        self.assertEqual(lines[3], "| method | examples | inner step | 0 | 1 | 2 | 3 | 4 | 5 | 10 | 20 "
                                   "| 23 | worst task after 23 |")
        self.assertEqual(len(self.results()["rows"][0]["updates"]), 24)

    def test_a_pretrained_start_may_be_named_relative_to_the_folder(self):
        self.done("train", "cheetah.toml", "--run-dir", "start", "--meta.iterations=1")
        start = "--run.initial=start/checkpoints/step_000001/state.safetensors"
        self.done("train", "cheetah.toml", "--seeds", "3", start)
        again = self.anole("train", "cheetah.toml", "--seeds", "3", start)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("runs/cheetah-3: finished after 6 iterations", again.stderr)

    def test_settings_of_a_method_may_be_apart(self):
        text = SPEC.split("[method.random]")[0] + "[method.fomaml.policy]\nlog_std = -0.4\n"
        self.write("spec.toml", text)
        self.done("compare", "spec.toml")
        self.assertEqual(len(self.results()["rows"]), text.count("[method.") - 1)

    def test_errors_come_before_the_first_step(self):
        for text, says in [
                ("[compare]\nconfig = 'cheetah.toml'\n", "there is no [method.NAME]"),
                (SPEC.replace("seeds = [1, 2]", "seeds = [1, 2, 1]"),
                 "compare.seeds: 1 is there twice"),
                ("[method.a]\n", "compare.config must be set"),
                ("[compare]\nconfig = 'none.toml'\n[method.a]\n", "none.toml: no such file"),
                (SPEC + "[method.x]\ninner.step_sise = 1\n",
                 "spec.toml:27:7: unknown option inner.step_sise; did you mean 'inner.step_size'?"),
                (SPEC + "[method.x]\ntune = []\n", "spec.toml:27:1: method.tune = []: must be 1 to 1000 values"),
                (SPEC + "[method.x]\nenv_step = 1\n", "unknown option method.env_step"),
                (SPEC + "[method.x]\nenv_steps = 5\n", "not even one iteration"),
                (SPEC + "[metod.x]\na.b = 1\n", "sections here are [compare], [all] and [method.NAME]"),
                (SPEC + "['method'.'a b']\na.b = 1\n", "a method is [method.NAME]"),
        ]:
            self.write("spec.toml", text)
            self.refused("compare", "spec.toml", says=says)

    def test_refuses_a_run_of_other_settings(self):
        self.done("train", "cheetah.toml", "--run-dir", "sweep/joint-2")
        self.refused("compare", "spec.toml", "--dir", "sweep", says="sweep/joint-2: ")


if __name__ == "__main__":
    unittest.main()
