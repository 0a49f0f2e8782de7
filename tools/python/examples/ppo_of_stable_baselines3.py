#!/usr/bin/env python3
"""PPO of Stable-Baselines3 on one task, unchanged."""

import argparse

import gymnasium
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

import anole  # noqa: F401: makes anole/... known to Gymnasium


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    arguments = parser.parse_args()

    envs = make_vec_env("anole/cheetah-velocity-v0", n_envs=8, seed=1, env_kwargs={"task": [1.0]})
    model = PPO("MlpPolicy", envs, n_steps=256, batch_size=256, seed=1, device="cpu")
    unseen = gymnasium.make("anole/cheetah-velocity-v0", task=[1.0], phase="test")
    before, _ = evaluate_policy(model, unseen, n_eval_episodes=5, warn=False)
    model.learn(arguments.steps)
    after, _ = evaluate_policy(model, unseen, n_eval_episodes=5, warn=False)
    print(f"return before: {before:.1f}, after {model.num_timesteps} steps: {after:.1f}")


if __name__ == "__main__":
    main()
