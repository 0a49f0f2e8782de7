#!/usr/bin/env python3
"""Inputs to begin fuzzing with: files of configs/, and what small real runs leave behind.

  ANOLE=build/release/anole tests/fuzz/seeds.py FOLDER

Writes FOLDER/HARNESS/NAME for each harness. tools/fuzz calls it, and adds what it finds.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ANOLE = Path(os.environ.get("ANOLE", ROOT / "build/release/anole")).resolve()
CONFIGS = ROOT / "configs"
TABLE = "@@ "  # begins a file in an input of several (FilesOf in harness.h)


def run(*words):
    subprocess.run([ANOLE, *map(str, words)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def safetensors(tensors, metadata):
    """The bytes of a file: tensors as (name, shape, numbers), integers as I64."""
    header, data = {"__metadata__": metadata}, b""
    for name, shape, numbers in tensors:
        whole = all(isinstance(number, int) for number in numbers)
        values = struct.pack(f"<{len(numbers)}{'q' if whole else 'd'}", *numbers)
        header[name] = {"dtype": "I64" if whole else "F64", "shape": shape,
                        "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


def state(checksum=False):
    """A training state of the layout that the harness expects."""
    metadata = {"format": "anole-state-1", "optimizer": "adam"}
    if checksum:
        metadata["checksum"] = "0123456789abcdef"
    return safetensors([("w", [2], [0.5, -1.0]), ("c", [1], [2.0]),
                        ("outer_optimizer", [3], [0.1, 0.2, 0.3]), ("iteration", [], [4]),
                        ("samples", [], [400]), ("direction_norm", [], [0.25]),
                        ("best/score", [], [1.5]), ("best/iteration", [], [2]),
                        ("best/validations_since", [], [0]), ("average", [2], [0.5, 0.5])],
                       metadata)


def png(width, height, color, depth=8):
    """A picture of a ramp. color: 0 gray, 2 red green blue, 3 palette, 4 gray and alpha, 6 all."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    row = width * channels * depth // 8
    rows = b"".join(b"\0" + bytes((x * 7 + y) % (4 if color == 3 else 256) for x in range(row))
                    for y in range(height))

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content)))

    palette = chunk(b"PLTE", bytes(range(12))) if color == 3 else b""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + palette +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def several(files):
    """An input of several files."""
    return b"".join(f"{TABLE}{name}\n".encode() + (content if content.endswith(b"\n") else
                                                   content + b"\n")
                    for name, content in files.items())


class Seeds:
    def __init__(self, folder):
        self.folder = folder

    def add(self, harness, name, content):
        file = self.folder / harness / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def of_configs(self):
        specs = [*CONFIGS.glob("compare/*.toml"), *CONFIGS.glob("tune/*.toml")]
        for file in [*CONFIGS.glob("*.toml"), *specs]:
            self.add("toml", file.name, file.read_bytes())
        for file in CONFIGS.glob("*.toml"):
            self.add("config", file.name, file.read_bytes())
        for file in specs:
            text = file.read_text()
            for config in ["cheetah-direction", "few-shot", "cheetah-velocity", "point-navigation"]:
                text = text.replace(f"../{config}.toml", "../cheetah-velocity.toml")
            self.add("spec", f"{file.parent.name}-{file.name}", text)
        self.add("spec", "small", SPEC)
        for name in ["cart_pole", "quadruped"]:
            for harness in ["task_file", "toml"]:
                self.add(harness, name, (CONFIGS / f"robots/{name}.toml").read_bytes())
            self.add("mjcf", name, (CONFIGS / f"robots/{name}.xml").read_bytes())
        for file in CONFIGS.glob("robots/field/*.toml"):
            text = file.read_text()
            self.add("toml", f"field-{file.name}", text)
            self.add("task_file", f"field-{file.name}", text)
            for number, line in enumerate(text.splitlines()):
                if line.startswith(("is = ", "formula = ")):
                    self.add("formula", f"{file.stem}-{number}", line.split("=", 1)[1].strip(' "'))
        for number, formula in enumerate(FORMULAS):
            self.add("formula", str(number), formula)
        for number, motion in enumerate(MOTIONS):
            self.add("motion", str(number), motion)
        self.add("task_file", "followed",
                 (CONFIGS / "robots/cart_pole.toml").read_text() + FOLLOWED)
        for file in (ROOT / "envs/models").glob("*.xml"):
            self.add("mjcf", file.name, file.read_bytes())
        for number, words in enumerate(LINES):
            self.add("command_line", str(number), "\n".join(words))

    def of_bytes(self):
        self.add("safetensors", "state", state())
        self.add("safetensors", "wrong-checksum", state(checksum=True))
        self.add("safetensors", "empty", safetensors([], {}))
        for color in [0, 2, 3, 4, 6]:
            self.add("picture", f"color-{color}", png(30, 29, color))
        self.add("picture", "deep", png(6, 5, 0, 16))
        self.add("picture", "small", png(1, 1, 0))

    def of_runs(self, scratch):
        """What real runs leave."""
        lines, points = scratch / "lines", scratch / "points"
        run("train", CONFIGS / "linear-regression.toml", "--run-dir", lines, "--quiet",
            "--meta.iterations=4", "--run.checkpoint_every=2", "--validation.every=2",
            "--validation.tasks=2", "--evaluation.tasks=2")
        run("train", CONFIGS / "point-navigation.toml", "--run-dir", points, "--quiet",
            "--meta.iterations=1", "--task.horizon=4", "--inner.rollouts=2", "--meta.batch_size=2",
            "--inner.updates=1", "--evaluation.updates=1", "--evaluation.tasks=2",
            "--evaluation.rollouts=2", "--policy.hidden=3")
        for folder in [lines, points]:
            run("evaluate", folder)
            csv, jsonl = ((folder / f"metrics.{end}").read_bytes() for end in ["csv", "jsonl"])
            self.add("metrics", folder.name, csv + several({"jsonl": jsonl}))
            self.add("history", folder.name, (folder / "meta.json").read_bytes())
            self.add("config", folder.name, (folder / "config.toml").read_bytes())
            evaluation = next((folder / "eval").iterdir()).read_bytes()
            self.add("evaluation", folder.name, evaluation)
            self.add("safetensors", folder.name, next(folder.glob("checkpoints/step*/*")).read_bytes())
        for name, text in METRICS.items():
            self.add("metrics", name, text)
        for end in ["csv", "jsonl"]:
            run("record", points, "--goal=0.1,0.2", "--out", scratch / f"episodes.{end}")
            self.add("episodes", end, (scratch / f"episodes.{end}").read_bytes())
        run("export", points, "--goal=0.1,0.2", "--out", scratch / "export")
        self.add("policy", "points", (scratch / "export/policy.json").read_bytes())
        self.of_folder(lines)

    def of_folder(self, lines):
        """A run's folder and a comparison's, whose own run is the zoo's."""
        def bytes_of(name):
            return (lines / name).read_bytes()

        evaluation = next((lines / "eval").iterdir()).read_bytes()
        entry = CONFIGS / "zoo/linear-regression"
        checkpoint = next(entry.glob("checkpoints/*/*")).read_bytes()
        for number, files in enumerate([
                {"config.toml": bytes_of("config.toml"), "meta.json": bytes_of("meta.json")},
                {"metrics.csv": bytes_of("metrics.csv"), "metrics.jsonl": bytes_of("metrics.jsonl")},
                {"eval/test.json": evaluation, "lock": b"12 host\n"},
                {"expected.json": (entry / "expected.json").read_bytes()},
                {"checkpoints/step_000200/state.safetensors": checkpoint},
                {"task/files.txt": b"0123456789abcdef  robot.toml\n"}]):
            self.add("run_folder", str(number), several(files))
        self.add("sweep", "results", json.dumps(RESULTS) + "\n" + TABLE + "score\n" +
                 json.dumps(SCORE) + "\n")


SPEC = """[compare]
config = "../linear-regression.toml"
env_steps = 4000
seeds = [1, 2]
[tune]
trials = 2
env_steps = 4000
rungs = 1
seeds = [101]
tasks = 1
[all]
evaluation.tasks = 3
[all.space]
meta.batch_size = [2, 4]
[method.reptile]
row = "all"
[method.reptile.space]
inner.step_size = [0.1, 0.3]
[method.joint]
task.mixture = true
[method.random]
env_steps = 0
"""
FORMULAS = ["1", "-2 ^ 2 * 3 <= 4 and not 1 or 0", "z('cart') + vx('pole') > 0.1",
            "sum('cart, pole', z('@'))", "start(distance('cart', 'pole'))",
            "10 * tolerance(distance('tip', 'cart'), 0, 0.05, 1) - wanted",
            "min(1, max(2, 3)) + exp(-abs(pi))", "((((1))))",
            "motion_at('swing', 'hip', motion_left('swing')) - motion_rate('swing', 'hip')"]
MOTIONS = ["time,hip\n0,1\n0.5,2\n1,1e-3\n", "time,clip,hip,knee\n0,0,1,2\n1,0,3,4\n5,1,1,2\n9,1,3,4\n",
           '\ufeff"hip", "time"\r\n"1", "0"\r\n\r\n2,1\r\n']
FOLLOWED = """
[[motion]]
name = "swing"
file = "swing.csv"
range = [0, 1]
test_range = [1, 1]
begin = [0, 0.5]
[[observation]]
term = "motion"
motion = "swing"
ahead = 0.1
[[reward]]
name = "follow"
term = "formula"
formula = "-abs(motion('swing', 'pole') - joint('pole'))"
"""
LINES = [["sine", "--run-dir", "x", "--threads=3"], ["--goal", "-2,2", "--quiet"],
         ["--task.range=-2,2", "--meta.optimizer", "adam", "--ratio=.5"],
         ["--task.family=robot", "--task.file=a.toml"], ["--", "-1"], ["-h"],
         ["--inner.step_size=1e-3", "--policy.hidden", "3,4", "--meta.gradinet=maml"]]
METRICS = {"saved-by-a-spreadsheet": "\ufeff\"iteration\";a\r\n1;0,5\r\n2;\"0,25\"\r\n" + TABLE +
           'jsonl\n{"iteration":1,"a":0.5}\n{"iteration":2,"a":0.25}\n',
           "with-gaps": "iteration,a\n1,\n2,0.5\n3,1e300"}
RESULTS = {"score": "loss", "seeds": [1], "rows": [
    {"name": "reptile", "methods": [{"name": "reptile"}],
     "updates": [{"update": 0, "samples": 0, "seeds": {"reptile": [1.5]}},
                 {"update": 1, "samples": 10, "seeds": {"reptile": [None]}}]}]}
SCORE = {"scores": [1.0, 0.5], "samples": 10, "failure": "", "options": {}}


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__, end="")
        sys.exit(len(sys.argv) != 2)
    seeds = Seeds(Path(sys.argv[1]))
    scratch = Path(tempfile.mkdtemp(prefix="anole-seeds-"))
    try:
        seeds.of_configs()
        seeds.of_bytes()
        seeds.of_runs(scratch)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
