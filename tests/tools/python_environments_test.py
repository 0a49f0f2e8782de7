#!/usr/bin/env python3
"""The environments of the Python package: as Gymnasium wants them, and the program's very bits."""

import csv
import os
import random
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

import python_package  # first: it says where packages are
# The real one needs a window system and more packages; nothing is drawn by it here.
sys.modules["gymnasium.envs.mujoco.mujoco_rendering"] = mock.MagicMock()
import anole  # noqa: E402
import gymnasium  # noqa: E402
import mujoco  # noqa: E402
import numpy as np  # noqa: E402
from gymnasium.utils.env_checker import check_env  # noqa: E402
from gymnasium.vector import AutoresetMode, SyncVectorEnv  # noqa: E402
from program import SOURCE_DIR, ProgramTest, mujoco_version  # noqa: E402

VELOCITY = "anole/cheetah-velocity-v0"
ROBOT = str(SOURCE_DIR / "configs/robots/quadruped.toml")
OF_FAMILY = {"robot": {"file": ROBOT}}


def make(family=VELOCITY, **kwargs):
    return gymnasium.make(family, disable_env_checker=True, **kwargs)


def make_vec(family=VELOCITY, **kwargs):
    return gymnasium.make_vec(family, vectorization_mode="vector_entry_point", **kwargs)


class EnvTest(unittest.TestCase):
    def test_gymnasium_accepts_every_family(self):
        self.assertIn("cheetah-velocity", anole.families())
        for family in anole.families():
            with self.subTest(family):
                name = f"anole/{family}-v0"
                env = make(name, **OF_FAMILY.get(family, {}))
                with mock.patch("gymnasium.logger.warn") as warn:
                    check_env(env.unwrapped, skip_render_check=True)
                self.assertEqual(warn.call_args_list, [])
                env.close()

    @unittest.skipIf(mujoco_version() != mujoco.__version__, "Gymnasium runs another MuJoCo")
    def test_observations_are_those_of_half_cheetah(self):
        env, reference = make(task=[1.3]).unwrapped, gymnasium.make("HalfCheetah-v5").unwrapped
        reference.reset(seed=1)
        rng = np.random.default_rng(1)
        for seed in range(3):
            observation, _ = env.reset(seed=seed)
            reference.set_state(*env.state)
            for _ in range(200):
                action = rng.uniform(-1, 1, 6).astype(np.float32)
                before = env.state[0][0]
                observation, reward, _, _, info = env.step(action)
                seen, _, _, _, told = reference.step(action)
                np.testing.assert_array_equal(observation, seen)
                velocity = (env.state[0][0] - before) / 0.05
                self.assertAlmostEqual(velocity, told["x_velocity"], places=12)
                self.assertAlmostEqual(info["reward_velocity_error"], -abs(velocity - 1.3))
                self.assertEqual(reward, info["reward_velocity_error"] +
                                 info["reward_control_cost"])

    def test_an_episode_is_its_seed_task_and_actions(self):
        def play(env, seed):
            told = [env.reset(seed=seed)[0]]
            rng = np.random.default_rng(0)
            for _ in range(20):
                told.append(env.step(rng.uniform(-1, 1, 6))[0])
            return np.array(told)

        one, other = make(task=[1.0]), make(task=[1.0])
        first = play(one, 5)
        np.testing.assert_array_equal(first, play(other, 5))
        self.assertFalse(np.array_equal(first, play(one, 6)))
        np.testing.assert_array_equal(first, play(one, 5))
        other.reset()  # the next episode, of the same seed
        self.assertFalse(np.array_equal(first[0], other.reset()[0]))

    def test_tasks_are_those_of_the_list(self):
        env = make()
        tasks = env.unwrapped.sample_tasks(4, seed=7)
        self.assertEqual(tasks.shape, (4, 1))
        drawn = [env.reset(seed=7)[1]["task"]] + [env.reset()[1]["task"] for _ in range(3)]
        np.testing.assert_array_equal(tasks, drawn)
        self.assertFalse(np.array_equal(tasks, env.unwrapped.sample_tasks(4, 7, "test")))
        again = make()
        again.reset(seed=7)
        again.reset(options={"address": {"seed": 3}})  # is none of the seed's
        np.testing.assert_array_equal(again.reset()[1]["task"], tasks[1])
        _, info = env.reset(options={"task": [0.25]})
        self.assertEqual(info["task"], [0.25])
        self.assertEqual(env.reset()[1]["task"], [0.25])
        self.assertNotEqual(env.reset(options={"task": None})[1]["task"], [0.25])
        metadata = env.unwrapped.metadata
        self.assertEqual(metadata["task_parameters"], [("goal_velocity", "m/s")])
        self.assertEqual(metadata["task_ranges"], [(0, 3)])
        self.assertEqual(metadata["horizon"], 200)

    def test_options_of_the_task(self):
        env = make(horizon=3, action_range=2)
        self.assertEqual(env.action_space.high[0], 2)
        env.reset(seed=0)
        ends = [env.step(np.zeros(6))[2:4] for _ in range(3)]
        self.assertEqual(ends, [(False, False), (False, False), (False, True)])
        with self.assertRaisesRegex(RuntimeError, "the episode has ended: call reset"):
            env.unwrapped.step(np.zeros(6))

    def test_mistakes_are_told(self):
        cases = [
            (lambda: make(horizn=3), anole.UserError, "task.horizn.*did you mean 'task.horizon'"),
            (lambda: make(horizon=-3), anole.UserError, "task.horizon = -3"),
            (lambda: make(horizon={1}), TypeError, "task.horizon: a value is"),
            (lambda: make(phase="exam"), anole.UserError, "train, validation or test"),
            (lambda: make(task=[1, 2]), ValueError, "a task has the shape"),
            (lambda: make(task=[[1]]), ValueError, "a task has the shape"),
            (lambda: make(phase=None), anole.UserError, "phase = None: must be a text"),
            (lambda: make(camera=3), anole.UserError, "camera = 3: must be a text"),
            (lambda: make(width=0), anole.UserError, "width = 0: must be an integer from 1"),
            (lambda: make(height=2.5), anole.UserError, "height = 2.5: must be an integer"),
            (lambda: make_vec(num_envs=2.5), anole.UserError, "num_envs = 2.5"),
            (lambda: make_vec(num_envs=2, threads=0), anole.UserError, "threads = 0"),
            (lambda: make(task=[np.nan]), ValueError, "not finite"),
            (lambda: anole.Env("reacher-goal", render_mode="human"), anole.UserError,
             "render_mode"),
            (lambda: anole.Env("sine"), anole.UserError, "there is no environment"),
            (lambda: anole.Env("reacher-gaol"), anole.UserError, "reacher-goal"),
            (lambda: make("anole/robot-v0"), anole.UserError, "task.file"),
            (lambda: make_vec(num_envs=0), anole.UserError, "num_envs = 0"),
            (lambda: make_vec(num_envs=2, threads=100000), anole.UserError, "threads"),
        ]
        env = make().unwrapped
        with self.assertRaisesRegex(RuntimeError, "call reset"):
            env.step(np.zeros(6))
        env.reset(seed=1)
        cases += [
            *((lambda seed=seed: env.reset(seed=seed), anole.UserError, "seed = .*: must be an int")
              for seed in (-1, 2**63, True, 1.0, "7", np.True_)),
            (lambda: env.reset(seed=9, options={"tsk": [1]}), anole.UserError, "tsk"),
            (lambda: env.reset(seed=9, options={"task": [1, 2]}), ValueError, "shape"),
            *((lambda address=address: env.reset(seed=9, options={"address": address}),
               anole.UserError, "address")
              for address in ({"sed": 1}, {"seed": 1, "task": -1}, {"seed": 1, "task": 2.0},
                              {"seed": 2**64}, {"seed": 1, "phase": None}, {"seed": None}, 3)),
            (lambda: env.sample_tasks(-1), anole.UserError, "n = -1"),
            (lambda: env.sample_tasks(2.5), anole.UserError, "n = 2.5"),
            (lambda: env.sample_tasks(2, 0, 5), anole.UserError, "phase = 5"),
            (lambda: env.step(np.zeros(5)), ValueError, r"shape \(6,\), not \(5,\)"),
            (lambda: env.step(np.full(6, np.nan)), ValueError, "not finite"),
            (lambda: env.step(["a"] * 6), ValueError, "could not convert"),
            (lambda: env.step(None), (TypeError, ValueError), ""),
        ]
        for call, kind, text in cases:
            with self.subTest(text), self.assertRaisesRegex(kind, text):
                call()
        env.step(np.zeros(6))  # all of that has changed nothing
        twin = make().unwrapped
        twin.reset(seed=1)
        np.testing.assert_array_equal(env.reset()[0], twin.reset()[0])
        env.close()
        env.close()
        for call in (env.reset, lambda: env.step(np.zeros(6)), lambda: env.sample_tasks(1)):
            with self.assertRaisesRegex(RuntimeError, "closed"):
                call()

    def test_physics_that_blows_up_ends_the_episode(self):
        robots = SOURCE_DIR / "configs/robots"
        with tempfile.TemporaryDirectory() as folder:
            for name in ("cart_pole.toml", "cart_pole.xml"):
                text = (robots / name).read_text(encoding="utf-8")
                Path(folder, name).write_text(text.replace('gear="15"', 'gear="1e15"'),
                                              encoding="utf-8")
            env = anole.make_robot(Path(folder, "cart_pole.toml")).unwrapped
            first, _ = env.reset(seed=1)
            observation, reward, terminated, truncated, info = env.step(np.ones(1))
        self.assertTrue(terminated and info["diverged"] and not truncated)
        self.assertEqual(reward, -5 * 200)  # diverged_reward, for each step that is missing
        np.testing.assert_array_equal(observation, first)
        self.assertEqual([value for name, value in info.items() if "reward" in name], [0, 0, 0])


class VectorTest(unittest.TestCase):
    N = 5

    def compare(self, ours, theirs, steps):
        """Both are stepped alike, and tell the same."""
        def same(told, expected):
            self.assertEqual(type(told), type(expected))
            if isinstance(told, dict):
                # Of nobody: there, or not there.
                told = {name: value for name, value in told.items()
                        if told.get("_" + name.removeprefix("_"), np.ones(1)).any()}
                self.assertEqual(sorted(told), sorted(expected))
                for name, value in expected.items():
                    with self.subTest(name):
                        same(told[name], value)
            elif isinstance(told, np.ndarray) and told.dtype == object:
                for one, other in zip(told, expected):
                    same(one, other)
            elif told is not None:
                np.testing.assert_array_equal(told, expected)
                self.assertEqual(told.dtype.kind, expected.dtype.kind)

        for one, other in zip(ours.reset(seed=3), theirs.reset(seed=3)):
            same(one, other)
        rng = np.random.default_rng(0)
        for step in range(steps):
            actions = rng.uniform(-1, 1, ours.action_space.shape).astype(np.float32)
            told, expected = ours.step(actions), theirs.step(actions)
            for one, other in zip(told, expected):
                with self.subTest(step=step):
                    same(one, other)

    def test_it_is_gymnasiums_vector_of_single_ones(self):
        # Episodes of the ant end whenever it falls, so that they end at different steps.
        for family, options in [(VELOCITY, {"horizon": 4}), ("anole/walker-velocity-v0",
                                                             {"horizon": 30})]:
            for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP):
                with self.subTest(family=family, mode=mode):
                    theirs = SyncVectorEnv([lambda: make(family, **options)] * self.N,
                                           autoreset_mode=mode)
                    self.compare(make_vec(family, num_envs=self.N, autoreset_mode=mode, threads=2,
                                          **options), theirs, 60)

    def test_reset_by_hand(self):
        envs = make_vec(num_envs=3, horizon=2, autoreset_mode=AutoresetMode.DISABLED)
        first, _ = envs.reset(seed=1)
        for _ in range(2):
            observations, _, _, truncated, _ = envs.step(np.zeros((3, 6)))
        self.assertTrue(truncated.all())
        mask = np.array([True, False, True])
        again, infos = envs.reset(options={"reset_mask": mask})
        np.testing.assert_array_equal(infos["_task"], mask)
        np.testing.assert_array_equal(again[1], observations[1])
        self.assertFalse(np.array_equal(again[0], observations[0]))
        self.assertFalse(np.array_equal(again[0], first[0]))
        with self.assertRaisesRegex(RuntimeError, "of environment 1 has ended: call reset"):
            envs.step(np.zeros((3, 6)))
        envs = make_vec(num_envs=2, autoreset_mode=AutoresetMode.DISABLED)
        envs.reset(seed=1, options={"reset_mask": np.array([True, False])})
        with self.assertRaisesRegex(RuntimeError, "of environment 1 has not begun: call reset"):
            envs.step(np.zeros((2, 6)))

    def test_threads_change_no_bit(self):
        told = []
        for threads in (1, 2, 3):
            envs = make_vec(num_envs=7, threads=threads, horizon=9)
            envs.reset(seed=2)
            rng = np.random.default_rng(0)
            told.append([envs.step(rng.uniform(-1, 1, (7, 6)))[:2] for _ in range(30)])
        for other in told[1:]:
            for one, same in zip(told[0], other):
                np.testing.assert_array_equal(one[0], same[0])
                np.testing.assert_array_equal(one[1], same[1])

    def test_tasks_and_seeds_of_each(self):
        envs = make_vec(num_envs=3, task=[[0.5], [1.0], [1.5]])
        _, infos = envs.reset(seed=[4, 4, 5])
        np.testing.assert_array_equal(infos["task"], [[0.5], [1.0], [1.5]])
        envs.set_tasks([2.0])
        observations, infos = envs.reset(seed=[4, 4, 5])
        np.testing.assert_array_equal(infos["task"], [[2.0]] * 3)
        np.testing.assert_array_equal(observations[0], observations[1])
        self.assertFalse(np.array_equal(observations[0], observations[2]))
        for wrong in ([[1.0]], [1.0, 2.0], [[1.0, 2.0]] * 3, [[1.0], [1.0], [np.nan]], "fast"):
            with self.subTest(wrong), self.assertRaises(ValueError):
                envs.set_tasks(wrong)
        for wrong in ([1, 2], [1, 2, "x"], [1, 2, -3]):
            with self.subTest(wrong), self.assertRaises((ValueError, TypeError)):
                envs.reset(seed=wrong)
        for wrong in ({"seed": 1}, [{"seed": 1}] * 2, [{"seed": 1}, {"seed": 2}, {}]):
            with self.subTest(wrong), self.assertRaisesRegex(anole.UserError, "address"):
                envs.reset(seed=8, options={"address": wrong})
        twin = make_vec(num_envs=3, task=[2.0])
        twin.reset(seed=[4, 4, 5])
        np.testing.assert_array_equal(envs.reset()[0], twin.reset()[0])  # nothing has changed
        mask = np.array([True, False, False])
        envs.reset(seed=8, options={"reset_mask": mask})
        twin.reset(seed=[8, None, None], options={"reset_mask": mask})
        np.testing.assert_array_equal(envs.reset()[0], twin.reset()[0])
        with self.assertRaisesRegex(ValueError, "shape"):
            envs.step(np.zeros((2, 6)))
        with self.assertRaisesRegex(ValueError, "of environment 2 is not finite"):
            envs.step(np.array([[0] * 6, [0] * 6, [np.inf] * 6]))
        envs.close()
        with self.assertRaisesRegex(RuntimeError, "closed"):
            envs.step(np.zeros((3, 6)))

    def test_observations_handed_out_stay_as_they_are(self):
        envs = make_vec(num_envs=2)
        first, _ = envs.reset(seed=1)
        copy = first.copy()
        second = envs.step(np.ones((2, 6)))
        kept = [array.copy() for array in second[:4]]
        envs.step(-np.ones((2, 6)))
        np.testing.assert_array_equal(first, copy)
        for array, same in zip(second, kept):
            np.testing.assert_array_equal(array, same)

    def test_any_use_by_several_threads(self):
        """Resets, steps, mistakes and closes, at random, of environments that threads share."""
        failures = []

        def use(seed, shared):
            rng = random.Random(seed)
            try:
                own = make_vec(num_envs=2, horizon=5, threads=2)
                own.reset(seed=seed)
                for _ in range(150):
                    envs = rng.choice([own, shared])
                    n = envs.num_envs
                    choice = rng.randrange(6)
                    if choice < 3:
                        envs.step(np.zeros((n, 6)))
                    elif choice == 3:
                        envs.reset(seed=rng.randrange(99) if rng.random() < 0.5 else None)
                    elif choice == 4:
                        with self.assertRaises(ValueError):
                            envs.step(np.full((n, 6), np.nan))
                    else:
                        own.close()
                        with self.assertRaises(RuntimeError):
                            own.step(np.zeros((2, 6)))
                        own = make_vec(num_envs=2, horizon=5, threads=rng.randrange(1, 3))
                        own.reset(seed=1)
            except Exception as error:  # a thread's own would be lost
                failures.append(error)

        shared = make_vec(num_envs=3, horizon=4, threads=2)
        shared.reset(seed=0)
        threads = [threading.Thread(target=use, args=(i, shared)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


class ProgramParityTest(ProgramTest):
    def test_the_programs_actions_make_the_programs_bits(self):
        self.train("run")
        self.done("record", "run", "--task=1", "--out", "episodes.csv", "--quiet")
        with open(self.folder / "episodes.csv", encoding="utf-8") as file:
            rows = [{name: float(text) if name != "end" else text for name, text in row.items()}
                    for row in csv.DictReader(file)]
        run = anole.Run(self.folder / "run")
        evaluation = run.config["evaluation"]
        task = run.evaluate(updates=0).tasks[1]
        env = make(task=task, phase="test", horizon=60).unwrapped
        steps = 0
        for row in rows:
            if row["step"] == 0:
                address = {"seed": evaluation["seed"], "phase": "test", "task": 1,
                           "inner_step": int(row["batch"]), "rollout": int(row["episode"])}
                observation, _ = env.reset(options={"address": address})
            self.assertEqual([row[f"observation_{i}"] for i in range(17)], observation.tolist())
            action = [row[f"action_{i}"] for i in range(6)]
            observation, reward, _, truncated, _ = env.step(np.array(action))
            self.assertEqual(reward, row["reward"])
            self.assertEqual(truncated, row["end"] == "time_limit")
            steps += 1
        self.assertEqual(steps, len(rows))
        self.assertGreater(steps, 100)


class RenderTest(unittest.TestCase):
    def test_pictures(self):
        env = make(task=[1.0], render_mode="rgb_array", width=160, height=120)
        with self.assertRaisesRegex(RuntimeError, "call reset"):
            env.unwrapped.render()
        env.reset(seed=1)
        try:
            first = env.render()
        except (RuntimeError, anole.UserError) as error:
            self.skipTest(f"no OpenGL here: {error}")
        self.assertEqual((first.shape, first.dtype), ((120, 160, 3), np.uint8))
        self.assertGreater(first.std(), 10)  # there is something to see
        kept = first.copy()
        for _ in range(10):
            env.step(np.ones(6))
        self.assertFalse(np.array_equal(env.render(), first))
        np.testing.assert_array_equal(first, kept)
        env.reset(seed=1)
        np.testing.assert_array_equal(env.render(), first)
        envs = make_vec(num_envs=2, task=[1.0], render_mode="rgb_array", width=160, height=120)
        envs.reset(seed=1)
        pictures = envs.render()
        self.assertEqual(len(pictures), 2)
        np.testing.assert_array_equal(pictures[0], first)
        child = os.fork()
        if child == 0:  # where the thread that draws is not
            try:
                env.render()
            except RuntimeError as error:
                os._exit(0 if "forked" in str(error) else 1)
            os._exit(2)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        from_thread = []
        thread = threading.Thread(target=lambda: from_thread.append(envs.render()[0]))
        thread.start()
        thread.join()
        np.testing.assert_array_equal(from_thread[0], first)
        envs.close()
        env.close()


if __name__ == "__main__":
    del python_package
    unittest.main()
