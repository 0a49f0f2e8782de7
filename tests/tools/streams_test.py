#!/usr/bin/env python3
"""What becomes of a command whose standard streams are closed, full, or a pipe that nobody reads:
messages are lost without harm, lost results are a failure told in one line, and no signal and no
abort ends it.
"""

import itertools
import os
import signal
import subprocess
import unittest

from program import ANOLE, DEADLINE, SOURCE_DIR, ProgramTest, iterations_stored

SMALL = """\
[task]
family = "point-navigation"
horizon = 10
[policy]
hidden = [4]
[inner]
updates = 1
rollouts = 2
[meta]
iterations = 2
batch_size = 2
[evaluation]
tasks = 2
updates = 1
rollouts = 2
"""
SPEC = """\
[compare]
config = "small.toml"
env_steps = 160
seeds = [1]
[all]
evaluation.deterministic = false
[method.reptile]
"""
# Those that print results, and the others.
PRINTING = [
    ["evaluate", "run"],
    ["adapt", "run", "--goal=0.3,0.3", "--out=out/adapted.safetensors"],
    ["compare", "spec.toml"],
    ["check", "robots/cart_pole.toml", "--episodes=1"],
    ["list"],
    ["info", "run"],
    ["bench", "start*", "--repetitions=1"],
    ["help"],
    ["--version"]]
SILENT = [
    ["train", "small.toml", "--overwrite", "--run-dir=trained"],
    ["train", "small.toml", "--seeds=1-2"],
    ["plot", "run", "--out=out/picture.svg"]]
RENDER = ["render", "run", "--strip=out/strip.png", "--updates=0", "--quality=draft"]
KINDS = ["closed", "full", "unread pipe", "unread pipe, SIGPIPE ignored"]


class StreamsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("small.toml", SMALL)
        self.write("spec.toml", SPEC)
        (self.folder / "robots").symlink_to(SOURCE_DIR / "configs/robots")
        (self.folder / "out").mkdir()
        self.train("run", config="small.toml")

    def start(self, kind, streams, args):
        """The exit code of a command whose `streams`, 1 or 2, are of this kind, and what it wrote
        to the others."""
        given = {stream: subprocess.PIPE for stream in [1, 2]}
        opened = []
        for stream in streams:
            if kind == "full":
                opened.append(os.open("/dev/full", os.O_WRONLY))
            elif kind != "closed":
                read, write = os.pipe()
                os.close(read)
                opened.append(write)
            given[stream] = opened[-1] if opened else None

        def prepare():
            signal.signal(signal.SIGPIPE, signal.SIG_IGN if "ignored" in kind else signal.SIG_DFL)
            if kind == "closed":
                for stream in streams:
                    os.close(stream)

        try:
            result = subprocess.run([ANOLE, *args], cwd=self.folder, stdin=subprocess.DEVNULL,
                                    stdout=given[1], stderr=given[2], text=True, timeout=DEADLINE,
                                    restore_signals=False, preexec_fn=prepare)
        finally:
            for file in opened:
                os.close(file)
        return result.returncode, result.stdout, result.stderr

    def each(self, commands, check):
        for kind, args in itertools.product(KINDS, commands):
            with self.subTest(kind=kind, args=args):
                check(kind, args)

    def check_results_lost(self, kind, args):
        code, _, messages = self.start(kind, [1], args)
        self.assertEqual(code, 1, messages)
        last = messages.splitlines()[-1]
        self.assertRegex(last, "^anole: cannot write to standard output: ")
        self.assertEqual(messages.count("anole: "), 1, messages)
        code, _, _ = self.start(kind, [1, 2], args)
        self.assertEqual(code, 1)

    def check_messages_lost(self, kind, args):
        code, results, _ = self.start(kind, [2], args)
        self.assertEqual(code, 0)
        return results

    def test_results_that_cannot_be_written(self):
        self.each(PRINTING, self.check_results_lost)

    def test_messages_that_cannot_be_written(self):
        self.each(PRINTING, lambda kind, args: self.assertNotEqual(
            self.check_messages_lost(kind, args), ""))
        self.each(SILENT, lambda kind, args: self.assertEqual(
            self.check_messages_lost(kind, args), ""))

    def test_nothing_is_lost_where_nothing_is_printed(self):
        def check(kind, args):
            for streams in [[1], [1, 2]]:
                code, _, messages = self.start(kind, streams, args)
                self.assertEqual(code, 0, messages)
        self.each(SILENT, check)

    def test_a_film(self):
        """Apart from the others, for it takes long."""
        for kind in KINDS[1:3]:
            with self.subTest(kind=kind):
                self.assertIn("return after", self.check_messages_lost(kind, RENDER))
                self.check_results_lost(kind, RENDER)

    def test_mistakes_are_mistakes_where_nobody_is_told(self):
        mistakes = [["trian"], ["evaluate", "nowhere"], ["train", "none.toml"]]
        self.each(mistakes, lambda kind, args: self.assertEqual(
            [self.start(kind, streams, args)[0] for streams in [[2], [1, 2]]], [2, 2]))

    def test_no_file_gets_the_number_of_a_closed_stream(self):
        """Progress would land inside of it."""
        command = ["train", "small.toml", "--overwrite", "--run-dir=closed"]
        process = subprocess.run([ANOLE, *command], cwd=self.folder, timeout=DEADLINE,
                                 preexec_fn=lambda: os.closerange(0, 3))
        self.assertEqual(process.returncode, 0)
        self.assertEqual(iterations_stored(self.folder / "closed"), [0, 2])
        self.assert_same_run(self.folder / "closed", self.folder / "run")
        for name in ["lock", "log.txt", "metrics.csv"]:
            self.assertNotRegex((self.folder / "closed" / name).read_text(), r"(?m)^\d/2 ")


if __name__ == "__main__":
    unittest.main()
