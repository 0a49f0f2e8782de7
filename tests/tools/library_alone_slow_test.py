"""The library where there is no Cairo, libpng, protobuf or MPI, as a part of another project's
build."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import ANOLE, SOURCE_DIR

NOT_THERE = ("cairo", "png", "protobuf", "mpi")


def run(*args):
    done = subprocess.run([str(arg) for arg in args], capture_output=True, text=True)
    assert done.returncode == 0, f"{args}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


class LibraryAloneTest(unittest.TestCase):
    def test_builds_and_adapts_in_another_build(self):
        with tempfile.TemporaryDirectory() as folder:
            build, trained = Path(folder) / "build", Path(folder) / "run"
            run(ANOLE, "train", SOURCE_DIR / "configs/cheetah-velocity.toml", "--run-dir", trained,
                "--quiet", "--meta.iterations=1", "--meta.batch_size=2", "--inner.rollouts=2",
                "--policy.hidden=8", "--evaluation.rollouts=2", "--task.horizon=30")
            expected = None
            for kind in ("core_shared", "core"):
                run("cmake", "-S", SOURCE_DIR / "tests/library", "-B", build, "-G", "Ninja",
                    f"-DANOLE_CHECKOUT={SOURCE_DIR}", f"-DKIND={kind}",
                    "-DCMAKE_BUILD_TYPE=Release", "-DANOLE_MPI=OFF",
                    "-DCMAKE_DISABLE_FIND_PACKAGE_PNG=ON",
                    "-DCMAKE_DISABLE_FIND_PACKAGE_Protobuf=ON")
                run("cmake", "--build", build, "--target", "adapt_run", "-j", os.cpu_count())
                program = build / "adapt_run"
                needed = run("readelf", "-d", program, build / "anole/libanole.so"
                             if kind == "core_shared" else program).lower()
                for library in NOT_THERE:
                    self.assertNotIn(f"lib{library}", needed)
                told = run(program, trained, "1.1", "2")
                self.assertEqual(told.count("return after"), 3, told)
                expected = expected or told
                self.assertEqual(told, expected)


if __name__ == "__main__":
    unittest.main()
