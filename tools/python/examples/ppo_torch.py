#!/usr/bin/env python3
"""PPO in one file, in PyTorch, on vector environments of one task."""

import argparse

import gymnasium
import numpy as np
import torch
from torch import nn

import anole  # noqa: F401: makes anole/... known to Gymnasium

DISCOUNT, LAMBDA, CLIP, EPOCHS, MINIBATCHES = 0.99, 0.95, 0.2, 10, 8


class Agent(nn.Module):
    """A Gaussian policy and a value, each a network of its own."""

    def __init__(self, observations, actions):
        super().__init__()

        def network(outputs):
            return nn.Sequential(nn.Linear(observations, 64), nn.Tanh(), nn.Linear(64, 64),
                                 nn.Tanh(), nn.Linear(64, outputs))
        self.mean, self.value = network(actions), network(1)
        self.log_std = nn.Parameter(torch.zeros(actions))

    def policy(self, observations):
        return torch.distributions.Normal(self.mean(observations), self.log_std.exp())


def collect(envs, agent, seen, steps):
    """Tensors (steps, environments, ...) of what was seen and done, and what is seen next."""
    rows = []
    for _ in range(steps):
        observation = torch.as_tensor(seen, dtype=torch.float32)
        with torch.no_grad():
            policy = agent.policy(observation)
            action = policy.sample()
            row = [observation, action, policy.log_prob(action).sum(-1),
                   agent.value(observation).squeeze(-1)]
        seen, reward, terminated, truncated, infos = envs.step(action.numpy())
        # SAME_STEP: `seen` begins the next episode where one has ended; its end is in final_obs.
        ends = terminated | truncated
        after = seen.copy()
        for i in np.flatnonzero(ends):
            after[i] = infos["final_obs"][i]
        with torch.no_grad():
            next_value = agent.value(torch.as_tensor(after, dtype=torch.float32)).squeeze(-1)
        next_value *= torch.as_tensor(~terminated)  # a time limit is no end of the task
        rows.append([*row, torch.as_tensor(reward, dtype=torch.float32), next_value,
                     torch.as_tensor(~ends)])
    return [torch.stack(column) for column in zip(*rows)], seen


def advantages_of(rewards, values, next_values, goes_on):
    """Generalised advantage estimation (Schulman et al. 2016)."""
    advantages, running = torch.zeros_like(rewards), torch.zeros_like(rewards[0])
    for step in reversed(range(len(rewards))):
        error = rewards[step] + DISCOUNT * next_values[step] - values[step]
        running = error + DISCOUNT * LAMBDA * goes_on[step] * running
        advantages[step] = running
    return advantages


def update(agent, optimizer, batch):
    """Clipped surrogate and squared error of values (Schulman et al. 2017)."""
    observations, actions, log_probs, advantages, returns = batch
    for _ in range(EPOCHS):
        for index in torch.randperm(len(returns)).chunk(MINIBATCHES):
            ratio = (agent.policy(observations[index]).log_prob(actions[index]).sum(-1)
                     - log_probs[index]).exp()
            scaled = advantages[index]
            scaled = (scaled - scaled.mean()) / (scaled.std() + 1e-8)
            surrogate = torch.min(ratio * scaled, ratio.clamp(1 - CLIP, 1 + CLIP) * scaled).mean()
            error = (agent.value(observations[index]).squeeze(-1) - returns[index]).square().mean()
            optimizer.zero_grad()
            (0.5 * error - surrogate).backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            optimizer.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500_000, help="of all environments together")
    parser.add_argument("--envs", type=int, default=32)
    arguments = parser.parse_args()

    torch.manual_seed(1)
    torch.set_num_threads(1)
    envs = gymnasium.make_vec("anole/cheetah-direction-v0", num_envs=arguments.envs, task=[1.0],
                              autoreset_mode="SameStep")
    horizon = envs.metadata["horizon"]
    agent = Agent(envs.single_observation_space.shape[0], envs.single_action_space.shape[0])
    optimizer = torch.optim.Adam(agent.parameters(), lr=3e-4, eps=1e-5)
    seen, _ = envs.reset(seed=1)
    for iteration in range(max(arguments.steps // (arguments.envs * horizon), 1)):
        columns, seen = collect(envs, agent, seen, horizon)
        observations, actions, log_probs, values, rewards, next_values, goes_on = columns
        advantages = advantages_of(rewards, values, next_values, goes_on)
        batch = [observations, actions, log_probs, advantages, advantages + values]
        update(agent, optimizer, [tensor.flatten(0, 1) for tensor in batch])
        steps = (iteration + 1) * arguments.envs * horizon
        print(f"{steps} steps: mean return {rewards.sum(dim=0).mean():.1f}", flush=True)
    envs.close()


if __name__ == "__main__":
    main()
