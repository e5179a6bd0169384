"""make bench: prints each figure next to its baseline; the exit code is 0 if all limits are kept."""

import sys

from tests.performance.bench import artifact, attribution, cold_start, pages, warm
from tests.performance.bench.row import HEAD


def main() -> int:
    print(HEAD, flush=True)
    beyond = 0
    for measured in (cold_start, warm, attribution, pages, artifact):
        for row in measured.rows():
            beyond += not row.kept
            print(row, flush=True)
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
