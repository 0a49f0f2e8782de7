#!/usr/bin/env python3
"""A library's own way to end the process never reaches the user, and what the machine cannot give is
told in one line that names the option.
"""

import os
import resource
import unittest

from program import SANITIZERS, ProgramTest, iterations_stored, tree
from streams_test import SMALL

TASK = """\
[robot]
model = "robot.xml"
control_dt = 0.02
horizon = {horizon}
[[action]]
actuators = "*"
kind = "control"
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
"""
# Balls that fall on the floor and on each other.
MODEL = """\
<mujoco>
  <size memory="{memory}"/>
  <worldbody>
    <geom type="plane" size="5 5 1"/>
    {bodies}
    <body pos="3 0 1">
      <joint name="hinge" axis="0 1 0"/>
      <geom size=".1"/>
    </body>
  </worldbody>
  <actuator><motor joint="hinge" ctrllimited="true" ctrlrange="-1 1"/></actuator>
</mujoco>
"""
BALL = '<body pos="{x} 0 {z}"><freejoint/><geom size=".1"/></body>'
CONFIG = SMALL.replace('"point-navigation"\nhorizon = 10', '"robot"\nfile = "robot.toml"')


class MujocoTest(ProgramTest):
    """Whose error handler writes MUJOCO_LOG.TXT and ends the process."""

    def write_robot(self, memory, height):
        bodies = "".join(BALL.format(x=0.3 * i, z=height) for i in range(4))
        self.write("robot.xml", MODEL.format(memory=memory, bodies=bodies))
        self.write("robot.toml", TASK.format(horizon=20))
        self.write("config.toml", CONFIG)

    def test_too_little_memory_is_found_before_the_first_step(self):
        for memory in ["1", "1K", "4K", "8K", "10K"]:
            self.write_robot(memory, height=0.09)
            for command in [["check", "robot.toml"], ["train", "config.toml", "--run-dir=run"]]:
                self.refused(*command, says=["robot.toml:2:1: model", "memory"])

    def test_too_little_memory_in_mid_training(self):
        """Where the balls touch the floor only after a while."""
        command = ["train", "config.toml", "--run-dir=run", "--overwrite", "--task.model_rewrite=off"]
        self.write_robot("1M", height=0.3)
        self.done(*command)
        self.write_robot("12K", height=0.3)
        for threads in ["--threads=1", "--threads=2"]:
            result = self.anole(*command, threads)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertRegex(result.stderr.splitlines()[-1],
                             "^anole: MuJoCo: mj_stackAlloc: out of memory, .*<size memory")
            self.assertEqual(iterations_stored(self.folder / "run"), [0])
        self.refused("check", "robot.toml", says=["robot.toml: MuJoCo: ", "<size memory"])
        self.assertEqual([name for name in tree(self.folder) if "MUJOCO" in name], [])


class LimitsTest(ProgramTest):
    needs_limits = unittest.skipIf(SANITIZERS, "sanitizers take more addresses than any limit here")

    def setUp(self):
        super().setUp()
        self.write("small.toml", SMALL)

    @needs_limits
    def test_sizes_that_cannot_fit_are_told_beforehand(self):
        for options, says in [
                (["--policy.hidden=65536,65536,65536"], "policy.hidden = [65536, 65536, 65536]: "),
                (["--inner.rollouts=500000", "--task.horizon=1000"],
                 "inner.rollouts = 500000 of 1000 steps, for "),
                (["--policy.gru=4096", "--inner.rollouts=20", "--task.horizon=4000"],
                 "policy.gru = 4096 through 4000 steps, for "),
                (["--policy.hidden=4000,4000", "--meta.batch_size=10000"],
                 "meta.batch_size = 10000: ")]:
            self.refused("train", "small.toml", *options,
                         says=[says, "takes at least ", "GB of memory"],
                         preexec_fn=lambda: resource.setrlimit(
                             resource.RLIMIT_DATA, (8 << 30, resource.RLIM_INFINITY)))
        self.refused("train", "lines.toml", "--model.hidden=65536,65536,65536",
                     says="model.hidden = [65536, 65536, 65536]: takes at least ")

    def test_as_much_as_fits_is_not_refused(self):
        self.train("run", "--inner.rollouts=2000", config="small.toml")

    @needs_limits
    def test_threads_that_cannot_be_started(self):
        self.refused("train", "small.toml", "--threads=4096", says=["--threads=4096: ", "ulimit"],
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)))

    @unittest.skipUnless(os.geteuid() == 0, "only root may become another user")
    def test_processes_that_are_too_many(self):
        os.chmod(self.folder, 0o777)
        result = self.anole("train", "small.toml", "--threads=64", user=65534, group=65534,
                            extra_groups=[], preexec_fn=lambda: resource.setrlimit(
                                resource.RLIMIT_NPROC, (10, 10)))
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("--threads=64: this process may have no more than ", result.stderr)

    @needs_limits
    def test_memory_that_ends_in_mid_work_names_what_to_change(self):
        result = self.anole("train", "small.toml", "--threads=1", "--inner.rollouts=20000",
                            "--task.horizon=100", preexec_fn=lambda: resource.setrlimit(
                                resource.RLIMIT_AS, (150 << 20, 150 << 20)))
        self.assertIn(result.returncode, [1, 2], result.stderr)
        self.assertIn("rollouts", result.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
