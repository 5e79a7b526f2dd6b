"""The measured part of a run: warm-up, iterations without a profiler, iterations under one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .inputs import to_device
from .memory import PeakMemory
from .nvtx_injection import Injection
from .outputs import Outputs, on_host
from .profilers import capturing
from .ranges import TOP, Switch, inside
from .subject import Subject


@dataclass(frozen=True)
class Measured:
    """Times in nanoseconds, each of one forward with the device idle before and after."""

    unprofiled_ns: list[int]
    """Without a profiler: the model's own time."""
    profiled_ns: list[int]
    """Under the profiler: what the trace shows. The difference is what profiling costs."""
    peak_bytes: int | None
    """Of the unprofiled iterations; of the profiled ones where there are none."""
    peak_meaning: str
    started_at_ms: int
    """Milliseconds since 1970 when the first profiled iteration began."""
    outputs: Outputs
    """Of the last profiled iteration, on the device."""


@dataclass(frozen=True)
class Counts:
    """Iterations of each kind, in the order they run."""

    warmup: int
    timed: int
    captured: int


@dataclass
class Loop:
    """What every iteration needs."""

    subject: Subject
    images: Tensor
    """uint8 [S, H, W, 3] on the host."""
    ranges: Switch
    outputs: Outputs

    def iterate(self) -> int:
        """preprocess (upload), VGGT, postprocess (download); returns the nanoseconds of the middle one.

        The aggregator's layers are no product anyone downloads: gigabytes that would fill the capture.
        """
        with inside(self.ranges, "preprocess"):
            images = to_device(self.images, self.subject.device)
        self.wait()
        self.outputs = {}
        start = time.perf_counter_ns()
        with inside(self.ranges, TOP):
            self.outputs = self.subject.forward(images)
            self.wait()
        elapsed = time.perf_counter_ns() - start
        if not self.subject.aggregator_only:
            with inside(self.ranges, "postprocess"):
                on_host(self.outputs)
        return elapsed

    def wait(self) -> None:
        """Until the device is idle."""
        if self.subject.device.type == "cuda":
            torch.cuda.synchronize(self.subject.device)


def measure(
    subject: Subject, images: Tensor, ranges: Switch, counts: Counts,
    profiler: str, out: Path, injection: Injection | None,
) -> Measured:  # fmt: skip
    """Compilers, caches and lazy loading belong to the warm-up, which nothing records."""
    loop = Loop(subject, images, ranges, {})
    for _ in range(counts.warmup):
        loop.iterate()
    peak = PeakMemory(subject.device)
    peak.begin()
    unprofiled = [loop.iterate() for _ in range(counts.timed)]
    peak_bytes = peak.bytes() if unprofiled else None
    started_at_ms = time.time_ns() // 1_000_000
    with capturing(profiler, subject.device, out, injection):
        ranges.on = True
        profiled = [loop.iterate() for _ in range(counts.captured)]
        ranges.on = False
    if not unprofiled:
        peak_bytes = peak.bytes()
        peak.meaning += ", profiler included"
    return Measured(unprofiled, profiled, peak_bytes, peak.meaning, started_at_ms, loop.outputs)
