"""How long a reader waits before anything happens: `import bluehelm` and `bluehelm --help`.

Run: python benchmarks/startup.py [runs]. Each run is a new process; bars: 0.3 s for the import, 0.5 s for the help.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

LINES = {
    "python -c pass": ["-c", "pass"],
    "import bluehelm": ["-c", "import bluehelm"],
    "bluehelm --help": ["-m", "bluehelm", "--help"],
    "bluehelm --help --lang zh": ["-m", "bluehelm", "--help", "--lang", "zh"],
}


def seconds_of(words: list[str]) -> float:
    """Time one new process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Print min, median and max of each line."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'':28}{'min s':>8}{'median s':>10}{'max s':>8}   ({runs} runs)")
    for name, words in LINES.items():
        seconds_of(words)  # the first run writes byte code
        took = [seconds_of(words) for _ in range(runs)]
        print(f"{name:28}{min(took):8.3f}{statistics.median(took):10.3f}{max(took):8.3f}")


if __name__ == "__main__":
    main()
