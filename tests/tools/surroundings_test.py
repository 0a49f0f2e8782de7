#!/usr/bin/env python3
"""The same bits come of every command wherever it is typed: without HOME, with one that cannot be
written, with no environment at all, in another time zone, under a locale that writes commas into
numbers, by another user. Where the folder for what is made on the way is missing, that is told.
"""

import os
import re
import shutil
import unittest

from program import SOURCE_DIR, ProgramTest, repeatable, tree
from streams_test import SMALL

NOBODY = 65534
COMMANDS = [
    ["check", "robots/cart_pole.toml", "--episodes=1"],
    ["train", "small.toml", "--run-dir=run", "--threads=1"],
    ["evaluate", "run"],
    ["adapt", "run", "--goal=0.3,-0.25", "--out=out/adapted.safetensors"],
    ["record", "run", "--goal=0.3,-0.25", "--out=out/episodes.csv"],
    ["adapt", "run", "--episodes", "out/episodes.csv", "--out=out/on_robot.safetensors"],
    ["export", "run", "--out=exported"],
    ["plot", "run", "--out=out/curves.svg"],
    ["list"],
    ["help", "train", "all"],
]
FILM = ["render", "run", "--updates=0", "--size=64x64", "--quality=draft", "--task.horizon=1"]
# What keeps a sanitizer's build going, and a program off a graphics card that others may not use.
KEPT = ["PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "MUJOCO_GL"]
BARE = {name: os.environ[name] for name in KEPT if name in os.environ}


class SurroundingsTest(ProgramTest):
    expected = None

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.here = self.folder / "here"

    def prepare(self):
        """A folder that everybody may write to."""
        shutil.rmtree(self.here, ignore_errors=True)
        shutil.copytree(SOURCE_DIR / "configs/robots", self.here / "robots",
                        ignore=shutil.ignore_patterns("field"))
        (self.here / "small.toml").write_text(SMALL, encoding="utf-8")
        (self.here / "out").mkdir()
        for path in [self.here, *self.here.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o666)

    def all_made(self, environment, **options):
        """What the commands print and leave behind, but for times and the like."""
        self.prepare()
        printed = {" ".join(command): self.timeless(*command, env=environment, **options)
                   for command in COMMANDS}
        exported = tree(self.here / "exported")
        exported["policy.json"] = exported["policy.json"].replace(bytes(self.here), b"HERE")
        return [printed, tree(self.here / "out"), exported, repeatable(self.here / "run")]

    def timeless(self, *command, **options):
        """What a command prints, but for where it stands and how fast it is."""
        text = self.done(*command, cwd=self.here, **options).replace(str(self.here), "HERE")
        return [line for line in text.splitlines() if not re.search("steps/s|time goes", line)]

    def same_with(self, environment, **options):
        if SurroundingsTest.expected is None:
            SurroundingsTest.expected = self.all_made(os.environ | {"LC_ALL": "C"})
        for mine, usual in zip(self.all_made(environment, **options), SurroundingsTest.expected):
            self.assertEqual(sorted(mine), sorted(usual))
            for name, content in usual.items():
                self.assertEqual(mine[name], content, name)

    def films(self, environment, **options):
        """Whether something is filmed, where anything can be."""
        if self.anole(*FILM, "--out=usual", cwd=self.here).returncode == 0:
            self.done(*FILM, "--out=frames", env=environment, cwd=self.here, **options)

    def test_no_environment(self):
        self.same_with({name: value for name, value in BARE.items() if name != "PATH"})
        self.films(BARE)

    def test_a_home_that_is_not_there(self):
        nowhere = self.folder / "lines.toml" / "home"  # and not even root can make it
        environment = {**BARE, "HOME": str(nowhere), "XDG_CACHE_HOME": str(nowhere / "cache")}
        self.same_with(environment)
        self.films(environment)

    def test_a_home_that_cannot_be_written(self):
        home = self.folder / "home"
        home.mkdir(mode=0o555)
        environment = {**BARE, "HOME": str(home)}
        self.same_with(environment, **self.as_nobody())
        self.films(environment, **self.as_nobody())
        self.assertEqual(tree(home), {})

    def test_another_user_without_a_name(self):
        self.same_with(BARE, **self.as_nobody(54321))

    def as_nobody(self, user=NOBODY):
        if os.geteuid() != 0:  # then the tests run as one whom permissions stop
            return {}
        options = {"user": user, "group": user, "extra_groups": []}
        try:
            self.anole("--version", cwd="/", **options)
        except PermissionError:
            self.skipTest("other users may not start the program where it lies")
        return options

    def test_time_zones(self):
        for zone in ["Asia/Kathmandu", ":/nonexistent", ""]:
            with self.subTest(zone):
                self.same_with({**BARE, "TZ": zone})

    def test_a_locale_that_is_not_there(self):
        self.same_with({**BARE, "LC_ALL": "xx_YY.latin77", "LANGUAGE": "xx"})

    def test_a_locale_of_commas(self):
        environment = {**BARE, **self.comma_locale()}
        self.same_with(environment)
        self.films(environment)

    def test_no_folder_for_what_is_made_on_the_way(self):
        self.write("small.toml", SMALL)
        self.train("run", config="small.toml")
        self.done("export", "run", "--out=exported")
        self.refused("check-export", "exported", env=os.environ | {"TMPDIR": "lines.toml"},
                     says="TMPDIR=lines.toml: is no folder")


if __name__ == "__main__":
    unittest.main()
