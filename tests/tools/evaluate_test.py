#!/usr/bin/env python3
"""`anole evaluate` and `anole adapt`: what they say is true of their numbers, and is kept."""

import fcntl
import json
import re
import shutil
import unittest

from program import SOURCE_DIR, ProgramTest, tree

DIRECTION = """\
[task]
family = "cheetah-direction"
horizon = 10
[policy]
hidden = [4]
[inner]
updates = 1
rollouts = 2
[meta]
iterations = 1
batch_size = 2
[evaluation]
tasks = 6
updates = 1
rollouts = 2
"""
POINT = """\
[task]
family = "point-navigation"
horizon = 5
[policy]
hidden = [4]
[inner]
updates = 1
rollouts = 2
[meta]
iterations = 1
batch_size = 2
[evaluation]
tasks = 12
updates = 2
rollouts = 2
"""


class EvaluateTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("direction.toml", DIRECTION)
        self.write("point.toml", POINT)

    def evaluate(self, *args):
        return json.loads(self.done("evaluate", *args, "--json"))

    def kept(self, run="run"):
        return sorted((self.folder / run / "eval").glob("*.json"))


class LabelTest(EvaluateTest):
    def test_two_tasks_that_are_also_trained_on(self):
        self.train("run", config="direction.toml")
        table = self.done("evaluate", "run", "--per-task")
        self.assertTrue(table.startswith(
            "cheetah-direction: 2 tasks, also trained on, 3 adaptations each, mean return\n"), table)
        self.assertNotIn("held-out", table)
        self.assertNotIn("worst tenth", table)
        self.assertIn("worst task", table)
        self.assertIn("95 % interval over adaptations to the same tasks, not over tasks", table)
        rows = table.split("return of each task, mean over its adaptations\n")[1].splitlines()
        self.assertEqual([row.split()[0] for row in rows[1:]], ["1", "-1"])

        latex = self.done("evaluate", "run", "--format=latex")
        self.assertTrue(latex.startswith("% cheetah-direction: 2 tasks, also trained on"), latex)
        self.assertIn("\\begin{tabular}{", latex)
        self.refused("evaluate", "run", "--format=html", says=["--format=html", "markdown, latex"])

        result = self.evaluate("run")
        self.assertEqual((result["trained_on"], result["adaptations"]), (2, 3))
        self.assertEqual([task["direction"] for task in result["tasks"]], [1, -1])
        for k, update in enumerate(result["updates"]):
            returns = [task["return"][k] for task in result["tasks"]]
            score = update["return"]
            self.assertAlmostEqual(score["mean"], sum(returns) / 2)
            self.assertAlmostEqual(score["worst_task"], min(returns))
            self.assertNotIn("worst_decile", score)
            self.assertEqual(score["ci95_over"], "adaptations")
            self.assertGreater(score["ci95"], 0)
            for task in result["tasks"]:
                each = [scores[k] for scores in task["adaptations"]["return"]]
                self.assertEqual(len(set(each)), 3, "episodes of their own")
                self.assertAlmostEqual(sum(each) / 3, task["return"][k])

    def test_tasks_that_own_their_data(self):
        self.train("run", config="lines.toml")
        table = self.done("evaluate", "run")
        self.assertTrue(table.startswith(
            "linear-regression: 2 tasks, also trained on, mean loss\n"), table)
        self.assertNotIn("+-", table)
        self.assertIsNone(self.evaluate("run")["updates"][0]["loss"]["ci95"])

    def test_a_list_of_tasks(self):
        self.train("run", "--task.fixed=0.5,1,2")
        self.assertIn("3 tasks, also trained on, 2 adaptations each",
                      self.done("evaluate", "run", "--tasks=6"))
        self.assertIn("1 task, also trained on,", self.done("evaluate", "run", "--tasks=1"))

    def test_a_list_that_the_run_has_not_trained_on(self):
        self.train("run")
        self.assertIn("1 held-out task, 3 adaptations,",
                      self.done("evaluate", "run", "--task.fixed=0.5"))
        self.train("list", "--task.fixed=1,2")
        self.assertIn("2 tasks, 1 of them also trained on,",
                      self.done("evaluate", "list", "--tasks=2", "--task.fixed=2,3"))

    def test_one_task_has_no_interval(self):
        self.train("run")
        self.assertNotIn("+-", self.done("evaluate", "run", "--tasks=1"))
        score = self.evaluate("run", "--tasks=1")["updates"][0]["return"]
        self.assertEqual([score[key] for key in ("ci95", "spread", "worst_task")], [None] * 3)

    def test_ten_tasks_have_a_tenth(self):
        self.train("run", config="point.toml")
        self.assertIn("12 held-out tasks, mean return +- 95 % interval",
                      table := self.done("evaluate", "run"))
        self.assertIn("worst tenth", table)
        self.assertIn("worst_decile", self.evaluate("run")["updates"][0]["return"])

    def test_tables_are_narrow_and_their_columns_even(self):
        self.train("run", config="point.toml")
        table = self.done("evaluate", "run", "--baseline", "--per-task", "--updates=9")
        self.assertLessEqual(max(map(len, table.splitlines())), 80, table)
        first = table.split("\nreturn of each task")[0]
        rows = [line.split() for line in first.splitlines() if re.match(r" +\d+ +\d+ ", line)]
        self.assertEqual(len(rows), 10)
        self.assertEqual(len({len(row[2].split(".")[1]) for row in rows}), 1, table)

    def test_adaptations_are_what_progress_counts(self):
        self.train("run", config="direction.toml")
        self.assertIn("6/6 adaptations", self.anole("evaluate", "run").stderr)

    def test_a_line_ends_at_its_closed_form(self):
        config = str(SOURCE_DIR / "configs/linear-regression.toml")
        distances = []
        for iterations in (100, 6000):
            self.train(f"to-{iterations}", f"--meta.iterations={iterations}",
                       "--run.checkpoint_every=6000", config=config)
            table = self.done("evaluate", f"to-{iterations}", "--updates=1")
            distances.append(float(re.search(r"(?m)^distance: +(\S+)$", table).group(1)))
        self.assertGreater(distances[0], 0.1)
        self.assertLess(distances[1], 1e-6, table)
        [learned, closed] = re.findall(r"slope +(\S+), intercept +(\S+)", table)
        self.assertEqual(learned, closed)

    def test_a_closed_form_is_told_where_it_holds(self):
        self.train("run", config="lines.toml")
        self.assertIn("closed form: slope", self.done("evaluate", "run"))
        for args in (["--inner.step_size=0.1"], ["--task.noise=1"]):
            self.assertNotIn("closed form", self.done("evaluate", "run", *args))
        for name, options in {"serial": ["--meta.batch_size=1"], "deep": ["--model.hidden=3"],
                              "adam": ["--inner.optimizer=adam"]}.items():
            self.train(name, *options, config="lines.toml")
            self.assertNotIn("closed form", self.done("evaluate", name), name)

    def test_examples_are_no_steps(self):
        result = self.anole("train", "lines.toml", "--run-dir=run")
        self.assertRegex(result.stderr, r"3/3  0\.\d\dk examples  ")
        self.assertNotIn("steps", result.stderr)
        head = (self.folder / "run/metrics.csv").read_text().splitlines()[0]
        self.assertIn(",examples,", f",{head},")
        self.assertNotIn("env_steps", head)
        start = json.loads((self.folder / "run/meta.json").read_text())["starts"][0]
        samples = json.loads(self.done("info", "run", "--json"))["samples"]
        self.assertEqual((start["examples"], "env_steps" in start), (samples, False))

    def test_speed_counts_all_that_is_done(self):
        """Files take hundreds of times as long as the iterations of linear-regression."""
        result = self.anole("train", "lines.toml", "--run-dir=run", "--meta.iterations=300",
                            "--run.checkpoint_every=1")
        last = [line for line in result.stderr.splitlines() if line.startswith("300/300")][0]
        examples, speed = map(float, re.search(r" ([\d.]+)k examples +([\d.]+)k/s", last).groups())
        minutes, seconds = map(float, re.search(r"done in (\d+):(\d+)", last).groups())
        self.assertAlmostEqual(examples / speed, 60 * minutes + seconds, delta=0.6 + 0.1 * seconds)


class RecordTest(EvaluateTest):
    def test_is_what_json_prints(self):
        self.train("run")
        printed = self.done("evaluate", "run", "--json")
        [path] = self.kept()
        self.assertEqual(path.read_text(), printed)
        self.assertRegex(path.name, r"^test-000006-[0-9a-f]{10}\.json$")
        record = json.loads(printed)
        self.assertEqual(record["run"], "run")
        self.assertEqual(record["checkpoint"]["iteration"], 6)
        self.assertEqual(record["checkpoint"]["signature"],
                         json.loads(self.done("info", "run", "--json"))["signature"])
        self.assertEqual([record[key] for key in ("phase", "seed", "rollouts", "horizon")],
                         ["test", 0, 2, 60])
        self.assertEqual(record["changed"], {})
        self.assertEqual(record["options"]["evaluation.tasks"], "3")
        self.assertLessEqual({"anole", "mujoco", "instruction_set"}, set(record["versions"]))
        self.assertRegex(record["date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_the_same_again_is_the_same_file_and_others_are_others(self):
        self.train("run")
        self.done("evaluate", "run")
        before = tree(self.folder / "run")
        self.done("evaluate", "run", "--threads=1")
        self.assert_same_files(tree(self.folder / "run"), before)
        different = [["--validation"], ["--seed=1"], ["--tasks=4"], ["--rollouts=3"],
                     ["--updates=1"], ["--theta=2"], ["--theta=random"], ["--goal=1"],
                     ["--goal=2"], ["--baseline"], ["--task.test_range=4,5"],
                     ["--evaluation.deterministic=false"]]
        for number, args in enumerate(different):
            self.done("evaluate", "run", *args)
            self.assertEqual(len(self.kept()), number + 2, args)
        changed = self.evaluate("run", "--task.test_range=4,5")["changed"]
        self.assertEqual(changed, {"task.test_range": {"run": "[]", "here": "[4.0, 5.0]"}})

    def test_other_numbers_of_the_same_evaluation_are_kept_beside(self):
        self.train("run")
        self.done("evaluate", "run")
        [path] = self.kept()
        record = json.loads(path.read_text())
        record["tasks"][0]["return"][0] += 1  # as another version of the program may find
        path.write_text(json.dumps(record))
        self.done("evaluate", "run")
        self.assertEqual(len(self.kept()), 2)
        self.assertEqual(json.loads(path.read_text()), record)
        path.write_text("{}")  # damaged: nothing is lost with it
        self.done("evaluate", "run")
        self.assertEqual(len(self.kept()), 2)

    def test_out(self):
        self.train("run")
        self.done("evaluate", "run", "--out=scores.json")
        self.assertEqual(self.kept(), [])
        json.loads((self.folder / "scores.json").read_text())
        self.refused("evaluate", "run", "--out=no/scores.json", says="there is no folder")

    def test_a_folder_that_cannot_be_written_to(self):
        self.train("run")
        expected = self.done("evaluate", "run", "--out=scores.json")
        (self.folder / "run/eval").write_text("in the way")
        result = self.anole("evaluate", "run")
        self.assertEqual((result.returncode, result.stdout), (0, expected))
        self.assertIn("warning: the evaluation is not kept: ", result.stderr)

    def test_damaged_files_are_told(self):
        """By whoever reads them: `anole plot`."""
        self.train("run")
        self.done("evaluate", "run")
        [path] = self.kept()
        whole = json.loads(path.read_text())

        def damaged(says, *place, value=None):
            record = json.loads(json.dumps(whole))
            inner = record
            for key in place[:-1]:
                inner = inner[key]
            if value is None:
                del inner[place[-1]]
            else:
                inner[place[-1]] = value
            path.write_text(json.dumps(record))
            self.refused("plot", "run", "--out=a.svg",
                         says=[f"{path.relative_to(self.folder)}: is no evaluation by anole", says])

        damaged("'return' is no list of 3 numbers", "tasks", 0, "return", value=[1, 2])
        damaged("'return' is no list of 3 numbers", "tasks", 2, "return", value=[1, 2, 3, 4])
        damaged("'return' is no finite number", "tasks", 0, "return", value=[1, "two", 3])
        damaged("'tasks' has 0 elements", "tasks", value=[])
        damaged("'updates' is no list", "updates", value=3)
        damaged("has no 'goal_velocity'", "tasks", 1, "goal_velocity")
        damaged("'adaptations' is no integer from 1 to", "adaptations", value=10**18)
        damaged("has no 'adaptations'", "adaptations", value=2)
        damaged("'trained_on' is no integer from 0 to 3", "trained_on", value=4)
        damaged("its format is 'other'", "format", value="other")
        damaged("'signature' is no text", "checkpoint", "signature", value=5)
        for text in ["", "{", "[" * 100000, '{"format": 1e999}', "null", "[1, 2]"]:
            path.write_text(text)
            self.refused("plot", "run", "--out=a.svg", says="is no evaluation by anole, or damaged")


class AverageTest(EvaluateTest):
    def test_the_average_of_theta_stands_for_the_run_that_keeps_it(self):
        self.train("run", "--meta.average=0.5")
        self.train("plain")
        average, last = (self.evaluate("run", *which) for which in ([], ["--theta=last-iterate"]))
        plain = self.evaluate("plain")
        self.assertEqual(last["updates"], plain["updates"])
        self.assertEqual(self.evaluate("plain", "--theta=last-iterate"), plain)
        self.assertEqual(average["checkpoint"]["iteration"], 6)
        self.assertNotEqual(average["checkpoint"]["signature"], last["checkpoint"]["signature"])
        self.assertNotEqual(average["updates"], last["updates"])
        self.assertIs(average["checkpoint"]["averaged"], True)
        self.assertNotIn("averaged", last["checkpoint"])
        table = self.done("evaluate", "run")
        self.assertIn("moving average of theta", table)
        report = self.folder / "report.html"
        self.done("report", "run", f"--out={report}")
        self.assertNotIn("Not evaluated yet", report.read_text())
        self.assertEqual(json.loads(self.done("info", "run", "--json"))["signature"],
                         average["checkpoint"]["signature"])
        self.assertNotIn("moving average", self.done("evaluate", "plain"))
        adapted = json.loads(self.done("adapt", "run", "--task=0", "--json",
                                       "--out=a.safetensors"))
        self.assertEqual([update["return"] for update in adapted["updates"]],
                         average["tasks"][0]["return"])
        again = self.evaluate("run", "--theta=a.safetensors")
        self.assertEqual(again["checkpoint"]["signature"], adapted["signature"])
        # What is learned does not depend on it, so that a run may begin with it late.
        self.done("train", "--resume", "plain", "--meta.average=0.5", "--meta.iterations=8")
        self.done("train", "--resume", "run", "--meta.iterations=8")
        last, other = (self.evaluate(run, "--theta=last-iterate") for run in ["run", "plain"])
        self.assertEqual(last["updates"], other["updates"])
        self.assertNotEqual(self.evaluate("plain")["updates"], other["updates"])


class GoalTest(EvaluateTest):
    def test_one_goal(self):
        self.train("run")
        table = self.done("evaluate", "run", "--goal=1.5")
        self.assertIn("cheetah-velocity: goal_velocity 1.5 m/s, 3 adaptations, mean return", table)
        told = self.anole("evaluate", "run", "--goal=1.5").stderr
        self.assertIn("3/3 adaptations", told)  # not tasks: there is a single one
        result = self.evaluate("run", "--goal=1.5")
        self.assertEqual([task["goal_velocity"] for task in result["tasks"]], [1.5])
        self.assertTrue(result["chosen_goal"])
        # The first adaptation is the one that `anole adapt` makes.
        adapted = json.loads(self.done("adapt", "run", "--goal=1.5", "--out=a.safetensors", "--json"))
        self.assertEqual([update["return"] for update in adapted["updates"]],
                         result["tasks"][0]["adaptations"]["return"][0])
        self.refused("evaluate", "run", "--goal=1.5", "--validation", says="only one of them")

    def test_adapted_parameters_are_scored_on_their_goal(self):
        self.train("run")
        self.done("adapt", "run", "--goal=1.5", "--updates=2", "--out=a.safetensors")
        result = self.anole("evaluate", "run", "--theta=a.safetensors")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("a.safetensors is adapted to goal_velocity 1.5 m/s by 2 updates", result.stderr)
        record = self.evaluate("run", "--theta=a.safetensors")
        self.assertEqual(len(record["updates"]), 1)
        self.assertEqual(record["tasks"][0]["goal_velocity"], 1.5)
        self.assertEqual(len(self.evaluate("run", "--theta=a.safetensors", "--updates=1",
                                           "--goal=1")["updates"]), 2)

    def test_a_few_tasks_are_all_there_are(self):
        self.train("run", config="direction.toml")
        for command in [["adapt", "--out=a.safetensors"], ["evaluate"], ["render"]]:
            self.refused(command[0], "run", *command[1:], "--goal=2",
                         says="--goal=2: is no task of cheetah-direction; it must be 1 or -1")
        self.assertIn("direction -1, also trained on", self.done("evaluate", "run", "--goal=-1"))

    def test_a_goal_out_of_every_range_is_warned_of(self):
        self.train("run", "--task.test_range=4,5")
        def told(goal):
            return self.anole("adapt", "run", f"--goal={goal}", "--out=a.safetensors").stderr
        self.assertIn("warning: --goal=9: goal_velocity is outside 0 to 3 m/s in training, 4 to 5 m/s "
                      "in tests, the tasks of cheetah-velocity", told(9))
        for goal in [1, 4.5]:
            self.assertNotIn("warning", told(goal))
        self.train("list", "--task.fixed=1,2")
        result = self.anole("adapt", "list", "--goal=1.5", "--out=a.safetensors")
        self.assertEqual(result.returncode, 0)
        self.assertIn("--goal=1.5: is none of task.fixed, 1 or 2", result.stderr)


class AdaptTest(EvaluateTest):
    def test_takes_what_the_others_take(self):
        self.train("run")
        scores = self.evaluate("run", "--seed=3")
        for number, task in enumerate(scores["tasks"]):
            adapted = json.loads(self.done("adapt", "run", f"--task={number}", "--seed=3",
                                           "--out=a.safetensors", "--json"))
            self.assertEqual([update["return"] for update in adapted["updates"]], task["return"])
            self.assertEqual(adapted["goal"], {"goal_velocity": task["goal_velocity"]})
        info = json.loads(self.done("info", "a.safetensors", "--json"))
        self.assertEqual(float(info["metadata"]["goal"]), scores["tasks"][2]["goal_velocity"])
        self.assertEqual(adapted["signature"], info["signature"])
        self.assertEqual([update["env_steps"] for update in adapted["updates"]], [0, 120, 240])

        adapted = json.loads(self.done("adapt", "run", "--goal=1", "--theta=random", "--updates=0",
                                       "--out=a.safetensors", "--json"))
        self.assertEqual(adapted["checkpoint"]["iteration"], 0)
        self.assertEqual(adapted["signature"], adapted["checkpoint"]["signature"])
        self.refused("adapt", "run", "--goal=1", "--task=1", "--out=a", says="only one of them")
        self.refused("adapt", "run", "--task=3", "--out=a", says="there are 3 test tasks")

    def test_scores_have_the_same_decimals(self):
        self.train("run", config="point.toml")
        lines = self.done("adapt", "run", "--goal=.1,.2", "--out=a.safetensors").splitlines()
        self.assertEqual(len({len(line.split(".")[1]) for line in lines}), 1, lines)


class PooledTest(EvaluateTest):
    def setUp(self):
        super().setUp()
        self.done("train", "point.toml", "--seeds", "1-5")

    def test_few_seeds_are_listed(self):
        runs = [f"runs/point-{seed}" for seed in (1, 2, 3)]
        each = [self.evaluate(run) for run in runs]
        pooled = self.evaluate(*runs)
        self.assertEqual(pooled["seeds"], [1, 2, 3])
        for k, update in enumerate(pooled["updates"]):
            means = [record["updates"][k]["return"]["mean"] for record in each]
            for one, other in zip(update["return"]["seeds"], means, strict=True):
                self.assertAlmostEqual(one, other)
            self.assertAlmostEqual(update["return"]["mean"], sum(means) / 3)
            self.assertNotIn("interval", update["return"])
        self.assertEqual(pooled["runs"], each)
        table = self.done("evaluate", *runs)
        self.assertIn("point-navigation: 12 held-out tasks; seeds 1, 2, 3\n", table)
        self.assertIn("fewer than five seeds, so no claim", table)
        self.assertRegex(table, r"(?m)^ +0 +(-[\d.]+) \((-[\d.]+, ){2}-[\d.]+\)")
        self.assertLessEqual(max(map(len, table.splitlines())), 80)
        self.assertEqual(len(self.kept("runs/point-2")), 1)

    def test_a_copy_is_no_seed(self):
        shutil.copytree(self.folder / "runs" / "point-1", self.folder / "copy")
        config = self.folder / "copy" / "config.toml"
        head, run_section = config.read_text().split("\n[run]\n")
        edited = re.sub(r"(?m)^seed = 1\b", "seed = 7", run_section)
        config.write_text(f"{head}\n[run]\n{edited}")
        self.refused("evaluate", "runs/point-1", "copy", says="hold the same parameters")

    def test_five_seeds_have_an_interval(self):
        runs = [f"runs/point-{seed}" for seed in range(1, 6)]
        score = self.evaluate(*runs)["updates"][1]["return"]
        self.assertLessEqual(score["interval"][0], score["interquartile_mean"])
        self.assertLessEqual(score["interquartile_mean"], score["interval"][1])
        table = self.done("evaluate", *runs, "--baseline")
        self.assertIn("Interquartile mean over seeds [95 % interval", table)
        self.assertLessEqual(max(map(len, table.splitlines())), 80)

    def test_runs_that_differ_in_more_are_no_seeds(self):
        self.train("other", "--seed=7", "--task.horizon=6", config="point.toml")
        self.refused("evaluate", "runs/point-1", "other",
                     says=["other: task.horizon is 6, but 5 in runs/point-1", "nothing but their seeds"])
        self.refused("evaluate", "runs/point-1", "./runs/point-1", says="each seed counts once")
        self.refused("evaluate", "runs/point-1", "runs/point-2", "--per-task", says="--per-task")


class InfoTest(EvaluateTest):
    def line(self, name, run="run"):
        return re.search(rf"(?m)^{name} +(.*)$", self.done("info", run)).group(1)

    def test_tasks(self):
        self.train("run", "--task.range=-2,2", "--task.test_range=3,4", "--meta.iterations=0")
        self.assertEqual(self.line("tasks"), "goal_velocity train -2 to 2, test 3 to 4 m/s")
        self.train("same", "--task.range=-2,2", "--meta.iterations=0")
        self.assertEqual(self.line("tasks", "same"), "goal_velocity -2 to 2 m/s")
        self.train("direction", config="direction.toml")
        self.assertEqual(self.line("tasks", "direction"), "2 tasks: direction 1; direction -1")
        self.train("fixed", "--task.fixed=1.5", "--meta.iterations=0")
        self.assertEqual(self.line("tasks", "fixed"), "1 task: goal_velocity 1.5 m/s")
        self.train("ring", "--task.test_radius=1,2", "--meta.iterations=0", config="point.toml")
        self.assertIn("target_x train -0.5 to 0.5, test -2 to 2 m", self.line("tasks", "ring"))

    def test_progress(self):
        self.train("run", "--meta.iterations=2")
        self.assertEqual(self.line("progress"), "finished, 2 of 2 iterations")
        self.assertFalse(json.loads(self.done("info", "run", "--json"))["in_training"])
        self.train("short", "--run.max_env_steps=1")
        self.assertEqual(self.line("progress", "short"), "stopped, 1 of 6 iterations")
        with open(self.folder / "short/lock", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # as whoever trains it does
            self.assertEqual(self.line("progress", "short"), "in training, 1 of 6 iterations")
            self.assertTrue(json.loads(self.done("info", "short", "--json"))["in_training"])


if __name__ == "__main__":
    unittest.main()
