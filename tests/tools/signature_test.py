"""The signature of this build is the one that tests/signatures.toml holds for this CPU class and
MuJoCo version: a change of training results never comes unnoticed."""

import re
import subprocess
import tomllib
import unittest

from program import ANOLE, SOURCE_DIR


def anole(*args):
    return subprocess.run([ANOLE, *args], check=True, capture_output=True, text=True).stdout.strip()


class SignatureTest(unittest.TestCase):
    def test_is_the_expected_one(self):
        mujoco, cpu_class = re.search(r"MuJoCo ([\d.]+), ([^,]+),", anole("--version")).groups()
        signatures = tomllib.loads((SOURCE_DIR / "tests/signatures.toml").read_text())
        expected = signatures.get(cpu_class, {}).get(mujoco)
        found = anole("bench", "--signature", "--threads", "2")
        if expected is None:
            self.skipTest(f"no signature known for {cpu_class}, MuJoCo {mujoco}; here: {found}")
        self.assertEqual(found, expected, "training results changed; if that is meant, put the new "
                         "signature into tests/signatures.toml and the commit message")

    def test_does_not_depend_on_threads(self):
        self.assertEqual(anole("bench", "--signature", "--threads", "1"),
                         anole("bench", "--signature", "--threads", "3"))


if __name__ == "__main__":
    unittest.main()
