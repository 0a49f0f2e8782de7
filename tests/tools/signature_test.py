"""The signatures of this build are those that tests/signatures.toml holds for this CPU class and
MuJoCo version: a change of training results never comes unnoticed."""

import re
import subprocess
import tomllib
import unittest

from program import ANOLE, SOURCE_DIR


def anole(*args):
    return subprocess.run([ANOLE, *args], check=True, capture_output=True, text=True).stdout.strip()


class SignatureTest(unittest.TestCase):
    def test_are_the_expected_ones(self):
        mujoco, cpu_class = re.search(r"MuJoCo ([\d.]+), ([^,]+),", anole("--version")).groups()
        table = tomllib.loads((SOURCE_DIR / "tests/signatures.toml").read_text())
        expected = table.get(cpu_class, {}).get(mujoco)
        text = anole("bench", "--signatures", "--threads", "2")
        if expected is None:
            self.skipTest(f"no signatures known for {cpu_class}, MuJoCo {mujoco}; here:\n{text}")
        self.assertEqual(tomllib.loads(text), expected, "training results changed; if that is "
                         "meant, put what anole bench --signatures prints into "
                         "tests/signatures.toml and one of them into the commit message")
        self.assertEqual(anole("bench", "--signature"), expected["build"])

    def test_does_not_depend_on_threads(self):
        self.assertEqual(anole("bench", "--signatures", "--threads", "1"),
                         anole("bench", "--signatures", "--threads", "3"))


if __name__ == "__main__":
    unittest.main()
