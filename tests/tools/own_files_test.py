#!/usr/bin/env python3
"""Nothing but a run's own files is written, cut or removed: not what a link in its folder leads to,
not a copy that a user has made beside its checkpoints, not what another run has begun; and a result
takes the place of an old one only when it is whole.
"""

import errno
import os
import resource
import shutil
import stat
import subprocess
import threading
import time
import unittest

from program import ANOLE, DEADLINE, SOURCE_DIR, ProgramTest, iterations_stored, tree
from streams_test import SMALL

SHIM = os.environ.get("ANOLE_CRASH_SHIM", "")
NOBODY = 65534


def limited(size):
    """For preexec_fn: no file may grow beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class OwnFilesTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("small.toml", SMALL + "[run]\ncheckpoint_every = 1\n")

    def small(self, run, *args):
        return self.train(run, *args, config="small.toml")


class LinksTest(OwnFilesTest):
    FILES = ["lock", "config.toml", "config.toml.tmp", "command.txt", "metrics.csv",
             "metrics.jsonl", "log.txt", "meta.json", "meta.json.tmp"]

    def robot(self, run):
        """A run with a copy of the files of its task."""
        file = SOURCE_DIR / "configs/robots/cart_pole.toml"
        self.write("robot.toml", f'[task]\nfamily = "robot"\nfile = "{file}"\n')
        return self.train(run, "--meta.iterations=0", config="robot.toml")

    def link(self, path, target):
        """Puts a link to `target` in the place of `path`, which is kept there."""
        if path.exists():
            path.rename(target)
        elif "." in path.name:
            target.write_text("a user's\n")
        path.symlink_to(target)

    def check_refused(self, name, *command):
        says = [f"run/{name}", "is a link to ", "all that belongs to a run lies in its own folder"]
        self.refused(*command, says=says)

    def test_links_in_a_run_are_not_followed(self):
        for name in self.FILES:
            with self.subTest(name=name):
                run = self.small("run")
                self.link(run / name, self.folder / "elsewhere")
                for command in [["train", "--resume=run", "--meta.iterations=3"],
                                ["train", "small.toml", "--run-dir=run", "--overwrite"]]:
                    self.check_refused(name, *command)
            shutil.rmtree(self.folder / "run")

    def test_links_to_folders(self):
        for name in ["checkpoints", "checkpoints/step_000002", "eval"]:
            with self.subTest(name=name):
                run = self.small("run")
                (run / "eval").mkdir()
                self.link(run / name, self.folder / "elsewhere")
                for command in [["train", "--resume=run", "--meta.iterations=3"],
                                ["train", "small.toml", "--run-dir=run", "--overwrite"]]:
                    self.check_refused(name, *command)
            shutil.rmtree(self.folder / "run")
            shutil.rmtree(self.folder / "elsewhere")

    def test_a_run_of_a_stranger_reads_nothing_by_links(self):
        """Wherever one is in the folder, be it of what a command would read or not."""
        self.small("whole")
        self.done("evaluate", "whole")
        evaluation = next((self.folder / "whole/eval").iterdir()).name
        self.robot("robot")
        places = {"whole": ["config.toml", "meta.json", "metrics.csv", "metrics.jsonl", "log.txt",
                            "command.txt", "checkpoints", "checkpoints/step_000002",
                            "checkpoints/step_000002/state.safetensors", "eval",
                            f"eval/{evaluation}"],
                  "robot": ["task", "task/files.txt", "task/cart_pole.toml", "task/model",
                            "task/model/cart_pole.xml"]}
        commands = [["info", "run"], ["evaluate", "run"], ["plot", "run", "--out=plot.svg"],
                    ["adapt", "run", "--task=0", "--out=out.safetensors"]]
        for whole, names in places.items():
            for name in names:
                shutil.copytree(self.folder / whole, self.folder / "run", symlinks=True)
                self.link(self.folder / "run" / name, self.folder / "elsewhere")
                for command in commands:
                    self.check_refused(name, *command)
                shutil.rmtree(self.folder / "run")
                elsewhere = self.folder / "elsewhere"
                shutil.rmtree(elsewhere) if elsewhere.is_dir() else elsewhere.unlink()

    def test_a_list_of_files_does_not_lead_out_of_the_run(self):
        """To a device that never ends, for instance."""
        run = self.robot("run")
        (run / "task/cart_pole.toml").write_text("")
        for place in ["/dev/zero", "../../secret", "model/../../secret", "."]:
            (run / "task/files.txt").write_text(f"0123456789abcdef  {place}\n")
            self.refused("evaluate", "run",
                         says=["run/task/files.txt: names ", "which is no file of the run's copy"])

    def test_pipes_are_not_waited_for(self):
        run = self.small("run")
        (run / "metrics.csv").unlink()
        os.mkfifo(run / "metrics.csv")
        for command in [["train", "--resume=run", "--meta.iterations=3"], ["plot", "run", "--out=plot.svg"]]:
            result = self.anole(*command)
            self.assertEqual(result.returncode, 2)
            self.assertIn("run/metrics.csv: is no ordinary file", result.stderr)

    def test_links_to_the_run_are_followed(self):
        (self.folder / "scratch").mkdir()
        (self.folder / "runs").symlink_to("scratch")
        self.done("train", "small.toml", "--run-dir=runs/small")
        (self.folder / "run").symlink_to("scratch/small")
        self.done("train", "--resume=run", "--meta.iterations=3")
        self.assertEqual(iterations_stored(self.folder / "scratch/small"), [0, 1, 2, 3])


class NotOursTest(OwnFilesTest):
    def test_a_copy_beside_the_checkpoints_stays(self):
        run = self.small("run", "--run.keep_last=1")
        copies = ["step_000001_paper", "step_1", "step_", "tmp_mine", "damaged_mine", "best_one"]
        for name in copies:
            shutil.copytree(run / "checkpoints/step_000002", run / "checkpoints" / name)
        before = {name: tree(run / "checkpoints" / name) for name in copies}
        self.done("train", "--resume=run", "--meta.iterations=4")
        for name in copies:
            self.assertEqual(tree(run / "checkpoints" / name), before[name])
        self.assertFalse((run / "checkpoints/step_000003").exists())
        self.assertIn('"checkpoints": 1,', self.done("info", "run", "--json"))
        self.assertIn("there are 4", self.refused("evaluate", "run", "--theta=3"))
        self.refused("train", "small.toml", "--run-dir=run", "--overwrite",
                     says="is no part of a run")

    def test_a_link_that_leads_nowhere_is_named(self):
        (self.folder / "runs").symlink_to("/nowhere/scratch")
        self.refused("train", "small.toml",
                     says=["runs is a link to /nowhere/scratch, which does not exist"])
        self.refused("train", "small.toml", "--run-dir=runs",
                     says="is a link to /nowhere/scratch, which does not exist")
        self.small("run")
        (self.folder / "out.safetensors").symlink_to("elsewhere")
        for command in [["adapt", "run", "--goal=0.3,0.3", "--out=out.safetensors"],
                        ["plot", "run", "--out=runs/picture.svg"],
                        ["render", "run", "--strip=runs/strip.png"]]:
            self.refused(*command, says=["is a link to", "which does not exist"])

    def test_a_run_that_cannot_be_made_takes_back_only_its_own_folders(self):
        """Of two that begin at once below a folder that is missing."""
        self.small("good/run")
        before = tree(self.folder)
        for size in [0, 10, 100]:  # from the lock to the config
            result = self.anole("train", "small.toml", "--run-dir=good/more/bad",
                                preexec_fn=limited(size))
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertEqual(sorted(tree(self.folder)), sorted(before))

    def test_what_another_run_puts_there_meanwhile_stays(self):
        process = subprocess.Popen(
            [ANOLE, "train", "small.toml", "--run-dir=common/bad"], cwd=self.folder,
            stderr=subprocess.DEVNULL, preexec_fn=limited(100))
        give_up = time.monotonic() + DEADLINE
        while process.poll() is None and time.monotonic() < give_up:
            try:  # as another run would, as soon as the common folder is there
                (self.folder / "common/other").mkdir()
                (self.folder / "common/other/work").write_text("a result")
                break
            except FileNotFoundError:
                pass
            except FileExistsError:
                break
        process.wait(timeout=DEADLINE)
        self.assertFalse((self.folder / "common/bad").exists())
        if (self.folder / "common").exists():
            self.assertEqual((self.folder / "common/other/work").read_text(), "a result")

    def test_a_lock_that_is_removed_frees_nothing(self):
        process = subprocess.Popen([ANOLE, "train", "small.toml", "--run-dir=run",
                                    "--meta.iterations=1e7"], cwd=self.folder,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        while "shown is" not in process.stderr.readline():
            self.assertIsNone(process.poll())
        (self.folder / "run/lock").unlink()
        for command in [["train", "--resume=run"],
                        ["train", "small.toml", "--run-dir=run", "--overwrite"]]:
            result = self.anole(*command)
            self.assertEqual(result.returncode, 2)
            self.assertIn("is being trained by another process", result.stderr)


class ResultsTest(OwnFilesTest):
    def setUp(self):
        super().setUp()
        self.small("run")
        self.adapt = ["adapt", "run", "--goal=0.3,0.3"]
        self.done(*self.adapt, "--out=whole")
        self.whole = (self.folder / "whole").read_bytes()

    def test_a_full_disk_leaves_the_old_result(self):
        for command, name in [(self.adapt, "result"), (["plot", "run"], "result.svg")]:
            for old in [None, b"old"]:
                with self.subTest(command=command, old=old):
                    if old:
                        (self.folder / name).write_bytes(old)
                    before = tree(self.folder)
                    result = self.anole(*command, f"--out={name}", preexec_fn=limited(50))
                    self.assertEqual(result.returncode, 1, result.stderr)
                    self.assertIn(name, result.stderr.splitlines()[-1])
                    self.assert_same_files(tree(self.folder), before)

    def test_files_of_another_kind_stay(self):
        self.refused(*self.adapt, "--out=small.toml", says="of another kind")
        self.refused("evaluate", "run", "--out=small.toml", says="of another kind")
        self.refused("plot", "run", "--out=small.toml", says=".svg")

    def test_a_pipe_that_nobody_reads_can_be_given_up(self):
        os.mkfifo(self.folder / "pipe")
        for command in [self.adapt, ["evaluate", "run", "--tasks=1"]]:
            with self.subTest(command=command):
                process = subprocess.Popen([ANOLE, *command, "--out=pipe"], cwd=self.folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.addCleanup(process.kill)
                with self.assertRaises(subprocess.TimeoutExpired):
                    process.wait(2)
                process.terminate()
                self.assertNotEqual(process.wait(10), 0)

    def test_files_of_a_person_are_not_replaced_with_the_run(self):
        self.done("evaluate", "run")
        for name in ["eval/notes.txt", "checkpoints/step_000000/notes", "videos/paper.mp4"]:
            file = self.folder / "run" / name
            file.parent.mkdir(exist_ok=True)
            file.write_text("mine")
            self.refused("train", "small.toml", "--run-dir=run", "--overwrite", says=name)
            file.unlink()
        self.done("train", "small.toml", "--run-dir=run", "--overwrite")

    def test_files_of_the_run_stay(self):
        own = ["checkpoints/latest/state.safetensors", "checkpoints/new.safetensors"]
        for name in own:
            self.refused(*self.adapt, f"--out=run/{name}", says="is a file of the run")
        self.refused("evaluate", "run", "--out=run/meta.json", says="is a file of the run")
        self.done("evaluate", "run")
        self.done("evaluate", "run", "--out=run/eval/mine.json")
        self.done(*self.adapt, "--out=run/mine.safetensors")

    def test_special_files_get_the_bytes(self):
        result = subprocess.run([ANOLE, *self.adapt, "--out=/dev/stdout"], cwd=self.folder,
                                capture_output=True, timeout=DEADLINE)
        self.assertEqual((result.returncode, result.stdout), (0, self.whole), result.stderr)
        self.assertIn(b"return after 1 update", result.stderr)
        with open(self.folder / "redirected", "wb") as file:
            subprocess.run([ANOLE, *self.adapt, "--out=/dev/stdout"], cwd=self.folder, check=True,
                           stdout=file, stderr=subprocess.DEVNULL, timeout=DEADLINE)
        self.assertEqual((self.folder / "redirected").read_bytes(), self.whole)
        self.done(*self.adapt, "--out=/dev/null")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
        os.mkfifo(self.folder / "pipe")
        got = []
        reader = threading.Thread(
            target=lambda: got.append((self.folder / "pipe").read_bytes()), daemon=True)
        reader.start()
        self.done(*self.adapt, "--out=pipe")
        reader.join(DEADLINE)
        self.assertEqual(got, [self.whole])

    def test_a_result_behind_a_link(self):
        (self.folder / "kept").write_bytes(b"old")
        (self.folder / "kept").chmod(0o600)
        (self.folder / "link").symlink_to("kept")
        self.done(*self.adapt, "--out=link")
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertEqual((self.folder / "kept").read_bytes(), self.whole)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "kept").st_mode), 0o600)

    def test_a_device_that_is_full(self):
        result = self.anole(*self.adapt, "--out=/dev/full")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "^anole: /dev/full: No space left on device\n$")


@unittest.skipUnless(SHIM, "ANOLE_CRASH_SHIM is not built")
class SyncTest(OwnFilesTest):
    """File systems of networks and containers, some of which know no fsync."""

    def code(self, error, *args):
        environment = os.environ | {"LD_PRELOAD": SHIM, "ANOLE_CRASH_FSYNC": str(int(error))}
        return self.anole(*args, env=environment).returncode

    def test_a_folder_that_refuses_fsync(self):
        for error in [errno.EINVAL, errno.ENOTSUP]:
            run = f"run-{error}"
            self.assertEqual(self.code(error, "train", "small.toml", "--run-dir", run), 0)
            self.assertEqual(self.code(error, "adapt", run, "--goal=0.3,0.3", "--out=adapted"), 0)
            self.assertEqual(self.code(error, "plot", run, "--out=picture.svg"), 0)

    def test_a_disk_that_fails(self):
        self.assertEqual(self.code(errno.EIO, "train", "small.toml", "--run-dir=run"), 2)
        self.assertFalse((self.folder / "run").exists())


@unittest.skipUnless(os.geteuid() == 0, "only root may become another user")
class PermissionsTest(OwnFilesTest):
    """As a user to whom permissions mean something."""

    def setUp(self):
        super().setUp()
        self.small("run")
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        try:
            self.anole("--version", user=NOBODY, group=NOBODY, extra_groups=[])
        except PermissionError:
            self.skipTest("other users may not start the program where it lies")

    def refused_to_nobody(self, *args, says):
        before = tree(self.folder)
        result = self.anole(*args, user=NOBODY, group=NOBODY, extra_groups=[])
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for text in says:
            self.assertIn(text, result.stderr)
        self.assertEqual(tree(self.folder), before)

    def test_an_unreadable_checkpoint_is_not_passed_over(self):
        newest = self.folder / "run/checkpoints/step_000002"
        for path in [newest / "state.safetensors", newest]:
            path.chmod(0)
            for command in [["train", "--resume=run", "--meta.iterations=3"], ["evaluate", "run"]]:
                self.refused_to_nobody(
                    *command, says=["step_000002/state.safetensors: cannot be opened: "
                                    "Permission denied"])
            path.chmod(0o755)


class WorkingFolderTest(OwnFilesTest):
    def test_one_that_was_deleted(self):
        gone = self.folder / "gone"
        gone.mkdir()
        for args in [["train", self.folder / "small.toml"], ["evaluate", "run"], ["check", "x"]]:
            with self.subTest(args=args):
                result = subprocess.run(
                    ["sh", "-c", 'cd gone && rmdir ../gone && exec "$@"', "sh", ANOLE, *args],
                    cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE)
                gone.mkdir()
                self.assertEqual(result.returncode, 2)
                self.assertRegex(result.stderr, r"^anole: the working folder is not there any "
                                                r"more \(No such file or directory\)[^\n]*\n$")


if __name__ == "__main__":
    unittest.main()
