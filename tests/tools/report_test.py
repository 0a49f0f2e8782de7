#!/usr/bin/env python3
"""`anole report`: one file of HTML that is whole, true and the same each time."""

import json
import re
import shutil
import unittest
from html.parser import HTMLParser

from program import CHEETAH, ProgramTest

VOID = {"meta", "link", "br", "img", "input", "hr", "rect", "circle", "polyline", "polygon"}
SWEEP = """\
[compare]
config = "cheetah.toml"
env_steps = 1500
seeds = [1, 2]
[method.reptile]
[method.joint]
task.mixture = true
"""


class Reader(HTMLParser):
    """Fails on what is not closed in order; keeps the words of tables, and what is linked to."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.rows, self.links, self.text, self.ids = [], [], [], "", []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "href", "xlink:href"):
                self.links.append(value)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data


def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == [], reader.open
    return reader


class ReportTest(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "cheetah.toml").write_text(CHEETAH, encoding="utf-8")

    def train(self, name="a-1", *options):
        self.run_anole("train", "cheetah.toml", f"--run-dir={name}", "--meta.iterations=3",
                       *options)
        self.run_anole("evaluate", name)

    def run_anole(self, *args):
        result = self.anole(*args)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def report(self, *args):
        self.run_anole("report", *args, "--out=page.html")
        return (self.folder / "page.html").read_text(encoding="utf-8")

    def test_of_a_run(self):
        self.train()
        page = self.report("a-1", "--no-films", "--title=Runs & <walks>")
        reader = read(page)
        self.assertIn("Runs & <walks>", reader.text)
        self.assertEqual([link for link in reader.links if not link.startswith("data:")], [])
        self.assertNotIn("http", page.replace("http://www.w3.org/2000/svg", ""))
        scores = json.loads(next((self.folder / "a-1/eval").glob("*.json")).read_text())
        means = [update["return"]["mean"] for update in scores["updates"]]
        shown = [row[2] for row in reader.rows if len(row) > 4 and row[0] in ("0", "1")][:2]
        for value, text in zip(means, shown, strict=False):
            self.assertAlmostEqual(value, float(text), delta=0.06 * max(1, abs(value)))
        self.assertIn("step_size_decay", reader.text)
        self.assertIn("anole train cheetah.toml --run-dir=a-1", reader.text.replace("\n", " "))
        self.assertIn("inner/kl", reader.text)
        self.assertEqual(self.report("a-1", "--no-films", "--title=Runs & <walks>"), page)
        self.assertLess(len(page), 200_000)

    def test_films_are_within(self):
        if shutil.which("ffmpeg") is None:
            self.skipTest("no ffmpeg")
        self.train()
        result = self.anole("report", "a-1", "--out=page.html")
        if result.returncode == 1 and "draw" in result.stderr:
            self.skipTest(result.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        films = re.findall(r'src="data:video/mp4;base64,([A-Za-z0-9+/=]+)"', page)
        self.assertEqual(len(films), 2)
        self.assertLess(len(page), 5_000_000)
        self.assertIn("worst task", page)
        self.assertIn("best task", page)

    def test_of_seeds_and_of_a_comparison(self):
        self.train("a-1")
        self.train("a-2", "--seed=2")
        reader = read(self.report("a-1", "a-2"))
        self.assertIn("2 runs, of seeds 1, 2", reader.text)
        (self.folder / "sweep.toml").write_text(SWEEP, encoding="utf-8")
        self.run_anole("compare", "sweep.toml", "--dir=sweep")
        reader = read((self.folder / "sweep/report.html").read_text(encoding="utf-8"))
        self.assertIn("of 2 methods", reader.text)
        names = [row[0] for row in reader.rows]
        self.assertIn("reptile", names)
        self.assertIn("joint", names)

    def test_what_is_refused(self):
        self.train()
        for args, says in ((["a-1"], "--out is missing"),
                           (["a-1", "--out=a.txt"], "--out=a.txt: must end in .html"),
                           (["--out=a.html"], "missing argument: RUN or SWEEP"),
                           (["none", "--out=a.html"], "none"),
                           (["a-1", "--out=no/a.html"], "there is no folder")):
            result = self.anole("report", *args)
            self.assertEqual(result.returncode, 2, args)
            self.assertIn(says, result.stderr)
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertFalse((self.folder / "a.html").exists())


if __name__ == "__main__":
    unittest.main()
