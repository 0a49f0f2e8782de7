"""A policy: parameters, and what acts by them."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import gymnasium
import numpy as np
from numpy.typing import ArrayLike

from anole.checks import text
from anole.options import path_of


class Policy:
    """A Gaussian policy of a run, before or after some updates.

    policy(observation) is the mean action: (action_dim) for an observation (observation_dim), or
    (n, action_dim) for n of them. It is not clipped; an environment clips it to its action space.
    ValueError where an observation has another number of elements.

    A policy with policy.gru remembers: it is asked once for each step, in their order, and `forget`
    makes it new. Where policy.feedback is on, an observation ends with the last action, its reward,
    and 1 if an episode ended with it, else 0; zeros at first.

    What Run.adapt returns also has `scores`, (batches), the mean return of each batch, and `steps`,
    the policies after 0, 1, ... updates.
    """

    scores: np.ndarray
    steps: list[Policy]

    def __init__(self, native):
        self._native = native

    def __call__(self, observation: ArrayLike) -> np.ndarray:
        """The mean action: (action_dim), or (n, action_dim) of n observations."""
        observations = np.asarray(observation, dtype=np.float64)
        rows = np.ascontiguousarray(np.atleast_2d(observations))
        if observations.ndim not in (1, 2):
            raise ValueError(f"an observation has one dimension, or two of many, not "
                             f"{observations.ndim}")
        actions = np.empty((len(rows), self._native.action_dim))
        self._native.act(rows, actions)
        return actions[0] if observations.ndim == 1 else actions

    def forget(self) -> None:
        """Forgets what a policy with policy.gru has met; of others this does nothing."""
        self._native.forget()

    def sample(self, observation: ArrayLike, rng: np.random.Generator) -> np.ndarray:
        """An action drawn by the policy. rng: a numpy.random.Generator."""
        mean = self(observation)
        return mean + np.exp(self.log_std) * rng.standard_normal(mean.shape)

    def record(self, env: gymnasium.Env, episodes: int, rng: np.random.Generator) -> list[dict]:
        """Plays so many episodes in an environment: a batch, as Run.adapt(episodes=[...]) takes it.

        env: of the run's tasks (Run.make_env), or whatever takes the same actions.
        """
        batch = []
        for _ in range(episodes):
            observation, _ = env.reset()
            steps, terminated, truncated, info = [], False, False, {}
            self.forget()
            feedback = np.zeros(self._native.feedback_dim)
            while not terminated and not truncated:
                action = self.sample(np.concatenate([observation, feedback]), rng)
                after, reward, terminated, truncated, info = env.step(action)
                steps.append((observation, action, reward))
                if len(feedback) > 0:
                    feedback = np.concatenate([action, [reward, 0]])
                observation = after
            if info.get("diverged"):
                end = "diverged"
                steps.pop()  # the step that did is no data
            else:
                end = "terminated" if terminated else "time_limit"
            if steps:
                observations, actions, rewards = (np.array(column) for column in zip(*steps))
                batch.append({"observations": observations, "actions": actions,
                              "rewards": rewards, "end": end})
        return batch

    def __repr__(self):
        return (f"<anole.Policy, {self._native.observation_dim} observations, "
                f"{self._native.action_dim} actions on +-{self.action_range:g}>")

    @property
    def log_std(self) -> np.ndarray:
        """(action_dim): log standard deviation of what `sample` draws."""
        return self._native.log_std

    @property
    def action_range(self) -> float:
        """Elements of an action beyond +- this are clipped by the environment."""
        return self._native.action_range

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """Copies of all parameters by name, as the run's safetensors files have them."""
        return self._native.parameters

    @property
    def theta(self) -> np.ndarray:
        """(parameters): the same as one vector."""
        return self._native.theta

    def export(self, formats: str | Sequence[str], folder: str | PathLike) -> Path:
        """Writes the folder that `anole export` makes, which must not exist, and returns it.

        formats: "onnx", "c", "safetensors", or a list of them; [] is all.
        """
        names = [formats] if isinstance(formats, str) else list(formats)
        self._native.export([text("formats", name) for name in names], path_of("folder", folder))
        return Path(folder)

    def save(self, file: str | PathLike) -> None:
        """Writes FILE.safetensors, as `anole adapt --out` does."""
        self._native.save(path_of("file", file))
