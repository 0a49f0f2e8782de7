#!/usr/bin/env python3
"""What other programs, and people's scripts, rely on: commands, files, columns and JSON."""

import json
import math
import os
import re
import shutil
import struct
import subprocess
import unittest
import zlib

from program import (ANOLE, CHEETAH_STEPS, SOURCE_DIR, ProgramTest, checkpoint, is_fetched,
                     iterations_stored, metrics, stored_options)


class HelpTest(ProgramTest):
    def printed(self, *args):
        """Output that was asked for is a result: all of it goes to stdout."""
        result = self.anole(*args)
        self.assertEqual((result.returncode, result.stderr), (0, ""), args)
        return result.stdout

    def test_version(self):
        text = self.printed("--version")
        self.assertRegex(text, r"^anole \d+\.\d+\.\d+ \(MuJoCo \d+\.\d+\.\d+,")
        self.assertEqual(self.printed("-v"), text)

    def test_help_names_every_command(self):
        text = self.printed("help")
        for command in ["train", "evaluate", "adapt", "list", "info", "bench"]:
            self.assertRegex(text, rf"(?m)^  {command} ")
        for args in [["--help"], [], ["help", "help"]]:
            self.assertEqual(self.printed(*args), text)
        self.assertIn(f"`{ANOLE} help COMMAND` tells more, ", text)

    def test_help_of_a_family_tells_what_applies(self):
        text = self.printed("help", "train", "cheetah-velocity")
        for name in ["--task.range=", "--inner.step_size=", "--meta.evenness="]:
            self.assertIn(f"  {name}", text)
        for name in ["--task.file=", "--task.aliases", "healthy_height"]:
            self.assertNotIn(name, text)
        self.assertLess(len(text), 0.6 * len(self.printed("help", "train", "all")))
        self.assertNotIn("--meta.iterations", self.printed("help", "evaluate", "cheetah-velocity"))

    def test_help_of_an_option(self):
        text = self.printed("help", "meta.iterations")
        self.assertIn("--meta.iterations=INTEGER", text)
        self.assertEqual(text.count("--meta.iterations=INTEGER"), 1)
        self.assertEqual(self.printed("help", "--meta.iterations"), text)
        self.assertIn("may have another value", " ".join(text.split()))
        self.assertIn("cannot have another value",
                      " ".join(self.printed("help", "inner.step_size").split()))

    def test_help_of_a_command(self):
        for command in ["train", "evaluate", "adapt", "list", "info", "bench"]:
            text = self.printed("help", command)
            self.assertIn(f"anole {command}", text)
            self.assertEqual(self.printed(command, "--help"), text)

    def test_help_of_a_command_fits_on_a_screen(self):
        for command, most in {"train": 42, "evaluate": 46, "adapt": 44, "render": 50}.items():
            lines = self.printed("help", command).splitlines()
            self.assertLessEqual(len(lines), most, command)
            self.assertLessEqual(max(map(len, lines)), 80, command)
        text = self.printed("help", "train")
        self.assertIn("  --inner.updates=      inner updates of an adaptation (default 5)", text)
        # Each section is told of, and is there.
        options = json.loads(self.printed("list", "--options", "--json"))
        for section in {option["name"].split(".")[0] for option in options}:
            names = {option["name"] for option in options
                     if option["name"].startswith(section + ".")}
            self.assertRegex(text, rf"(?m)^  {section} +{len(names)}  \w")
            shown = self.printed("help", "train", section)
            self.assertEqual(set(re.findall(r"(?m)^  --([\w.]+)=", shown)), names)

    def test_headings_are_bold_on_terminals_alone(self):
        def shown(**environment):
            terminal, other = os.openpty()
            self.addCleanup(os.close, terminal)
            with subprocess.Popen([ANOLE, "help", "train"], stdout=other, stderr=other,
                                  env={**os.environ, **environment}) as process:
                os.close(other)
                text = b""
                try:
                    while part := os.read(terminal, 65536):
                        text += part
                except OSError:  # the program has ended
                    pass
            self.assertEqual(process.returncode, 0)
            return text.decode()
        bold = shown(TERM="xterm", NO_COLOR="")
        self.assertIn("\x1b[1mFlags:\x1b[0m", bold)
        self.assertEqual(re.sub(r"\x1b\[[01]m", "", bold).replace("\r", ""),
                         self.printed("help", "train"))
        for environment in [{"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb", "NO_COLOR": ""}]:
            self.assertNotIn("\x1b", shown(**environment))

    def test_list_of_one_name(self):
        text = self.printed("list", "sine")
        self.assertIn("amplitude", text)
        self.assertIn("help train sine`", text)
        self.assertNotIn("cheetah", text)
        self.assertEqual(list(json.loads(self.printed("list", "trpo", "--json"))),
                         ["inner.learner", "meta.optimizer"])

    def test_help_tells_every_flag_and_option_of_the_contract(self):
        text = self.printed("help", "train", "all")
        for name in ["--resume DIR", "--run-dir DIR", "--overwrite", "--seed N", "--threads N",
                     "--task.family=", "--task.range=", "--inner.step_size=", "--inner.updates=",
                     "--inner.rollouts=", "--meta.iterations=", "--meta.batch_size=",
                     "--meta.step_size=", "--run.checkpoint_every="]:
            self.assertIn(f"  {name}", text)

    def test_help_tells_no_defaults_where_those_of_the_run_hold(self):
        self.assertRegex(self.printed("help", "train", "all").split("[task]")[1], r"\bdefault ")
        for command in ["evaluate", "render"]:
            text = self.printed("help", command, "all")
            self.assertIn("Options default to those of the run.", text.replace("\n", " "))
            self.assertNotRegex(text.split("[task]")[1], r"\bdefault ")

    def test_list(self):
        families = {entry["name"]: entry
                    for entry in json.loads(self.printed("list", "--json"))["task.family"]}
        self.assertLessEqual({"cheetah-direction", "cheetah-velocity", "point-navigation"},
                             set(families))
        velocity = families["cheetah-velocity"]
        self.assertIn("task.range", velocity["options"])
        self.assertEqual(velocity["task_parameters"], [{"name": "goal_velocity", "unit": "m/s"}])
        self.assertTrue(velocity["summary"])
        self.assertIn("cheetah-velocity", self.printed("list"))

    def test_results_that_cannot_be_written_are_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([ANOLE, "list"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("No space left on device", result.stderr)


class BenchTest(ProgramTest):
    def test_json(self):
        printed = self.done("bench", "memory/worker*", "--json", "--repetitions=1")
        figures = json.loads(printed)
        self.assertIn("memory/worker-half-cheetah_mb", [figure["name"] for figure in figures])
        for figure in figures:
            self.assertEqual(list(figure), ["name", "min", "median", "max", "goal", "better"])
            self.assertLessEqual(figure["min"], figure["median"])
            self.assertLessEqual(figure["median"], figure["max"])
            self.assertEqual((figure["goal"], figure["better"]), (1, "lower"))
        figure = json.loads(self.done("bench", "start-up", "--json", "--repetitions=2"))[0]
        self.assertIsNone(figure["goal"])
        self.assertGreater(figure["min"], 0)

    def test_every_learner_trains_in_it(self):
        names = [figure["name"] for figure in json.loads(
            self.done("bench", "training", "--json", "--repetitions=1"))]
        learners = [entry["name"] for entry in json.loads(self.done("list", "--json"))["inner.learner"]]
        self.assertEqual(names, [f"training/{learner}" for learner in learners])

    def test_table(self):
        self.assertRegex(self.done("bench", "memory/worker-ant_mb", "--repetitions=1"),
                         r"(?m)^memory/worker-ant_mb +\S+ +\S+ +\S+  <= 1  (met|MISSED)$")

    def test_the_tasks_of_a_config(self):
        self.write("pn.toml", '[task]\nfamily = "cheetah-velocity"\nhorizon = 5\n')
        (self.folder / "more").mkdir()
        self.write("more/pn.toml", '[task]\nfamily = "hopper-velocity"\n')
        told = self.done("bench", "pn.toml", "more/pn.toml", "start-up", "--repetitions=1", "--json")
        values = {figure["name"]: figure["median"] for figure in json.loads(told)}
        self.assertEqual(sorted(values), ["rewrite/more/pn.toml", "rewrite/pn",
                                          "sampling/more/pn.toml", "sampling/pn", "start-up/list_ms"])
        self.assertTrue(all(value > 0 for value in values.values()), values)
        self.write("sine.toml", '[task]\nfamily = "sine"\n')
        self.refused("bench", "sine.toml", says="sine.toml: needs no simulation")
        self.write("ant.toml", '[task]\nfamily = "ant-velocity"\nhorizon = 5\n')
        told = self.done("bench", "ant.toml", "ant.toml", "--repetitions=1", "--json")  # a body's name
        self.assertEqual([figure["name"] for figure in json.loads(told)],
                         ["rewrite/ant.toml", "sampling/ant.toml"])
        self.refused("bench", "pn.toml", "--signature", says="have no names")
        self.refused("bench", "none.toml", says="none.toml: ")
        self.write("compare.toml", '[compare]\nconfig = "pn.toml"\n[method.reptile]\n')
        self.refused("bench", "compare.toml", says="is a comparison")

    def test_patterns_that_match_nothing(self):
        self.refused("bench", "sampling/halfcheetah", says="did you mean 'sampling/half-cheetah'?")
        self.refused("bench", "smapling", says="did you mean 'sampling'?")
        self.refused("bench", "nonsense", says="known: ")
        self.refused("bench", "--repetitions=0", says="must be 1 to 1000")


class TrainTest(ProgramTest):
    def info(self, *args):
        return json.loads(self.done("info", *args, "--json"))

    def test_quiet(self):
        result = self.anole("train", "lines.toml", "--run-dir=run", "--quiet")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        self.assertIn("finished after 3 iterations",
                      (self.folder / "run/log.txt").read_text(encoding="utf-8"))
        self.refused("train", "lines.toml", "--log-level=warn", says="did you mean 'warning'?")
        self.refused("train", "lines.toml", "--log-level=error", "--quiet", says="exclude")
        last = checkpoint(self.folder / "run", 3)
        last.write_bytes(last.read_bytes()[:-1])
        self.assertIn("anole: warning: ", self.anole("evaluate", "run", "--quiet").stderr)
        self.assertEqual(self.anole("evaluate", "run", "--log-level=error").stderr, "")

    def test_info_of_the_machine(self):
        info = self.info()
        self.assertRegex(info["git_commit"], "^([0-9a-f]{40}|unknown)$")
        self.assertEqual(info["affinity"], len(os.sched_getaffinity(0)))
        self.assertEqual([tried["back_end"] for tried in info["rendering"]],
                         ["EGL device", "EGL surfaceless", "OSMesa"])
        for tried in info["rendering"]:
            self.assertEqual("failure" in tried, not tried["works"])
        text = self.done("info")
        for name in ["anole", "mujoco", "compiler", "cpu", "threads", "rendering"]:
            self.assertRegex(text, rf"(?m)^{name} +\S")

    def test_info_of_a_checkpoint(self):
        run = self.train("run")
        self.assertEqual(self.info(run / "checkpoints/latest")["signature"],
                         self.info(run)["signature"])
        self.assertEqual(self.info(run / "checkpoints/step_000002")["iteration"], 2)

    def test_default_run_directory(self):
        (self.folder / "elsewhere").mkdir()
        self.done("train", "../lines.toml", cwd=self.folder / "elsewhere")
        self.done("train", "../lines.toml", "--seed=7", cwd=self.folder / "elsewhere")
        runs = sorted(path.name for path in (self.folder / "elsewhere" / "runs").iterdir())
        self.assertEqual(runs, ["lines-1", "lines-7"])

    def test_files(self):
        run = self.train("run", "--meta.iterations=5")
        self.assertEqual(sorted(path.name for path in run.iterdir()),
                         ["checkpoints", "command.txt", "config.toml",
                          next(run.glob("events.out.tfevents.*")).name, "lock", "log.txt",
                          "meta.json", "metrics.csv", "metrics.jsonl"])
        self.assertEqual(iterations_stored(run), [0, 2, 4, 5])

    def test_metrics(self):
        rows = metrics(self.train("run", "--meta.iterations=5"))
        self.assertEqual([int(row["iteration"]) for row in rows], [1, 2, 3, 4, 5])
        self.assertEqual([int(row["env_steps"]) for row in rows],
                         [CHEETAH_STEPS * k for k in range(1, 6)])
        for row in rows:
            float(row["return/before"]), float(row["return/after"])
            self.assertGreater(float(row["time/iteration_s"]), 0)
            self.assertEqual(row["return/after"], row["return/after_1"])
            for name in ["kl/update_1", "kl/update_2", "gradient_norm/update_2",
                         "step_multiplier/update_2", "meta/adapted_distance"]:
                self.assertGreater(float(row[name]), 0, name)
            for name in ["meta/adapted_cosine", "inner/explained_variance", "time/idle_share"]:
                self.assertLessEqual(abs(float(row[name])), 1, name)
            self.assertAlmostEqual(float(row["inner/entropy"]),
                                   6 * (float(row["inner/log_std"]) +
                                        0.5 * math.log(2 * math.pi * math.e)))
            self.assertGreater(float(row["time/simulation_share"]), 0)

    def test_first_checkpoint_is_the_beginning(self):
        """Before the first step; `--theta random` means the same: theta, context and log-std."""
        run = self.train("run")
        first = str(checkpoint(run, 0).relative_to(self.folder))
        self.assertEqual(self.info(first)["iteration"], 0)
        self.assertEqual(self.done("evaluate", "run", "--json", "--theta", "random"),
                         self.done("evaluate", "run", "--json", "--theta", first))
        self.assertNotEqual(self.info(first)["signature"], self.info("run")["signature"])

    def test_info(self):
        self.train("run")
        info = self.info("run")
        self.assertRegex(info["signature"], r"^[0-9a-f]{16}$")
        self.assertEqual((info["family"], info["iteration"]), ("cheetah-velocity", 6))
        file = self.info("run/checkpoints/step_000006/state.safetensors")
        self.assertEqual(file["signature"], info["signature"])
        self.assertIn({"name": "policy/layer0/weight", "shape": [17, 16]}, file["tensors"])

    def test_info_for_people(self):
        run = self.train("run", "--task.range=-1,2")
        text = self.done("info", "run")
        self.assertIn(self.info("run")["signature"], text)
        self.assertRegex(text, r"(?m)^progress +finished, 6 of 6 iterations$")
        self.assertRegex(text, r"(?m)^tasks +goal_velocity -1 to 2 m/s$")
        last = metrics(run)[-1]
        before, after = (f"{float(last[column]):.4g}" for column in ("return/before", "return/after"))
        self.assertRegex(text, rf"(?m)^training +return {before} before adaptation, {after} after \d+ updates?$")
        self.assertNotIn("{", text)
        self.done("train", "--resume", "run", "--meta.iterations=7")
        shutil.rmtree(checkpoint(run, 7).parent)
        self.assertIn("stopped, 6 of 7 iterations", self.done("info", "run"))

    def test_command_line_overrides_the_file(self):
        options = stored_options(self.train("run", "--meta.iterations=1", "--task.range=-2,2"))
        self.assertEqual(options["meta"]["iterations"], 1)
        self.assertEqual(options["task"]["range"], [-2, 2])
        self.assertEqual(options["inner"]["updates"], 2)

    def test_stored_config_trains_the_same_run_again(self):
        run = self.train("run", "--seed=3", "--inner.step_size=0.2")
        again = self.train("again", config="run/config.toml")
        self.assert_same_run(again, run)
        self.assertEqual(self.info("again")["signature"], self.info("run")["signature"])

    def test_another_seed_is_another_run(self):
        signatures = {}
        for flag in ["--seed=1", "--seed=2", "--run.seed=2"]:
            self.train("run", flag, "--overwrite")
            signatures[flag] = self.info("run")["signature"]
        self.assertNotEqual(signatures["--seed=1"], signatures["--seed=2"])
        self.assertEqual(signatures["--seed=2"], signatures["--run.seed=2"])

    def test_starts_from_given_parameters(self):
        run = self.train("run")
        start = checkpoint(run, 6)
        again = self.train("again", f"--run.initial={start}", "--meta.iterations=0")
        self.assertEqual(self.info("again")["signature"], self.info("run")["signature"])
        self.assertEqual(iterations_stored(again), [0])

    def test_starts_from_what_a_run_has_learned(self):
        run = self.train("run", "--meta.average=0.5")
        self.train("again", f"--run.initial={checkpoint(run, 6)}", "--meta.iterations=0")
        # Not theta as it was last, but its moving average.
        average, last = (json.loads(self.done("evaluate", "run", *theta, "--json"))["checkpoint"]
                         for theta in [[], ["--theta=last-iterate"]])
        self.assertEqual(self.info("again")["signature"], average["signature"])
        self.assertNotEqual(average["signature"], last["signature"])

    def test_stops_where_the_tolerance_says(self):
        result = self.anole("train", "cheetah.toml", "--run-dir=run", "--meta.tolerance=1e9")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr, r"(?m)^converged after 1 iteration$")
        self.assertEqual(iterations_stored(self.folder / "run"), [0, 1])

    def test_says_what_it_shows_and_what_to_type_next(self):
        lines = self.anole("train", "lines.toml", "--run-dir=run").stderr.splitlines()
        self.assertRegex(lines[0], "3 iterations of 2 tasks, in run$")
        self.assertRegex(lines[1], r"^shown is the loss before adaptation -> after \d of its \d updates$")
        single = self.anole("train", "lines.toml", "--run-dir=single", "--inner.updates=1").stderr
        self.assertIn("\nshown is the loss before adaptation; that after its single update is not "
                      "measured in training\n", single)
        self.assertNotIn("->", single)
        both = self.anole("train", "lines.toml", "--run-dir=both", "--inner.updates=1",
                          "--meta.gradient=fomaml").stderr
        self.assertIn("\nshown is the loss before adaptation -> after 1 of its 1 update\n", both)
        self.assertEqual(lines[-1],
                         f"evaluate it with: {ANOLE} evaluate run", "its tasks are trained on")
        self.train("cheetah", "--meta.iterations=1")
        told = self.anole("train", "--resume", "cheetah", "--meta.iterations=2").stderr
        self.assertIn(f"evaluate it on unseen tasks with: {ANOLE} evaluate cheetah\n", told)

    def alphabets(self):
        """A folder in Omniglot's layout: 8 alphabets of 5 characters with 15 white pictures each."""
        def chunk(kind, data):
            return (struct.pack(">I", len(data)) + kind + data +
                    struct.pack(">I", zlib.crc32(kind + data)))
        size = 14
        picture = (b"\x89PNG\r\n\x1a\n" +
                   chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * size) * size)) +
                   chunk(b"IEND", b""))
        for alphabet in range(8):
            for character in range(5):
                folder = self.folder / f"alphabets/{alphabet}/{character}"
                folder.mkdir(parents=True)
                for number in range(15):
                    (folder / f"{number}.png").write_bytes(picture)
        return self.folder / "alphabets"

    def test_shipped_configs(self):
        """Each is valid, and its schedules have a length whatever the run's."""
        for config in sorted((SOURCE_DIR / "configs").glob("*.toml")):
            if is_fetched(config):
                continue
            with self.subTest(config=config.name):
                options = []
                if config.name == "few-shot.toml":  # its pictures are made by tools/glyphs
                    options.append(f"--task.folder={self.alphabets()}")
                self.done("train", str(config), "--meta.iterations=0", *options)
                options = stored_options(self.folder / "runs" / f"{config.stem}-1")
                if options.get("policy", {}).get("log_std_mode") == "scheduled":
                    self.assertGreater(options["meta"]["anneal_iterations"], 0)


class EvaluateTest(ProgramTest):
    def evaluate(self, *args):
        return json.loads(self.done("evaluate", "run", "--json", *args))

    def test_json(self):
        self.train("run")
        result = self.evaluate()
        self.assertEqual(result["family"], "cheetah-velocity")
        self.assertEqual([update["update"] for update in result["updates"]], [0, 1, 2])
        # Two rollouts of 60 steps a batch; the deterministic score is not counted.
        self.assertEqual([update["env_steps"] for update in result["updates"]], [0, 120, 240])
        for k, update in enumerate(result["updates"]):
            returns = [task["return"][k] for task in result["tasks"]]
            self.assertAlmostEqual(update["return"]["mean"], sum(returns) / 3)
            self.assertGreater(update["return"]["ci95"], 0)
            self.assertLess(update["deterministic_return"]["mean"], 0)
        self.assertEqual(len(result["tasks"]), 3)
        self.assertNotIn("loss", result["updates"][0])

    def test_json_of_supervised_tasks(self):
        self.train("run", config="lines.toml")
        result = self.evaluate("--updates=4", "--tasks=2")
        self.assertEqual(result["family"], "linear-regression")
        losses = [update["loss"]["mean"] for update in result["updates"]]
        self.assertEqual(losses, sorted(losses, reverse=True))
        self.assertEqual(len(losses), 5)
        self.assertNotIn("return", result["updates"][0])

    def test_flags(self):
        self.train("run")
        result = self.evaluate("--updates=1", "--tasks=4", "--rollouts=3", "--task.range=-2,-1")
        self.assertEqual([update["env_steps"] for update in result["updates"]], [0, 180])
        goals = [task["goal_velocity"] for task in result["tasks"]]
        self.assertEqual(len(goals), 4)
        self.assertTrue(all(-2 <= goal <= -1 for goal in goals), goals)

    def test_held_out_tasks_out_of_the_distribution(self):
        def goals(*args):
            return [task["goal_velocity"] for task in self.evaluate(*args)["tasks"]]
        self.train("run")
        self.assertTrue(all(4 <= goal <= 5 for goal in goals("--task.test_range=4,5")))
        self.assertTrue(all(0 <= goal <= 3 for goal in goals("--task.test_range=4,5",
                                                             "--validation")))
        self.refused("evaluate", "run", "--task.test_range=5,4",
                     says="anole: --task.test_range=5,4: the lowest value is above the highest\n")
        self.write("upside.toml", "[task]\nfamily = 'cheetah-velocity'\nrange = [3, 0]\n")
        self.refused("train", "upside.toml",
                     says="upside.toml:3:1: task.range = [3, 0]: the lowest value is above")
        # What a family recommends was set by nobody.
        self.refused("train", "upside.toml", "--task.range=0,3", "--inner.learner=trpo",
                     says="anole: inner.learn_step_sizes: this inner.learner takes")

    def test_held_out_tasks_depend_on_the_evaluation_seed_only(self):
        def goals(*args):
            return [task["goal_velocity"] for task in self.evaluate(*args)["tasks"]]
        self.train("run")
        mine = goals()
        self.assertEqual(goals("--seed=0"), mine)
        self.assertNotEqual(goals("--seed=1"), mine)
        self.train("run", "--seed=2", "--overwrite")
        self.assertEqual(goals(), mine)

    def test_threads_do_not_show(self):
        self.train("run")
        self.assertEqual(self.evaluate("--threads=1"), self.evaluate("--threads=3"))

    def test_table(self):
        """For people: the same figures, and nothing else, on stdout."""
        self.train("run")
        lines = self.done("evaluate", "run").splitlines()
        self.assertEqual(len(lines), 2 + 3 + 2)
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertIn("3 held-out tasks", lines[0])
        for line in lines[2:5]:
            self.assertRegex(line, r"^ +\d +\d+ +-\d+\.\d \+- +\d+\.\d +\d+\.\d ")
        self.assertIn("spread: standard deviation", lines[-2])

    def test_one_task_has_no_interval(self):
        self.train("run")
        lines = self.done("evaluate", "run", "--tasks=1").splitlines()
        self.assertIn("1 held-out task,", lines[0])
        self.assertRegex(lines[2], r"^ +0 +0 +-[\d.]+ +-[\d.]+$")

    def test_each_task(self):
        self.train("run")
        result = json.loads(self.done("evaluate", "run", "--json"))
        lines = self.done("evaluate", "run", "--per-task").splitlines()
        first = lines.index("return of each task") + 2
        self.assertEqual(lines[first - 1].split()[0], "goal_velocity")
        self.assertEqual(len(lines) - first, 3)
        for line, task in zip(lines[first:], result["tasks"], strict=True):
            goal, *returns = map(float, line.split())
            self.assertAlmostEqual(goal, task["goal_velocity"], places=2)
            for shown, exact in zip(returns, task["return"], strict=True):
                self.assertAlmostEqual(shown, exact, places=1)
        worst = min(task["return"][1] for task in result["tasks"])
        self.assertEqual(result["updates"][1]["return"]["worst_task"], worst)

    def test_without_scores_without_noise(self):
        self.train("run")
        args = ["evaluate", "run", "--evaluation.deterministic=false"]
        self.assertNotIn("without noise", self.done(*args))
        update = json.loads(self.done(*args, "--json"))["updates"][0]
        self.assertNotIn("deterministic_return", update)

    def test_progress(self):
        self.train("run")
        quiet = self.anole("evaluate", "run", "--json", "--baseline")
        lines = quiet.stderr.splitlines()
        self.assertEqual(lines[0], "0/3 tasks")
        self.assertTrue(any(line.startswith("3/3 tasks  done in ") for line in lines), lines)
        self.assertTrue(any(line.startswith("random initial parameters: 3/3 tasks  done in ")
                            for line in lines), lines)
        self.assertIn("the evaluation is in run/eval/test-000006-", lines[-1])


class AdaptTest(ProgramTest):
    def test_adapted_parameters_are_parameters(self):
        self.train("run")
        signatures = {}
        for updates in [0, 1, 2]:
            out = f"adapted{updates}.safetensors"
            text = self.done("adapt", "run", "--goal", "-1", f"--updates={updates}", "--out", out)
            self.assertEqual(len(text.splitlines()), updates + 1)
            self.assertIn(["after 0 updates: ", "after 1 update: ", "after 2 updates: "][updates],
                          text)
            signatures[updates] = json.loads(self.done("info", out, "--json"))["signature"]
        run = json.loads(self.done("info", "run", "--json"))["signature"]
        self.assertEqual(signatures[0], run)
        self.assertEqual(len(set(signatures.values())), 3)
        def scores(*args):
            record = json.loads(self.done("evaluate", "run", "--json", "--goal=-1", *args))
            return record["checkpoint"]["signature"], record["updates"]
        plain = scores("--updates=2")
        self.assertEqual(scores("--updates=2", "--theta=adapted0.safetensors"), plain)
        self.assertNotEqual(scores("--updates=2", "--theta=adapted2.safetensors"), plain)

    def test_goal_of_two_numbers(self):
        self.write("point.toml", '[task]\nfamily = "point-navigation"\n')
        self.train("run", "--meta.iterations=0", config="point.toml")
        self.done("adapt", "run", "--goal=0.1,-0.2", "--updates=1", "--rollouts=2",
                  "--out=adapted.safetensors")
        info = json.loads(self.done("info", "adapted.safetensors", "--json"))
        self.assertEqual(info["metadata"]["goal"], "0.1,-0.2")


if __name__ == "__main__":
    unittest.main()
