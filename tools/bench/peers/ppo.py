"""Trains by Stable-Baselines3's PPO with its defaults: ppo.py VECTOR ENVIRONMENTS THREADS SECONDS."""

import sys

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv

from common import ENVIRONMENT, report

if __name__ == "__main__":
    vector, environments, _, duration = sys.argv[1:]
    torch.set_num_threads(1)
    env = make_vec_env(ENVIRONMENT, int(environments),
                       vec_env_cls={"dummy": DummyVecEnv, "subprocess": SubprocVecEnv}[vector])
    # 2,048 samples in each iteration, however many environments there are.
    model = PPO("MlpPolicy", env, device="cpu", n_steps=2048 // int(environments))

    def run():
        model.learn(2048, reset_num_timesteps=False)
        return 2048

    report(run, float(duration))
