"""Meta-trains half-cheetah to run at given velocities by MAML in PyTorch: maml.py THREADS SECONDS.

Second-order MAML (Finn et al. 2017) with policy gradients inside and outside, a linear baseline in
time, 5 tasks, 10 episodes of 200 steps before and after one update: sampling by Gymnasium, as public
code has it. Written for speed to be compared, not to be tuned.
"""

import math
import sys

import gymnasium
import numpy as np
import torch
from torch.func import functional_call

from common import ACTIONS, ENVIRONMENT, HIDDEN, LOG_STD, OBSERVATIONS, report

TASKS, EPISODES, HORIZON = 5, 10, 200
INNER_STEP, OUTER_STEP, DISCOUNT = 0.1, 1e-3, 0.99


class Policy(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(OBSERVATIONS, HIDDEN), torch.nn.Tanh(),
            torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, ACTIONS))
        self.log_std = torch.nn.Parameter(torch.full((ACTIONS,), LOG_STD))

    def forward(self, observations):
        return torch.distributions.Normal(self.layers(observations), self.log_std.exp())


def sample(envs, policy, params, goal):
    """(observations, actions, rewards), each (HORIZON, EPISODES, ...)."""
    observation = envs.reset()[0]
    observations, actions, rewards = [], [], []
    for _ in range(HORIZON):
        with torch.no_grad():
            seen = torch.as_tensor(observation, dtype=torch.float32)
            action = functional_call(policy, params, (seen,)).sample()
        observation, _, _, _, info = envs.step(action.clamp(-1, 1).numpy())
        cost = 0.05 * action.clamp(-1, 1).square().sum(-1)
        rewards.append(-np.abs(info["x_velocity"] - goal) - cost.numpy())
        observations.append(seen)
        actions.append(action)
    return torch.stack(observations), torch.stack(actions), np.stack(rewards)


def advantages(rewards):
    returns = np.zeros_like(rewards)
    running = np.zeros(EPISODES)
    for t in reversed(range(HORIZON)):
        running = rewards[t] + DISCOUNT * running
        returns[t] = running
    time = np.arange(HORIZON) / 100
    features = np.stack([np.ones(HORIZON), time, time**2, time**3], axis=1)
    weights = np.linalg.lstsq(features, returns.mean(axis=1), rcond=None)[0]
    result = returns - (features @ weights)[:, None]
    return torch.as_tensor((result - result.mean()) / (result.std() + 1e-8), dtype=torch.float32)


def loss(policy, params, batch):
    observations, actions, rewards = batch
    log_probs = functional_call(policy, params, (observations,)).log_prob(actions).sum(-1)
    return -(log_probs * advantages(rewards)).mean()


def main():
    seconds = float(sys.argv[2])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    envs = gymnasium.vector.SyncVectorEnv(
        [lambda: gymnasium.make(ENVIRONMENT, max_episode_steps=HORIZON + 1)] * EPISODES)
    policy = Policy()
    optimizer = torch.optim.Adam(policy.parameters(), lr=OUTER_STEP)
    theta = dict(policy.named_parameters())

    def iteration():
        total = 0
        for goal in rng.uniform(0, 2, TASKS):
            inner = loss(policy, theta, sample(envs, policy, theta, goal))
            gradients = torch.autograd.grad(inner, list(theta.values()), create_graph=True)
            adapted = {name: value - INNER_STEP * gradient
                       for (name, value), gradient in zip(theta.items(), gradients)}
            fixed = {name: value.detach() for name, value in adapted.items()}
            total = total + loss(policy, adapted, sample(envs, policy, fixed, goal)) / TASKS
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        assert math.isfinite(total.item())
        return TASKS * 2 * EPISODES * HORIZON

    report(iteration, seconds)


if __name__ == "__main__":
    main()
