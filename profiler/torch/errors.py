"""Errors a person can act on, and how a program here ends with one."""

from __future__ import annotations

import sys
from collections.abc import Callable

EXIT_FAILED_CHECK = 1
EXIT_BAD_INPUT = 2
EXIT_TOOL_MISSING = 3


class UserError(Exception):
    """One line: what, where, what to do. `code` is the program's exit code."""

    def __init__(self, message: str, code: int = EXIT_BAD_INPUT) -> None:
        super().__init__(message)
        self.code = code


def finish(main: Callable[[], int]) -> None:
    """Runs `main` and exits with its code; a UserError becomes its one line on stderr."""
    try:
        sys.exit(main())
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.code)
