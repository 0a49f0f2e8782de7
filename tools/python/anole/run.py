"""Runs: meta-training, evaluation and adaptation, as the program does them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from anole import _native
from anole.checks import integer, threads as checked_threads
from anole.environments import Env, VectorEnv
from anole.options import flatten, path_of, plain, typed_goal
from anole.policy import Policy

_MAX_TASK = 2**20 - 1
_LOG = logging.getLogger("anole")


def _config(config):
    """(file or None, options) of what is given as a config."""
    if isinstance(config, Mapping):
        return None, flatten(config)
    return path_of("config", config), {}


OnIteration = Callable[[dict[str, float]], Any]


def train(config: str | PathLike | Mapping, run_dir: str | PathLike | None = None, *,
          seed: int | None = None, overwrite: bool = False, threads: int | None = None,
          on_iteration: OnIteration | None = None, **overrides: Any) -> Run:
    """Meta-trains a new run, to its end, and returns it.

    config: a file, the name of one that comes with anole, or a dict of options.
    run_dir: where the run is kept; default: runs/NAME-SEED, as the program has it.
    overrides: options on top, as meta={"iterations": 50} or **{"meta.iterations": 50}.
    on_iteration: called after each iteration with a dict, the row of metrics.csv; once it returns
        true, the iteration after it is the last one, and `resume` goes on.
    threads: default all cores. The parameters do not depend on it.

    The run is the one that `anole train` makes of the same options, bit for bit. Ctrl-C ends it
    after its iteration, with a checkpoint. Raises UserError before the first step where something
    cannot be, and DivergedError where numbers run away.
    """
    file, options = _config(config)
    options.update(flatten(overrides))
    if seed is not None:
        options["run.seed"] = integer("seed", seed)
    if run_dir is None:
        if file is None:
            raise _native.UserError("run_dir is missing: where the run is to be kept")
        name = Path(file.removeprefix("zoo:")).stem
        run_dir = Path("runs") / f"{name}-{_native.seed_of(file, options)}"
    threads = _checked(threads, on_iteration)
    return _trained(_native.Run.create(file, options, path_of("run_dir", run_dir), bool(overwrite)),
                    threads, on_iteration)


def resume(run_dir: str | PathLike, *, threads: int | None = None,
           on_iteration: OnIteration | None = None, **overrides: Any) -> Run:
    """Goes on with a run that was stopped, bit for bit as if it had not been; see `train`."""
    threads = _checked(threads, on_iteration)
    return _trained(_native.Run.resume(path_of("run_dir", run_dir), flatten(overrides)), threads,
                    on_iteration)


def _checked(threads, on_iteration):
    """How many threads. Before a run is touched."""
    if on_iteration is not None and not callable(on_iteration):
        raise _native.UserError(f"on_iteration = {on_iteration!r}: must be called")
    return checked_threads(threads)


def _trained(native, threads, on_iteration):
    path, score = native.path, native.score

    def tell(row):
        _LOG.info("iteration %d: %s %.4g before its updates, %.4g after", row["iteration"], score,
                  row[f"{score}/before"], row.get(f"{score}/after", float("nan")))
        return on_iteration is not None and on_iteration(row)

    try:
        diverged, text = native.train(threads, tell)
    finally:
        # With the lock of its folder, so that whoever catches what was raised can go on with it.
        native = None
    if diverged:
        raise _native.DivergedError(f"{path}: {text}")
    return Run(path)


class Evaluation:
    """How a policy adapts to tasks.

    tasks: (tasks, task parameters). Row i of the other arrays is of tasks[i % len(tasks)]; their
    columns are after 0, 1, ... updates: scores (returns, or losses), deterministic_scores (without
    exploration), successes (share of episodes that succeed); NaN where there is no number. samples:
    (updates + 1), environment steps used by so many updates. baseline: the same of random initial
    parameters, or None. json: as `anole evaluate --json` prints it.
    """

    tasks: np.ndarray
    scores: np.ndarray
    deterministic_scores: np.ndarray
    successes: np.ndarray
    samples: np.ndarray
    baseline: Evaluation | None
    json: dict | None

    def __init__(self, values: Mapping):
        self.tasks = values["tasks"]
        self.scores = values["scores"]
        self.deterministic_scores = values["deterministic_scores"]
        self.successes = values["successes"]
        self.samples = values["samples"]
        self.json = json.loads(values["text"]) if "text" in values else None
        baseline = values.get("baseline")
        self.baseline = Evaluation(baseline) if baseline is not None else None

    def __repr__(self):
        means = ", ".join(f"{mean:.4g}" for mean in self.mean())
        return f"<anole.Evaluation of {len(self.tasks)} tasks, mean after each update {means}>"

    def mean(self) -> np.ndarray:
        """(updates + 1): the mean score over tasks."""
        return self.scores.mean(axis=0)

    def to_frame(self):
        """Takes pandas. A pandas.DataFrame with a row for each adaptation and number of updates."""
        import pandas

        adaptations, columns = self.scores.shape
        task = np.repeat(np.arange(adaptations) % len(self.tasks), columns)
        return pandas.DataFrame({
            "adaptation": np.repeat(np.arange(adaptations), columns), "task": task,
            **{f"task_{i}": self.tasks[task, i] for i in range(self.tasks.shape[1])},
            "updates": np.tile(np.arange(columns), adaptations),
            "samples": np.tile(self.samples, adaptations),
            "score": self.scores.ravel(), "deterministic_score": self.deterministic_scores.ravel(),
            "success": self.successes.ravel()})


class Run:
    """A run in its folder, to be looked at, evaluated and adapted; nothing in it is changed.

    path: of a folder that `train` or `anole train` has made, or "zoo:NAME".
    theta: which parameters: "latest", "best", "random", the number of a checkpoint's iteration, or
        a safetensors file.
    overrides: options of its adaptations, as evaluation={"rollouts": 40}.
    """

    def __init__(self, path: str | PathLike, *, theta: str | int | PathLike = "latest",
                 **overrides: Any):
        self._theta = path_of("theta", theta) if isinstance(theta, PathLike) else str(theta)
        path = path_of("path", path)
        # It stays what it is now, whatever becomes of the working folder and of the run.
        self._path = path if path.startswith("zoo:") else str(Path(path).absolute())
        self._overrides = flatten(overrides)
        self._native = self._open({})
        if self._theta == "latest":
            self._theta = str(self._native.iteration)

    def _open(self, options, random_too=False):
        return _native.Run.open(self._path, self._theta, {**self._overrides, **options}, False,
                                random_too)

    def _with(self, evaluation, random_too=False):
        """The run, with these of its evaluation options."""
        changed = {f"evaluation.{name}": value for name, value in evaluation.items()
                   if value is not None}
        return self._open(changed, random_too) if changed or random_too else self._native

    def __repr__(self):
        return f"<anole.Run {self._path}, {self.iteration} iterations>"

    @property
    def path(self) -> Path:
        """pathlib.Path of its folder."""
        return Path(self._native.path)

    @property
    def iteration(self) -> int:
        """How many meta-iterations made its parameters."""
        return self._native.iteration

    @property
    def signature(self) -> str:
        """16 hexadecimal digits that tell its parameters apart, as `anole info` does."""
        return self._native.signature

    @property
    def score(self) -> str:
        """What is better for being learned: "return" or "loss"."""
        return self._native.score

    @property
    def config(self) -> dict[str, dict[str, Any]]:
        """Its options, resolved: {"task": {"family": ...}, ...}."""
        sections = {}
        for name, text in self._native.options():
            section, option = name.split(".", 1)
            sections.setdefault(section, {})[option] = _value(text)
        return sections

    @property
    def metrics(self):
        """metrics.csv, a column for each metric: a pandas.DataFrame, or a dict of arrays."""
        columns = self._native.metrics()
        if not columns:
            raise _native.UserError(f"{self._path}: has no metrics.csv, as entries of the zoo")
        try:
            import pandas
        except ImportError:
            return columns
        return pandas.DataFrame(columns)

    @property
    def checkpoints(self) -> list[Path]:
        """pathlib.Path of each checkpoint's safetensors file, oldest first."""
        return [Path(file) for file in self._native.checkpoints()]

    @property
    def policy(self) -> Policy:
        """What it has learned, yet to adapt: a Policy."""
        return Policy(self._native.policy())

    def native_of_tasks(self):
        """For Env and VectorEnv."""
        return self._native

    def make_env(self, task: Any = None, *, num_envs: int | None = None, phase: str = "test",
                 **kwargs: Any) -> Env | VectorEnv:
        """An environment of the run's own tasks, with their options: what its policies are for.

        An Env, or with num_envs a VectorEnv; the other arguments are theirs.
        """
        if num_envs is None:
            return Env(self, task, phase=phase, **kwargs)
        return VectorEnv(num_envs, self, task, phase=phase, **kwargs)

    def evaluate(self, *, goal: Any = None, goals: Any = None, validation: bool = False,
                 updates: int | None = None, tasks: int | None = None,
                 rollouts: int | None = None, seed: int | None = None, baseline: bool = False,
                 threads: int | None = None) -> Evaluation:
        """How it adapts to held-out tasks, as `anole evaluate` finds it: an Evaluation.

        goal, goals: a task, or (n, task parameters) of them, instead of those of tests; each is
            adapted to several times, to make up about `tasks` adaptations, and repeated goals are
            one.
        updates, tasks, rollouts, seed: default to the run's evaluation options.
        baseline: random initial parameters on the same tasks as well.
        """
        if goal is not None and goals is not None:
            raise _native.UserError("goal and goals: only one of them")
        chosen = [goal] if goal is not None else plain(goals)
        if chosen is not None and (not isinstance(chosen, list) or not chosen):
            raise _native.UserError(f"goals = {goals!r}: must be a list of goals")
        native = self._with({"updates": updates, "tasks": tasks, "rollouts": rollouts,
                             "seed": seed}, random_too=baseline)
        typed = None if chosen is None else [typed_goal(task) for task in chosen]
        return Evaluation(native.evaluate("validation" if validation else "test", typed,
                                          bool(baseline), checked_threads(threads)))

    def adapt(self, goal: Any = None, *, task: int | str | None = None,
              episodes: Sequence[list[dict]] | None = None, updates: int | None = None,
              rollouts: int | None = None, seed: int | None = None,
              threads: int | None = None) -> Policy:
        """Adapts to one task, as `anole adapt` does, and returns the Policy after the last update.

        goal: its parameters; or task: the number of one that `evaluate` has, or "random".
        episodes: or what was recorded elsewhere, an update for each batch: a list of batches, each
            a list of dicts with "observations" (steps, observation_dim), "actions" (steps,
            action_dim), as drawn, "rewards" (steps), and if known "log_probs" (steps) and "end"
            ("time_limit", "terminated" or "diverged"), as Policy.record makes them. Each batch is
            of the policy that the updates before it lead to.
        The Policy also has `scores`, the mean return of each batch, and `steps`, the policies
        after 0, 1, ... updates.
        """
        if sum(choice is not None for choice in (goal, task, episodes)) != 1:
            raise _native.UserError("one of goal, task and episodes says what to adapt to")
        native = self._with({"updates": updates, "rollouts": rollouts, "seed": seed})
        if episodes is not None:
            for name, value in (("updates", updates), ("rollouts", rollouts), ("seed", seed)):
                if value is not None:
                    raise _native.UserError(f"{name}: says what to simulate; with episodes nothing "
                                            "is: each of their batches is an update")
            adapted = native.adapt_to_episodes(list(episodes), checked_threads(threads))
        else:
            adapted = native.adapt(None if goal is None else typed_goal(goal),
                                   None if task is None or task == "random"
                                   else integer("task", task, 0, _MAX_TASK),
                                   checked_threads(threads))
        if not adapted["policies"]:
            raise _native.UserError("the tasks of this run are learned from data: there is no "
                                    "policy; `evaluate` scores them")
        steps = [Policy(policy) for policy in adapted["policies"]]
        policy = steps[-1]
        policy.scores = adapted["scores"]
        policy.steps = steps
        return policy


def compare(spec: str | PathLike, folder: str | PathLike | None = None, *,
            seeds: Sequence[int] | None = None, threads: int | None = None) -> dict:
    """Methods side by side, as `anole compare SPEC.toml` does it: a dict, as its results.json.

    spec: a file, or the name of one of configs/compare that comes with anole, as "direction".
    folder: of its runs; default: runs/compare-SPEC. What is done there is not done again. It trains
    a run for each method and seed, which takes its time.
    """
    known = Path(__file__).parent / "configs/compare" / f"{path_of('spec', spec)}.toml"
    if not Path(spec).exists() and known.is_file():
        spec = known
    if folder is None:
        folder = Path("runs") / f"compare-{Path(spec).stem}"
    typed = None
    if seeds is not None:
        typed = ",".join(str(integer("seeds", seed)) for seed in plain(seeds))
    return json.loads(_native.compare(path_of("spec", spec), path_of("folder", folder), typed,
                                      checked_threads(threads)))


def _value(text):
    """A value as config.toml has it."""
    try:
        return json.loads(text)  # TOML's numbers, truths, words and lists mostly are JSON's
    except json.JSONDecodeError:
        return {"inf": float("inf"), "-inf": -float("inf"), "nan": float("nan")}.get(text, text)
