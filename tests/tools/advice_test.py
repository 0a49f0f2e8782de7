#!/usr/bin/env python3
"""A wrong command, file, folder or option: the message names what was meant, ready to be pasted."""

import shlex
import shutil
import subprocess
import unittest

from program import ANOLE, SOURCE_DIR, ProgramTest, checkpoint

SPEC = """\
[compare]
config = "lines.toml"
env_steps = 100
seeds = [1]
[method.a]
"""


class KindTest(ProgramTest):
    """Files and folders of every kind, some of them with names that a shell would take apart."""

    def setUp(self):
        super().setUp()
        robots = SOURCE_DIR / "configs" / "robots"
        for name in ("cart_pole.toml", "cart_pole.xml"):
            shutil.copy(robots / name, self.folder / name)
        self.write("spec.toml", SPEC)
        self.write("it's mine.toml", SPEC)
        self.train("runs/lines-1", config="lines.toml")
        self.program = shlex.quote(str(ANOLE))

    def advised(self, *args, says, runs=True):
        """Refused, with a command that can be pasted and then works."""
        line = self.refused(*args, says=says)
        if runs:
            command = line[line.index(self.program):].strip()
            result = subprocess.run(["bash", "-c", command], cwd=self.folder, capture_output=True,
                                    text=True, timeout=120, check=False)
            self.assertEqual(result.returncode, 0, f"{command}: {result.stderr}")

    def test_train(self):
        self.advised("train", "spec.toml", says=["spec.toml: is a comparison", "compare spec.toml"])
        self.advised("train", "it's mine.toml", says="compare 'it'\\''s mine.toml'")
        self.refused("train", "cart_pole.toml",
                     says=["is the task file of a robot", "check cart_pole.toml",
                           'family = "robot"', 'file = "cart_pole.toml"'])
        self.advised("train", "runs/lines-1",
                     says=["runs/lines-1: is a run", "train --resume runs/lines-1"])
        self.advised("train", "runs/lines-1/checkpoints/latest",
                     says=["is a checkpoint", "train --resume runs/lines-1"])
        file = str(checkpoint(self.folder / "runs/lines-1", 3).relative_to(self.folder))
        self.refused("train", file, says=["holds parameters", f"--run.initial={file}"])

    def test_check(self):
        self.refused("check", "lines.toml",
                     says=["lines.toml: is a config", "train lines.toml"])
        self.refused("check", "spec.toml", says=["is a comparison", "compare spec.toml"])
        self.advised("check", "runs/lines-1", says=["is a run", "info runs/lines-1"])

    def test_models(self):
        (self.folder / "marked.urdf").write_bytes(b"\xef\xbb\xbf\n<robot name='a'/>")
        for command in (["train"], ["check"], ["compare"], ["evaluate"], ["plot", "--out=a.svg"],
                        ["train", "--resume"]):
            for model in ("cart_pole.xml", "marked.urdf"):
                self.refused(*command, model,
                             says=[f"{model}: is the model of a robot", f'model = "{model}"',
                                   "check --reference"])

    def test_compare(self):
        self.refused("compare", "lines.toml", says=["is a config", "train lines.toml"])
        self.refused("compare", "cart_pole.toml", says=["task file", "check cart_pole.toml"])
        self.advised("compare", "runs/lines-1", says=["is a run", "info runs/lines-1"])

    def test_what_takes_a_run(self):
        goal = ["--goal=1", "--out=a.safetensors"]
        for command in (["evaluate"], ["render"], ["info"], ["adapt", *goal],
                        ["plot", "--out=a.svg"], ["train", "--resume"]):
            first, *rest = command
            where = [first, *rest] if first == "train" else [first]
            rest = [] if first == "train" else rest
            self.refused(*where, "lines.toml", *rest, says=["is a config", "train lines.toml"])
            self.refused(*where, "spec.toml", *rest, says=["is a comparison", "compare spec.toml"])
            self.refused(*where, "cart_pole.toml", *rest,
                         says=["task file", "check cart_pole.toml"])
            self.refused(*where, "runs/lines-1/config.toml", *rest,
                         says=["is the config of a run", f"{' '.join(where)} runs/lines-1\n"])

    def test_parts_of_a_run(self):
        self.advised("evaluate", "runs/lines-1/checkpoints/step_000003",
                     says="evaluate runs/lines-1 --theta "
                          "runs/lines-1/checkpoints/step_000003/state.safetensors\n")
        self.advised("train", "--resume", "runs/lines-1/checkpoints",
                     says="no run directory", runs=False)

    def test_folder_of_runs(self):
        self.advised("evaluate", "runs", says=["is a folder of runs", "evaluate runs/lines-1\n"])

    def test_name_of_a_run(self):
        self.refused("evaluate", "lines-1", says="did you mean runs/lines-1?")
        self.refused("evaluate", "lines-2", says="did you mean runs/lines-1?")
        self.refused("evaluate", "nothing", says="nothing: no such run directory\n")

    def test_where_to_go_on_can_be_pasted(self):
        self.write("my config.toml", (self.folder / "lines.toml").read_text())
        text = self.anole("train", "my config.toml").stderr
        self.assertIn("evaluate 'runs/my config-1'", text)
        line = self.refused("train", "my config.toml", says="--resume 'runs/my config-1'")
        self.assertIn("--resume 'runs/my config-1'", line)


class OptionTest(ProgramTest):
    def test_flags_come_before_options(self):
        self.refused("train", "lines.toml", "--sed", "3", says="did you mean '--seed'?\n")
        self.refused("evaluate", "run", "--sed=3", says="did you mean '--seed'?\n")

    def test_options_that_are_called_alike_are_all_named(self):
        self.refused("train", "lines.toml", "--step-size=3",
                     says=["'--inner.step_size'", "'--meta.step_size'"])

    def test_another_command_has_it(self):
        self.refused("train", "lines.toml", "--goal=1", says="`anole adapt`")
        self.refused("list", "--baseline", says="; `anole evaluate` has it\n")
        line = self.refused("evaluate", "run", "--strip", "a.png", says="`anole render` has it")
        self.assertNotIn("did you mean", line)
        line = self.refused("info", "run", "--out", "x", says="`anole plot`")
        self.assertNotIn("outer_steps", line)

    def test_names_of_other_programs(self):
        for option, says in (("--lr=1", "--inner.step_size"), ("--gamma=.9", "--inner.discount"),
                             ("--total-timesteps=5", "--run.max_env_steps"),
                             ("--device=cuda", "CPU"), ("--n-envs=8", "--threads"),
                             ("--env-id=Ant", "--task.family"), ("--ent_coef=0", "no entropy")):
            self.refused("train", "lines.toml", option, says=[option.split("=")[0], says])
        line = self.refused("plot", "run", "--lr=1", says="unknown option '--lr'")
        self.assertNotIn("step_size", line, "plot takes no options")

    def test_missing_dashes(self):
        self.refused("train", "lines.toml", "meta.iterations=5", says="--meta.iterations=5\n")

    def test_missing_quotes(self):
        self.write("bare.toml", "[task]\nfamily = cheetah-velocity\n")
        self.refused("train", "bare.toml", says='family = "cheetah-velocity"')

    def test_long_names_make_short_messages(self):
        self.write("long.toml", f"[meta]\n{'a' * 900_000} = 1\n")
        self.assertLess(len(self.refused("train", "long.toml", says="unknown option")), 2000)
        self.write("value.toml", f"[task]\nfamily = \"{'a' * 900_000}\"\n")
        self.assertLess(len(self.refused("train", "value.toml", says="task.family")), 5000)
        self.assertLess(len(self.refused("train", "x" * 100_000, says="xxx")), 5000)


class SizeTest(ProgramTest):
    def test_only_files_of_a_sane_size_are_read(self):
        (self.folder / "huge.toml").touch()
        with open(self.folder / "huge.toml", "r+b") as file:
            file.truncate(1 << 31)
        for command in ("train", "check", "compare"):
            self.refused(command, "/dev/zero", says="/dev/zero: is no regular file")
            self.refused(command, "huge.toml", says="huge.toml: is longer than 1 MB")


if __name__ == "__main__":
    unittest.main()
