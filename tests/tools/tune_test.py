#!/usr/bin/env python3
"""anole tune: equal budgets, stopping, sharing, what it writes for anole compare, and its errors."""

import csv
import json
import shutil
import signal
import subprocess
import tempfile
import time
import tomllib
import unittest
from pathlib import Path

import program
from program import ANOLE, CHEETAH_STEPS, ProgramTest

# Iterations of 720 steps, but for two updates and the tail of fomaml.
SPEC = f"""\
[compare]
config = "cheetah.toml"
env_steps = {6 * CHEETAH_STEPS}
seeds = [1, 2]
[tune]
trials = 4
rungs = 2
eta = 2
seeds = [101, 102]
tasks = 2
[all.space]
inner.step_size = [0.1, 0.3]
[method.reptile.space]
meta.optimizer = ["sgd", "adam"]
[method.joint]
task.mixture = true
[method.joint.space]
policy.hidden = [[8], [16]]
[method.random]
env_steps = 0
"""
LINES_SPEC = """\
[compare]
config = "lines.toml"
env_steps = 500
seeds = [1]
[tune]
trials = 2
rungs = 1
[method.reptile.space]
inner.step_size = [0.01, 0.1]
"""


class TuneTest(ProgramTest):
    """Each test finds SPEC, and what comes of it without a stop in `straight`."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.made = Path(folder.name)
        for name, text in [("cheetah.toml", program.CHEETAH), ("spec.toml", SPEC)]:
            (cls.made / name).write_text(text, encoding="utf-8")
        cls.straight = subprocess.run([ANOLE, "tune", "spec.toml", "--dir=straight"], cwd=cls.made,
                                      check=True, capture_output=True, text=True,
                                      timeout=program.DEADLINE).stdout

    def setUp(self):
        super().setUp()
        shutil.copytree(self.made, self.folder, symlinks=True, dirs_exist_ok=True)

    def report(self, folder="straight"):
        return json.loads((self.folder / folder / "tune.json").read_text())

    def files(self, folder):
        return {name: (self.folder / folder / name).read_bytes()
                for name in ("tune.json", "tune.csv", "chosen.toml")}

    def start(self, *args):
        process = subprocess.Popen([ANOLE, "tune", "spec.toml", *args], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_every_method_has_the_same_budget_and_the_best_goes_on(self):
        self.assertLessEqual(max(map(len, self.straight.splitlines())), 80)
        self.assertIn("mean over seeds 101, 102; best first", " ".join(self.straight.split()))
        self.assertIn("random: nothing to choose", self.straight)
        report = self.report()
        self.assertEqual(report["rungs"], [{"trials": 4, "env_steps": 3 * CHEETAH_STEPS},
                                           {"trials": 2, "env_steps": 6 * CHEETAH_STEPS}])
        reptile, joint, random = report["methods"]
        self.assertEqual((random["trials"], random["samples"], random["chosen"]), ([], 0, None))
        for method in (reptile, joint):
            # Four trials of half the steps, two of which go on; two seeds of each.
            self.assertEqual(method["samples"], 2 * (2 * 3 + 2 * 6) * CHEETAH_STEPS)
            self.assertEqual(sorted(trial["trial"] for trial in method["trials"]), [1, 2, 3, 4])
            self.assertEqual([len(trial["rungs"]) for trial in method["trials"]], [2, 2, 1, 1])
            first = {trial["trial"]: trial["rungs"][0]["score"] for trial in method["trials"]}
            last = [trial["rungs"][1]["score"] for trial in method["trials"][:2]]
            self.assertEqual({trial["trial"] for trial in method["trials"][:2]},
                             set(sorted(first, key=first.get)[2:]))
            self.assertEqual(last, sorted(last, reverse=True))
            self.assertEqual(method["chosen"], method["trials"][0]["trial"])
            for trial in method["trials"]:
                for rung in trial["rungs"]:
                    of_seeds = [seed["scores"][-1] for seed in rung["seeds"]]
                    self.assertAlmostEqual(sum(of_seeds) / 2, rung["score"], places=9)
        with open(self.folder / "straight/tune.csv", newline="") as file:
            lines = list(csv.DictReader(file))
        self.assertEqual(len(lines), 2 * (4 + 2) * 2)
        self.assertEqual({line["seed"] for line in lines}, {"101", "102"})

        # A trial that went on is the run that it would have been at once.
        trial = reptile["trials"][0]
        run = self.folder / f"straight/runs/reptile-{trial['trial']:02}-101"
        self.assertEqual(program.stored_options(run)["meta"]["iterations"], 6)
        at_once = self.train("at-once", "--seed=101",
                             *(f"--{name}={text}" for name, text in trial["options"].items()))
        self.assertEqual(program.checkpoint(run, 6).read_bytes(),
                         program.checkpoint(at_once, 6).read_bytes())

    def test_scores_are_those_of_validation_tasks_alone(self):
        self.assertEqual(list((self.folder / "straight").rglob("eval")), [])
        trial = self.report()["methods"][0]["trials"][0]
        run = f"straight/runs/reptile-{trial['trial']:02}-101"
        evaluations = [json.loads(self.done("evaluate", run, "--tasks=2", "--json", *phase))
                       for phase in ([], ["--validation"])]
        test, validation = ([update["return"]["mean"] for update in evaluation["updates"]]
                            for evaluation in evaluations)
        score = trial["rungs"][1]["seeds"][0]["scores"]
        self.assertEqual(validation, score)
        self.assertNotEqual(test, score)

    def test_what_is_chosen_can_be_compared_and_tuning_seeds_cannot_be_reported(self):
        chosen = tomllib.loads((self.folder / "straight/chosen.toml").read_text())
        best = self.report()["methods"][1]["trials"][0]["options"]
        self.assertEqual(chosen["compare"]["tuned_seeds"], [101, 102])
        self.assertEqual(str(chosen["method"]["joint"]["policy"]["hidden"]),
                         best["policy.hidden"])
        self.assertTrue(chosen["method"]["joint"]["task"]["mixture"])
        self.assertEqual(chosen["method"]["random"], {"env_steps": 0})
        self.done("compare", "straight/chosen.toml", "--dir=compared")
        for name in ("inner.step_size", "meta.optimizer"):
            section, option = name.split(".")
            stored = program.stored_options(self.folder / "compared/reptile-2")[section][option]
            tried = self.report()["methods"][0]["trials"][0]["options"][name]
            self.assertEqual(str(stored), tried.strip('"'))
        self.refused("compare", "straight/chosen.toml", "--seeds=1,102",
                     says="--seeds: options were chosen on seed 102")

    def test_killed_and_started_again_gives_the_same(self):
        for wait in [0.2, 0.4, 0.6, 0.8]:
            process = self.start("--dir=broken")
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        self.assertEqual(self.done("tune", "spec.toml", "--dir=broken"), self.straight)
        self.assertEqual(self.files("broken"), self.files("straight"))
        # Nothing is left to do, and nothing is done.
        before = {path: path.stat().st_mtime_ns for path in (self.folder / "broken").rglob("*.json")
                  if path.name != "tune.json"}
        self.assertEqual(self.done("tune", "spec.toml", "--dir=broken"), self.straight)
        self.assertEqual({path: path.stat().st_mtime_ns for path in before}, before)

    def test_ctrl_c_ends_it_and_says_how_to_go_on(self):
        self.write("spec.toml", SPEC.replace(str(6 * CHEETAH_STEPS), "4e7"))
        process = self.start()
        process.stderr.readline()  # the first trial has begun
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=program.DEADLINE)
        self.assertEqual(process.returncode, 130, stderr)
        self.assertIn("the same command goes on", stderr)

    def test_two_processes_share_the_work(self):
        processes = [self.start("--dir=shared") for _ in range(2)]
        ended = [process.communicate(timeout=program.DEADLINE) for process in processes]
        self.assertEqual([process.returncode for process in processes], [0, 0], ended)
        self.assertEqual([stdout for stdout, _ in ended], [self.straight, self.straight])
        self.assertEqual(self.files("shared"), self.files("straight"))
        pieces = [[line.split("; now ")[1] for line in stderr.splitlines() if "; now " in line]
                  for _, stderr in ended]
        # Each piece once, whoever did it.
        self.assertEqual(len(pieces[0]) + len(pieces[1]), 2 * (4 + 2) * 2)
        self.assertEqual(set(pieces[0]) & set(pieces[1]), set())

    def test_losses_are_better_the_lower(self):
        self.write("spec.toml", LINES_SPEC)
        self.done("tune", "spec.toml")
        method = self.report("runs/tune-spec")["methods"][0]
        scores = [trial["rungs"][0]["score"] for trial in method["trials"]]
        self.assertEqual(scores, sorted(scores))

    def test_the_number_of_updates_may_be_named(self):
        self.write("spec.toml", SPEC.replace("tasks = 2\n", "tasks = 2\nupdates = 1\n"))
        printed = self.done("tune", "spec.toml", "--dir=one")
        self.assertIn("after 1 update on", " ".join(printed.split()))
        trial = self.report("one")["methods"][0]["trials"][0]
        of_seeds = [seed["scores"][1] for seed in trial["rungs"][1]["seeds"]]
        self.assertAlmostEqual(sum(of_seeds) / 2, trial["rungs"][1]["score"], places=9)

    def test_a_diverging_trial_is_last_and_never_chosen(self):
        self.write("spec.toml", LINES_SPEC.replace("[0.01, 0.1]", "[1e6, 0.1]"))
        printed = self.done("tune", "spec.toml")
        self.assertIn("failed", printed)
        self.assertEqual(self.report("runs/tune-spec")["methods"][0]["chosen"], 2)
        self.write("spec.toml", LINES_SPEC.replace("[0.01, 0.1]", "[1e6, 9e5]"))
        result = self.anole("tune", "spec.toml", "--dir=none")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("nothing is chosen", result.stderr)
        self.assertIn("would not be finite", result.stderr)
        self.assertNotIn("train --resume", result.stderr)  # which would make another run of it
        chosen = tomllib.loads((self.folder / "none/chosen.toml").read_text())
        self.assertEqual(chosen["method"]["reptile"], {})

    def test_errors_come_before_the_first_step(self):
        space = "[method.x.space]\n"
        for text, says in [
                (SPEC + space + "inner.step_sise = [1, 2, 3, 4]\n",
                 "spec.toml:22:7: unknown option inner.step_sise; did you mean 'inner.step_size'?"),
                (SPEC + space + "meta.optimizer = ['sgd', 'adm']\n",
                 "spec.toml:22:6: meta.optimizer = \"adm\": must be one of"),
                (SPEC + space + "meta.batch_size = [1, -2]\n",
                 "spec.toml:22:6: meta.batch_size = -2: must be 1 to 1048575"),
                (SPEC + space + "meta.batch_size = 3\n", "must be a list of the values to try"),
                (SPEC + space + "meta.batch_size = [2, 2]\n", "2 is there twice"),
                (SPEC + space + "run.seed = [1, 2]\n", "run.seed = [1, 2]: is the same in all"),
                (SPEC + space + "evaluation.tasks = [1, 2]\n", "is the same in all trials"),
                (SPEC + space + "meta.iterations = [1, 2]\n", "is the same in all trials"),
                (SPEC + space, "[method.x.space] has 2 combinations, fewer than tune.trials = 4"),
                (SPEC.replace("rungs = 2", "rungs = 3"), "of 4 trials 1 would come to the last"),
                (SPEC.replace("[101, 102]", "[5]"),
                 "spec.toml:9:1: tune.seeds = [5]: must be 1 to 1000 values, all 101 to"),
                (SPEC.replace("[101, 102]", "[101, 101]"), "tune.seeds: 101 is there twice"),
                (SPEC.replace("[1, 2]", "[1, 102]"),
                 "spec.toml:4:1: compare.seeds = [1, 102]: options were chosen on seed 102"),
                (SPEC.replace("trials = 4", "trails = 4"),
                 "spec.toml:6:1: unknown option tune.trails; did you mean 'tune.trials'?"),
                (SPEC.replace("tasks = 2", "tasks = 2\nupdates = 9"), "evaluation.updates = 2"),
                (SPEC.replace("tasks = 2", "tasks = 2\nenv_steps = 1000"),
                 "the first rung has 500 environment steps, and an iteration takes 720"),
                (SPEC.replace("[tune]", "[compare.x]\n[tune]"), "unknown option compare.x"),
                (SPEC.split("[all.space]")[0] + "[method.a]\n", "no [method.NAME.space]"),
                (SPEC + "[metod.x]\na.b = 1\n", "sections here are"),
        ]:
            self.write("spec.toml", text)
            self.refused("tune", "spec.toml", says=says)
        self.write("spec.toml", SPEC)
        self.refused("compare", "spec.toml", says="tune spec.toml")
        self.write("plain.toml", "[compare]\nconfig='cheetah.toml'\n[method.a]\n")
        self.refused("tune", "plain.toml", says="is a comparison without [tune]")

    def test_refuses_what_was_made_with_other_options(self):
        self.write("spec.toml", LINES_SPEC)
        self.done("tune", "spec.toml")
        self.write("spec.toml", LINES_SPEC.replace("[tune]\n", "[tune]\ntasks = 7\n"))
        self.refused("tune", "spec.toml", says=["evaluation.tasks = 10, and now it is 7", "--dir"])
        self.write("spec.toml", LINES_SPEC.replace("0.01", "0.02"))
        self.refused("tune", "spec.toml", says="inner.step_size = 0.01, and now it is 0.02")
        shutil.rmtree(self.folder / "runs/tune-spec/scores")
        self.refused("tune", "spec.toml", says="inner.step_size is 0.01 in this run")


if __name__ == "__main__":
    unittest.main()
