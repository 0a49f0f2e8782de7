#!/usr/bin/env python3
"""MAML's inner loop in PyTorch: for each of many tasks at once, one policy-gradient update.

Every environment has a task of its own; torch.func.vmap gives each task its own parameters. What
the outer loop does with the gradients of the returns after the update is up to the reader.
"""

import argparse

import gymnasium
import numpy as np
import torch
from torch.func import functional_call, grad, vmap

import anole  # noqa: F401: makes anole/... known to Gymnasium

DISCOUNT = 0.99


class Policy(torch.nn.Module):
    """Mean and log standard deviation of a Gaussian."""

    def __init__(self, observations, actions):
        super().__init__()
        self.mean = torch.nn.Sequential(
            torch.nn.Linear(observations, 64), torch.nn.Tanh(),
            torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, actions))
        self.log_std = torch.nn.Parameter(torch.full((actions,), -0.5))

    def forward(self, observation):
        return self.mean(observation), self.log_std


def log_prob(policy, params, observations, actions):
    mean, log_std = functional_call(policy, params, (observations,))
    noise = (actions - mean) / log_std.exp()
    return (-0.5 * noise**2 - log_std).sum(-1)


def sample(envs, policy, params, tasks, episodes):
    """Episodes of each task with its own parameters: arrays (tasks, episodes * horizon, ...)."""
    envs.set_tasks(np.repeat(tasks, episodes, axis=0))
    observation, _ = envs.reset()
    act = vmap(lambda one, seen: functional_call(policy, one, (seen,)))
    columns = []
    for _ in range(envs.metadata["horizon"]):
        seen = torch.as_tensor(observation, dtype=torch.float32).reshape(len(tasks), episodes, -1)
        with torch.no_grad():
            mean, log_std = act(params, seen)
            action = mean + log_std.exp().unsqueeze(1) * torch.randn_like(mean)
        observation, reward, *_ = envs.step(action.reshape(envs.num_envs, -1).numpy())
        columns.append((seen, action, torch.as_tensor(reward, dtype=torch.float32)
                        .reshape(len(tasks), episodes)))
    observations, actions, rewards = (torch.stack(column, dim=2) for column in zip(*columns))
    togo = torch.zeros_like(rewards)
    running = torch.zeros_like(rewards[..., 0])
    for step in reversed(range(rewards.shape[2])):
        running = rewards[..., step] + DISCOUNT * running
        togo[..., step] = running
    advantages = togo - togo.mean(dim=1, keepdim=True)  # a baseline in time
    advantages /= advantages.flatten(1).std(dim=1)[:, None, None] + 1e-8
    flat = [tensor.flatten(1, 2) for tensor in (observations, actions, advantages)]
    return flat, rewards.sum(dim=2).mean(dim=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--episodes", type=int, default=8)
    parser.add_argument("--step-size", type=float, default=0.1)
    arguments = parser.parse_args()

    torch.manual_seed(1)
    envs = gymnasium.make_vec("anole/cheetah-velocity-v0",
                              num_envs=arguments.tasks * arguments.episodes)
    envs.reset(seed=1)
    policy = Policy(envs.single_observation_space.shape[0], envs.single_action_space.shape[0])
    tasks = envs.sample_tasks(arguments.tasks, seed=1)
    params = {name: value.detach().expand(arguments.tasks, *value.shape)
              for name, value in policy.named_parameters()}

    def loss(one, observations, actions, advantages):
        return -(log_prob(policy, one, observations, actions) * advantages).mean()

    for update in range(3):
        batch, returns = sample(envs, policy, params, tasks, arguments.episodes)
        print(f"after {update} updates: mean return {returns.mean():.1f}")
        gradient = vmap(grad(loss))(params, *batch)
        params = {name: value - arguments.step_size * gradient[name]
                  for name, value in params.items()}
    envs.close()


if __name__ == "__main__":
    main()
