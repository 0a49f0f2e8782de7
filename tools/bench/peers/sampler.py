"""Samples half-cheetah with a policy in the loop: sampler.py LIBRARY ENVIRONMENTS POLICY THREADS SECONDS."""

import sys
from pathlib import Path

import numpy as np

from common import ACTIONS, ENVIRONMENT, SUBSTEPS, NumpyPolicy, report, torch_policy

STEPS = 100  # of all environments, between two looks at the clock


def steps_of(env, first, policy, count):
    """Steps a vector environment, which begins its next episodes by itself, from `first` on."""
    state = [first]

    def run():
        for _ in range(STEPS):
            state[0] = env.step(policy(state[0]))[0]
        return STEPS * count
    return run


def gymnasium_single(policy, _count, _threads):
    import gymnasium
    env = gymnasium.make(ENVIRONMENT)
    state = [env.reset(seed=1)[0]]

    def run():
        for _ in range(STEPS):
            state[0], _, terminated, truncated, _ = env.step(policy(state[0]))
            if terminated or truncated:
                state[0] = env.reset()[0]
        return STEPS
    return run


def gymnasium_vector(vector):
    def make(policy, count, _threads):
        import gymnasium
        env = getattr(gymnasium.vector, vector)([lambda: gymnasium.make(ENVIRONMENT)] * count)
        return steps_of(env, env.reset(seed=1)[0], policy, count)
    return make


def envpool(policy, count, threads):
    import envpool as library
    env = library.make(ENVIRONMENT, env_type="gymnasium", num_envs=count, num_threads=threads)
    return steps_of(env, env.reset()[0], policy, count)


def anole_vector(policy, count, threads):
    """The program's own environments, as its Python package has them."""
    import gymnasium
    import anole  # noqa: F401: makes anole/... known
    env = gymnasium.make_vec("anole/cheetah-velocity-v0", num_envs=count, threads=threads,
                             horizon=1000)
    return steps_of(env, env.reset(seed=1)[0], policy, count)


def load_model():
    import gymnasium
    import mujoco
    assets = Path(gymnasium.__file__).parent / "envs/mujoco/assets"
    return mujoco.MjModel.from_xml_path(str(assets / "half_cheetah.xml"))


def mujoco_batch(policy, count, threads):
    """With observation, reward and the reset of whole episodes written as its users would."""
    from mujoco.batch import Batch
    model = load_model()
    batch = Batch(model, nsim=count, nthread=threads)
    qpos, qvel, ctrl = batch.bind("qpos"), batch.bind("qvel"), batch.bind("ctrl")
    rng = np.random.default_rng(1)
    dt = SUBSTEPS * model.opt.timestep
    done = [0]

    def run():
        total = 0
        for _ in range(STEPS):
            if done[0] % 1000 == 0:
                batch.reset()
                qpos[:] += rng.uniform(-0.1, 0.1, qpos.shape)
                qvel[:] = 0.1 * rng.standard_normal(qvel.shape)
            done[0] += 1
            before = qpos[:, 0].copy()
            action = policy(np.concatenate([qpos[:, 1:], qvel], axis=1))
            ctrl[:] = action
            batch.step(nstep=SUBSTEPS)
            reward = (qpos[:, 0] - before) / dt - 0.1 * np.square(action).sum(axis=1)
            total += reward.sum()
        return STEPS * count
    return run


def mujoco_rollout(_policy, count, threads):
    """Random actions: it has no policy in the loop."""
    import mujoco
    from mujoco.rollout import Rollout
    model = load_model()
    datas = [mujoco.MjData(model) for _ in range(threads)]
    size = mujoco.mj_stateSize(model, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    state = np.zeros(size)
    mujoco.mj_getState(model, datas[0], state, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    states = np.tile(state, (count, 1))
    rng = np.random.default_rng(1)
    pool = Rollout(nthread=threads)

    def run():
        control = np.repeat(rng.uniform(-1, 1, (count, 200, ACTIONS)), SUBSTEPS, axis=1)
        pool.rollout(model, datas, states, control)
        return count * 200
    return run


LIBRARIES = {"gymnasium": gymnasium_single, "sync": gymnasium_vector("SyncVectorEnv"),
             "async": gymnasium_vector("AsyncVectorEnv"), "envpool": envpool,
             "anole": anole_vector, "batch": mujoco_batch, "rollout": mujoco_rollout}

if __name__ == "__main__":
    name, environments, kind, thread_count, duration = sys.argv[1:]
    chosen = torch_policy() if kind == "torch" else NumpyPolicy()
    report(LIBRARIES[name](chosen, int(environments), int(thread_count)), float(duration))
