#!/usr/bin/env python3
"""tools/setup and tools/quickstart, among stand-ins for apt-get, sudo, cmake and the program."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import DEADLINE, SOURCE_DIR

NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}

# Has what tools/setup asks of it, by the words of its command line.
APT_GET = """\
#!/bin/bash
echo "$@" >>"$HERE/apt.log"
case " $* " in
  *" --simulate "*) printf 'Inst a (1)\\nInst b (1)\\nConf a (1)\\n' ;;
  *" --print-uris "*) printf "'http://a' a.deb 81000000 SHA256:0\\n'http://b' b.deb 400000 SHA256:0\\n" ;;
  *" install "*)
    echo 'debconf: delaying package configuration' >&2
    [[ ! -p /dev/stdout ]] || exit 101  # where scripts of packages may find no room
    echo 'dlstatus:1:50.5:Retrieving file 1 of 2' >&5
    echo 'Selecting previously unselected package a.'
    echo 'pmstatus:a:75.0:Unpacking a (amd64)' >&5
    [[ -z ${APT_BREAKS_ON:-} || " $* " != *" $APT_BREAKS_ON "* ]] || exit 100
    exit ${APT_STATUS:-0}
    ;;
esac
"""
# Every package but those of MISSING is installed.
DPKG_QUERY = """\
#!/bin/bash
for name in "${@:4}"; do
  [[ " $MISSING " == *" $name "* ]] || echo "$name installed"
done
"""
ANOLE = """\
#!/bin/bash
echo "anole $*"
mkdir -p runs/quickstart
case $1 in
  info) printf '  "iteration": 40,\\n  "iterations": 40,\\n' ;;
  render) exit ${RENDER_STATUS:-0} ;;
esac
"""
LOGGING = '#!/bin/bash\necho "${0##*/} $*" >>"$HERE/%s.log"\n'


class ScriptTest(unittest.TestCase):
    """Runs copies of the scripts in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "mujoco").mkdir()
        (self.folder / "tmp").mkdir()
        for name in ["setup", "quickstart"]:
            self.program(f"tools/{name}", (SOURCE_DIR / "tools" / name).read_text())
        # Nothing of this machine but what every machine has.
        (self.folder / "bin").mkdir()
        for name in ["bash", "sh", "dirname", "sed", "grep", "awk", "env", "mktemp", "tail", "rm",
                     "mkdir", "tee", "mv", "cat"]:
            (self.folder / "bin" / name).symlink_to(shutil.which(name))
        self.program("bin/apt-get", APT_GET)
        self.program("bin/dpkg-query", DPKG_QUERY)
        self.env = {"PATH": str(self.folder / "bin"), "HERE": str(self.folder),
                    "MUJOCO_PATH": str(self.folder / "mujoco"), "MISSING": "",
                    "TMPDIR": str(self.folder / "tmp")}

    def program(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def run_script(self, name, *args, exit_code=0, user=None, **env):
        result = subprocess.run([self.folder / "tools" / name, *args], env={**self.env, **env},
                                cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE,
                                check=False, **(user or {}))
        self.assertEqual(result.returncode, exit_code, result.stdout + result.stderr)
        return result


class SetupTest(ScriptTest):
    def setUp(self):
        super().setUp()
        self.program("bin/sudo", '#!/bin/bash\nexec "$@"\n')

    def test_does_nothing_where_all_is_there(self):
        result = self.run_script("setup", "--render")
        self.assertEqual((result.stdout, result.stderr), ("", ""))
        self.assertFalse((self.folder / "apt.log").exists())

    def test_tells_how_much_and_how_far(self):
        result = self.run_script("setup", MISSING="g++ ninja-build")
        self.assertEqual(result.stdout, "")
        lines = [line.removeprefix("tools/setup: ") for line in result.stderr.splitlines()]
        self.assertIn("installing by apt-get: g++ ninja-build", lines)
        self.assertIn("with what these need: 2 packages, 81 MB to download", lines)
        self.assertIn("downloading,  50 %  Retrieving file 1 of 2", lines)
        self.assertNotIn("debconf", result.stderr)
        self.assertNotIn("Selecting", result.stderr)
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_a_failure_shows_what_apt_said(self):
        result = self.run_script("setup", exit_code=1, MISSING="g++", APT_STATUS="100")
        for text in ["debconf: delaying", "Selecting previously", "could not install: g++",
                     "all it said is in "]:
            self.assertIn(text, result.stderr)

    def test_without_packages_for_pictures_it_goes_on(self):
        result = self.run_script("setup", "--render", MISSING="ffmpeg", APT_STATUS="100")
        self.assertIn("only pictures, videos, windows and some tests need these; going on without", result.stderr)
        self.run_script("setup", "--render", "--check", exit_code=1, MISSING="ffmpeg")
        self.run_script("setup", "--render", exit_code=1, MISSING="g++ ffmpeg", APT_STATUS="100")

    def test_a_package_for_pictures_that_breaks_breaks_nothing_else(self):
        result = self.run_script("setup", "--render", MISSING="g++ ffmpeg", APT_BREAKS_ON="ffmpeg")
        self.assertIn("going on without", result.stderr)
        installs = [line for line in (self.folder / "apt.log").read_text().splitlines()
                    if " install " in line and "--simulate" not in line and "-uris" not in line]
        self.assertEqual([line.split()[-1] for line in installs], ["g++", "ffmpeg"])

    def test_without_root_and_sudo(self):
        (self.folder / "bin" / "sudo").unlink()
        user = NOBODY if os.geteuid() == 0 else None
        for path in [self.folder, *self.folder.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        line = "apt-get install --no-install-recommends "
        result = self.run_script("setup", "--render", user=user, MISSING="ffmpeg libegl1")
        self.assertIn("neither root nor sudo; an administrator can install them: "
                      f"{line}libegl1 ffmpeg\n", result.stderr)
        self.assertIn("going on without", result.stderr)
        result = self.run_script("setup", "--render", user=user, exit_code=1, MISSING="g++ ffmpeg")
        self.assertIn(f"{line}g++ ffmpeg\n", result.stderr)


class QuickstartTest(ScriptTest):
    def setUp(self):
        super().setUp()
        self.program("bin/cmake", LOGGING % "cmake")
        self.program("build/release/anole", ANOLE)

    def built(self):
        return (self.folder / "cmake.log").read_text().splitlines()[-1]

    def test_trains_evaluates_and_renders(self):
        text = self.run_script("quickstart").stdout
        for command in ["train configs/quickstart.toml", "evaluate runs/quickstart", "render "]:
            self.assertIn(f"anole {command}", text)
        self.assertRegex(text.splitlines()[-1], r"^This took \d+ min \d+ s\.$")
        self.assertEqual([path.name for path in (self.folder / "runs/quickstart/eval").iterdir()],
                         ["table.txt"])

    def test_a_second_run_builds_quietly_and_trains_no_more(self):
        self.run_script("quickstart")
        result = self.run_script("quickstart")
        self.assertTrue(self.built().endswith("--target anole -- --quiet"), self.built())
        self.assertIn("found the finished run runs/quickstart", result.stderr)
        self.assertNotIn("anole train configs/quickstart.toml", result.stdout)

    def test_fresh_says_what_it_replaces(self):
        self.assertNotIn("replaces", self.run_script("quickstart", "--fresh").stderr)
        result = self.run_script("quickstart", "--fresh")
        self.assertTrue(result.stderr.startswith("--fresh: trains again and replaces runs/quickstart"))
        self.assertIn("anole train configs/quickstart.toml", result.stdout)

    def test_no_pictures_where_their_packages_are_missing(self):
        result = self.run_script("quickstart", RENDER_STATUS="1", MISSING="libegl1",
                                 APT_STATUS="100")
        self.assertIn("no pictures: ", result.stdout)
        self.assertNotIn("adaptation.mp4 ", result.stdout.split("Where everything is")[1])

    def test_other_failures_are_failures(self):
        self.run_script("quickstart", exit_code=1, RENDER_STATUS="1")
        self.run_script("quickstart", exit_code=130, RENDER_STATUS="130", MISSING="libegl1",
                        APT_STATUS="100")


if __name__ == "__main__":
    unittest.main()
