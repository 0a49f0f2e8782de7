#!/usr/bin/env python3
"""`anole report`: one file of HTML that is whole, true and the same each time.

html5lib (the package python3-html5lib) reads it as browsers do; without it, that is skipped.
"""

import json
import re
import shutil
import sys
import unittest
from html.parser import HTMLParser

from program import CHEETAH, ProgramTest

# Of the distribution, for its own Python; plain Python, so that others read it as well.
sys.path.append("/usr/lib/python3/dist-packages")
try:
    import html5lib
except ImportError:
    html5lib = None

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


def faults(page):
    """What a validator would say of a page: errors of its syntax, ids that are there twice, and what
    has no words for who cannot see it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page)
    found = [f"line {place[0]}: {name} {details}" for place, name, details in parser.errors]
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    found += [f"id {name} {ids.count(name)} times" for name in set(ids) if ids.count(name) > 1]
    found += [f"{name} leads nowhere" for element in tree.iter()
              if (name := element.get("href", "")).startswith("#") and name[1:] not in ids]
    svg = "{http://www.w3.org/2000/svg}"
    for element in tree.iter():
        tag = str(element.tag)
        if tag == "img" and not element.get("alt"):
            found.append("an image without alt")
        if tag in ("video", "input", "select", "textarea") and not element.get("aria-label"):
            found.append(f"{tag} without a label")
        if tag == f"{svg}svg" and not (element.get("role") == "img" and
                                       element.findtext(f"{svg}title")):
            found.append("a figure without a title")
        if tag == "th" and not "".join(element.itertext()).strip():
            found.append("a column without a name")
        if tag == "table" and len({sum(int(cell.get("colspan", 1)) for cell in row)
                                   for row in element.iter("tr")}) != 1:
            found.append("rows of unequal length")
    if not tree.get("lang") or not tree.findtext("head/title"):
        found.append("no language, or no title")
    return found


class ReportTest(ProgramTest):
    def check(self, page):
        if html5lib is not None:
            self.assertEqual(faults(page), [])

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
        self.check(page)
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
        self.check(page)
        films = re.findall(r'src="data:video/mp4;base64,([A-Za-z0-9+/=]+)"', page)
        self.assertEqual(len(films), 2)
        self.assertLess(len(page), 5_000_000)
        self.assertIn("worst task", page)
        self.assertIn("best task", page)

    def test_of_seeds_and_of_a_comparison(self):
        self.train("a-1")
        self.train("a-2", "--seed=2")
        page = self.report("a-1", "a-2")
        self.check(page)
        reader = read(page)
        self.assertIn("2 runs, of seeds 1, 2", reader.text)
        (self.folder / "sweep.toml").write_text(SWEEP, encoding="utf-8")
        self.run_anole("compare", "sweep.toml", "--dir=sweep")
        page = (self.folder / "sweep/report.html").read_text(encoding="utf-8")
        self.check(page)
        reader = read(page)
        self.assertIn("of 2 methods", reader.text)
        self.assertEqual(page.count("compare sweep.toml"), 1, "one command made all of the runs")
        names = [row[0] for row in reader.rows]
        self.assertIn("reptile", names)
        self.assertIn("joint", names)

    def test_random_parameters_are_shown_beside(self):
        self.train("a-1")
        self.assertNotIn("random initial parameters", self.report("a-1", "--no-films"))
        self.run_anole("evaluate", "a-1", "--baseline")
        page = self.report("a-1", "--no-films")
        self.check(page)
        files = (self.folder / "a-1/eval").glob("*.json")
        [kept] = [record for file in files
                  if "baseline" in (record := json.loads(file.read_text()))]
        rows = read(page).rows
        column = rows[0].index("random initial parameters")
        for update, row in zip(kept["baseline"], rows[1:], strict=False):
            mean = update["return"]["mean"]
            self.assertAlmostEqual(mean, float(row[column]), delta=0.06 * max(1, abs(mean)))
        self.assertIn("of random initial parameters", page)  # the curve's name
        self.train("a-2", "--seed=2")
        self.run_anole("evaluate", "a-2", "--baseline")
        rows = read(self.report("a-1", "a-2")).rows
        self.assertEqual([row[0] for row in rows[1:3]], ["a", "random initial parameters"])

    @unittest.skipIf(html5lib is None, "no html5lib (package python3-html5lib)")
    def test_faults_are_found(self):
        page = ('<!DOCTYPE html><html lang="en"><head><title>a</title></head>'
                '<body id="a"><p id="b">c</p></body></html>')
        self.assertEqual(faults(page), [])
        for right, wrong in (("<p id=\"b\">", "<p id=\"a\">"), ("</p>", "<div></p>"),
                             ("c", "<img src='a'>"), (" lang=\"en\"", ""), ("c", "<a href='#c'>"),
                             ("<!DOCTYPE html>", ""), ("c", "<video></video>")):
            self.assertNotEqual(faults(page.replace(right, wrong)), [], wrong)

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
