#!/usr/bin/env python3
"""Numbers that run away: the run stops with a reason, its last finite state is kept and can be gone
on with, and nothing that is not finite is ever taken for a result."""

import json
import math
import shutil
import struct
import unittest

from program import SOURCE_DIR, ProgramTest, checkpoint, iterations_stored, metrics, stored_options, tree

# Outer steps along gradients, as long as Reptile's.
RUNAWAY = """\
[task]
family = "point-navigation"
horizon = 20
[inner]
updates = 2
rollouts = 4
[meta]
iterations = 300
batch_size = 4
gradient = "promp"
step_size = 3
[evaluation]
tasks = 3
rollouts = 4
updates = 2
"""

# Updates that break the parameters of every task.
BREAKING = """\
[task]
family = "linear-regression"
[inner]
step_size = 1e6
[meta]
iterations = 0
[evaluation]
tasks = 3
updates = 20
"""

SPEC = """\
[compare]
config = "calm.toml"
env_steps = 20000
seeds = [1, 2]
[method.calm]
[method.wild]
meta.gradient = "promp"
meta.step_size = 3
inner.max_step_norm = 0
"""

RAN_AWAY = "the outer step would move the adapted policies by a KL divergence of "


def doubles(file):
    """name -> (offset in the file, values)"""
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    found = {}
    for name, tensor in json.loads(data[8:8 + size]).items():
        if name != "__metadata__" and tensor["dtype"] == "F64":
            begin, end = (8 + size + offset for offset in tensor["data_offsets"])
            found[name] = begin, struct.unpack(f"<{(end - begin) // 8}d", data[begin:end])
    return found


class DivergenceTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("wild.toml", RUNAWAY)
        self.write("breaking.toml", BREAKING)

    def fails(self, *args):
        """The one line of a failure at run time, after warnings."""
        result = self.anole(*args)
        self.assertEqual(result.returncode, 1, result.stderr)
        lines = [line for line in result.stderr.splitlines() if "warning" not in line]
        self.assertEqual(len(lines), 1, result.stderr)
        return lines[0]

    def diverge(self, run, *args):
        line = self.fails("train", "wild.toml", "--run-dir", run, "--quiet", *args)
        return self.folder / run, line

    def assert_finite(self, run):
        for iteration in iterations_stored(run):
            for name, (_, values) in doubles(checkpoint(run, iteration)).items():
                if name not in ("best/score", "direction_norm"):
                    self.assertTrue(all(map(math.isfinite, values)), name)

    def start(self, run):
        return json.loads((run / "meta.json").read_text(encoding="utf-8"))["starts"][-1]

    def compare(self):
        """The document that a comparison leaves."""
        self.done("compare", "spec.toml", "--quiet")
        return (self.folder / "runs/compare-spec/table.md").read_text(encoding="utf-8")

    def test_a_run_stops_before_it_stores_what_is_not_finite(self):
        run, line = self.diverge("run", "--run.keep_last=1", "--run.checkpoint_every=1000")
        rows = metrics(run)
        failed = len(rows) + 1
        self.assertGreater(failed, 1)
        self.assertLess(failed, 300)
        self.assertIn(f"iteration {failed}: ", line)
        self.assertIn(RAN_AWAY, line)
        self.assertIn("; make meta.step_size (now 3.0) smaller", line)
        self.assertIn("train --resume run --meta.step_size=0.3", line)
        self.assertEqual(iterations_stored(run), [failed - 1])
        self.assertEqual((run / "checkpoints/latest").resolve(),
                         checkpoint(run, failed - 1).parent.resolve())
        self.assert_finite(run)
        start = self.start(run)
        self.assertEqual((start["ended"], start["iteration"]), ("diverged", failed - 1))
        self.assertEqual(start["diverged"]["iteration"], failed)
        told = self.done("info", "run")
        self.assertIn(f"iteration {failed}: ", told)
        self.assertIn(RAN_AWAY, told)
        self.assertIn(RAN_AWAY, (run / "log.txt").read_text(encoding="utf-8"))

    def test_the_steps_that_ran_away_are_named(self):
        self.write("critic.toml", RUNAWAY.replace("[inner]\n", '[inner]\nbaseline = "critic"\n')
                   .replace('gradient = "promp"\nstep_size = 3\n', ""))
        train = ["train", "critic.toml", "--quiet", "--overwrite", "--run-dir=run"]
        line = self.fails(*train, "--critic.step_size=1000")
        self.assertIn("times as long as theta itself, most of it in the critic; make "
                      "critic.step_size (now 1000.0) smaller, or meta.step_size", line)
        self.assertIn("--resume run --critic.step_size=100\n", line + "\n")
        self.done("train", "--resume", "run", "--critic.step_size=0.01", "--meta.iterations=1")
        line = self.fails(*train, "--policy.log_std=-20", "--inner.max_step_norm=0")
        self.assertIn("most of it in the policy; make inner.step_size (now 0.3) smaller", line)
        self.assertIn("with more noise, policy.log_std (now -20.0), a new run", line)

    def test_it_is_gone_on_with_by_smaller_steps_only(self):
        run, line = self.diverge("run")
        stored = iterations_stored(run)[-1]
        again = self.fails("train", "--resume", "run", "--quiet")
        self.assertEqual(again.partition("; make")[0], line.partition("; make")[0])
        self.refused("train", "--resume", "run", "--run.seed=2", says="run.seed is 1 in this run")
        self.done("train", "--resume", "run", "--meta.step_size=0.001",
                  f"--meta.iterations={stored + 2}")
        self.assertEqual(stored_options(run)["meta"]["step_size"], 0.001)
        self.assertIn("--meta.step_size=0.001", (run / "command.txt").read_text(encoding="utf-8"))
        self.assertIn("meta.step_size is 0.001 from here on",
                      (run / "log.txt").read_text(encoding="utf-8"))
        self.assertEqual([int(row["iteration"]) for row in metrics(run)],
                         list(range(1, stored + 3)))
        self.assertEqual(self.start(run)["ended"], "finished")
        self.refused("train", "--resume", "run", "--meta.step_size=0.01",
                     says="meta.step_size is 0.001 in this run")

    def test_being_killed_at_once_changes_nothing(self):
        run, _ = self.diverge("run")
        stored = iterations_stored(run)[-1]
        # As a process leaves it that is killed before its first checkpoint.
        config = run / "config.toml"
        config.write_text(config.read_text().replace("step_size = 3.0", "step_size = 0.002"))
        meta = json.loads((run / "meta.json").read_text(encoding="utf-8"))
        killed = {name: value for name, value in meta["starts"][-1].items()
                  if name not in ("diverged", "iteration")}
        meta["starts"].append(killed | {"end": None, "ended": "running"})
        (run / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        more = f"--meta.iterations={stored + 1}"
        self.assertIn(RAN_AWAY, self.done("info", "run"))
        self.done("train", "--resume", "run", "--meta.step_size=0.001", more)
        self.assertEqual(iterations_stored(run)[-1], stored + 1)
        self.assertNotIn(RAN_AWAY, self.done("info", "run"))

    def test_a_run_that_never_diverged_keeps_its_steps(self):
        self.train("run", config="lines.toml")
        self.refused("train", "--resume", "run", "--inner.step_size=0.001", says="cannot become")

    def test_seeds_go_on_with_the_others_and_do_not_try_again(self):
        command = ["train", "wild.toml", "--run-dir=run", "--seeds=1,2", "--quiet"]
        first = self.anole(*command)
        self.assertEqual(first.returncode, 1, first.stderr)
        lines = [line for line in first.stderr.splitlines() if "warning" not in line]
        self.assertEqual(len(lines), 2, first.stderr)
        before = tree(self.folder)
        again = self.anole(*command)
        self.assertEqual(again.returncode, 1)
        self.assertEqual(again.stderr.count("has diverged: iteration "), 2, again.stderr)
        self.assert_same_files(tree(self.folder), before)

    def test_a_run_that_counts_no_step_ends(self):
        # A motor so strong that every episode diverges in its first step.
        robots = SOURCE_DIR / "configs/robots"
        self.write("cart.toml", (robots / "cart_pole.toml").read_text().replace(
            "cart_pole.xml", "cart.xml"))
        self.write("cart.xml", (robots / "cart_pole.xml").read_text().replace(
            'gear="15"', 'gear="1e14"'))
        self.write("still.toml", '[task]\nfamily = "robot"\nfile = "cart.toml"\n[policy]\n'
                   "hidden = [8]\n[inner]\nupdates = 2\nrollouts = 2\n[meta]\nbatch_size = 2\n"
                   "iterations = 1000000\n[run]\nmax_env_steps = 1000\n")
        line = self.fails("train", "still.toml", "--run-dir=run", "--quiet")
        self.assertIn("iteration 10: in the last 10 every episode diverged at once", line)
        self.assertEqual(len(metrics(self.folder / "run")), 10)
        self.assertIn("every episode diverges", self.done("info", "run"))

    def test_files_that_are_not_finite_are_refused(self):
        run = self.train("run", "--meta.iterations=1", "--meta.step_size=0.001",
                         config="wild.toml")
        good = checkpoint(run, 1).read_bytes()
        size = struct.unpack("<Q", good[:8])[0]
        header = json.loads(good[8:8 + size])
        del header["__metadata__"]["checksum"]
        text = json.dumps(header).encode()
        for tensor in ["policy/0/weight", "observation/mean"]:
            tensor = next(name for name in header if name.startswith(tensor.split("/")[0]))
            bad = bytearray(struct.pack("<Q", len(text)) + text + good[8 + size:])
            offset = 8 + len(text) + header[tensor]["data_offsets"][0]
            bad[offset:offset + 8] = struct.pack("<d", math.nan)
            (self.folder / "bad.safetensors").write_bytes(bad)
            says = ["bad.safetensors: tensor " + tensor, "not finite"]
            self.refused("evaluate", "run", "--theta=bad.safetensors", says=says)
            self.refused("render", "run", "--theta=bad.safetensors", says=says)
            self.refused("train", "wild.toml", "--run-dir=other",
                         "--run.initial=bad.safetensors", says=says)
        checkpoint(run, 1).write_bytes(bad)
        for command in [["evaluate", "run"], ["adapt", "run", "--goal=0.1,0.1", "--out=phi"],
                        ["render", "run"], ["train", "--resume", "run", "--meta.iterations=2"]]:
            self.refused(*command, says=["step_000001/state.safetensors", "not finite"])

    def test_parameters_that_updates_break_are_no_result(self):
        self.train("run", config="breaking.toml")
        table = self.done("evaluate", "run", "--quiet")
        rows = {row.split()[0]: row for row in table.splitlines() if row.strip()[:1].isdigit()}
        self.assertNotIn("failed", rows["1"])
        self.assertIn("failed", rows["20"])
        self.assertRegex(table, r"failed: on (\d) of \1 tasks updates break the parameters")
        self.assertIn("make inner.step_size smaller", table)
        self.assertNotIn("nan", table)
        last = json.loads(self.done("evaluate", "run", "--json", "--quiet"))["updates"][-1]
        self.assertIsNone(last["loss"]["mean"])
        self.assertGreater(last["failed_tasks"], 0)
        line = self.fails("adapt", "run", "--goal=1,2,0", "--out=phi.safetensors", "--quiet")
        self.assertIn("make inner.step_size smaller", line)
        self.assertFalse((self.folder / "phi.safetensors").exists())

    def test_a_comparison_shows_what_failed_and_goes_on(self):
        self.write("calm.toml", RUNAWAY.replace('gradient = "promp"\nstep_size = 3\n', ""))
        self.write("spec.toml", SPEC)
        table = self.compare()
        rows = {line.split("|")[1].strip(): line for line in table.splitlines() if "|" in line}
        self.assertNotIn("failed", rows["calm"])
        self.assertIn("failed (failed, failed)", rows["wild"])
        self.assertNotIn("nan", table)
        for seed in [1, 2]:
            self.assertRegex(table, rf"(?m)^- wild, seed {seed} diverged: iteration \d+: ")
        results = json.loads((self.folder / "runs/compare-spec/results.json").read_text())
        wild = next(row for row in results["rows"] if row["name"] == "wild")
        self.assertEqual(len(wild["methods"][0]["failures"]), 2)
        self.assertIsNone(wild["updates"][0]["mean"])
        before = tree(self.folder)
        self.assertEqual(self.compare(), table)
        self.assert_same_files(tree(self.folder), before)

    def test_tuning_passes_over_steps_that_break_and_tells_where_all_do(self):
        self.write("calm.toml", BREAKING.replace("iterations = 0", "iterations = 1"))
        self.write("spec.toml", '[compare]\nconfig = "calm.toml"\nenv_steps = 0\nseeds = [1]\n'
                                "tune = [1, 1e-8]\ntune_tasks = 2\n[method.random]\n")
        table = self.compare()
        self.assertNotIn("failed", table)
        self.assertIn("| 0.01 |", table)
        shutil.rmtree(self.folder / "runs")
        self.write("spec.toml", (self.folder / "spec.toml").read_text().replace("1e-8", "0.5"))
        table = self.compare()
        self.assertIn("| failed |", table)
        self.assertRegex(table, r"adaptation breaks the parameters on (\d) of \1 tasks")


class HealthTest(ProgramTest):
    # Steps so long that they throw the policy about.
    LONG = RUNAWAY.replace('gradient = "promp"\nstep_size = 3', "").replace(
        "updates = 2\nrollouts = 4", "updates = 2\nrollouts = 4\nstep_size = 30\n"
        "max_step_norm = 0", 1)

    def test_a_run_that_goes_nowhere_says_why_once(self):
        self.write("long.toml", self.LONG)
        run = self.folder / "run"
        told = self.anole("train", "long.toml", "--run-dir=run", "--meta.iterations=20", "--quiet")
        self.assertEqual(told.returncode, 0, told.stderr)
        warnings = [line for line in told.stderr.splitlines() if "KL divergence" in line]
        self.assertEqual(len(warnings), 1, told.stderr)
        self.assertRegex(warnings[0], r"^anole: warning: iteration \d+: .*"
                                      r"look at inner.step_size \(now 30.0\)")
        self.assertIn("KL divergence", self.done("info", "run"))
        stored = json.loads(self.done("info", "run", "--json"))["starts"][0]["warnings"]
        self.assertIn("kl", [warning["kind"] for warning in stored])
        again = self.anole("train", "--resume", run, "--meta.iterations=30", "--quiet")
        self.assertNotIn("KL divergence", again.stderr)

    def test_what_is_over_is_told_no_more(self):
        self.write("still.toml", self.LONG)
        again = ["train", "--resume", "run", "--quiet"]
        told = self.anole("train", "still.toml", "--run-dir=run", "--meta.iterations=4", "--quiet",
                          "--meta.step_size=0")
        self.assertIn("theta stays as it is, for steps have no length; look at meta.step_size "
                      "(now 0.0)\n", told.stderr)
        self.assertIn("theta stays", self.done("info", "run"))
        meta = self.folder / "run/meta.json"
        starts = json.loads(meta.read_text())
        # As a run is that was warned of what it has not any more.
        starts["starts"][0]["warnings"][0]["kind"] = "refused"
        meta.write_text(json.dumps(starts))
        self.done(*again, "--meta.iterations=13")
        self.assertIn("theta stays", self.done("info", "run"))
        self.done(*again, "--meta.iterations=23")
        [first, second] = [warning for start in json.loads(meta.read_text())["starts"]
                           for warning in start.get("warnings", []) if warning["text"].
                           startswith("theta stays")]
        self.assertEqual((first["kind"], first["over"]), ("refused", 23))
        self.assertNotIn("over", second)
        self.assertEqual(self.done("info", "run").count("theta stays"), 1)

    def test_a_run_that_learns_is_left_in_peace(self):
        told = self.anole("train", "cheetah.toml", "--run-dir=run", "--quiet",
                          "--meta.iterations=12", "--meta.optimizer=sgd")
        self.assertEqual((told.returncode, told.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
