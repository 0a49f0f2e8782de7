#!/usr/bin/env python3
"""ONNX's own checker and ONNX Runtime read what is exported, and compute what the program does.

The Python packages come from tools/fetch_python; without them, this is skipped.
"""

import json
import os
import re
import sys
import unittest

from program import SOURCE_DIR, ProgramTest

PACKAGES = SOURCE_DIR / ".deps" / f"onnx-python{sys.version_info.major}.{sys.version_info.minor}"
if not PACKAGES.exists():
    print(f"skipped: no {PACKAGES} (from tools/fetch_python onnx)")
    sys.exit(77)
sys.path.insert(0, str(PACKAGES))
os.environ["PYTHONPATH"] = str(PACKAGES)  # of the program's own check
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402


class OnnxTest(ProgramTest):
    def test_the_graph_computes_what_the_program_does(self):
        for i, options in enumerate([[], ["--policy.hidden=32,16", "--task.action_range=10",
                                          "--policy.log_std_mode=learned"]]):
            with self.subTest(options):
                self.train(f"run{i}", *options)
                self.done("export", f"run{i}", "--out", f"made{i}", "--format=onnx", "--quiet")
                file = self.folder / f"made{i}/policy.onnx"
                model = onnx.load(file)
                onnx.checker.check_model(model, full_check=True)
                told = json.loads(model.metadata_props[0].value)
                session = onnxruntime.InferenceSession(str(file))
                vectors = told["test_vectors"]
                mean, log_std = session.run(["mean", "log_std"], {
                    "observation": np.array(vectors["observations"], np.float32)})
                expected = np.array(vectors["actions"])
                self.assertLess(np.max(np.abs(mean - expected) / (1 + np.abs(expected))), 1e-6)
                self.assertTrue(np.allclose(log_std, told["action"]["log_std"], atol=1e-6))
                single, = session.run(["mean"], {
                    "observation": np.array(vectors["observations"][:1], np.float32)})
                self.assertEqual(single.shape, (1, 6))

    def test_ten_thousand_observations(self):
        self.train("run")
        self.done("export", "run", "--out", "made", "--format=onnx", "--quiet")
        told = self.done("check-export", "made", "--tasks=17", "--rollouts=10")
        count = int(re.search(r"actions on (\d+) observations", told)[1])
        difference = float(re.search(r"ONNX +(\S+)", told)[1])
        self.assertGreaterEqual(count, 10000)
        self.assertLess(difference, 1e-6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
