#!/usr/bin/env python3
"""The zoo: entries made of runs, used as runs, trained again, and the tables that follow from them."""

import json
import shutil
import subprocess
import sys
import unittest

import program
from program import SOURCE_DIR, ProgramTest


class ZooTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.entry = self.folder / "configs/zoo/tiny"
        (self.folder / "configs").mkdir()

    def make(self, *flags, seeds="1-3", config="lines.toml"):
        self.done("train", config, "--seeds", seeds)
        first, last = map(int, seeds.split("-"))
        name = config.removesuffix(".toml")
        runs = [f"runs/{name}-{seed}" for seed in range(first, last + 1)]
        self.done("zoo", "--add=tiny", *runs, *flags)
        return runs

    def expected(self):
        return json.loads((self.entry / "expected.json").read_text())

    def change(self, function):
        expected = self.expected()
        function(expected)
        (self.entry / "expected.json").write_text(json.dumps(expected))

    def test_an_entry_tells_what_its_runs_have_reached(self):
        runs = self.make()
        expected = self.expected()
        self.assertEqual([run["seed"] for run in expected["runs"]], [1, 2, 3])
        for run, path in zip(expected["runs"], runs):
            evaluation = json.loads(self.done("evaluate", path, "--json"))
            means = [update["loss"]["mean"] for update in evaluation["updates"]]
            self.assertEqual(run["means"], means)
            self.assertEqual(run["signature"], evaluation["checkpoint"]["signature"])
            self.assertGreaterEqual(run["minutes"], 0)
        # The parameters are those of the run in the middle, rounded.
        last = sorted(run["means"][-1] for run in expected["runs"])
        middle = next(run for run in expected["runs"] if run["means"][-1] == last[1])
        self.assertEqual(expected["parameters"]["seed"], middle["seed"])
        self.assertNotEqual(expected["parameters"]["signature"], middle["signature"])
        for one, other in zip(expected["parameters"]["means"], middle["means"]):
            self.assertAlmostEqual(one, other, delta=1e-4 * max(1, abs(other)))
        self.assertEqual(sorted(path.name for path in self.entry.iterdir()),
                         ["checkpoints", "config.toml", "expected.json"])

    def test_it_is_taken_wherever_a_run_is(self):
        self.make(seeds="1-2", config="cheetah.toml")
        before = program.tree(self.entry)
        evaluation = json.loads(self.done("evaluate", "zoo:tiny", "--json"))
        self.assertEqual([update["return"]["mean"] for update in evaluation["updates"]],
                         self.expected()["parameters"]["means"])
        self.done("evaluate", "zoo:tiny", "--out=here.json")
        self.done("adapt", "zoo:tiny", "--goal=1", "--out=adapted.safetensors")
        self.done("evaluate", "zoo:tiny", "--theta=adapted.safetensors")
        self.assertIn("cheetah-velocity", self.done("info", "zoo:tiny"))
        self.done("train", "zoo:tiny", "--run-dir=again", "--meta.iterations=1")
        self.assertEqual(program.tree(self.entry), before)
        self.refused("evaluate", "zoo:tiyn", says="the zoo has no such entry; did you mean 'tiny'?")
        self.refused("train", "zoo:x", says="zoo:x: the zoo has no such entry")
        self.refused("reproduce", "tiyn", says="did you mean 'tiny'?")

    def test_parameters_are_in_single_precision(self):
        self.make(seeds="1-2", config="cheetah.toml")
        file = next(self.entry.rglob("*.safetensors"))
        header = json.loads(file.read_bytes()[8:8 + int.from_bytes(file.read_bytes()[:8], "little")])
        kinds = {name: tensor["dtype"] for name, tensor in header.items() if name != "__metadata__"}
        self.assertEqual(set(kinds.values()), {"F32", "I64"})
        whole = program.checkpoint(self.folder / "runs/cheetah-1", 6)
        self.assertLess(file.stat().st_size, whole.stat().st_size)

    def test_of_runs_that_keep_an_average_that_is_the_entry(self):
        text = (self.folder / "cheetah.toml").read_text()
        (self.folder / "averaged.toml").write_text(
            text.replace("[meta]\n", "[meta]\naverage = 0.5\n"))
        self.make(seeds="1-2", config="averaged.toml")
        last = json.loads(self.done("evaluate", "runs/averaged-1", "--theta=last-iterate", "--json"))
        expected = self.expected()
        self.assertNotEqual(expected["runs"][0]["signature"], last["checkpoint"]["signature"])
        run = json.loads(self.done("evaluate", "runs/averaged-1", "--json"))
        self.assertEqual(expected["runs"][0]["signature"], run["checkpoint"]["signature"])
        entry = json.loads(self.done("evaluate", "zoo:tiny", "--json"))
        self.assertEqual([update["return"]["mean"] for update in entry["updates"]],
                         expected["parameters"]["means"])
        self.assertIn("the same bits", self.done("reproduce", "tiny"))

    def test_lists(self):
        self.make()
        lines = self.done("zoo").splitlines()
        self.assertLessEqual(max(map(len, lines)), 80)
        row = next(line for line in lines if line.startswith("tiny "))
        self.assertEqual(row.split()[2], "3")
        self.assertRegex(" ".join(lines), "also trained on: .*tiny")
        listed = json.loads(self.done("zoo", "--json"))
        entry = next(one for one in listed if one["name"] == "tiny")
        self.assertEqual(entry["runs"], self.expected()["runs"])

    def test_reproduces_the_same_bits(self):
        self.make()
        printed = self.done("reproduce", "tiny")
        self.assertEqual(printed.count("the same bits"), 3)
        self.assertLessEqual(max(map(len, printed.splitlines())), 80)
        self.assertEqual(self.done("reproduce", "tiny"), printed)
        one = json.loads(self.done("reproduce", "zoo:tiny", "--seeds=2", "--json", "--dir=other"))
        self.assertEqual([run["verdict"] for run in one["runs"]], ["the same bits"])

    def test_tells_what_is_no_reproduction(self):
        self.make()
        # Another seed: within, if the scores are like those of the entry; here surely.
        def widen(expected):
            for run, mean in zip(expected["runs"], (-1e6, 0, 1e6)):
                run["means"][-1] = mean
        self.change(widen)
        self.assertIn("within the interval", self.done("reproduce", "tiny", "--seeds=9"))

        def move(expected):
            for run, mean in zip(expected["runs"], (1e6, 1e6 + 1, 1e6 + 2)):
                run["means"][-1] = mean
                run["signature"] = "0" * 16
        self.change(move)
        result = self.anole("reproduce", "tiny", "--seeds=1")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("not as expected", result.stdout)
        self.change(lambda expected: expected["runs"].pop())
        result = self.anole("reproduce", "tiny", "--seeds=1")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("other bits, no interval", result.stdout)

    def test_errors(self):
        self.make()
        self.refused("zoo", "--add=tiny", "runs/lines-1", says="exists; --overwrite replaces it")
        self.refused("zoo", "--add=Tiny", "runs/lines-1", says="a name is of lower-case letters")
        self.refused("zoo", "--add=b", says="missing argument: RUN")
        self.refused("zoo", "--add=b", "runs/lines-1", "runs/lines-1", says="runs/lines-1")
        self.refused("zoo", "--overwrite", says="--overwrite: goes with --add")
        self.refused("zoo", "runs/lines-1", says="runs go with --add NAME")
        shutil.copytree(self.folder / "runs/lines-1", self.folder / "started")
        self.train("other", "--seed=4", "--meta.batch_size=3", config="lines.toml")
        self.refused("zoo", "--add=b", "runs/lines-1", "other", says="meta.batch_size")
        self.write("configs/zoo/tiny/expected.json", "{}")
        self.refused("zoo", says="is not what `anole zoo --add` writes")


class ShippedTest(ProgramTest):
    def test_every_entry_is_small_whole_and_listed(self):
        listed = {entry["name"]: entry for entry in json.loads(self.done("zoo", "--json"))}
        folders = [file.parent for file in (SOURCE_DIR / "configs/zoo").glob("*/expected.json")]
        self.assertGreater(len(folders), 0)
        for folder in folders:
            with self.subTest(folder.name):
                [file] = folder.rglob("*.safetensors")
                self.assertLess(file.stat().st_size, 150_000)
                expected = listed[folder.name]
                info = json.loads(self.done("info", f"zoo:{folder.name}", "--json"))
                self.assertEqual(info["signature"], expected["parameters"]["signature"])
                self.assertEqual(info["iteration"], expected["iterations"])
                self.assertIn(expected["parameters"]["seed"],
                              [run["seed"] for run in expected["runs"]])


class TablesTest(ProgramTest):
    """tools/zoo_tables: what READMEs say is what the entries say."""

    def tables(self, *args):
        return subprocess.run([sys.executable, SOURCE_DIR / "tools/zoo_tables", *args],
                              capture_output=True, text=True, timeout=program.DEADLINE)

    def test_the_readmes_are_those_of_the_zoo(self):
        result = self.tables("--check")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_writes_between_its_marks_and_tells_what_differs(self):
        (self.folder / "configs").mkdir()
        self.done("train", "lines.toml", "--seeds", "1-2")
        self.done("zoo", "--add=tiny", "runs/lines-1", "runs/lines-2")
        text = "# Title\n\n<!-- zoo: begin -->\nstale\n<!-- zoo: end -->\nrest\n"
        self.write("README.md", text)
        self.assertEqual(self.tables("--check", self.folder).returncode, 1)
        self.assertEqual((self.folder / "README.md").read_text(), text)
        self.assertEqual(self.tables(self.folder).returncode, 0)
        written = (self.folder / "README.md").read_text()
        self.assertIn("| tiny (tasks also trained on) |", written)
        self.assertNotIn("stale", written)
        self.assertTrue(written.startswith("# Title\n") and written.endswith("-->\nrest\n"))
        self.assertEqual(self.tables("--check", self.folder).returncode, 0)
        self.write("README.md", written.replace("| tiny (", "| tinny ("))
        result = self.tables("--check", self.folder)
        self.assertEqual(result.returncode, 1)
        self.assertIn("README.md", result.stdout)


if __name__ == "__main__":
    unittest.main()
