#!/usr/bin/env python3
"""`anole plot`: pictures that say what they show, the same each time, or one clear line."""

import contextlib
import json
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

from program import ANOLE, DEADLINE, ProgramTest

DIRECTION = """\
[task]
family = "cheetah-direction"
horizon = 20
[policy]
hidden = [8]
[inner]
updates = 3
rollouts = 2
[meta]
batch_size = 2
[evaluation]
tasks = 4
updates = 2
rollouts = 2
deterministic = false
"""
SWEEP = """\
[compare]
config = "direction.toml"
env_steps = 1000
seeds = [1, 2]
[method.reptile]
[method.random]
env_steps = 0
[method.forward]
row = "expert"
task.fixed = [1]
task.mixture = true
[method.backward]
row = "expert"
task.fixed = [-1]
task.mixture = true
"""
SVG = "{http://www.w3.org/2000/svg}"


class PlotTest(ProgramTest):
    """Each test finds a sweep, with a run of each method and seed, and two other runs."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.made = Path(folder.name)
        (cls.made / "direction.toml").write_text(DIRECTION, encoding="utf-8")
        (cls.made / "sweep.toml").write_text(SWEEP, encoding="utf-8")
        cls.make("compare", "sweep.toml", "--dir=sweep")
        cls.make("train", "direction.toml", "--run-dir=slow", "--inner.step_size=0.01",
                 "--meta.iterations=3")

    @classmethod
    def make(cls, *args):
        subprocess.run([ANOLE, *args], cwd=cls.made, check=True, capture_output=True,
                       timeout=DEADLINE)

    def setUp(self):
        super().setUp()
        shutil.copytree(self.made, self.folder, symlinks=True, dirs_exist_ok=True)

    def plot(self, *paths, out="a.svg"):
        """The bytes of a picture, and the warnings on the way to it."""
        result = self.anole("plot", *paths, "--out", out)
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
        self.assertTrue(result.stderr.endswith(f"the picture is in {out}\n"), result.stderr)
        return (self.folder / out).read_bytes(), result.stderr.splitlines()[:-1]

    def svg(self, *paths):
        data, warnings = self.plot(*paths)
        self.assertEqual(warnings, [])
        root = ElementTree.fromstring(data)
        self.assertEqual(root.tag, f"{SVG}svg")
        return root

    def words(self, *paths):
        """What an SVG says of itself: its curves' names, its axes' labels, its caption."""
        root = self.svg(*paths)
        self.assertEqual(root.find(f"{SVG}title").text, "cheetah-direction")
        return root.find(f"{SVG}desc").text

    def curves(self, *paths):
        return re.search(r"Curves: (.*?)\. ", self.words(*paths)).group(1)


class PictureTest(PlotTest):
    def test_png(self):
        data, _ = self.plot("sweep", out="a.png")
        self.assertTrue(data.startswith(b"\x89PNG\r\n\x1a\n"))
        width, height = struct.unpack(">II", data[16:24])
        self.assertEqual(width // 100, 17 if width < 1800 else 18)  # a README's 900, twice as fine
        self.assertGreater(height, 800)
        root = self.svg("sweep")
        self.assertEqual([2 * float(root.get(side).removesuffix("px"))
                          for side in ("width", "height")], [width, height])

    def test_the_same_bytes_each_time(self):
        for out in ("a.svg", "a.pdf", "a.png"):
            self.assertEqual(self.plot("sweep", out=out), self.plot("sweep", out=out))

    def test_pdf_and_svg_have_text(self):
        data, _ = self.plot("sweep", out="a.pdf")
        self.assertTrue(data.startswith(b"%PDF-"))
        self.assertIn(b"/Font", data)
        words = {text.text for text in self.svg("sweep").iter(f"{SVG}text")}
        self.assertTrue({"reptile", "random", "expert", "return", "environment steps"} <= words)

    def test_replaces_a_picture(self):
        self.plot("sweep")
        first = (self.folder / "a.svg").read_bytes()
        self.plot("slow")
        self.assertNotEqual((self.folder / "a.svg").read_bytes(), first)

    def test_colours_of_the_curves(self):
        text = self.plot("sweep")[0].decode()
        self.assertIn("#0072b2", text)  # reptile: blue
        self.assertIn("#009e73", text)  # expert: green
        alone = self.plot("sweep/reptile-1", "sweep/reptile-2")[0].decode()
        self.assertNotIn("#009e73", alone)


class ChoiceTest(PlotTest):
    def words(self, *args):
        result = self.anole("plot", *args, "--out=a.svg")
        self.assertEqual(result.returncode, 0, result.stderr)
        root = ElementTree.parse(self.folder / "a.svg").getroot()
        return {text.text for text in root.iter(f"{SVG}text")}

    def test_title_and_labels(self):
        words = self.words("sweep/reptile-1", "slow", "--title=Two runs", "--labels=fast,slow one")
        self.assertTrue({"Two runs", "fast", "slow one"} <= words, words)
        self.refused("plot", "slow", "--out=a.svg", "--labels=a,b", says=["--labels=a,b", "1 curve"])
        self.assertIn("mine", self.words("slow", "--labels=mine"))

    def test_a_metric(self):
        self.assertIn("inner/kl", self.words("slow", "--metric=inner/kl"))
        self.refused("plot", "slow", "--out=a.svg", "--metric=inner/kll",
                     says=["--metric=inner/kll", "did you mean 'inner/kl'?"])


class SizeTest(PlotTest):
    """--size, in inches of all three formats."""

    def size(self, out, *args):
        data, _ = self.plot("sweep", *args, out=out)
        if out.endswith(".png"):
            return tuple(pixels / 144 for pixels in struct.unpack(">II", data[16:24]))
        if out.endswith(".pdf"):
            for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
                with contextlib.suppress(zlib.error):  # Cairo 1.18 packs the page as well
                    data += zlib.decompressobj().decompress(packed)
            box = re.search(rb"/MediaBox \[ ?0 0 ([0-9.]+) ([0-9.]+) ?\]", data)
            return tuple(float(points) / 72 for points in box.groups())
        root = ElementTree.fromstring(data)
        self.assertTrue(root.get("width").endswith("in"), root.get("width"))
        return tuple(float(root.get(side).removesuffix("in")) for side in ("width", "height"))

    def test_all_formats_alike(self):
        for size, text in ((6.5, 3.5), "6.5x3.5"), ((16, 9), "16x9"):
            for out in ("a.svg", "a.pdf", "a.png"):
                for found, wanted in zip(self.size(out, f"--size={text}"), size, strict=True):
                    self.assertAlmostEqual(found, wanted, delta=0.01)

    def test_all_is_on_the_sheet(self):
        for size in ("5x4", "16x9"):
            root = self.svg("sweep", f"--size={size}")
            _, _, width, height = map(float, root.get("viewBox").split())
            for text in root.iter(f"{SVG}text"):
                self.assertLess(float(text.get("x")), width)
                self.assertLess(float(text.get("y")), height)
            for line in root.iter(f"{SVG}polyline"):
                for point in line.get("points").split():
                    x, y = map(float, point.split(","))
                    self.assertTrue(0 <= x <= width and 0 <= y <= height, (size, x, y))

    def test_what_is_refused(self):
        for size in ("6.5", "x", "6x", "x3", "0x3", "-6x3", "6x3x2", "nanx3", "600x300", "6x3in"):
            self.refused("plot", "sweep", "--out=a.svg", f"--size={size}",
                         says=[f"--size={size}", "inches", "6.5x3"])
        self.refused("plot", "sweep", "--out=a.svg", "--size=2x2", says="too narrow to read")
        self.refused("plot", "sweep", "--out=a.svg", "--size=9x1", says="inches high, or more")


class LogTest(PlotTest):
    """--log, of numbers above 0."""

    def test_x_of_training_alone(self):
        text = self.words("sweep", "--log=x")
        self.assertIn("over environment steps (logarithmic). Adaptation", text)
        self.assertIn("over environment steps of adaptation. ", text)
        self.refused("plot", "sweep/random-1", "--out=a.svg", "--log=x",
                     says="adaptation begins with 0 samples")

    def test_y(self):
        self.refused("plot", "sweep", "--out=a.svg", "--log=y",
                     says=["y cannot be logarithmic, for return is -", "numbers above 0"])
        self.train("lines", config="lines.toml")
        linear, logarithmic = self.svg("lines"), self.svg("lines", "--log=y")
        self.assertIn("The y axis is logarithmic.", logarithmic.find(f"{SVG}desc").text)
        points = [[line.get("points") for line in root.iter(f"{SVG}polyline")]
                  for root in (linear, logarithmic)]
        self.assertNotEqual(points[0], points[1])

    def test_what_is_refused(self):
        self.refused("plot", "slow", "--out=a.svg", "--log=z", says="--log=z: can be x, y or xy")


class FitTest(PlotTest):
    def test_a_fitted_sine(self):
        (self.folder / "sine.toml").write_text(
            '[task]\nfamily = "sine"\n[model]\nhidden = [8]\n[meta]\niterations = 2\n')
        self.assertEqual(self.anole("train", "sine.toml", "--run-dir=sine").returncode, 0)
        result = self.anole("plot", "sine", "--fit=0,1,8", "--task=1", "--out=a.svg")
        self.assertEqual(result.returncode, 0, result.stderr)
        root = ElementTree.parse(self.folder / "a.svg").getroot()
        words = {text.text for text in root.iter(f"{SVG}text")}
        self.assertTrue({"the task", "what is seen of it", "after 1 update", "after 8 updates",
                         "from random parameters"} <= words, words)
        self.assertTrue(any(word.startswith("sine: amplitude") for word in words), words)
        # Ten examples in each panel, in the legend one more, of two circles each.
        ink = [circle for circle in root.iter(f"{SVG}circle") if circle.get("fill") == "#262626"]
        self.assertEqual(len(ink), 2 * 10 + 1)
        self.refused("plot", "slow", "--fit=0", "--out=a.svg", says=["--fit", "anole render"])
        self.refused("plot", "sine", "--task=1", "--out=a.svg", says="--task: is of --fit")
        for flag in ("--labels=a", "--metric=inner/kl"):
            self.refused("plot", "sine", "--fit=0", flag, "--out=a.svg",
                         says=[flag.split("=")[0] + ": is of curves", "--fit"])
        self.refused("plot", "sine", "--fit=0", "--log=x", "--out=a.svg", says="for input is -")
        self.refused("plot", "sine", "--fit=a", "--out=a.svg", says=["--fit=a", "0,1,32"])
        self.refused("plot", "sine", "slow", "--fit=0", "--out=a.svg", says=["--fit: is of one run"])


class PathTest(PlotTest):
    def test_a_line_on_its_way(self):
        self.train("lines", "--meta.iterations=40", config="lines.toml")
        text = self.svg("lines", "--path").find(f"{SVG}desc").text
        self.assertIn("intercept over slope", text)
        self.assertIn("where it ends, in closed form. After 40 iterations", text)
        self.refused("plot", "slow", "--path", "--out=a.svg", says=["--path", "slow has others"])
        self.refused("plot", "lines", "slow", "--path", "--out=a.svg", says="--path: is of one run")
        self.refused("plot", "lines", "--path", "--fit=0", "--out=a.svg", says="only one of them")
        self.refused("plot", "lines", "--path", "--metric=x", "--out=a.svg", says="--path draws none")


class RandomInitTest(PlotTest):
    def test_random_parameters_are_a_curve_beside(self):
        self.done("evaluate", "slow", "--baseline")
        legend = self.curves("slow")
        self.assertTrue(legend.startswith("adaptation of what was learned, of random initial "
                                          "parameters, "), legend)
        self.done("evaluate", "slow")  # the same without: nothing is lost
        self.assertIn(legend, self.plot("slow")[0].decode())
        self.assertNotIn("random", self.plot("slow", "sweep/reptile-1")[0].decode())


class SweepTest(PlotTest):
    def test_rows_are_curves(self):
        self.assertEqual(self.curves("sweep"), "reptile, random, expert, "
                         "training, after 2 of 3 updates, training, before adaptation")
        text = self.words("sweep")
        self.assertIn("Meta-training, on training tasks: return", text)
        self.assertIn("over environment steps. ", text)
        self.assertIn("Adaptation to 2 tasks, also trained on: return over environment steps of "
                      "adaptation. ", text)
        self.assertIn("expert: adapts to 1 task, also trained on each.", text)
        self.assertNotIn("held-out", text)
        self.assertIn("2 seeds: mean; bands and bars reach from the lowest", text)

    def test_its_scores_are_drawn(self):
        before, _ = self.plot("sweep")
        path = self.folder / "sweep" / "results.json"
        results = json.loads(path.read_text())
        results["rows"][0]["updates"][1]["seeds"]["reptile"][0] += 5
        path.write_text(json.dumps(results))
        self.assertNotEqual(self.plot("sweep")[0], before)

    def test_its_metrics_are_drawn(self):
        before, _ = self.plot("sweep")
        path = self.folder / "sweep" / "backward-2" / "metrics.csv"
        lines = path.read_text().splitlines()
        path.write_text("\n".join(lines[:-1]) + "\n")
        self.assertNotEqual(self.plot("sweep")[0], before)

    def test_beside_a_run(self):
        self.assertEqual(self.curves("sweep", "slow").split(", ")[:4],
                         ["reptile", "random", "expert", "slow"])


class RunTest(PlotTest):
    def test_one_run(self):
        self.assertEqual(self.curves("slow"),
                         "training, after 2 of 3 updates, training, before adaptation")
        self.assertNotIn("Adaptation", self.words("slow"))  # it was not evaluated
        self.assertIn("1 seed: no interval", self.words("slow"))

    def test_one_run_that_was_evaluated(self):
        text = self.words("sweep/reptile-1")
        self.assertIn("Adaptation to 2 tasks, also trained on", text)
        self.assertIn("1 seed: bars are the 95 % interval over adaptations to the same tasks, not "
                      "over seeds", text)

    def test_seeds_are_one_curve(self):
        self.assertEqual(self.curves("sweep/reptile-1", "sweep/reptile-2"),
                         "training, after 2 of 3 updates, training, before adaptation")
        self.assertEqual(self.curves("sweep/reptile-1", "slow", "sweep/reptile-2"),
                         "reptile, slow, training, after 2 of 3 updates, training, before adaptation")
        self.assertIn("1 seed: no interval; 2 seeds: mean",
                      self.words("sweep/reptile-1", "slow", "sweep/reptile-2"))

    def test_equal_names_are_told_apart(self):
        self.done("train", "direction.toml", "--run-dir=sweep/slow", "--inner.step_size=0.02",
                  "--meta.iterations=3")
        self.assertTrue(self.curves("slow", "sweep/slow").startswith("slow, sweep/slow, "))

    def test_a_run_that_has_only_evaluations(self):
        text = self.words("sweep/random-1")
        self.assertIn("Adaptation to 2 tasks", text)
        self.assertNotIn("Meta-training", text)

    def test_evaluations_of_older_checkpoints_do_not_count(self):
        self.done("train", "--resume", "sweep/reptile-1", "--meta.iterations=9")
        self.assertNotIn("Adaptation", self.words("sweep/reptile-1"))

    def test_of_several_evaluations_the_one_at_the_runs_own_step_size(self):
        before, _ = self.plot("sweep/reptile-1")
        folder = self.folder / "sweep" / "reptile-1" / "eval"
        [path] = folder.glob("test-*.json")
        self.done("evaluate", "sweep/reptile-1", "--inner.step_size=0")
        self.assertEqual(len(list(folder.glob("test-*.json"))), 2)
        after, told = self.plot("sweep/reptile-1")
        self.assertEqual(after, before)
        self.assertEqual(told, [f"sweep/reptile-1: of 2 evaluations, eval/{path.name} is drawn"])
        self.assertEqual(self.plot("sweep")[1], [], "its table's scores are drawn")
        path.unlink()
        self.assertNotEqual(self.plot("sweep/reptile-1")[0], before)

    def test_evaluations_of_a_run_are_drawn(self):
        self.done("evaluate", "slow", "--goal=1")
        self.done("evaluate", "slow", "--validation")
        self.assertNotIn("Adaptation", self.words("slow"))
        self.done("evaluate", "slow", "--task.horizon=9")
        result = self.anole("plot", "slow", "--out=a.svg")
        self.assertIn("slow: 1 evaluation of other options than the run's is not drawn",
                      result.stderr)
        self.done("evaluate", "slow")
        self.assertIn("Adaptation to 2 tasks, also trained on",
                      self.plot("slow")[0].decode())

    def test_seeds_of_unequal_length(self):
        for seed, iterations in [(1, 6), (2, 3)]:
            self.done("train", "direction.toml", f"--seed={seed}", f"--run-dir=cut-{seed}",
                      f"--meta.iterations={iterations}", "--meta.anneal_iterations=0")
        data, warnings = self.plot("cut-1", "cut-2")
        # Both are one curve only if they differ in nothing but the seed.
        config = self.folder / "cut-2" / "config.toml"
        config.write_text(config.read_text().replace("iterations = 3", "iterations = 6"))
        data, warnings = self.plot("cut-1", "cut-2")
        says = ("cut: its learning curve ends with its shortest run, at 720 environment steps; 1 of 2 "
                "runs go on, to 1440 at most")
        self.assertEqual([says in warning for warning in warnings], [True], warnings)
        self.assertIn(says, ElementTree.fromstring(data).find(f"{SVG}desc").text)

    def test_runs_of_other_tasks_are_told(self):
        self.done("train", "direction.toml", "--run-dir=long", "--task.horizon=40",
                  "--meta.iterations=1")
        data, warnings = self.plot("slow", "long")
        says = "not the same tasks: task.horizon is 20 (slow), 40 (long)"
        self.assertEqual([says in warning for warning in warnings], [True], warnings)
        self.assertIn(says, ElementTree.fromstring(data).find(f"{SVG}desc").text)
        # The unit of a policy's outputs is its own affair.
        self.done("train", "direction.toml", "--run-dir=scaled", "--task.action_range=10",
                  "--meta.iterations=1")
        _, warnings = self.plot("slow", "scaled")
        self.assertNotIn("not the same tasks", "\n".join(warnings))

    def test_numbers_of_updates_are_each_runs_own(self):
        self.done("train", "direction.toml", "--run-dir=five", "--inner.updates=5",
                  "--meta.iterations=1")
        self.done("train", "direction.toml", "--run-dir=maml", "--inner.updates=2",
                  "--meta.gradient=maml", "--meta.iterations=1")
        self.assertIn("training, after 2 updates", self.curves("maml"))
        text = self.words("slow", "five", "maml")
        self.assertIn("training, after updates, see below", text)
        self.assertIn("In training, after: slow 2 of 3 updates, five 4 of 5 updates, maml 2 updates.",
                      text)

    def test_losses(self):
        self.train("lines", config="lines.toml")
        root = self.svg("lines")
        self.assertEqual(root.find(f"{SVG}title").text, "linear-regression")
        self.assertIn("loss over examples", root.find(f"{SVG}desc").text)

    def test_seeds_that_are_not_evaluated_are_warned_of(self):
        shutil.rmtree(self.folder / "sweep" / "reptile-2" / "eval")
        _, warnings = self.plot("sweep/reptile-1", "sweep/reptile-2")
        self.assertEqual(len(warnings), 1)
        self.assertIn("warning: reptile: no adaptation curve, for 1 of 2 runs", warnings[0])

    def test_a_last_row_that_is_being_written(self):
        before, _ = self.plot("slow")
        with open(self.folder / "slow" / "metrics.csv", "a", encoding="utf-8") as file:
            file.write("4,9999999,1,2")  # of 25.6, for instance
        self.assertEqual(self.plot("slow")[0], before)


class ErrorTest(PlotTest):
    def wrong(self, *args, says, out="a.svg"):
        self.refused("plot", *args, *([f"--out={out}"] if out else []), says=says)

    def test_arguments(self):
        self.wrong(says="missing argument: RUN or SWEEP")
        self.wrong("slow", out=None, says="--out is missing")
        self.wrong("slow", out="a.eps", says="--out=a.eps: must end in .svg, .pdf or .png")
        self.wrong("slow", out="picture", says="--out=picture: must end in .svg, .pdf or .png")

    def test_output(self):
        (self.folder / "folder.png").mkdir()
        self.wrong("slow", out="no/a.svg", says="--out=no/a.svg: there is no folder")
        self.wrong("slow", out="folder.png", says="--out=folder.png: is a folder, not a file")
        self.wrong("slow", out="/proc/a.svg", says="--out=/proc/a.svg: cannot be written")

    def test_paths(self):
        (self.folder / "empty").mkdir()
        self.wrong("nowhere", says="nowhere: no such run directory")
        self.wrong("slow", "nowhere", says="nowhere: no such run directory")
        self.wrong("empty", says=["empty: neither a run", "nor a sweep"])
        self.wrong("direction.toml", says="direction.toml: is a config, no run")

    def test_twice_the_same_run(self):
        self.wrong("slow", "./slow", says="./slow: is the same as slow (config and seed)")

    def test_families(self):
        self.train("other", "--meta.iterations=1")
        self.wrong("slow", "other", says=["other: is of cheetah-velocity", "one family"])
        self.wrong("sweep", "other", says="other: is of cheetah-velocity")

    def test_nothing_to_draw(self):
        self.train("new", "--meta.iterations=0")
        self.wrong("new", says="new: has nothing to draw: no row in metrics.csv, no evaluation")

    def test_damage(self):
        (self.folder / "slow" / "metrics.csv").write_text("iteration,env_steps\n1,240\n")
        self.wrong("slow", says="slow/metrics.csv: has no column of '/before'")
        self.write("sweep/results.json", '{"rows": [{"name": 3}]}')
        self.wrong("sweep", says="sweep/results.json: is no result of `anole compare`")
        self.write("sweep/results.json", "{")
        self.wrong("sweep", says="sweep/results.json: is no result of `anole compare`")
        for path in (self.folder / "sweep" / "reptile-1" / "eval").iterdir():
            path.write_text("{}")
        self.wrong("sweep/reptile-1", says="is no evaluation by anole, or damaged")

    def test_a_sweep_without_its_runs(self):
        shutil.rmtree(self.folder / "sweep" / "reptile-2")
        self.wrong("sweep", says="sweep/reptile-2: no such run directory")


if __name__ == "__main__":
    unittest.main()
