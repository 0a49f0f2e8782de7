#!/usr/bin/env python3
"""A run is whole: its folder has all that it needs, wherever it is, and tells what changed in it."""

import json
import shutil
import subprocess
import time
import unittest
import zipfile

from program import (ANOLE, DEADLINE, ProgramTest, checkpoint, results, stored_options, tree)
from whole_robot import FILES, write_robot

ROBOT = """\
[task]
family = "robot"
file = "robots/tasks/cart.toml"
[policy]
hidden = [8]
[inner]
updates = 1
rollouts = 2
[meta]
iterations = 4
batch_size = 2
[evaluation]
tasks = 2
updates = 1
rollouts = 2
[run]
checkpoint_every = 2
"""

COMPARISON = """\
[compare]
config = "CONFIG"
seeds = [1]
env_steps = 160
[method.own]
"""


class RobotTest(ProgramTest):
    def setUp(self):
        super().setUp()
        write_robot(self.folder)
        self.write("robot.toml", ROBOT)

    def change(self, name, old, new):
        text = (self.folder / name).read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.write(name, text.replace(old, new, 1))

    def every_command_works(self, run):
        self.done("evaluate", run)
        self.done("adapt", run, "--goal=0.5", "--out=adapted.safetensors")
        self.done("evaluate", run, "--theta=adapted.safetensors", "--json")
        self.done("info", run)
        self.done("plot", run, "--out=curve.png")
        strip = self.anole("render", run, "--updates=0", "--strip=strip.png")
        if "OpenGL" not in strip.stderr:  # there is some here
            self.assertEqual(strip.returncode, 0, strip.stderr)


class WholeTest(RobotTest):
    def test_moved_and_without_its_sources(self):
        self.train("straight", config="robot.toml")
        run = self.train("run", "--meta.iterations=2", config="robot.toml")
        files = [name.removeprefix("task/") for name, content in tree(run).items()
                 if name.startswith("task/") and content is not None]
        self.assertEqual(sorted(files), sorted(
            ["cart.toml", "files.txt"] +
            [name.replace("robots/models", "model/models") for name in FILES if "models" in name] +
            ["motions/0/sway.csv", "motions/1/sway.csv"]))
        self.assertEqual(stored_options(run)["task"]["file"], "task/cart.toml")
        far = self.folder / "far away/mit Umlaut ü"
        far.mkdir(parents=True)
        moved = shutil.move(run, far / "run 1")
        straight = shutil.move(self.folder / "straight", far / "straight")
        shutil.rmtree(self.folder / "robots")
        self.done("train", "--resume", moved, "--meta.iterations=4")
        self.assertEqual(results(moved), results(straight))
        self.every_command_works(moved)
        self.write("compare.toml", COMPARISON.replace("CONFIG", str(moved / "config.toml")))
        self.done("compare", "compare.toml", "--dir=sweep")
        shutil.move(self.folder / "sweep", far / "sweep")
        shutil.rmtree(moved)
        self.done("plot", far / "sweep", "--out=sweep.png")
        self.every_command_works(far / "sweep/own-1")

    def test_from_an_archive_that_loses_links(self):
        run = self.train("run", "--validation.every=2", "--validation.tasks=2",
                         "--validation.updates=1", "--validation.rollouts=2", config="robot.toml")
        best = json.loads(self.done("info", run, "--json"))["best"]["iteration"]
        for lose in ["link", "text"]:
            there = self.folder / lose
            with zipfile.ZipFile(self.folder / "run.zip", "w") as archive:
                for path in sorted(run.rglob("*")):
                    if path.is_symlink() and lose == "text":
                        archive.writestr(str(path.relative_to(run)), str(path.readlink()))
                    elif path.is_file() and not path.parent.is_symlink() and not path.is_symlink():
                        archive.write(path, path.relative_to(run))
            with zipfile.ZipFile(self.folder / "run.zip") as archive:
                archive.extractall(there)
            self.assertEqual(self.done("evaluate", there, "--theta=best"),
                             self.done("evaluate", run, f"--theta={best}"))
            self.done("info", there)
            self.done("train", "--resume", there, "--meta.iterations=5")
            self.assertTrue((there / "checkpoints/latest").is_symlink())
            self.assertEqual((there / "checkpoints/best").readlink().name[:5], "step_")

    def test_replaced_by_itself(self):
        """The files of the run that is replaced are those that the new one begins with."""
        run = self.train("run", config="robot.toml")
        before = {name: content for name, content in tree(run).items() if name.startswith("task/")}
        self.done("train", "run/config.toml", "--run-dir=run", "--overwrite")
        after = {name: content for name, content in tree(run).items() if name.startswith("task/")}
        self.assert_same_files(after, before)

    def test_absolute_paths_are_refused(self):
        self.change("robots/models/cart/main.xml", "../shared/meshes",
                    str(self.folder / "robots/models/shared/meshes"))
        self.refused("train", "robot.toml", "--run-dir=run",
                     says=["main.xml:2: names \"", "by its absolute path", "model's folder"])

    def test_a_model_anywhere(self):
        """The task file may name its model by an absolute path: the copy names the copy."""
        self.change("robots/tasks/cart.toml", '"../models/cart/main.xml"',
                    f"'{self.folder}/robots/models/cart/main.xml' # ü")
        run = self.train("run", config="robot.toml")
        text = (run / "task/cart.toml").read_text(encoding="utf-8")
        self.assertIn('model = "model/models/cart/main.xml" # ü\n', text)
        shutil.rmtree(self.folder / "robots")
        self.done("evaluate", run)

    def test_pictures(self):
        for alphabet in "abcdefgh":
            for character in "xyz":
                path = self.folder / "glyphs" / alphabet / character
                path.mkdir(parents=True)
                for i in range(4):
                    shutil.copy(self.folder / "robots/models/shared/hills.png", path / f"{i}.png")
        (self.folder / "glyphs/d0").mkdir()  # counts when alphabets are dealt out
        self.write("few.toml", '[task]\nfamily = "few-shot"\nfolder = "glyphs"\nways = 2\n'
                   "train_shots = 2\nqueries = 2\n[model]\nhidden = [4]\n"
                   "[meta]\niterations = 2\nbatch_size = 2\n[evaluation]\ntasks = 2\n")
        run = self.train("run", config="few.toml")
        straight = self.train("straight", "--meta.iterations=3", config="few.toml")
        moved = shutil.move(run, self.folder / "moved")
        shutil.rmtree(self.folder / "glyphs")
        self.done("evaluate", moved)
        self.done("train", "--resume", moved, "--meta.iterations=3")
        self.assertEqual(results(moved), results(straight))
        picture = moved / "task/pictures/a/x/0.png"
        shutil.copy(self.folder / "robots/models/cart/pictures/paint.png", picture)
        self.refused("train", "--resume", moved, "--meta.iterations=4",
                     says=["task/pictures/a/x/0.png", "is not what it was"])


class ChangedTest(RobotTest):
    """What made a run cannot change unnoticed."""

    def setUp(self):
        super().setUp()
        self.train("run", config="robot.toml")
        self.more = ["train", "--resume", "run", "--meta.iterations=5"]

    def test_comments_are_no_change(self):
        for name in ["task/cart.toml", "task/model/models/cart/main.xml"]:
            file = self.folder / "run" / name
            file.write_text(file.read_text(encoding="utf-8") + "\n" +
                            ("# later\n" if name.endswith("toml") else "<!-- later -->\n"))
        self.done(*self.more)
        self.done("evaluate", "run")

    def test_a_task_that_means_something_else(self):
        for name, old, new in [("task/cart.toml", "horizon = 20", "horizon = 21"),
                               ("task/motions/1/sway.csv", "0.3", "0.4"),
                               ("task/model/models/cart/parts/inner/pole.xml", 'damping="0.01"', 'damping="1"')]:
            text = (self.folder / "run" / name).read_text(encoding="utf-8")
            self.change(f"run/{name}", old, new)
            self.refused(*self.more, says=[f"run/{name}", "is not what it was when the run began"])
            self.refused("evaluate", "run", says=[f"run/{name}", "--task.checksum=any"])
            self.done("evaluate", "run", "--task.checksum=any")
            self.refused(*self.more, "--task.checksum=any", says=[f"run/{name}", "--run.initial="])
            self.write(f"run/{name}", text)
        (self.folder / "run/task/model/models/shared/more/box.stl").unlink()
        self.refused(*self.more, says=["run/task/model/models/shared/more/box.stl", "is missing"])

    def test_another_task_is_named_by_hand(self):
        for command in [["evaluate", "run"], ["adapt", "run", "--goal=0.5", "--out=a.safetensors"],
                        self.more]:
            self.done(*command, "--task.file=robots/tasks/cart.toml")
        self.change("robots/tasks/cart.toml", "horizon = 20", "horizon = 21")
        result = self.anole("evaluate", "run", "--task.file=robots/tasks/cart.toml")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("another task or model", result.stderr)
        self.refused(*self.more[:-1], "--meta.iterations=6", "--task.file=robots/tasks/cart.toml",
                     says=["another one than this run's", "--run.initial="])

    def test_a_run_without_a_copy(self):
        """As older versions left it."""
        shutil.rmtree(self.folder / "run/task")
        self.change("run/config.toml", '"task/cart.toml"', f'"{self.folder}/robots/tasks/cart.toml"')
        self.done("evaluate", "run")
        self.done(*self.more)
        self.assertEqual(stored_options(self.folder / "run")["task"]["file"], "task/cart.toml")
        shutil.rmtree(self.folder / "robots")
        self.done("evaluate", "run")


class EditedTest(ProgramTest):
    def edit(self, section, option, value):
        file = self.folder / "run/config.toml"
        lines = file.read_text(encoding="utf-8").splitlines()
        start = lines.index(f"[{section}]")
        number = next(i for i in range(start, len(lines)) if lines[i].startswith(f"{option} = "))
        old, lines[number] = lines[number].split(" = ", 1)[1], f"{option} = {value}"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return old, number + 1

    def test_resume(self):
        self.train("run")
        for name, value in [("inner.step_size", "0.5"), ("run.seed", "7"), ("task.horizon", "50"),
                            ("meta.batch_size", "3"), ("meta.step_size_decay", "0.2"),
                            ("policy.normalize_observations", "false")]:
            old, line = self.edit(*name.split("."), value)
            self.refused("train", "--resume", "run", "--meta.iterations=8",
                         says=[f"run/config.toml:{line}:1: {name} = ", f"was made with {old}"])
            self.edit(*name.split("."), old)
        self.edit("evaluation", "tasks", "4")
        self.edit("meta", "iterations", "7")
        self.done("train", "--resume", "run")

    def test_evaluate(self):
        self.train("run")
        self.edit("task", "horizon", "50")
        result = self.anole("evaluate", "run")
        self.assertEqual(result.returncode, 0)
        self.assertIn("warning: run/config.toml: task.horizon is 50, but the parameters were "
                      "trained with 60", result.stderr)
        self.assertEqual(self.anole("evaluate", "run", "--task.horizon=40").stderr.count("warning"), 0)
        self.edit("task", "horizon", "60")
        self.edit("policy", "normalize_observations", "false")
        self.refused("evaluate", "run", says=["policy.normalize_observations is false", "true"])

    def test_adapted_parameters_in_the_place_of_a_checkpoint(self):
        run = self.train("run", "--meta.iterations=2")
        self.done("adapt", "run", "--goal=1.5", "--out=adapted.safetensors")
        shutil.copy(self.folder / "adapted.safetensors", checkpoint(run, 2))
        self.refused("train", "--resume", "run", "--meta.iterations=4", says="adapted to one goal")

    def test_whatever_shows_the_run(self):
        self.train("run", "--meta.iterations=2")
        self.edit("run", "seed", "7")
        for command in [["info", "run"], ["evaluate", "run"], ["plot", "run", "--out=p.svg"]]:
            result = self.anole(*command)
            self.assertEqual(result.returncode, 0)
            self.assertIn("warning: run/config.toml: run.seed is 7, but the parameters were trained "
                          "with 1", result.stderr)

    def test_what_may_change_is_marked(self):
        text = " ".join(self.done("help", "train", "all").split())
        self.assertGreaterEqual(text.count("may change with --resume"), 13)
        self.train("run", "--meta.iterations=2")
        self.refused("train", "--resume", "run", "--inner.step_size=1",
                     says=["meta.iterations, meta.average, meta.tolerance", "evaluation.*", "run.keep_last"])


class UnfitOptionsTest(ProgramTest):
    def test_what_does_nothing_is_refused(self):
        self.train("run")
        for command in [["evaluate", "run"], ["render", "run"],
                        ["adapt", "run", "--goal=1", "--out=a.safetensors"]]:
            for option in ["meta.iterations=3", "meta.step_size=3", "inner.rollouts=7",
                           "run.max_seconds=1"]:
                self.refused(*command, f"--{option}", says=[f"--{option}: ", "does nothing here"])
            self.refused(*command, "--run.seed=3", says=["--evaluation.seed"])
            self.refused(*command, "--policy.normalize_observations=false",
                         says=["these were trained with another value", "= true"])
        self.done("evaluate", "run", "--inner.step_size=0.1", "--task.horizon=40",
                  "--policy.normalize_observations=true")
        self.assertNotEqual(self.done("evaluate", "run", "--theta=random", "--run.seed=3"),
                            self.done("evaluate", "run", "--theta=random"))


class FamilyTest(ProgramTest):
    def test_parameters_of_another_family(self):
        cheetah = self.train("cheetah")
        self.write("walker.toml", (self.folder / "cheetah.toml").read_text(encoding="utf-8")
                   .replace("cheetah-velocity", "walker-velocity"))
        walker = self.train("walker", config="walker.toml")
        file = checkpoint(cheetah, 6)
        self.refused("evaluate", walker, f"--theta={file}",
                     says=["of cheetah-velocity, not of walker-velocity", "--any-family"])
        self.done("evaluate", walker, f"--theta={file}", "--any-family")
        start = ["train", "walker.toml", "--run-dir=next", f"--run.initial={file}"]
        self.refused(*start, says=["of cheetah-velocity, not of walker-velocity",
                                   "--run.any_family=true"])
        self.done(*start, "--run.any_family=true")
        self.assertEqual(json.loads(self.done("info", file, "--json"))["metadata"]["family"],
                         "cheetah-velocity")


class SpreadsheetTest(ProgramTest):
    def test_metrics_saved_again(self):
        straight = self.train("straight")
        plain = self.train("run", "--meta.iterations=4") / "metrics.csv"
        original = plain.read_bytes()
        lines = original.decode().splitlines()
        semicolons = [line.replace(",", ";").replace(".", ",") for line in lines[1:]]
        quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in lines]
        for text in ["\ufeff" + "\r\n".join(lines) + "\r\n",
                     "\r\n".join([lines[0].replace(",", ";")] + semicolons),
                     "\n".join(quoted) + "\n"]:
            plain.write_bytes(text.encode())
            self.done("info", "run")
            self.done("plot", "run", "--out=a.png")
        self.done("train", "--resume", "run", "--meta.iterations=6")
        self.assertEqual(results(self.folder / "run"), results(straight))


class MovedWhileTrainingTest(ProgramTest):
    def test_message(self):
        for what, says in [("move", "was moved to "), ("remove", "was removed while it trained")]:
            process = subprocess.Popen(
                [ANOLE, "train", "cheetah.toml", "--run-dir=run", "--meta.iterations=1e7"],
                cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            while not checkpoint(self.folder / "run", 2).exists():
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            if what == "move":
                (self.folder / "run").rename(self.folder / "elsewhere")
            else:
                while (self.folder / "run").exists():
                    shutil.rmtree(self.folder / "run", ignore_errors=True)
            _, text = process.communicate(timeout=DEADLINE)
            self.assertEqual(process.returncode, 1, text)
            self.assertIn(says, text)
            self.assertNotIn("nothing of the run is left", text)
            if what == "move":
                self.assertIn(f"train --resume {self.folder}/elsewhere", text)


if __name__ == "__main__":
    unittest.main()
