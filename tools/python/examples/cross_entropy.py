#!/usr/bin/env python3
"""An algorithm of one's own on vector environments: the cross-entropy method for linear policies.

Each environment plays one candidate for a whole episode; the best tenth make the next distribution.
"""

import argparse

import gymnasium
import numpy as np

import anole  # noqa: F401: makes anole/... known to Gymnasium


def returns_of(envs, weights):
    """The return of one episode of each environment, with weights (n, action_dim, inputs)."""
    observations, _ = envs.reset()
    total, running = np.zeros(envs.num_envs), np.ones(envs.num_envs, bool)
    while running.any():
        inputs = np.concatenate([observations, np.ones((envs.num_envs, 1))], axis=1)
        actions = np.einsum("nai,ni->na", weights, inputs)
        observations, rewards, terminated, truncated, _ = envs.step(actions)
        total += np.where(running, rewards, 0)
        running &= ~(terminated | truncated)
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generations", type=int, default=30)
    parser.add_argument("--candidates", type=int, default=64)
    arguments = parser.parse_args()

    envs = gymnasium.make_vec("anole/cheetah-velocity-v0", num_envs=arguments.candidates,
                              task=[1.0])
    envs.reset(seed=1)
    shape = (envs.single_action_space.shape[0], envs.single_observation_space.shape[0] + 1)
    rng = np.random.default_rng(1)
    mean, deviation = np.zeros(shape), np.full(shape, 0.3)
    for generation in range(arguments.generations):
        weights = mean + deviation * rng.standard_normal((arguments.candidates, *shape))
        returns = returns_of(envs, weights)
        best = weights[np.argsort(returns)[-max(arguments.candidates // 10, 2):]]
        mean, deviation = best.mean(axis=0), best.std(axis=0) + 0.02
        print(f"generation {generation}: mean return {returns.mean():.1f}, "
              f"best {returns.max():.1f}")
    envs.close()


if __name__ == "__main__":
    main()
