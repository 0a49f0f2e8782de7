#!/usr/bin/env python3
"""Learning curves of a run with Matplotlib: returns before and after the inner updates."""

import argparse

import matplotlib

import anole


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", help="a run's folder")
    parser.add_argument("--out", default="run.png")
    arguments = parser.parse_args()

    matplotlib.use("Agg")
    from matplotlib import pyplot

    run = anole.Run(arguments.run)
    metrics, score = run.metrics, run.score
    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    for column in (f"{score}/before", f"{score}/after"):
        axes.plot(metrics["iteration"], metrics[column], label=column)
    axes.set(xlabel="meta-iteration", ylabel=score, title=run.path.name)
    axes.legend()
    figure.savefig(arguments.out)
    print(f"the curves are in {arguments.out}")


if __name__ == "__main__":
    main()
