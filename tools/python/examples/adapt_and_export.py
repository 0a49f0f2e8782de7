#!/usr/bin/env python3
"""A policy of the zoo adapted to a goal, played in an environment, and exported."""

import argparse
from pathlib import Path

import anole


def episode_return(env, policy, seed):
    observation, _ = env.reset(seed=seed)
    total, ended = 0.0, False
    while not ended:
        observation, reward, terminated, truncated, _ = env.step(policy(observation))
        total, ended = total + reward, terminated or truncated
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="zoo:cheetah-velocity")
    parser.add_argument("--goal", type=float, default=1.3)
    parser.add_argument("--out", default="adapted")
    arguments = parser.parse_args()

    if Path(arguments.out).exists():
        parser.error(f"{arguments.out} exists; choose another --out")
    run = anole.Run(arguments.run)
    env = run.make_env(task=[arguments.goal])
    policy = run.adapt(goal=arguments.goal, updates=3)
    for updates, step in enumerate(policy.steps):
        print(f"after {updates} updates: return {episode_return(env, step, seed=1):.1f}")
    policy.export("onnx", arguments.out)
    print(f"the policy is in {arguments.out}/policy.onnx")


if __name__ == "__main__":
    main()
