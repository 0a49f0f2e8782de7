"""What the peers share: half-cheetah, the 64x64 policy, and how a run is timed."""

import json
import math
import os
import time

import numpy as np

ENVIRONMENT = "HalfCheetah-v5"
OBSERVATIONS, ACTIONS, HIDDEN, LOG_STD = 17, 6, 64, -0.5
SUBSTEPS = 5


class NumpyPolicy:
    """17-64-64-6, tanh, Gaussian: draws and clips actions, nothing more."""

    def __init__(self):
        rng = np.random.default_rng(1)
        sizes = [OBSERVATIONS, HIDDEN, HIDDEN, ACTIONS]
        self.weights = [(rng.standard_normal((n, m)) / math.sqrt(n)).astype(np.float32)
                        for n, m in zip(sizes, sizes[1:])]
        self.weights[-1] *= 0.1
        self.rng = rng

    def __call__(self, observations):
        hidden = observations.astype(np.float32)
        for weight in self.weights[:-1]:
            hidden = np.tanh(hidden @ weight)
        mean = hidden @ self.weights[-1]
        noise = self.rng.standard_normal(mean.shape, dtype=np.float32)
        return np.clip(mean + math.exp(LOG_STD) * noise, -1, 1)


def torch_policy():
    """The same in PyTorch, with the log-probability, as PPO's code samples."""
    import torch
    torch.set_num_threads(1)
    torch.manual_seed(1)
    layers = torch.nn.Sequential(
        torch.nn.Linear(OBSERVATIONS, HIDDEN), torch.nn.Tanh(),
        torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, ACTIONS))
    std = torch.full((ACTIONS,), math.exp(LOG_STD))

    def act(observations):
        with torch.no_grad():
            mean = layers(torch.as_tensor(observations, dtype=torch.float32))
            distribution = torch.distributions.Normal(mean, std)
            action = distribution.sample()
            distribution.log_prob(action).sum(-1)
            return action.clamp(-1, 1).numpy()
    return act


def cpu_seconds():
    """Of this process, its threads and its children, those that live included."""
    total = sum(os.times()[:4])
    ticks = os.sysconf("SC_CLK_TCK")
    parents = {os.getpid()}
    stats = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            stats.append((int(name), int(fields[1]), int(fields[11]) + int(fields[12])))
        except OSError:
            pass  # it has just ended
    for pid, parent, used in sorted(stats):
        if parent in parents and pid not in parents:
            parents.add(pid)
            total += used / ticks
    return total


def report(run, seconds):
    """run() does some environment steps and says how many. Prints what `seconds` of it came to."""
    run()  # warm-up: first use of everything
    wall, cpu, steps = time.perf_counter(), cpu_seconds(), 0
    while time.perf_counter() - wall < seconds:
        steps += run()
    cpu = cpu_seconds() - cpu
    wall = time.perf_counter() - wall
    print(json.dumps({"per_s": steps / wall, "per_cpu_s": steps / cpu}))
