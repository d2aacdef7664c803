"""One process of the product under cProfile: `python -m bench.profiled FILE -m parley.entrypoints.cli ROLE`.

The figures are written when Python ends in order, so the command line may not end it by `os._exit`, nor may the web's
server, which raises the signal that stopped it again once it has finished.
"""

import cProfile
import os
import runpy
import signal
import sys


def main() -> None:
    file, _, module, *sys.argv[1:] = sys.argv[1:]
    os._exit = sys.exit
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        profiler.disable()
        profiler.dump_stats(file)


if __name__ == "__main__":
    main()
