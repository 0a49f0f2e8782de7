"""Families of tasks as Gymnasium environments: one, or many that are stepped together."""

from __future__ import annotations

from os import PathLike
from typing import Any, ClassVar

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode

from anole import _native
from anole.checks import MAX_SEED, integer, text, threads as checked_threads
from anole.options import flatten, plain

_BLOWN_UP = 1e10  # MuJoCo's mjMAXVAL: a state beyond it has diverged. Gymnasium wants bounds
_ADDRESS = {"seed": 2**64 - 1, "iteration": 2**32 - 1, "task": 2**20 - 1, "inner_step": 2**12 - 1,
            "rollout": 2**20 - 1}  # the largest of each
_LARGEST_PICTURE = 16384  # [pixels]


def make_robot(task_file: str | PathLike,
               **kwargs: Any) -> gymnasium.Env | gymnasium.vector.VectorEnv:
    """A gymnasium.Env of a robot's TASK.toml; `num_envs` makes a vector environment of it.

    Other arguments as those of Env, or VectorEnv.
    """
    if "num_envs" in kwargs:
        return gymnasium.make_vec("anole/robot-v0", vectorization_mode="vector_entry_point",
                                  file=str(task_file), **kwargs)
    return gymnasium.make("anole/robot-v0", file=str(task_file), **kwargs)


class _Family:
    """What Env and VectorEnv have in common: environments of one family, and their tasks."""

    def __init__(self, family, count, threads, phase, render_mode, size, camera, options):
        if render_mode not in (None, "rgb_array"):
            raise _native.UserError(f"render_mode = {render_mode!r}: it is None or \"rgb_array\"")
        size = [integer(name, pixels, 1, _LARGEST_PICTURE)
                for name, pixels in zip(("width", "height"), size)]
        phase = text("phase", phase)
        if hasattr(family, "native_of_tasks"):  # a Run
            if options:
                raise _native.UserError(f"{sorted(options)}: the tasks are those of the run")
            self.native = _native.Environments(family.native_of_tasks(), count, threads, phase)
        else:
            changed = {f"task.{name}": value for name, value in flatten(options).items()}
            self.native = _native.Environments(text("family", family), changed, count, threads,
                                               phase)
        self.phase = phase
        self.family_spec = self.native.spec
        spec = self.family_spec
        self.names = [f"reward_{name}" for name, _ in spec["reward_terms"]]
        self.flags = ("success", "diverged") if spec["has_success"] else ("diverged",)
        self.metadata = {
            "render_modes": ["rgb_array"], "render_fps": round(1 / spec["control_dt"]),
            "task_parameters": spec["task_parameters"], "task_ranges": spec["task_ranges"],
            "test_task_ranges": spec["test_task_ranges"], "horizon": spec["horizon"]}
        camera = text("camera", camera)
        if render_mode == "rgb_array":
            self.native.film(*size, camera)

    def spaces(self):
        """(observation space, action space) of one environment."""
        spec = self.family_spec
        bound = np.concatenate([np.full(part["size"], min(part["clip"], _BLOWN_UP))
                                for part in spec["observations"]])
        limit = np.full(spec["action_dim"], spec["action_range"], np.float32)
        return (gymnasium.spaces.Box(-bound, bound, dtype=np.float64),
                gymnasium.spaces.Box(-limit, limit, dtype=np.float32))

    def task_of(self, task):
        """(task parameters), or None: drawn."""
        if task is None:
            return None
        numbers = np.atleast_1d(np.asarray(plain(task), np.float64))
        wanted = (len(self.family_spec["task_parameters"]),)
        if numbers.shape != wanted:
            raise ValueError(f"a task has the shape {wanted}, not {numbers.shape}")
        if not np.isfinite(numbers).all():
            raise ValueError("a task is not finite")
        return numbers

    def address_of(self, address):
        """All fields of where an episode belongs, of a dict of some."""
        if not isinstance(address, dict) or "seed" not in address or \
                set(address) - {*_ADDRESS, "phase"}:
            raise _native.UserError(f"address = {address!r}: must be a dict with seed, and if need "
                                    f"be phase, {', '.join(list(_ADDRESS)[1:])}")
        fields = {name: integer(f"address: {name}", address.get(name, 0), 0, most)
                  for name, most in _ADDRESS.items()}
        return {**fields, "phase": text("address: phase", address.get("phase", self.phase))}

    def actions(self, action, count):
        """(count, action_dim), as the library takes them."""
        actions = np.ascontiguousarray(action, dtype=np.float64)
        shape = (count, self.family_spec["action_dim"])
        if actions.size != shape[0] * shape[1] or actions.shape not in (shape, shape[1:]):
            wanted = shape if count > 1 or actions.ndim > 1 else shape[1:]
            raise ValueError(f"actions have the shape {wanted}, not {actions.shape}")
        return actions.reshape(shape)


class _OfFamily:
    """What both kinds of environments tell of their family."""

    _family: _Family

    @property
    def family_spec(self) -> dict[str, Any]:
        """What the family is, as a dict: sizes, units of observations and actions, terms."""
        return self._family.family_spec

    def sample_tasks(self, n: int, seed: int = 0, phase: str | None = None) -> np.ndarray:
        """(n, task parameters): the first tasks of the endless list of a seed and a phase.

        phase: "train", "validation" or "test"; default: that of the environment.
        """
        phase = self._family.phase if phase is None else phase
        return self._family.native.sample_tasks(integer("n", n), integer("seed", seed),
                                                text("phase", phase))


def _options(options, *known):
    """Those of reset, as a dict."""
    options = dict(options or {})
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise _native.UserError(f"options: {unknown}: there are {', '.join(known)}")
    return options


def _where(mask, values):
    """Those of which mask is true, and zeros."""
    chosen = np.zeros_like(values)
    chosen[mask] = values[mask]
    return chosen


class Env(_OfFamily, gymnasium.Env):
    """One environment of a family of tasks.

    family: its name, or a Run: the very tasks of that run, with its options (Run.make_env).
    task: its parameters, as `metadata["task_parameters"]` names them; None: every episode has
        another task, the next one of the list of its seed and phase.
    phase: "train", "validation" or "test": which tasks are drawn, and which streams of random
        numbers episodes have.
    render_mode: None or "rgb_array"; width, height [pixels]; camera: one of the model, or "".
    options: those of the family's [task] section, as horizon=100, reward="sparse".

    Observations (observation_dim) are float64; actions (action_dim), beyond +- action_range,
    are clipped. An episode is truncated after `horizon` steps. info has the parameters of the task
    ("task", after reset), each term of the reward ("reward_NAME"), "success" where the family has
    that, and "diverged": the physics blew up; then the episode is terminated, and the reward is
    what the program counts for all missing steps, `diverged_reward` each.

    reset(seed=s) begins episode 0 of seed s; without a seed the next one. options: {"task": [...]}
    is the task from now on, None draws again; {"task": [...], "address": {"seed": 0, "phase":
    "test", "task": 3, "inner_step": 1, "rollout": 4}} is the episode that the program has there:
    the same task and actions (as `anole record` tells them) make the same bits. The address is of
    this episode alone.
    """

    metadata: ClassVar = {"render_modes": ["rgb_array"]}

    def __init__(self, family: Any, task: Any = None, *, phase: str = "train",
                 render_mode: str | None = None, width: int = 480, height: int = 480,
                 camera: str = "", **options: Any):
        self._family = _Family(family, 1, 1, phase, render_mode, (width, height), camera, options)
        self.metadata = self._family.metadata
        self.render_mode = render_mode
        self.observation_space, self.action_space = self._family.spaces()
        self._native = self._family.native
        self._seeded = False
        self._all = np.ones(1, bool)
        self._no_final = np.empty((0, self._family.family_spec["observation_dim"]))
        self.set_task(task)

    def set_task(self, task: Any) -> None:
        """The task of the next episode and of all after it; None: one is drawn for each."""
        self._native.set_task(0, self._family.task_of(task))

    @property
    def state(self) -> tuple[np.ndarray, np.ndarray]:
        """(qpos, qvel): copies of MuJoCo's positions and velocities, as they are now."""
        return self._native.state(0)

    def reset(self, *, seed=None, options=None):
        """(observation, info) of a new episode; see the class for seed and options."""
        if seed is not None:
            seed = integer("seed", seed)
        options = _options(options, "task", "address")
        task = self._family.task_of(options.get("task"))
        place = options.get("address")
        place = None if place is None else self._family.address_of(place)
        # From here on nothing is refused.
        super().reset(seed=seed)
        if seed is not None or not self._seeded:
            self._native.seed(0, int(self.np_random.integers(MAX_SEED)) if seed is None else seed)
            self._seeded = True
        if "task" in options:
            self._native.set_task(0, task)
        if place is not None:
            self._native.place(0, **place)
        observations = np.empty((1, self.family_spec["observation_dim"]))
        self._native.reset(self._all, observations)
        return observations[0], {"task": self._native.tasks()[0]}

    def step(self, action):
        """(observation, reward, terminated, truncated, info) after a control step."""
        actions = self._family.actions(action, 1)
        observations = np.empty((1, self.family_spec["observation_dim"]))
        terms = np.empty((1, len(self._family.names)))
        rewards, flags = np.empty(1), np.empty((4, 1), bool)
        self._native.step(actions, "Disabled", observations, rewards, flags[0], flags[1], terms,
                          flags[2], flags[3], self._no_final)
        info = dict(zip(self._family.names, terms[0].tolist()))
        terminated, truncated, success, info["diverged"] = flags[:, 0].tolist()
        if self.family_spec["has_success"]:
            info["success"] = success
        return observations[0], float(rewards[0]), terminated, truncated, info

    def render(self):
        """(height, width, 3) of uint8, or None without a render_mode."""
        return self._native.draw(0) if self.render_mode == "rgb_array" else None

    def close(self):
        self._native.close()


class VectorEnv(_OfFamily, gymnasium.vector.VectorEnv):
    """num_envs environments of a family, stepped together by threads in C++.

    Arguments are those of Env; task may also be (num_envs, task parameters), one for each. threads:
    default all cores; results do not depend on it. autoreset_mode: as Gymnasium defines it.

    reset(seed=s) seeds environment i with s + i, or with s[i]: it then plays the episodes that an
    Env of that seed plays. options: {"task": ..., "address": [one for each]} as for Env, and
    {"reset_mask": (num_envs) of bool}, of which the others are left alone. infos are arrays over
    environments. step returns new arrays, written in C++.
    """

    def __init__(self, num_envs: int = 1, family: Any = None, task: Any = None, *,
                 phase: str = "train", render_mode: str | None = None, width: int = 480,
                 height: int = 480, camera: str = "", threads: int | None = None,
                 autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP, **options: Any):
        if family is None:
            raise _native.UserError("family is missing")
        self.num_envs = integer("num_envs", num_envs, 1, 1_000_000)
        self._family = _Family(family, self.num_envs, checked_threads(threads), phase, render_mode,
                               (width, height), camera, options)
        self._native = self._family.native
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self._family.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = render_mode
        self.single_observation_space, self.single_action_space = self._family.spaces()
        batch = gymnasium.vector.utils.batch_space
        self.observation_space = batch(self.single_observation_space, self.num_envs)
        self.action_space = batch(self.single_action_space, self.num_envs)
        self._seeded = False
        self._everyone = np.ones(self.num_envs, bool)
        self._everyone.flags.writeable = False  # it is handed out with every step's infos
        self._masks = {f"_{name}": self._everyone
                       for name in (*self._family.flags, *self._family.names)}
        self._ended = np.zeros(self.num_envs, bool)
        self.set_tasks(task)

    def set_tasks(self, tasks: Any) -> None:
        """The tasks of the next episodes and of all after them.

        (num_envs, task parameters), one for each environment; (task parameters) for all; None:
        each episode draws one.
        """
        for i, task in enumerate(self._tasks_of(tasks)):
            self._native.set_task(i, task)

    def _tasks_of(self, tasks):
        """One for each environment, or None."""
        if tasks is None:
            return [None] * self.num_envs
        numbers = np.asarray(plain(tasks), np.float64)
        if numbers.ndim < 2:
            return [self._family.task_of(numbers)] * self.num_envs
        if len(numbers) != self.num_envs:
            raise ValueError(f"there are {len(numbers)} tasks for {self.num_envs} environments")
        return [self._family.task_of(task) for task in numbers]

    def reset(self, *, seed=None, options=None):
        """(observations, infos) of new episodes; see the class for seed and options."""
        options = _options(options, "task", "address", "reset_mask")
        mask = np.array(options.get("reset_mask", self._everyone))
        if mask.shape != (self.num_envs,) or mask.dtype != bool:
            raise ValueError(f"reset_mask has the shape {(self.num_envs,)}, of bool, not "
                             f"{mask.shape} of {mask.dtype}")
        seeds = self._seeds(seed)
        tasks = self._tasks_of(options.get("task"))
        places = options.get("address") or []
        if not isinstance(places, (list, tuple)) or len(places) not in (0, self.num_envs):
            raise _native.UserError(f"address: is a list of {self.num_envs}, one for each "
                                    "environment")
        places = [self._family.address_of(place) for place in places]
        # From here on nothing is refused.
        super().reset(seed=seed if isinstance(seed, int) else None)
        if seeds is None and not self._seeded:
            first = int(self.np_random.integers(MAX_SEED - self.num_envs))
            seeds = [first + i for i in range(self.num_envs)]
        self._seeded = True
        for i in np.flatnonzero(mask).tolist():
            if seeds is not None and seeds[i] is not None:
                self._native.seed(i, seeds[i])
            if "task" in options:
                self._native.set_task(i, tasks[i])
            if places:
                self._native.place(i, **places[i])
        observations = np.empty((self.num_envs, self.family_spec["observation_dim"]))
        self._native.reset(mask, observations)
        self._ended = self._ended & ~mask  # a new array: another thread may have the old one
        return observations, self._task_info(mask)

    def _seeds(self, seed):
        """One for each environment, which may be None; or None."""
        if seed is None:
            return None
        if not isinstance(seed, (list, tuple, np.ndarray)):
            first = integer("seed", seed, 0, MAX_SEED - self.num_envs)
            return [first + i for i in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise ValueError(f"there are {len(seed)} seeds for {self.num_envs} environments")
        return [None if one is None else integer("seed", one) for one in seed]

    def _task_info(self, mask):
        return {"task": _where(mask, self._native.tasks()), "_task": mask.copy()}

    def step(self, actions):
        """(observations, rewards, terminated, truncated, infos), arrays over environments."""
        n, spec = self.num_envs, self.family_spec
        actions = self._family.actions(actions, n)
        names = self._family.names
        same_step = self.autoreset_mode == AutoresetMode.SAME_STEP
        observations = np.empty((n, spec["observation_dim"]))
        final = np.empty((n if same_step else 0, spec["observation_dim"]))
        terms, rewards = np.empty((n, len(names))), np.empty(n)
        terminated, truncated, success, diverged = np.empty((4, n), bool)
        self._native.step(actions, self.autoreset_mode.value, observations, rewards, terminated,
                          truncated, terms, success, diverged, final)
        infos = {"diverged": diverged, **dict(zip(names, terms.T)), **self._masks}
        if spec["has_success"]:
            infos["success"] = success
        ended, before = terminated | truncated, self._ended
        if same_step:
            if ended.any():
                infos = self._final(infos, ended, final)
                infos.update(self._task_info(ended))
        elif self.autoreset_mode == AutoresetMode.NEXT_STEP and before.any():
            infos.update(dict.fromkeys(self._masks, ~before))
            infos.update(self._task_info(before))
        self._ended = ended
        return observations, rewards, terminated, truncated, infos

    def _final(self, infos, ended, final):
        """Infos of a step in which episodes ended and others began, as SyncVectorEnv has them."""
        observations = np.full(self.num_envs, None, dtype=object)
        for i in np.flatnonzero(ended):
            observations[i] = final[i]

        def of(those):
            return {name: those if name.startswith("_") else _where(those, values)
                    for name, values in infos.items()}
        final_info, rest = of(ended), of(~ended)
        return {**rest, "final_obs": observations, "_final_obs": ended, "final_info": final_info,
                "_final_info": ended}

    def render(self):
        """A tuple of (height, width, 3) of uint8, or None without a render_mode."""
        if self.render_mode != "rgb_array":
            return None
        return tuple(self._native.draw(i) for i in range(self.num_envs))

    def close_extras(self, **kwargs):
        self._native.close()
