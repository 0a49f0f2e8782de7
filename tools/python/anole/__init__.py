"""anole: meta-trained control policies that adapt to a new task in a few updates.

Environments of Gymnasium, which importing anole registers:

    env = gymnasium.make("anole/cheetah-velocity-v0", task=[1.3])
    envs = gymnasium.make_vec("anole/cheetah-velocity-v0", num_envs=64)
    env = anole.make_robot("TASK.toml")

Runs:

    run = anole.train("cheetah-velocity", run_dir="runs/mine", meta={"iterations": 50})
    run = anole.Run("runs/mine")          # or "zoo:cheetah-velocity"
    run.evaluate().scores                 # (adaptations, updates + 1)
    policy = run.adapt(goal=[1.3])
    env = run.make_env(task=[1.3])        # its own tasks, with their options
    observation, _ = env.reset()
    policy(observation)

Whatever is told goes to `logging.getLogger("anole")`. Mistakes in arguments raise
`anole.UserError`, with the words of the program.
"""

import atexit as _atexit
import logging as _logging
from pathlib import Path as _Path

import gymnasium as _gymnasium

from anole import _native
from anole._native import DivergedError, UserError, configs, families, zoo
from anole.environments import Env, VectorEnv, make_robot
from anole.policy import Policy
from anole.run import Evaluation, Run, compare, resume, train

__all__ = ["DivergedError", "Env", "Evaluation", "Policy", "Run", "UserError", "VectorEnv",
           "compare", "configs", "families", "make_robot", "resume", "train", "zoo"]
__version__ = _native.version

_LOG = _logging.getLogger("anole")
_LOG.addHandler(_logging.NullHandler())  # silent unless the user of the library says otherwise


def _log(level, text):
    getattr(_LOG, level)("%s", text)


_native.set_log_listener(_log)
_atexit.register(_native.set_log_listener, None)
_native.add_config_folder(str(_Path(__file__).parent / "configs"))


for _family in families():
    _name = f"anole/{_family}-v0"
    if _name not in _gymnasium.registry:
        _gymnasium.register(id=_name, entry_point="anole.environments:Env",
                            vector_entry_point="anole.environments:VectorEnv",
                            kwargs={"family": _family})
