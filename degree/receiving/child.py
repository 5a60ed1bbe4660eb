"""The process that decides or draws for a stranger; degree.receiving.deciding starts it.

However long their file would keep it busy, it ends with its seconds. The question and the answer
(degree.receiving.answering) go over standard input and output.
"""

import resource
import sys
from pathlib import Path
from typing import Final

MEMORY: Final = 2_147_483_648  # bytes of addresses


def _main() -> None:
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Python runs it isolated: the folder of our packages is on no path.
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from degree.receiving.answering import answer

    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    _main()
