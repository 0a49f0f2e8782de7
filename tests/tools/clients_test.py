#!/usr/bin/env python3
"""Others read what a run leaves behind: the real TensorBoard, safetensors, pandas and jq.

The Python packages come from tools/fetch_python; without them, this is skipped.
"""

import html
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest
import urllib.parse
import urllib.request

from program import (DEADLINE, SOURCE_DIR, ProgramTest, checkpoint, iterations_stored, metrics,
                     stored_options)

CLIENTS = SOURCE_DIR / ".deps" / \
    f"clients-python{sys.version_info.major}.{sys.version_info.minor}"
if not CLIENTS.exists():
    print(f"skipped: no {CLIENTS} (from tools/fetch_python clients)")
    sys.exit(77)
sys.path.insert(0, str(CLIENTS))
import numpy as np  # noqa: E402
import pandas  # noqa: E402
import safetensors  # noqa: E402
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # noqa: E402


def numbers(run):
    """The rows of metrics.csv, with NaN for no number."""
    return [{name: float(text) if text else math.nan for name, text in row.items()}
            for row in metrics(run)]


def expected_scalars(run):
    """What TensorBoard has to show: tag -> (step, value) of each row, values rounded to float32."""
    rows = numbers(run)
    return {tag: [(row["env_steps"], np.float32(row[tag])) for row in rows
                  if not math.isnan(row[tag])]
            for tag in rows[0] if tag not in ("iteration", "env_steps")}


def accumulated_scalars(run):
    """As expected_scalars(), by TensorBoard's reader."""
    reader = EventAccumulator(str(run), size_guidance={"scalars": 0}).Reload()
    return {tag: [(event.step, event.value) for event in reader.Scalars(tag)]
            for tag in reader.Tags()["scalars"]}


class RunTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_folder = self.train("run")

    def test_safetensors_reads_checkpoints(self):
        listed = json.loads(self.done("info", "run", "--json"))
        with safetensors.safe_open(checkpoint(self.run_folder, 6), framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}
            self.assertEqual(file.metadata(), listed["metadata"])
        self.assertEqual({name: list(tensor.shape) for name, tensor in tensors.items()},
                         {tensor["name"]: tensor["shape"] for tensor in listed["tensors"]})
        bias = tensors["policy/layer0/bias"]
        self.assertEqual(bias.shape, (16,))
        self.assertTrue(np.isfinite(bias).all() and bias.any(), bias)

    def test_tomllib_reads_the_config(self):
        options = stored_options(self.run_folder)
        self.assertEqual(options["task"]["family"], "cheetah-velocity")
        self.assertEqual(options["policy"]["hidden"], [16])
        self.assertEqual(options["meta"]["step_size"], 0.01)

    def test_pandas_reads_metrics(self):
        expected = pandas.DataFrame(numbers(self.run_folder))
        self.assertEqual(len(expected), 6)
        exactly = {"check_dtype": False, "check_exact": True}
        table = pandas.read_csv(self.run_folder / "metrics.csv", float_precision="round_trip")
        pandas.testing.assert_frame_equal(table, expected, **exactly)
        lines = pandas.read_json(self.run_folder / "metrics.jsonl", lines=True, precise_float=True)
        pandas.testing.assert_frame_equal(lines, expected, **exactly)

    def test_python_reads_metrics_as_json(self):
        lines = (self.run_folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line) for line in lines],
                         [{name: None if math.isnan(number) else number
                           for name, number in row.items()} for row in numbers(self.run_folder)])

    @unittest.skipUnless(shutil.which("jq"), "no jq (from tools/setup --tests)")
    def test_jq_reads_metrics(self):
        printed = subprocess.check_output(["jq", ".env_steps", "metrics.jsonl"], text=True,
                                          cwd=self.run_folder)
        self.assertEqual([float(word) for word in printed.split()],
                         [row["env_steps"] for row in numbers(self.run_folder)])


class TensorBoardTest(ProgramTest):
    def killed_run(self):
        """A run that was killed far from its last checkpoint and resumed, twice."""
        run = self.folder / "run"
        self.kill("train", "cheetah.toml", "--run-dir=run")
        self.resume(6)
        self.kill("train", "--resume", "run")
        self.assertEqual(iterations_stored(run)[-1], 6)
        for tag, points in accumulated_scalars(run).items():
            self.assertGreater(len(points), 6, tag)  # these are to be dropped
        self.resume(8)
        self.assertEqual(len(metrics(run)), 8)
        return run

    def kill(self, *args):
        exit_code, _ = self.stop(9, signal.SIGKILL, *args, "--run.checkpoint_every=1e9")
        self.assertEqual(exit_code, -signal.SIGKILL)

    def resume(self, iterations):
        self.done("train", "--resume", "run", f"--meta.iterations={iterations}")

    def serve(self, folder):
        """The address of a TensorBoard that has read the runs in `folder`."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tensorboard.main", f"--logdir={folder}", "--host=127.0.0.1",
             "--port=0", "--load_fast=false", "--reload_interval=0", "--reload_task=blocking"],
            env={**os.environ, "PYTHONPATH": str(CLIENTS)}, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        told = ""
        for line in process.stderr:
            told += line
            address = re.search(r"at (http://127\.0\.0\.1:\d+/)", line)
            if address:
                return address[1]
        return self.fail(f"TensorBoard ended: {told}")

    def test_reader_sees_the_metrics(self):
        run = self.train("run")
        self.assertEqual(accumulated_scalars(run), expected_scalars(run))
        self.resume(8)
        self.assertEqual(len(metrics(run)), 8)
        self.assertEqual(accumulated_scalars(run), expected_scalars(run))

    def test_reader_drops_what_was_lost(self):
        run = self.killed_run()
        self.assertEqual(accumulated_scalars(run), expected_scalars(run))

    def test_reader_skips_what_a_kill_cut_short(self):
        run = self.train("run")
        newest = max(run.glob("events.out.tfevents.*"))
        whole = newest.read_bytes()
        for left_out in [1, 100]:
            newest.write_bytes(whole[:-left_out])
            cut = {tag: points[:-1] for tag, points in expected_scalars(run).items()}
            self.assertEqual(accumulated_scalars(run), cut)

    def test_server_shows_the_run(self):
        run = self.killed_run()
        address = self.serve(self.folder)

        def data(path, **query):
            url = f"{address}data/plugin/{path}?{urllib.parse.urlencode(query)}"
            with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
                return json.load(answer)

        expected = expected_scalars(run)
        self.assertEqual(sorted(data("scalars/tags")["run"]), sorted(expected))
        for tag, points in expected.items():
            shown = data("scalars/scalars", run="run", tag=tag)
            self.assertEqual([(step, value) for _, step, value in shown], points, tag)

        self.assertEqual(data("text/tags"), {"run": ["config"]})
        config = (run / "config.toml").read_text(encoding="utf-8")
        cards = data("text/text", run="run", tag="config")
        self.assertEqual([card["step"] for card in cards][0], 0)
        text = html.unescape(re.sub(r"<[^>]*>", "", cards[-1]["text"]))
        self.assertEqual(text.strip(), config.strip())


if __name__ == "__main__":
    unittest.main()
