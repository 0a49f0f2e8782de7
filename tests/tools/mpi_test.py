#!/usr/bin/env python3
"""mpirun anole: bit for bit what one process does, told once, and no rank is left behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from program import ANOLE, DEADLINE, ProgramTest, iterations_stored, results, tree

# For root, for more ranks than cores, for machines whose kernel forbids copies from process to
# process, and for those that are in no network; by the names of OpenMPI 4 and of 5. OpenMPI leaves
# memory behind, which is none of our leaks.
ENVIRONMENT = os.environ | {
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
    "PRTE_MCA_rmaps_default_mapping_policy": ":OVERSUBSCRIBE",
    "PRTE_MCA_hwloc_default_binding_policy": "none", "OMPI_MCA_btl": "^tcp",
    "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}

SPEC = """\
[compare]
config = "cheetah.toml"
env_steps = 1440
seeds = [1]
tune = [0.5, 1]
tune_tasks = 3
[method.reptile]
[method.joint]
task.mixture = true
"""


def launched_without_launcher():
    """As rank 0 of two, whose other rank nobody has started."""
    return subprocess.run(
        [ANOLE, "list"], capture_output=True, text=True, timeout=DEADLINE,
        env=ENVIRONMENT | {"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"})


def openmpi_version():
    told = subprocess.run(["mpirun", "--version"], capture_output=True, text=True)
    return int(re.search(r"Open MPI\) (\d+)", told.stdout)[1])


def ranks_of(mpirun):
    """The processes that mpirun has started, by rank."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == mpirun.pid:
                for variable in (folder / "environ").read_text().split("\0"):
                    if variable.startswith("OMPI_COMM_WORLD_RANK="):
                        found[int(variable.partition("=")[2])] = int(folder.name)
        except OSError:
            pass  # it has ended
    return found


class MpiTest(ProgramTest):
    def mpirun(self, ranks, *args):
        """A whole job, which succeeds."""
        result = self.job(["-n", str(ranks), ANOLE, *args])
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def job(self, args):
        return subprocess.run(["mpirun", *args], cwd=self.folder, env=ENVIRONMENT, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)

    def start(self, ranks, *args):
        """A job that trains for days in the folder `run`."""
        process = subprocess.Popen(
            ["mpirun", "-n", str(ranks), ANOLE, "train", *args, "--meta.iterations=1e7"],
            cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)  # mpirun then ends its ranks
        self.wait_for_rows(process, 3)
        return process

    def wait_for_rows(self, process, more):
        file = self.folder / "run" / "metrics.csv"

        def rows():
            return file.read_bytes().count(b"\n") if file.exists() else 0
        first, give_up = rows(), time.monotonic() + DEADLINE
        while rows() < first + more:
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), give_up, "does not get ahead")
            time.sleep(0.002)

    def ended(self, process):
        """The exit code, and what it told."""
        _, text = process.communicate(timeout=DEADLINE)
        return process.returncode, text

    def goes_on_as_if_never_stopped(self, ranks):
        """The run that was stopped, resumed on so many ranks."""
        run = self.folder / "run"
        more = f"--meta.iterations={iterations_stored(run)[-1] + 3}"
        self.mpirun(ranks, "train", "--resume", "run", more)
        self.assertEqual(results(run), results(self.train("straight", more)))


class SameBitsTest(MpiTest):
    def test_training(self):
        """On idle ranks too: there are two tasks in a meta-batch."""
        options = ["--validation.every=2", "--validation.tasks=3", "--validation.rollouts=1"]
        one = self.train("one", *options, "--threads=1")
        for ranks in [1, 2, 3]:
            for threads in [1, 2, 3]:
                with self.subTest(ranks=ranks, threads=threads):
                    run = f"{ranks}x{threads}"
                    told = self.mpirun(ranks, "train", "cheetah.toml", "--run-dir", run, *options,
                                       f"--threads={threads}")
                    self.assert_same_run(self.folder / run, one)
                    self.assertEqual(told.stdout, "")
                    self.assertEqual(told.stderr.count("finished after 6 iterations"), 1)
                    self.assertEqual(told.stderr.count("3 ranks share 2 adaptations: 1 of them"),
                                     1 if ranks == 3 else 0, told.stderr)
        starts = json.loads((self.folder / "3x2/meta.json").read_text())["starts"]
        self.assertEqual([(start["ranks"], start["threads"]) for start in starts], [(3, 2)])

    def test_every_way_to_train(self):
        """Uneven shares, gradients that travel, nothing to share, a loss."""
        for name, *options in [
                ["uneven", "--meta.batch_size=5", "--meta.optimizer=sgd", "--meta.step_size=1"],
                ["fomaml", "--meta.gradient=fomaml"],
                ["promp", "--meta.gradient=promp"],
                ["trpo", "--meta.gradient=maml", "--meta.optimizer=trpo"],
                ["mixture", "--task.mixture=true"],
                ["lines"]]:
            with self.subTest(name=name):
                config = "lines.toml" if name == "lines" else "cheetah.toml"
                expected = self.train(f"{name}-one", *options, config=config)
                self.mpirun(2, "train", config, "--run-dir", f"{name}-two", *options)
                self.assert_same_run(self.folder / f"{name}-two", expected)

    def test_a_run_that_diverges_ends_on_all_ranks(self):
        options = ["--meta.gradient=promp", "--meta.optimizer=sgd", "--meta.step_size=1e6",
                   "--meta.anneal_iterations=0", "--meta.iterations=300", "--quiet"]
        alone = self.anole("train", "cheetah.toml", "--run-dir=one", *options)
        self.assertEqual(alone.returncode, 1, alone.stderr)
        job = self.job(["-n", "2", ANOLE, "train", "cheetah.toml", "--run-dir=two", *options])
        self.assertEqual(job.returncode, 1, job.stderr)
        self.assertEqual(job.stderr.count(": iteration "), 1, job.stderr)
        self.assert_same_run(self.folder / "two", self.folder / "one")

    def test_evaluation(self):
        self.train("run", "--meta.iterations=1")
        for options in [["--baseline"], ["--task.test_range=4,5", "--tasks=2"]]:
            command = ["evaluate", "run", "--json", *options]
            one = self.done(*command)
            for ranks in [2, 3]:
                with self.subTest(ranks=ranks, options=options):
                    self.assertEqual(self.mpirun(ranks, *command).stdout, one)

    def test_comparison(self):
        self.write("spec.toml", SPEC)
        one = self.done("compare", "spec.toml", "--json", "--dir=one")
        self.assertEqual(self.mpirun(2, "compare", "spec.toml", "--json", "--dir=two").stdout, one)
        for run in ["reptile-1", "joint-1"]:
            self.assert_same_run(self.folder / "two" / run, self.folder / "one" / run)
        # All of it is stored now.
        self.assertEqual(self.mpirun(3, "compare", "spec.toml", "--json", "--dir=two").stdout, one)

    def test_commands_without_work_to_share_run_once(self):
        self.assertEqual(self.mpirun(3, "list").stdout, self.done("list"))


class EndsTest(MpiTest):
    def test_a_killed_rank_ends_the_job(self):
        for victim, ranks, others in [(1, 3, 2), (0, 2, 1)]:
            with self.subTest(victim=victim):
                job = self.start(ranks, "cheetah.toml", "--run-dir=run")
                os.kill(ranks_of(job)[victim], signal.SIGKILL)
                code, text = self.ended(job)
                self.assertNotEqual(code, 0)
                self.assertRegex(text, rf"(?s)rank {victim} .*signal 9")
                self.goes_on_as_if_never_stopped(others)
                shutil.rmtree(self.folder / "run")
                shutil.rmtree(self.folder / "straight")

    def test_signals(self):
        """Rank 0 ends the iteration for all."""
        job = self.start(2, "cheetah.toml", "--run-dir=run", "--run.checkpoint_every=1000000")
        ranks = ranks_of(job)
        os.kill(ranks[1], signal.SIGTERM)  # nobody's decision
        self.wait_for_rows(job, 3)
        os.kill(ranks[0], signal.SIGTERM)
        code, text = self.ended(job)
        self.assertEqual(code, 128 + signal.SIGTERM, text)
        for line in ["ending the iteration", "interrupted after", "go on with: "]:
            self.assertEqual(text.count(line), 1, text)
        self.goes_on_as_if_never_stopped(3)

    def test_interrupting_mpirun(self):
        """Which passes a SIGTERM on to the ranks, and exits with a code of its own.

        That of OpenMPI 5 kills them a quarter of a second later, whatever it is told."""
        job = self.start(2, "cheetah.toml", "--run-dir=run", "--run.checkpoint_every=1000000")
        job.send_signal(signal.SIGINT)
        code, text = self.ended(job)
        self.assertNotEqual(code, 0)
        if openmpi_version() < 5:
            self.assertEqual(text.count("interrupted after"), 1, text)
        self.goes_on_as_if_never_stopped(1)

    def test_a_limit_of_time(self):
        told = self.mpirun(2, "train", "cheetah.toml", "--run-dir=run", "--run.max_seconds=1e-9")
        self.assertIn("stopped after 1 iteration: run.max_seconds", told.stderr)

    def test_a_rank_that_fails_ends_the_job(self):
        job = self.start(2, "cheetah.toml", "--run-dir=run")
        (self.folder / "run/checkpoints").rename(self.folder / "away")  # at once, unlike rmtree
        code, text = self.ended(job)
        self.assertEqual(code, 1, text)
        self.assertEqual(text.count("run/checkpoints/"), 1, text)


class MachinesTest(MpiTest):
    """Two network namespaces, joined by a cable, stand for two machines: real TCP."""

    def setUp(self):
        super().setUp()
        self.machines = {f"10.77.{os.getpid() % 256}.{i}": f"anole-{os.getpid()}-{i}"
                         for i in [1, 2]}
        cable = [f"an{os.getpid()}-{i}" for i in [1, 2]]  # a name has 15 letters at most
        for name in self.machines.values():
            self.ip("netns", "add", name)
            self.addCleanup(subprocess.run, ["ip", "netns", "delete", name], check=True)
        self.ip("link", "add", cable[0], "type", "veth", "peer", "name", cable[1])
        for end, (address, name) in zip(cable, self.machines.items()):
            self.ip("link", "set", end, "netns", name)
            self.ip("-n", name, "addr", "add", f"{address}/24", "dev", end)
            for device in ["lo", end]:
                self.ip("-n", name, "link", "set", device, "up")

    def ip(self, *args):
        try:
            done = subprocess.run(["ip", *args], capture_output=True, text=True, timeout=DEADLINE)
        except FileNotFoundError:
            self.skipTest("no program ip")
        if done.returncode != 0:
            self.skipTest(f"ip {' '.join(args)}: {done.stderr.strip()}")

    def test_training_over_tcp(self):
        addresses = list(self.machines)
        self.write("agent", "#!/bin/sh\n"  # in place of ssh: HOST COMMAND...
                   "host=$1\nshift\ncase $host in\n" +
                   "".join(f"{address}) name={name} ;;\n"
                           for address, name in self.machines.items()) +
                   'esac\nexec ip netns exec "$name" sh -c "$*"\n')
        (self.folder / "agent").chmod(0o755)
        network = f"{addresses[0]}/24"
        options = ["--meta.batch_size=5"]
        result = subprocess.run(
            ["ip", "netns", "exec", self.machines[addresses[0]],
             "mpirun", "-n", "3", "--host", f"{addresses[0]}:1,{addresses[1]}:2",
             "--mca", "plm_rsh_agent", self.folder / "agent", "--mca", "btl", "tcp,self",
             "--mca", "btl_tcp_if_include", network, "--mca", "oob_tcp_if_include", network,
             ANOLE, "train", "cheetah.toml", "--run-dir=two", *options],
            cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=DEADLINE)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_same_run(self.folder / "two", self.train("one", *options))


class MistakesTest(MpiTest):
    def refused_once(self, *args, says):
        before = tree(self.folder)
        result = self.job(["-n", "3", ANOLE, *args])
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count(says), 1, result.stderr)
        self.assert_same_files(tree(self.folder), before)

    def test_are_told_once(self):
        self.train("run")
        self.refused_once("trian", says="'trian'")
        self.refused_once("train", "cheetah.toml", "--run-dir=run", says="run: the run exists")

    def test_ranks_that_are_none_of_one_job(self):
        if self.job(["-n", "1", "true", ":", "-n", "1", "true"]).returncode != 0:
            self.skipTest("this mpirun cannot start two programs")
        result = self.job(["-n", "1", ANOLE, "train", "cheetah.toml", "--seed=1", ":",
                           "-n", "1", ANOLE, "train", "cheetah.toml", "--seed=2"])
        self.assertEqual(result.returncode, 1)
        self.assertIn("anole: rank 1: was started with other arguments than rank 0", result.stderr)

    def test_launcher_of_another_mpi(self):
        result = launched_without_launcher()
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("anole: a launcher has started 2 processes, but MPI knows of 1; ",
                      result.stderr)


if __name__ == "__main__":
    told_without = launched_without_launcher()
    if "built without MPI" in told_without.stderr and told_without.returncode == 2:
        print("skipped: this build is without MPI, and says so")
        sys.exit(77)
    if shutil.which("mpirun") is None:
        print("skipped: no mpirun")
        sys.exit(77)
    unittest.main()
