"""The most memory a stretch of a program held at once."""

from __future__ import annotations

import re
from pathlib import Path

import torch

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")
RESET_PEAK = "5"
"""What proc(5) says to write into clear_refs to start the peak resident set anew."""


class PeakMemory:
    """Started by `begin`, read by `bytes`. `meaning` says what was counted."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.meaning = "allocated by PyTorch on the GPU" if device.type == "cuda" else "resident set of the process"

    def begin(self) -> None:
        """From here on. Unused blocks go back first, so that what an earlier stretch needed is not counted."""
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)
            return
        try:
            CLEAR.write_text(RESET_PEAK)
        except OSError:
            self.meaning = "resident set of the process since it started"

    def bytes(self) -> int | None:
        """Peak since `begin`; None where the system does not tell."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device)
        try:
            found = re.search(r"^VmHWM:\s*(\d+) kB", STATUS.read_text(), re.MULTILINE)
        except OSError:
            return None
        return int(found[1]) * 1024 if found else None
