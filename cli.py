"""The command line: run, explain, check, compare and export studies without a browser.

Exit codes: 0 done, 1 an identity fails (check), 2 bad input (the messages are on standard error).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from commands import analysis, benchmarks, charts, power, quotes, risk, studies, sweep, verifying, workbook_back
from commands.given import BAD_INPUT

# In the order of `--help`.
SUBJECTS = (studies, workbook_back, verifying, benchmarks, power, quotes, analysis, risk, sweep, charts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return options.job(options)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"cannot write the output ({error.strerror or error}); make room or send it elsewhere", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cli.py", description="Total cost of AI inference, from study files.")
    jobs = parser.add_subparsers(required=True, metavar="command")
    for subject in SUBJECTS:
        subject.add(jobs)
    return parser


if __name__ == "__main__":
    sys.exit(main())
