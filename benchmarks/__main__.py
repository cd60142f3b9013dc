"""`nox -s bench`: print how our speed compares with torch's."""

import argparse
import itertools

import torch

from benchmarks import bricks, recurrent
from benchmarks.compare import conditions, table


def main() -> None:
    """Measure everything, or one family."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    print(conditions())
    for title, rows in itertools.chain(bricks.bricks(), recurrent.rnn()):
        print(table(title, rows), flush=True)


if __name__ == "__main__":
    main()
