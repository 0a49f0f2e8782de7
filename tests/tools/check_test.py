#!/usr/bin/env python3
"""A robot of one's own: what `anole check` tells, and a run on a task file from end to end."""

import json
import shutil
import unittest

from program import SOURCE_DIR, ProgramTest

SMALL = """\
[task]
family = "robot"
file = "robots/quadruped.toml"
[policy]
hidden = [8]
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


class RobotTest(ProgramTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCE_DIR / "configs/robots", self.folder / "robots")
        self.write("robot.toml", SMALL)

    def change(self, old, new, name="robots/quadruped.toml"):
        text = (self.folder / name).read_text()
        self.assertIn(old, text)
        self.write(name, text.replace(old, new, 1))


class CheckTest(RobotTest):
    def test_examples_are_told_as_they_are(self):
        lines = self.done("check", "robots/quadruped.toml").splitlines()
        told = " ".join(" ".join(lines).split())
        for text in ["8 actuators", "keyframe stand",
                     "control step 0.02 s = 5 physics steps of 0.004 s; horizon 200 control steps = 4 s",
                     "velocity_x -0.5 to 1 m/s, test tasks -0.7 to 1.2 m/s",
                     "friction scale 0.6 to 1.2 (log_uniform), one value per episode: floor, fl_foot",
                     "0 fl_hip position 0.7 + 0.5 a", "26-33 last_action",
                     "terminated by height body = \"torso\", range = [0.14, 0.5] tilt", "tried 20 episodes of random actions"]:
            self.assertIn(text, told)
        self.assertIn("success\n  distance", self.done("check", "robots/cart_pole.toml"))

    def test_what_random_actions_do_to_it(self):
        told = " ".join(self.done("check", "robots/quadruped.toml").split())
        self.assertRegex(told, r"forces of actuators fl_hip \d+ %")  # kp is high for its forcerange
        self.assertIn("joints none", told)
        self.assertRegex(told, r"time goes into physics \d+ %, of which contacts are found in \d+ %")
        self.assertRegex(told, r"first updates of 10 episodes each, from random parameters: KL \S+, "
                               r"\S+, \S+ nats at inner.step_size = 0.3")

    def test_an_untuned_step_that_goes_far_is_told(self):
        result = self.anole("check", "robots/cart_pole.toml")
        far = max(float(word.rstrip(",")) for word in
                  result.stdout.split("KL ")[1].split(" nats")[0].split())
        self.assertEqual(far > 1, "move the policy far" in result.stderr)

    def test_a_picture_of_the_start(self):
        result = self.anole("check", "robots/cart_pole.toml", "--picture=a.png", "--episodes=1")
        if result.returncode == 1:
            self.skipTest(result.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue((self.folder / "a.png").read_bytes().startswith(b"\x89PNG"))
        self.refused("check", "robots/cart_pole.toml", "--picture=a.jpg", says=["--picture"])

    def test_number_of_episodes(self):
        self.assertIn("tried         3 episodes", self.done("check", "robots/cart_pole.toml", "--episodes=3"))
        self.refused("check", "robots/cart_pole.toml", "--episodes=0", says=["--episodes=0", "1 to"])

    def test_oddities_are_warned_of(self):
        self.change("range = [0.14, 0.5]", "range = [2, 3]")
        self.change('term = "last_action"', 'term = "command"\ncommand = "velocity_x"\nscale = 0')
        result = self.anole("check", "robots/quadruped.toml")
        self.assertEqual(result.returncode, 0)
        self.assertIn("warning: episodes end at once", result.stderr)
        self.assertIn("warning: observation command never changes", result.stderr)

    def test_an_observation_that_is_no_number_is_warned_of(self):
        self.change('term = "last_action"', 'term = "formula"\nformula = "total(1 / (time() < 0.1))"')
        result = self.anole("check", "robots/quadruped.toml")
        self.assertIn("warning: observation formula is not finite", result.stderr)

    def test_what_is_not_meant_is_warned_of(self):
        # As a first file may look: a track_velocity and a tilt.
        text = (self.folder / "robots/quadruped.toml").read_text()
        rewards = text.index("[[reward]]\nterm = \"alive\"")
        self.write("robots/quadruped.toml", text[:rewards] + text[text.index("[[termination]]"):])
        self.change('joint="fl_hip"', 'joint="fl_hip" ctrlrange="0.5 0.50001"', "robots/quadruped.xml")
        for command in [["check", "robots/quadruped.toml"],
                        ["train", "robot.toml", "--run-dir", "run", "--meta.iterations=1"]]:
            result = self.anole(*command)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("no [[reward]] can be above 0, and there is a [[termination]]", result.stderr)
            self.assertIn("actuator fl_hip: 100 % of all actions are clipped", result.stderr)
            self.assertIn('add a [[reward]] of term "alive"', result.stderr)

    def test_a_negative_step_is_warned_of(self):
        self.change('term = "alive"\nweight = 1.5', 'term = "alive"\nweight = 0.01')
        result = self.anole("check", "robots/quadruped.toml")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("a step of random actions earns -", result.stderr)
        self.assertIn("ends early costs less", result.stderr)

    def test_shipped_robots_give_no_warning(self):
        for name in ["quadruped", "cart_pole"]:
            result = self.anole("check", f"robots/{name}.toml")
            self.assertNotIn("warning", result.stderr)

    def test_readmes_example_is_well(self):
        readme = (SOURCE_DIR / "README.md").read_text()
        text = readme[readme.index("[robot]"):]
        text = text[:text.index("```")].replace("dog.xml", "quadruped.xml")
        self.write("robots/dog.toml", text)
        result = self.anole("check", "robots/dog.toml")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("warning", result.stderr)

    def test_what_is_held_and_skipped_is_listed(self):
        self.change('actuators = "*"', 'actuators = "f*, b?_hip"')
        self.change('0.7 -1.4"/>', '0.7 -1.5"/>', "robots/quadruped.xml")
        self.change('<worldbody>', '<worldbody><body name="post"/>', "robots/quadruped.xml")
        self.change('target = "torso"\noperation = "add" ', 'target = "*"\noperation = "set" ')
        self.change('range = [0, 4]', 'range = [1, 4]')
        self.change('test_range = [0, 5]', '')
        told = " ".join(self.done("check", "robots/quadruped.toml").split())
        self.assertIn("held controls that no action commands: bl_knee -1.4, br_knee -1.5", told)
        self.assertIn("; skipped: post (mass 0)", told)

    def test_reference_tells_of_names(self):
        told = " ".join(self.done("check", "--reference").split())
        self.assertIn("* ? [ ] are wildcards, and a backslash takes the next character as it is", told)
        self.assertIn('"body:torso" chooses the geoms of a body', told)

    def test_what_grows_is_told_and_tried_as_it_has_grown(self):
        task = (self.folder / "robots/quadruped.toml").read_text()
        self.write("robots/quadruped.toml", task + """
[[command]]
name = "asked"
per = "episode"
range = [5, 6]
start_range = [5, 5]
growth_iterations = 9
[[observation]]
term = "command"
command = "asked"
[[reward]]
term = "alive"
name = "growing"
weight = 2
start_weight = 0.5
growth_iterations = 7
[[push]]
body = "torso"
every = [1, 2]
speed = [0, 1]
start_speed = [0, 0.1]
growth_iterations = 8
""")
        told = " ".join(self.done("check", "robots/quadruped.toml").split())
        for text in ["asked 5 to 6, from 5 to 5 on within 9 iterations of training, drawn in each",
                     "by 0 to 1 m/s, from 0 to 0.1 m/s on within 8 iterations of training"]:
            self.assertIn(text, told)
        self.assertRegex(told, r"growing weight 2 [12]\.?\d*, weight from 0.5 on within 7 iterations of")
        self.assertRegex(told, r"command 5\.[0-4]\d* to 5\.[6-9]\d*; command = \"asked\"")

    def test_divergence_is_counted(self):
        self.change('kp="40" kv="1" forcerange="-14 14"', 'kp="KP" kv="0"', "robots/quadruped.xml")
        self.change('integrator="implicitfast"', 'integrator="Euler"', "robots/quadruped.xml")
        self.change('model = ', 'physics_dt = 0.02\nmodel = ')
        self.change('range = [0.14, 0.5]', 'range = [-1000, 1000]')
        self.change('degrees = 50', 'degrees = 180')
        self.change('KP', '3000', "robots/quadruped.xml")
        result = self.anole("check", "robots/quadruped.toml")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("warning: physics diverged in", result.stderr)

    def test_mistakes(self):
        self.refused("check", says=["TASK.toml"])
        self.refused("check", "nowhere.toml", says=["nowhere.toml: no such file"])
        self.refused("check", "robot.toml", says=["robot.toml: is a config; train it with"])
        self.change('body = "torso"', 'body = "torsoe"')
        self.refused("check", "robots/quadruped.toml",
                     says=["robots/quadruped.toml:", 'body = "torsoe"', "did you mean 'torso'?"])


class RunTest(RobotTest):
    def test_from_training_to_resuming_elsewhere(self):
        self.done("train", "robot.toml", "--run-dir", "run")
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        run = self.folder / "run"
        result = json.loads(self.done("evaluate", run, "--json", cwd=elsewhere))
        self.assertEqual(len(result["updates"]), 2)
        self.done("train", "--resume", run, "--meta.iterations=3", cwd=elsewhere)
        # The same task at any place.
        shutil.move(self.folder / "robots", elsewhere / "robots")
        again = json.loads(self.done("evaluate", run, "--json", "--theta", "2",
                                     "--task.file=robots/quadruped.toml", cwd=elsewhere))
        self.assertEqual(again["updates"], result["updates"])

    def test_held_out_tasks_come_from_their_own_ranges(self):
        self.change("test_range = [-0.7, 1.2]", "test_range = [3, 4]")
        self.done("train", "robot.toml", "--run-dir", "run")
        report = json.loads(self.done("evaluate", "run", "--json", "--per-task"))
        velocities = [task["velocity_x"] for task in report["tasks"]]
        self.assertTrue(all(3 <= v <= 4 for v in velocities), velocities)

    def test_a_config_whose_task_has_changed(self):
        self.done("train", "robot.toml", "--run-dir", "run")
        self.change("weight = 1.5", "weight = 1.6", "run/task/quadruped.toml")
        again = ["train", "run/config.toml", "--run-dir", "again"]
        self.refused(*again, says=["task.checksum", "quadruped.toml", "has changed since"])
        self.done(*again, "--task.checksum=any")

    def test_family_without_a_file(self):
        self.write("robot.toml", SMALL.replace('file = "robots/quadruped.toml"\n', ""))
        self.refused("train", "robot.toml", says=["task.file must be set (a path)"])


if __name__ == "__main__":
    unittest.main()
