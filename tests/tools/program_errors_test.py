#!/usr/bin/env python3
"""Mistakes of the user: one clear line, exit code 2, nothing left behind and nothing lost."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import ANOLE, CHEETAH, ProgramTest, checkpoint, iterations_stored, tree


class ErrorsTest(ProgramTest):
    """Each test finds a finished run in `run`, so that there is something to lose."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.template = Path(folder.name) / "run"
        (Path(folder.name) / "cheetah.toml").write_text(CHEETAH, encoding="utf-8")
        subprocess.run([ANOLE, "train", "cheetah.toml", "--run-dir", "run"], cwd=folder.name,
                       check=True, capture_output=True)

    def setUp(self):
        super().setUp()
        self.run_dir = self.folder / "run"
        shutil.copytree(self.template, self.run_dir, symlinks=True)

    def refused_config(self, text, place, *says):
        """A config with a mistake: the line begins with where it is (a regular expression)."""
        self.write("bad.toml", text)
        line = self.refused("train", "bad.toml", says=says)
        self.assertRegex(line, rf"^bad\.toml:{place}: ")


class CommandLineTest(ErrorsTest):
    def test_unknown_command(self):
        self.refused("trian", "cheetah.toml", says=["'trian'", "'train'"])
        self.refused("--verson", says=["'--verson'", "'--version'"])
        self.refused("help", "evalute", says=["'evalute'", "'evaluate'"])
        self.refused("help", "train", "cheetah-velocty", says="'cheetah-velocity'")
        self.refused("help", "train", "polcy", says=["no section", "'policy'"])
        self.refused("list", "sin", says="'sine'")
        self.refused("list", "metrics", "--options", says="not of metrics")
        self.refused("help", "train", "sine", "evaluate", says="'evaluate'")
        self.refused("help", "bench", "sine", says="takes no options")
        self.refused("help", "inner.stepsize", says="'inner.step_size'")

    def test_unknown_flag(self):
        self.refused("train", "cheetah.toml", "--overwrit", says=["'--overwrit'", "'--overwrite'"])
        self.refused("evaluate", "run", "--jsn", says=["'--jsn'", "'--json'"])
        self.refused("info", "run", "--jsn", says=["'--jsn'", "'--json'"])
        self.refused("adapt", "run", "--gaol", "1", says=["'--gaol'", "'--goal'"])
        self.refused("list", "-j", says="'-j'")

    def test_misused_flag(self):
        self.refused("train", "cheetah.toml", "--run-dir", says=["--run-dir", "DIR"])
        self.refused("train", "cheetah.toml", "--run-dir", "", says="--run-dir")
        self.refused("train", "cheetah.toml", "--run-dir", "--overwrite", says="--run-dir")
        self.refused("train", "cheetah.toml", "--overwrite=yes", says="--overwrite takes no value")
        self.refused("train", "cheetah.toml", "--seed", "1", "--seed", "2", says="--seed")
        self.refused("train", "cheetah.toml", "--threads", "0", says=["--threads=0", "1 to"])
        self.refused("evaluate", "run", "--threads", "two", says=["--threads=two", "integer"])

    def test_missing_or_unexpected_argument(self):
        self.refused("train", says="CONFIG.toml")
        self.refused("evaluate", says="RUN")
        self.refused("adapt", says="RUN")
        self.refused("train", "cheetah.toml", "lines.toml", says="'lines.toml'")
        self.refused("list", "families", says="families: can be configs, metrics")

    def test_unknown_option(self):
        self.refused("train", "cheetah.toml", "--inner.stepsize=1",
                     says=["'--inner.stepsize'", "'--inner.step_size'"])
        self.refused("evaluate", "run", "--evaluation.taks=1", says="'--evaluation.tasks'")

    def test_wrong_type(self):
        self.refused("train", "cheetah.toml", "--inner.step_size=big",
                     says=["--inner.step_size=big", "must be a number"])
        self.refused("train", "cheetah.toml", "--meta.iterations=1.5",
                     says=["--meta.iterations=1.5", "must be an integer"])
        self.refused("evaluate", "run", "--task.range=fast",
                     says=["--task.range=fast", "list of numbers"])

    def test_out_of_range(self):
        self.refused("train", "cheetah.toml", "--inner.step_size=-1",
                     says=["--inner.step_size=-1", "must be 0 to"])
        self.refused("train", "cheetah.toml", "--task.range=1", says=["--task.range=1", "2 values"])
        self.refused("train", "cheetah.toml", "--seed", "-1", says=["seed=-1", "must be 0 to"])
        self.refused("train", "cheetah.toml", "--task.family=cheetah-directon",
                     says=["cheetah-directon", "'cheetah-direction'"])
        self.refused("evaluate", "run", "--updates=-1", says=["updates=-1", "must be 0 to"])

    def test_preset_of_a_run_that_has_stored_what_it_would_set(self):
        for command in ["evaluate", "render"]:
            self.refused(command, "run", "--task.preset=signed",
                         says=["--task.preset=signed", "a run has stored them all"])

    def test_option_of_another_family(self):
        self.refused("train", "cheetah.toml", "--task.family=cheetah-direction", "--task.range=0,1",
                     says=["--task.range=0,1", "an option of ant-velocity, cheetah-velocity"])

    def test_names_with_line_breaks_still_make_one_line(self):
        self.refused("train", "two\nlines.toml", says="no such file")
        self.refused("train", "cheetah.toml", "--task.family=two\nlines", says="one of")


class ConfigFileTest(ErrorsTest):
    def test_missing_file(self):
        self.refused("train", "nowhere.toml", says="nowhere.toml: no such file")
        self.refused("train", "run", says="run: is a run; go on with")
        (self.folder / "configs").mkdir()
        self.write("configs/slow-walk.toml", "")
        for name in ["slow-wlak", "slow-wlak.toml", "config/slow-walk.toml"]:
            self.refused("train", name,
                         says=f"{name}: no such file; did you mean configs/slow-walk.toml?")
        self.refused("train", "nowhere.toml", "--run-dir", "run", "--overwrite",
                     says="nowhere.toml: no such file")

    def test_toml_error(self):
        """The columns are toml++'s, and not the same in all of its versions."""
        self.refused_config('[task]\nfamily = "cheetah-velocity\n', r"2:\d+")
        self.refused_config("[task\n", r"1:\d+")
        self.refused_config("[meta]\niterations = 1\niterations = 2\n", r"3:\d+", "iterations")

    def test_unknown_option(self):
        self.refused_config("[inner]\n  stepsize = 1\n", "2:3", "inner.stepsize",
                            "'inner.step_size'")
        self.refused_config("[iner]\nstep_size = 1\n", "2:1", "'inner.step_size'")
        self.refused_config("seed = 1\n", "1:1", "'seed'", "[section]")

    def test_wrong_type(self):
        self.refused_config('[meta]\niterations = "many"\n', "2:1", "meta.iterations", "an integer")
        self.refused_config("[task]\nfamily = 3\n", "2:1", "task.family", "text in quotes")

    def test_out_of_range(self):
        self.refused_config("[inner]\nstep_size = -1\n", "2:1", "inner.step_size = -1",
                            "must be 0 to")
        self.refused_config('[task]\nfamily = "cheetah-directon"\n', "2:1", "'cheetah-direction'")

    def test_option_of_another_family(self):
        self.refused_config('[task]\nfamily = "cheetah-direction"\nrange = [0, 1]\n', "3:1",
                            "task.range", "an option of ant-velocity, cheetah-velocity")


class RunDirectoryTest(ErrorsTest):
    def refused_folder(self, folder, *says):
        """A folder that is no run is replaced neither with nor without --overwrite."""
        for flags in [[], ["--overwrite"]]:
            self.refused("train", "cheetah.toml", "--run-dir", folder, *flags,
                         says=[f"{folder}: ", *says])

    def test_existing_run(self):
        self.refused("train", "cheetah.toml", "--run-dir", "run",
                     says=["run: the run exists", "--resume run", "--overwrite"])

    def test_overwrite_replaces_a_run_by_a_new_one(self):
        fresh = self.train("fresh", "--seed=2", "--meta.iterations=3")
        self.train("run", "--seed=2", "--meta.iterations=3", "--overwrite")
        self.assert_same_run(self.run_dir, fresh)

    def test_overwrite_may_train_the_config_of_the_run_itself(self):
        before = tree(self.run_dir)
        self.done("train", "run/config.toml", "--run-dir", "run", "--overwrite")
        self.assertEqual(tree(self.run_dir)["config.toml"], before["config.toml"])
        self.assertEqual(iterations_stored(self.run_dir), [0, 2, 4, 6])

    def test_mistake_comes_before_overwriting(self):
        self.refused("train", "cheetah.toml", "--run-dir", "run", "--overwrite",
                     "--run.initial=nowhere.safetensors", says="nowhere.safetensors: no such file")
        self.refused("train", "cheetah.toml", "--run-dir", "run", "--overwrite", "--threads=0",
                     says="--threads=0")

    def test_overwrite_never_replaces_another_folder(self):
        (self.folder / "thesis").mkdir()
        self.write("thesis/thesis.tex", "years of work")
        self.refused_folder("thesis", "no run directory")
        self.refused_folder("thesis/thesis.tex", "no run directory")
        self.refused_folder(".", "no run directory")

    def test_overwrite_spares_what_lies_in_a_run_but_is_not_of_it(self):
        overwrite = ["train", "cheetah.toml", "--run-dir", "run", "--overwrite"]
        self.write("run/notes.txt", "what I saw")
        self.refused(*overwrite, says="run/notes.txt is no part of a run")
        (self.run_dir / "notes.txt").rename(self.run_dir / "checkpoints" / "best.safetensors")
        self.refused(*overwrite, says="run/checkpoints/best.safetensors is no part of a run")

    def test_folder_of_another_program_with_the_names_of_a_run(self):
        """A config.toml and checkpoints/ are not rare."""
        (self.folder / "checkpoints").mkdir()
        self.write("config.toml", "")
        self.refused("train", "cheetah.toml", "--run-dir", ".", "--overwrite", says="no part")

    def test_empty_folder_is_used(self):
        (self.folder / "empty").mkdir()
        self.assert_same_run(self.train("empty"), self.run_dir)

    def test_impossible_place(self):
        self.refused("train", "cheetah.toml", "--run-dir", "lines.toml/run", says="lines.toml/run: ")
        name = 300 * "x"
        self.refused("train", "cheetah.toml", "--run-dir", name, says=name)
        self.refused("train", "cheetah.toml", "--run-dir", f"new/{name}/run", says=name)
        self.refused("evaluate", name, says=name)

    def test_unwritable_parent(self):
        options = {}
        if os.geteuid() == 0:  # whom no permission stops
            options = {"user": 65534, "group": 65534, "extra_groups": []}
            try:
                self.anole("--version", cwd="/", **options)
            except PermissionError:
                self.skipTest("the program cannot be run by another user")
        for path in [self.folder, *self.folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            for target in [["--run-dir", "new/run"], [], ["--run-dir", "run", "--overwrite"]]:
                self.refused("train", "cheetah.toml", *target, says="Permission denied", **options)
            self.refused("adapt", "run", "--goal=1", "--out=a.safetensors",
                         says=["--out=a.safetensors", "Permission denied"], **options)
        finally:
            for path in [self.folder, *self.folder.rglob("*")]:
                path.chmod(0o755)

    def test_resume_does_not_mix_with_a_new_run(self):
        self.refused("train", "--resume", "run", "--overwrite", says=["--resume", "--overwrite"])
        self.refused("train", "--resume", "run", "--run-dir", "new", says=["--resume", "--run-dir"])
        self.refused("train", "cheetah.toml", "--resume", "run", says=["--resume", "cheetah.toml"])

    def test_no_run_directory(self):
        (self.folder / "empty").mkdir()
        for name, text in [("nowhere", "no such run"), ("empty", "no run directory"),
                           ("lines.toml", "is a config, no run")]:
            self.refused("train", "--resume", name, says=f"{name}: {text}")
            self.refused("evaluate", name, says=f"{name}: {text}")
            self.refused("adapt", name, "--goal=1", "--out=a.safetensors", says=f"{name}: {text}")
        self.refused("info", "nowhere", says="nowhere: no such file")
        self.refused("info", "empty", says="empty: no run directory")

    def test_run_without_checkpoint(self):
        shutil.rmtree(self.run_dir / "checkpoints")
        (self.run_dir / "checkpoints").mkdir()
        self.refused("train", "--resume", "run", says="run: the run has no checkpoint yet")
        self.refused("evaluate", "run", says="run: the run has no checkpoint yet")


    def test_metric_of_validation(self):
        for metric in ["after_3", "best"]:
            self.refused("train", "cheetah.toml", "--run-dir=new", "--validation.every=1",
                         f"--validation.metric={metric}",
                         says=["validation.metric", "after_0, after_1, after_2, mean, worst_tenth"])


class ParametersTest(ErrorsTest):
    def test_damaged_checkpoint(self):
        file = checkpoint(self.run_dir, 6)
        whole = file.read_bytes()
        for damaged, problem in [(whole[:-1], "truncated"), (whole[:100], "truncated"),
                                 (b"", "truncated"), (whole + b"x", "trailing"),
                                 (b"\xff" * len(whole), "not a safetensors file")]:
            for iteration in iterations_stored(self.run_dir):  # or an older one would be used
                checkpoint(self.run_dir, iteration).write_bytes(damaged)
            for command in [["train", "--resume", "run", "--meta.iterations=9"],
                            ["evaluate", "run"], ["info", "run"], ["info", str(file)],
                            ["adapt", "run", "--goal=1", "--out=a.safetensors"],
                            ["train", "cheetah.toml", f"--run.initial={file}"]]:
                self.refused(*command, says=["step_000006/state.safetensors: ", problem])

    def test_checkpoint_of_another_architecture(self):
        self.train("wide", "--policy.hidden=32", "--meta.iterations=0")
        wide = "wide/checkpoints/step_000000/state.safetensors"
        shapes = ["policy/layer0/weight", "[17, 16]", "[17, 32]"]
        self.refused("evaluate", "run", "--theta", wide, says=[wide, *shapes])
        self.refused("evaluate", "run", "--policy.hidden=32",
                     says=["--policy.hidden=32: says what the parameters are", "[16]"])
        self.refused("train", "cheetah.toml", f"--run.initial={wide}", says=[wide, *shapes])
        checkpoint(self.run_dir, 6).write_bytes((self.folder / wide).read_bytes())
        self.refused("train", "--resume", "run", "--meta.iterations=9",
                     says=["policy.hidden = [16]", "was made with [32]"])

    def test_file_without_parameters(self):
        self.refused("evaluate", "run", "--theta", "nowhere", says="nowhere: no such file")
        self.refused("evaluate", "run", "--theta", "run", says="run: is a folder")
        self.refused("evaluate", "run", "--theta", "cheetah.toml",
                     says="cheetah.toml: is not a safetensors file")

        self.refused("info", "cheetah.toml", says="cheetah.toml: is a config, no run")
        self.write("letter.txt", "Dear colleague")
        line = self.refused("info", "letter.txt", says="letter.txt: is not a safetensors file")
        self.assertNotRegex(line, r"\d", "a length that is none")

    def test_goal(self):
        out = "--out=adapted.safetensors"
        for goal in ["1,2", "1,", "fast", "nan", "1 2"]:
            self.refused("adapt", "run", f"--goal={goal}", out,
                         says=[f"--goal={goal}: must be 1 number: goal_velocity [m/s]"])
        self.refused("adapt", "run", out, says="--goal is missing")

    def test_out(self):
        self.refused("adapt", "run", "--goal=1", says="--out is missing")
        self.refused("adapt", "run", says="--goal and --out are missing")
        self.refused("adapt", "run", "--goal=1", "--out=nowhere/adapted.safetensors",
                     says=["--out=nowhere/adapted.safetensors", "there is no folder"])
        self.refused("adapt", "run", "--goal=1", "--out=run", says=["--out=run", "is a folder"])
        self.refused("adapt", "run", "--goal=1", "--out=" + 300 * "a",
                     says=["--out=a", "too long"])
        self.refused("adapt", "run", "--goal=1", "--out", "", says="--out")


if __name__ == "__main__":
    unittest.main()
