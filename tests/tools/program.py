"""What the tests of the program share: how it is started, and what it may leave behind.

  ANOLE=build/release/anole ANOLE_SOURCE_DIR=. tests/tools/..._test.py
"""

import csv
import json
import os
import pty
import re
import subprocess
import tempfile
import time
import tomllib
import unittest
from pathlib import Path

ANOLE = Path(os.environ["ANOLE"]).resolve()
SOURCE_DIR = Path(os.environ["ANOLE_SOURCE_DIR"]).resolve()
SANITIZERS = os.environ.get("ANOLE_SANITIZE", "")  # of this build: "address,undefined", or ""
DEADLINE = 600 if SANITIZERS else 120  # [s], for one start of the program: only a hang takes that long

# In a build with AddressSanitizer: fontconfig, with which Cairo finds its letters, and OSMesa leak.
LEAKS = Path(__file__).resolve().with_name("leaks.txt")
os.environ.setdefault("LSAN_OPTIONS", f"suppressions={LEAKS}:print_suppressions=0")

# Half-cheetah, because contacts are where physics remembers; with everything that is scheduled,
# learned or remembered, and as small as can be.
CHEETAH = """\
[task]
family = "cheetah-velocity"
horizon = 60
[policy]
hidden = [16]
log_std_mode = "scheduled"
[inner]
updates = 2
rollouts = 3
advantage_scale = "shared"
step_noise_exponent = 1
[meta]
iterations = 6
batch_size = 2
optimizer = "adam"
step_size = 0.01
anneal_iterations = 8
step_size_decay = 0.1
[evaluation]
tasks = 3
updates = 2
rollouts = 2
[run]
checkpoint_every = 2
"""
CHEETAH_STEPS = 2 * 2 * 3 * 60  # environment steps of an iteration

LINES = """\
[task]
family = "linear-regression"
[meta]
iterations = 3
batch_size = 2
"""


class ProgramTest(unittest.TestCase):
    """Runs the program in a folder that is empty before each test, but for two configs."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="anole-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.write("cheetah.toml", CHEETAH)
        self.write("lines.toml", LINES)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def anole(self, *args, cwd=None, **options):
        return subprocess.run([ANOLE, *args], cwd=cwd or self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE, **options)

    def done(self, *args, **options):
        """What a command that succeeds writes to stdout."""
        result = self.anole(*args, **options)
        self.assertEqual(result.returncode, 0, f"anole {args} failed: {result.stderr}")
        return result.stdout

    def done_on_terminal(self, *args, env=None):
        """What a command that succeeds tells a terminal."""
        try:
            terminal, end = pty.openpty()
        except OSError as error:  # a bare chroot has none
            self.skipTest(str(error))
        with subprocess.Popen([ANOLE, *args], cwd=self.folder,
                              env={**(env or os.environ), "TERM": "xterm"},
                              stdout=subprocess.DEVNULL, stderr=end) as process:
            os.close(end)
            text = ""
            with open(terminal, encoding="utf-8", errors="replace") as output:
                try:
                    for line in output:
                        text += line
                except OSError:  # how Linux says that the other end is closed
                    pass
        self.assertEqual(process.returncode, 0, text)
        return text

    def comma_locale(self):
        """Variables that have programs write 1,5 for 1.5; the test is skipped where the system has
        not what such a locale is made of."""
        folder = tempfile.TemporaryDirectory(prefix="anole-locale-")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        variables = {"LOCPATH": folder.name, "LC_ALL": "de_DE.UTF-8"}
        said = subprocess.run(["sh", "-c", 'localedef -i de_DE -f UTF-8 "$LOCPATH/$LC_ALL"; '
                               "bash -c 'printf %.1f 1,5'"], env=os.environ | variables,
                              capture_output=True, text=True, check=False)
        if said.stdout != "1,5":
            self.skipTest(f"no locale of commas (the package locales): {said.stderr}")
        return variables

    def train(self, run, *args, config="cheetah.toml"):
        """The folder of a new run. It tells its progress, but has no results to print."""
        self.assertEqual(self.done("train", config, "--run-dir", run, *args), "")
        return self.folder / run

    def go_on(self, run, *command, **options):
        """What a user does next after `command` has died: resumes the run if there is one, else
        gives the same command again."""
        has_checkpoint = (run / "checkpoints").is_dir() and iterations_stored(run)
        self.done(*(["train", "--resume", run] if has_checkpoint else command), **options)

    def stop(self, rows, signal_number, *args):
        """Has a command train for days in the folder `run`, and stops it wherever it is after
        `rows` iterations: the exit code, and what it told."""
        process = subprocess.Popen([ANOLE, *args, "--meta.iterations=1e7"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        file = self.folder / "run" / "metrics.csv"
        give_up = time.monotonic() + DEADLINE
        while not file.exists() or file.read_bytes().count(b"\n") <= rows:
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), give_up, "does not get ahead")
            time.sleep(0.002)
        process.send_signal(signal_number)
        _, text = process.communicate(timeout=DEADLINE)
        return process.returncode, text

    def refused(self, *args, says=(), **options):
        """A mistake of the user: told in one line, and the world stays as it was."""
        with self.subTest(args=args):
            before = tree(self.folder)
            result = self.anole(*args, **options)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertEqual(result.stdout, "")
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertTrue(result.stderr.endswith("\n"))
            for text in [says] if isinstance(says, str) else says:
                self.assertIn(text, result.stderr)
            self.assert_same_files(tree(self.folder), before)
            return result.stderr

    def assert_same_files(self, files, expected):
        self.assertEqual(sorted(files), sorted(expected))
        for path, content in expected.items():
            self.assertEqual(files[path], content, f"{path} differs")

    def assert_same_run(self, run, expected):
        self.assert_same_files(repeatable(run), repeatable(expected))


def mujoco_version():
    """Of the program."""
    told = subprocess.run([ANOLE, "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"MuJoCo ([\d.]+)", told)[1]


def content(path):
    if path.is_symlink():
        return os.readlink(path)
    return None if path.is_dir() else path.read_bytes()


def is_fetched(config):
    """Whether the robot of an experiment comes from wheels that tools/fetch_python may not have
    fetched yet."""
    task = tomllib.loads(config.read_text(encoding="utf-8")).get("task", {}).get("file", "")
    if not task.endswith(".toml"):
        return False
    file = config.parent / task
    model = file.parent / tomllib.loads(file.read_text(encoding="utf-8"))["robot"]["model"]
    if not model.exists():
        return ".deps/" in str(model)
    included = re.findall(r'"([^"]*\.deps/[^"]*\.xml)"', model.read_text(encoding="utf-8"))
    return not all((model.parent / path).exists() for path in included)


def tree(folder):
    """All that lies below a folder: path -> bytes; for a link its target, for a folder None."""
    return {str(path.relative_to(folder)): content(path) for path in sorted(folder.rglob("*"))}


def metrics(run):
    """The rows of a run, each column -> text."""
    with open(run / "metrics.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def checkpoint(run, iteration):
    return run / "checkpoints" / f"step_{iteration:06}" / "state.safetensors"


def iterations_stored(run):
    """Of which iterations there is a whole checkpoint, in order."""
    return sorted(int(folder.name.removeprefix("step_"))
                  for folder in (run / "checkpoints").glob("step_*"))


def stored_options(run):
    return tomllib.loads((run / "config.toml").read_text(encoding="utf-8"))


def timeless_metrics(run):
    return [{column: text for column, text in row.items() if not column.startswith("time/")}
            for row in metrics(run)]


def repeatable(run):
    """A run's files, but for the times in its metrics and for those that tell of its starts."""
    once = ["command.txt", "lock", "log.txt", "meta.json"]
    files = {name: content for name, content in tree(run).items()
             if name not in once and not name.startswith("events.")}
    rows = [json.loads(line) for line in files["metrics.jsonl"].splitlines()]
    evaluations = {name: {key: value for key, value in json.loads(content).items()
                          if key not in ("date", "run")}
                   for name, content in files.items() if name.startswith("eval/") and content}
    return files | evaluations | {
        "metrics.csv": timeless_metrics(run),
        "metrics.jsonl": [{name: value for name, value in row.items()
                           if not name.startswith("time/")} for row in rows]}


def results(run):
    """What a run has found: its last parameters and its metrics."""
    last = iterations_stored(run)[-1]
    same = repeatable(run)
    return last, checkpoint(run, last).read_bytes(), same["metrics.csv"], same["metrics.jsonl"]
