"""anole as a library and as an installed program: find_package, static and shared, from any
folder."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import SANITIZERS, SOURCE_DIR

BUILD_DIR = Path(os.environ["ANOLE_BUILD_DIR"])
USER = SOURCE_DIR / "tests/library"


def run(*args, **kwargs):
    done = subprocess.run([str(arg) for arg in args], capture_output=True, text=True, **kwargs)
    assert done.returncode == 0, f"{args}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class LibraryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        run("cmake", "--install", BUILD_DIR, "--prefix", cls.path / "built")
        cls.prefix = cls.path / "moved"  # an installed anole may be moved
        (cls.path / "built").rename(cls.prefix)
        cls.anole = cls.prefix / "bin/anole"
        cls.trained = cls.path / "run"
        run(cls.anole, "train", "cheetah-velocity", "--run-dir", cls.trained, "--quiet",
            "--meta.iterations=2", "--meta.batch_size=2", "--inner.rollouts=2", "--policy.hidden=8",
            "--evaluation.rollouts=3", "--task.horizon=40", cwd=cls.path)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_program_adapts_a_run_to_a_goal(self):
        told = json.loads(run(self.anole, "adapt", self.trained, "--goal", "1.3", "--updates", "2",
                              "--json", "--quiet", "--out", self.path / "adapted.safetensors"))
        expected = [update["return"] for update in told["updates"]]
        sanitizers = [f"-DCMAKE_CXX_FLAGS=-fsanitize={SANITIZERS}"] if SANITIZERS else []
        for kind in ("core", "core_shared"):
            with self.subTest(kind):
                build = self.path / kind
                run("cmake", "-S", USER, "-B", build, "-G", "Ninja",
                    f"-DCMAKE_PREFIX_PATH={self.prefix}",
                    f"-DKIND={kind}", "-DCMAKE_BUILD_TYPE=Release", *sanitizers)
                run("cmake", "--build", build)
                text = run(build / "adapt_run", self.trained, "1.3", "2")
                self.assertEqual([float(value) for value in re.findall(r": (\S+)$", text, re.M)],
                                 expected)

    def test_the_program_finds_its_configs_anywhere(self):
        self.assertIn("sine", run(self.anole, "list", "configs", cwd=self.path).split())
        run(self.anole, "train", "sine", "--run-dir", self.path / "sine", "--quiet",
            "--meta.iterations=1", cwd=self.path)
        # One whose task is a file of its own.
        run(self.anole, "train", "quadruped", "--run-dir", self.path / "quadruped", "--quiet",
            "--meta.iterations=1", "--meta.batch_size=1", "--inner.rollouts=1", cwd=self.path)
        wrong = subprocess.run([self.anole, "train", "sinee"], cwd=self.path, capture_output=True,
                               text=True)
        self.assertEqual(wrong.returncode, 2)
        self.assertEqual(wrong.stderr, "anole: sinee: no such file; did you mean sine?\n")

    def test_the_program_brings_its_zoo(self):
        evaluation = json.loads(run(self.anole, "evaluate", "zoo:linear-regression", "--json",
                                    "--quiet", cwd=self.path))
        [entry] = [one for one in json.loads(run(self.anole, "zoo", "--json", cwd=self.path))
                   if one["name"] == "linear-regression"]
        self.assertEqual(evaluation["checkpoint"]["signature"], entry["parameters"]["signature"])

    def test_only_public_headers_are_installed(self):
        headers = [path.relative_to(self.prefix / "include/anole").as_posix()
                   for path in (self.prefix / "include/anole").rglob("*.h")]
        for header in ("anole.h", "version.h", "tools/run/run.h", "envs/task_family.h"):
            self.assertIn(header, headers)
        for header in headers:
            self.assertNotRegex(header, r"^tools/(?!run/)|_mpi|/mlp_pass")
            text = (self.prefix / "include/anole" / header).read_text()
            for library in ("spdlog", "fmt", "nlohmann", "boost", "tbb", "toml++", "png.h"):
                self.assertNotIn(f"#include <{library}", text, header)

    def test_shells_and_man_know_the_program(self):
        completion = self.prefix / "share/bash-completion/completions/anole"
        script = (f"source {completion}; COMP_WORDS=(anole train --meta.iter); COMP_CWORD=2; _anole; "
                  "echo ${COMPREPLY[@]}; COMP_WORDS=(anole ev); COMP_CWORD=1; _anole; "
                  "echo ${COMPREPLY[@]}")
        # compopt works only while a shell completes.
        told = subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout
        self.assertEqual(told, "--meta.iterations=\nevaluate\n")
        self.assertIn("#compdef anole",
                      (self.prefix / "share/zsh/site-functions/_anole").read_text())
        manual = (self.prefix / "share/man/man1/anole.1").read_text()
        self.assertIn(".SS evaluate", manual)
        self.assertIn(r"meta.batch_size", manual)


if __name__ == "__main__":
    unittest.main()
