#!/usr/bin/env python3
"""Runs made, evaluated and adapted from Python are the program's, bit for bit."""

import json
import logging
import os
import shutil
import subprocess
import sys
import textwrap
import tomllib
import unittest
from pathlib import Path

import python_package
import anole  # noqa: E402
import gymnasium  # noqa: E402
import numpy as np  # noqa: E402
from program import SOURCE_DIR, ProgramTest, metrics, stored_options, tree  # noqa: E402
from streams_test import SMALL  # noqa: E402


class RunsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder)

    def raises(self, call, text, kind=anole.UserError):
        """A mistake is an exception, and the world stays as it was."""
        before = tree(self.folder)
        with self.subTest(text), self.assertRaisesRegex(kind, text):
            call()
        self.assert_same_files(tree(self.folder), before)

    def test_pip_installs_the_version_that_cmake_builds(self):
        project = (python_package.SOURCE / "pyproject.toml").read_text(encoding="utf-8")
        self.assertEqual(anole.__version__, tomllib.loads(project)["project"]["version"])

    def test_training(self):
        expected = self.train("of-program")
        told = []
        run = anole.train("cheetah.toml", "mine", threads=2, on_iteration=told.append)
        self.assert_same_run(self.folder / "mine", expected)
        self.assertEqual(len(told), 6)
        self.assertEqual([row["iteration"] for row in told], [1, 2, 3, 4, 5, 6])
        self.assertEqual(run.iteration, 6)
        self.assertIn(run.signature, self.done("info", "of-program"))
        # A dict of its options is as good as the file, and so is one with dots in its names.
        options = {section: values for section, values in stored_options(expected).items()}
        again = anole.train(options, "of-dict")
        self.assertEqual(again.signature, run.signature)
        changed = anole.train("cheetah.toml", "changed", seed=2, meta={"iterations": 1},
                              **{"inner.rollouts": np.int64(2)})
        self.train("typed", "--seed=2", "--meta.iterations=1", "--inner.rollouts=2")
        self.assertEqual(changed.signature, anole.Run("typed").signature)
        self.assertEqual(anole.train("cheetah.toml", meta={"iterations": 1}).path,
                         Path("runs/cheetah-1").absolute())

    def test_stop_and_resume(self):
        expected = self.train("of-program")
        anole.train("cheetah.toml", "mine", on_iteration=lambda row: row["iteration"] == 3)
        self.assertEqual(anole.Run("mine").iteration, 4)
        rows = []
        run = anole.resume("mine", on_iteration=rows.append)
        self.assertEqual(len(rows), 2)
        self.assertEqual(run.signature, anole.Run(expected).signature)
        self.assertEqual([row["return/after"] for row in metrics(run.path)],
                         [row["return/after"] for row in metrics(expected)])

        def fail(row):
            raise KeyError(row["iteration"])
        try:
            anole.train("cheetah.toml", "broken", on_iteration=fail)
            self.fail("a callback's exception is lost")
        except KeyError:
            self.assertEqual(anole.resume("broken").signature, run.signature)
        # The program goes on with a run of Python.
        anole.train("cheetah.toml", "mixed", on_iteration=lambda row: row["iteration"] == 2)
        self.done("train", "--resume", "mixed")
        self.assertEqual(anole.Run("mixed").signature, run.signature)

    def script(self, text, **variables):
        """What a program in Python prints."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(python_package.FOLDERS),
                       **variables}
        told = subprocess.run([sys.executable, "-c", textwrap.dedent(text)], capture_output=True,
                              text=True, env=environment, timeout=120, check=False)
        self.assertEqual(told.returncode, 0, told.stderr)
        return told.stdout

    def test_ctrl_c(self):
        self.assertRegex(self.script("""
            import os, signal
            import anole
            def tell(row):
                if row["iteration"] == 2:
                    os.kill(os.getpid(), signal.SIGINT)
            for again in range(2):
                try:
                    anole.train("cheetah.toml", f"mine{again}", on_iteration=tell,
                                meta={"iterations": 10**6})
                except KeyboardInterrupt:
                    print("interrupted", anole.Run(f"mine{again}").iteration)
        """), "^interrupted [23]\ninterrupted [23]\n$")

    def test_ctrl_c_wherever_it_comes(self):
        """While files are written, in a comparison, in the log; another signal is Python's own."""
        self.write("spec.toml", '[compare]\nconfig = "cheetah.toml"\nenv_steps = 1e7\nseeds = [1]\n'
                                "[method.reptile]\n")
        self.assertEqual(self.script("""
            import logging, os, signal, threading, time
            import anole
            def press(number, after):
                def wait():
                    time.sleep(after)
                    os.kill(os.getpid(), number)
                threading.Thread(target=wait).start()
            def interrupted(work):
                press(signal.SIGINT, 0.3)
                try:
                    work()
                except KeyboardInterrupt:
                    print("interrupted")
            for again in range(2):
                interrupted(lambda: anole.compare("spec.toml", "compared"))
            run = anole.train("cheetah.toml", "run")
            def save():
                while True:
                    run.policy.save("policy.safetensors")
            for again in range(4):
                interrupted(save)
            signal.signal(signal.SIGUSR1, lambda *_: print("usr1"))
            press(signal.SIGUSR1, 0.2)
            end = time.time() + 0.5
            while time.time() < end:
                run.policy.save("policy.safetensors")
            class Press(logging.Handler):
                def emit(self, record):
                    os.kill(os.getpid(), signal.SIGINT)
            logger = logging.getLogger("anole")
            logger.setLevel(logging.INFO)
            logger.addHandler(Press())
            interrupted(lambda: anole.train("cheetah.toml", "logged", meta={"iterations": 10**6}))
        """).splitlines(), ["interrupted"] * 6 + ["usr1", "interrupted"])

    def test_a_locale_of_commas(self):
        """A program in Python chooses it for all that is in its process, MuJoCo too."""
        variables = self.comma_locale()
        shutil.copytree(SOURCE_DIR / "configs/robots", "robots",
                        ignore=shutil.ignore_patterns("field"))
        self.write("robot.toml", SMALL.replace('"point-navigation"\nhorizon = 10',
                                               '"robot"\nfile = "robots/cart_pole.toml"'))
        runs = {"cheetah.toml": self.train("cheetah"),
                "robot.toml": self.train("robot", config="robot.toml")}
        self.script("""
            import locale
            locale.setlocale(locale.LC_ALL, "")
            assert locale.str(1.5) == "1,5"
            import anole
            for config in ["cheetah.toml", "robot.toml"]:
                run = anole.train(config, f"mine/{config}")
                run.policy.export([], f"exported/{config}")
        """, **variables)
        for config, run in runs.items():
            self.assert_same_run(self.folder / "mine" / config, run)
            self.done("export", run, "--out", f"told/{config}")
            mine, told = (self.folder / by / config / "anole_policy.c"
                          for by in ("exported", "told"))
            self.assertEqual(mine.read_bytes(), told.read_bytes())

    def test_a_run_within_a_run(self):
        """Each has its own log.txt, and a handler may use anole."""
        within = []

        def tell(row):
            if row["iteration"] == 3:
                within.append(anole.train("cheetah.toml", "inner", meta={"iterations": 1}))
        anole.train("cheetah.toml", "outer", on_iteration=tell)
        logs = [(self.folder / name / "log.txt").read_text(encoding="utf-8")
                for name in ("outer", "inner")]
        self.assertEqual([log.count("finished") for log in logs], [1, 1])
        self.assertIn("6 iterations", logs[0].splitlines()[-1])
        self.assertNotIn("6 iterations", logs[1])

    def test_a_run_stays_what_it_is(self):
        run = anole.train("cheetah.toml", "mine", meta={"iterations": 2})
        before = run.evaluate(tasks=1).scores
        anole.resume("mine", meta={"iterations": 4})
        os.chdir("/")
        self.assertEqual(run.iteration, 2)
        np.testing.assert_array_equal(run.evaluate(tasks=1).scores, before)

    def test_evaluation(self):
        self.train("run")
        told = json.loads(self.done("evaluate", "run", "--json", "--baseline", "--updates=1"))
        evaluation = anole.Run("run").evaluate(baseline=True, updates=1)
        for name in ("date", "anole"):
            told.pop(name, None)
            evaluation.json.pop(name, None)
        self.assertEqual(evaluation.json, told)
        self.assertEqual(evaluation.scores.shape, (3, 2))
        self.assertEqual(evaluation.tasks.shape, (3, 1))
        self.assertEqual(evaluation.baseline.scores.shape, (3, 2))
        np.testing.assert_array_equal(evaluation.mean(), evaluation.scores.mean(axis=0))
        other = anole.Run("run", evaluation={"updates": 1}).evaluate(threads=1)
        np.testing.assert_array_equal(other.scores, evaluation.scores)
        at_goal = anole.Run("run").evaluate(goals=[[1.0], [2.0]])
        np.testing.assert_array_equal(at_goal.tasks, [[1.0], [2.0]])
        at_one = anole.Run("run").evaluate(goal=2.0, seed=5)
        np.testing.assert_array_equal(at_one.tasks, [[2.0]])
        run = anole.Run("run")
        self.assertEqual(list(run.metrics)[0], "iteration")
        self.assertEqual(len(run.metrics["iteration"]), 6)
        self.assertEqual(run.config["meta"]["batch_size"], 2)
        self.assertEqual(run.config["policy"]["hidden"], [16])
        self.assertEqual(run.config["task"]["family"], "cheetah-velocity")
        self.assertEqual([file.parent.name for file in run.checkpoints],
                         ["step_000000", "step_000002", "step_000004", "step_000006"])
        self.assertNotEqual(anole.Run("run", theta=2).signature, run.signature)
        self.assertNotEqual(anole.Run("run", theta="random").signature, run.signature)

    def test_adaptation(self):
        self.train("run")
        self.done("adapt", "run", "--goal=1.25", "--out", "told.safetensors")
        run = anole.Run("run")
        policy = run.adapt(goal=[1.25])
        self.assertEqual(len(policy.steps), 3)
        self.assertEqual(policy.scores.shape, (3,))
        policy.save("mine.safetensors")
        told, mine = (anole.Run("run", theta=f"{name}.safetensors")
                      for name in ("told", "mine"))
        self.assertEqual(told.signature, mine.signature)
        self.done("evaluate", "run", "--theta", "mine.safetensors")
        self.assertEqual([name for name in policy.parameters][:2],
                         ["policy/layer0/weight", "policy/layer0/bias"])
        self.assertEqual(policy.parameters["policy/layer0/weight"].shape, (17, 16))
        np.testing.assert_array_equal(
            np.concatenate([array.ravel() for array in policy.parameters.values()]), policy.theta)

        # What the program recorded teaches the same.
        env = gymnasium.make("anole/cheetah-velocity-v0", task=[1.25], phase="test", horizon=60)
        rng = np.random.default_rng(1)
        batches = [[self.episode(env, run.policy, rng) for _ in range(3)]]
        once = run.adapt(episodes=batches)
        batches.append([self.episode(env, once, rng) for _ in range(3)])
        twice = run.adapt(episodes=batches)
        self.assertFalse(np.array_equal(once.theta, run.policy.theta))
        np.testing.assert_array_equal(twice.steps[1].theta, once.theta)
        self.assertFalse(np.array_equal(twice.theta, once.theta))
        self.write("episodes.csv", self.csv(batches))
        self.done("adapt", "run", "--episodes", "episodes.csv", "--out", "recorded.safetensors")
        twice.save("twice.safetensors")
        self.assertEqual(anole.Run("run", theta="recorded.safetensors").signature,
                         anole.Run("run", theta="twice.safetensors").signature)

    @staticmethod
    def episode(env, policy, rng):
        observation, _ = env.reset()
        steps, ended = [], False
        while not ended:
            action = policy.sample(observation, rng)
            after, reward, terminated, truncated, _ = env.step(action)
            steps.append((observation, action, reward))
            observation, ended = after, terminated or truncated
        observations, actions, rewards = (np.array(column) for column in zip(*steps))
        return {"observations": observations, "actions": actions, "rewards": rewards,
                "end": "terminated" if terminated else "time_limit"}

    @staticmethod
    def csv(batches):
        names = ["batch", "episode", "step", *(f"observation_{i}" for i in range(17)),
                 *(f"action_{i}" for i in range(6)), "reward", "end"]
        lines = [",".join(names)]
        for b, batch in enumerate(batches):
            for e, episode in enumerate(batch):
                last = len(episode["rewards"]) - 1
                for t, reward in enumerate(episode["rewards"].tolist()):
                    cells = [b, e, t, *episode["observations"][t].tolist(),
                             *episode["actions"][t].tolist(), reward,
                             episode["end"] if t == last else ""]
                    lines.append(",".join(map(str, cells)))
        return "\n".join(lines) + "\n"

    def test_environments_of_a_run(self):
        self.train("run", "--task.action_range=3")
        run = anole.Run("run")
        env = run.make_env(task=[1.25])
        self.assertEqual(env.action_space.high[0], 3)
        self.assertEqual(env.metadata["horizon"], 60)
        self.assertEqual(env.reset(seed=1)[1]["task"], [1.25])
        np.testing.assert_array_equal(run.make_env().sample_tasks(2), env.sample_tasks(2, 0, "test"))
        envs = run.make_env(num_envs=3, phase="train")
        self.assertEqual(envs.reset(seed=1)[0].shape, (3, 17))
        self.raises(lambda: run.make_env(horizon=5), "the tasks are those of the run")
        # An update of each batch that was recorded there, as of dicts made by hand.
        batches, policy, rng = [], run.policy, np.random.default_rng(1)
        for _ in range(2):
            batches.append(policy.record(env, 3, rng))
            policy = run.adapt(episodes=batches)
        self.assertEqual([len(batch) for batch in batches], [3, 3])
        self.assertEqual(batches[0][0]["observations"].shape, (60, 17))
        self.assertEqual(batches[0][0]["end"], "time_limit")
        self.assertEqual(policy.scores.shape, (2,))
        self.assertAlmostEqual(policy.scores[0],
                               np.mean([episode["rewards"].sum() for episode in batches[0]]))
        self.raises(lambda: run.adapt(episodes=[[{**batches[0][0], "reward": 3}]]),
                    "has no \"reward\".*rewards")
        self.assertIn("zoo:cheetah-velocity", anole.zoo())
        self.assertIn("cheetah-velocity", anole.configs())
        self.assertIn("+-3", repr(policy))
        self.assertIn("3 tasks", repr(run.evaluate(updates=0)))

    def test_policies(self):
        self.train("run")
        policy = anole.Run("run").policy
        rng = np.random.default_rng(0)
        observations = rng.standard_normal((7, 17))
        actions = policy(observations)
        self.assertEqual(actions.shape, (7, 6))
        np.testing.assert_array_equal(policy(observations[3]), actions[3])
        np.testing.assert_array_equal(policy(observations[3].tolist()), actions[3])
        self.assertEqual(policy.log_std.shape, (6,))
        self.assertFalse(np.array_equal(policy.sample(observations, rng), actions))
        policy.export("onnx", "one")
        self.assertEqual(sorted(file.name for file in Path("one").iterdir()),
                         ["policy.json", "policy.onnx"])
        policy.export([], "all")
        self.done("check-export", "all", "--tasks=1")
        self.raises(lambda: policy.export("onnx", "one"), "one")
        self.raises(lambda: policy.export("onxx", "two"), "'onxx'; did you mean 'onnx'")
        self.raises(lambda: policy(np.zeros(16)), "17", ValueError)
        self.raises(lambda: policy(np.zeros((2, 2, 17))), "dimension", ValueError)

    def test_mistakes_have_the_programs_words(self):
        self.train("run")
        self.write("spec.toml", '[compare]\nconfig = "lines.toml"\nenv_steps = 2000\nseeds = [1]\n'
                                "[method.reptile]\n")
        run = anole.Run("run")
        ok = {"observations": np.zeros((2, 17)), "actions": np.zeros((2, 6)),
              "rewards": np.zeros(2)}
        for call, text in [
                (lambda: anole.train("cheeta.toml", "a"), "no such file; did you mean cheetah"),
                (lambda: anole.train("cheetah.toml", "a", meta={"iteration": 3}),
                 "meta.iteration = 3: unknown option .*did you mean 'meta.iterations'"),
                (lambda: anole.train("cheetah.toml", "a", meta={"iterations": -3}),
                 "meta.iterations = -3: must be"),
                (lambda: anole.train("cheetah.toml", "run"), "run: the run exists"),
                (lambda: anole.train({"task": {"family": "cheetah-velocty"}}, "a"),
                 "cheetah-velocity"),
                (lambda: anole.train({}), "run_dir is missing"),
                (lambda: anole.Run("nowhere"), "nowhere"),
                (lambda: anole.Run("zoo:nothing"), "the zoo has no such entry"),
                (lambda: anole.Run("run", theta="7"), "7"),
                (lambda: anole.Run("run", policy={"hidden": [8]}), "policy.hidden"),
                (lambda: run.evaluate(goal=[1, 2]), "--goal=1.0,2.0: must be 1 number"),
                (lambda: run.evaluate(updates=-1), "evaluation.updates"),
                (lambda: run.evaluate(goal=1, goals=[1]), "only one of them"),
                (lambda: run.adapt(), "one of goal, task and episodes"),
                (lambda: run.adapt(task=99), "--task=99"),
                (lambda: run.adapt(task=-1), "task = -1"),
                (lambda: run.adapt(episodes=[[ok]], updates=2), "updates: says what to simulate"),
                (lambda: run.adapt(episodes=[]), "no step"),
                (lambda: run.adapt(episodes=[ok]), r"episodes\[0\]: is no list of episodes"),
                (lambda: run.adapt(episodes=[[3]]), r"episodes\[0\]\[0\]: is no dict"),
                (lambda: run.adapt(episodes=[[{**ok, "rewards": np.zeros(3)}]]), "equally many"),
                (lambda: run.adapt(episodes=[[{**ok, "end": "crash"}]]),
                 r"episodes\[0\]\[0\], step 1: end: 'crash'"),
                (lambda: run.adapt(episodes=[[{**ok, "actions": np.full((2, 6), np.nan)}]]),
                 r"episodes\[0\]\[0\], step 0: action_0 is not finite"),
                (lambda: run.adapt(episodes=[[{**ok, "observations": np.zeros((2, 16))}]]),
                 "observation has 16 numbers"),
                (lambda: run.adapt(episodes=[[], [ok]]), r"episodes\[0\]: is a batch without"),
                (lambda: run.adapt(episodes=[[{**ok, "end": 5}]]), "\"end\" is no text"),
                (lambda: run.adapt(task=1.5), "task = 1.5: must be an integer"),
                (lambda: run.adapt(goal=[[1.0]]), "goal = .*: must be a number"),
                (lambda: run.evaluate(goals=[]), "goals = .*: must be a list of goals"),
                (lambda: run.evaluate(goals=1.0), "goals = 1.0: must be a list of goals"),
                (lambda: run.evaluate(threads=0), "threads = 0: must be an integer from 1"),
                (lambda: anole.train("cheetah.toml", "run", overwrite=True, threads="x"),
                 "threads = 'x'"),
                (lambda: anole.train("cheetah.toml", "run", overwrite=True, on_iteration=5),
                 "on_iteration = 5: must be called"),
                (lambda: anole.train("cheetah.toml", "a", seed=2.7), "seed = 2.7"),
                (lambda: anole.train({1: 2}, "a"), "names of options are texts"),
                (lambda: anole.train("cheetah.toml", 3), "run_dir = 3: must be a path"),
                (lambda: anole.compare("nothing.toml"), "nothing.toml"),
                (lambda: anole.compare("spec.toml", seeds=[]), "seeds"),
                (lambda: anole.compare("spec.toml", seeds=[1, 1]), "seeds"),
                (lambda: anole.resume("run", policy={"hidden": [8]}), "policy.hidden")]:
            self.raises(call, text)
        self.raises(lambda: anole.train("cheetah.toml", "a", meta={"iterations": {3}}),
                    "meta.iterations: a value is", TypeError)

    def test_numbers_that_run_away(self):
        with self.assertRaisesRegex(anole.DivergedError, "iteration"):
            anole.train("cheetah.toml", "mine", **{"inner.step_size": 1e6, "meta.step_size": 1e6,
                                                   "meta.optimizer": "sgd",
                                                   "policy.log_std_mode": "learned"})
        self.assertGreaterEqual(anole.Run("mine").iteration, 0)

    def test_supervised_runs(self):
        run = anole.train("lines.toml", "lines", meta={"iterations": 2})
        self.assertEqual(run.evaluate(tasks=2).scores.shape[0], 2)
        self.raises(lambda: run.policy, "there is no policy")
        self.raises(lambda: run.adapt(task=0), "no policy")
        self.raises(lambda: run.adapt(episodes=[[{}]]), "no episodes")

    def test_comparison(self):
        self.write("spec.toml", '[compare]\nconfig = "lines.toml"\nenv_steps = 2000\nseeds = [1]\n'
                                "[method.reptile]\n[method.random]\nenv_steps = 0\n")
        mine = anole.compare("spec.toml", "mine")
        told = json.loads(self.done("compare", "spec.toml", "--dir", "told", "--json"))
        self.assertEqual(mine, told)
        self.assertTrue(Path("mine/table.md").exists())

    def test_it_tells_by_logging(self):
        with self.assertLogs("anole", logging.INFO) as logs:
            anole.train("cheetah.toml", "mine", meta={"iterations": 1})
        self.assertTrue(any("1 iteration" in line for line in logs.output), logs.output)
        self.assertTrue(any("iteration 1: return -" in line for line in logs.output), logs.output)


if __name__ == "__main__":
    unittest.main()
