"""The profilers a run can be under: opened around the measured iterations, closed with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from .nvtx_injection import Injection

CAPTURE_RANGE = "Parallax_Capture"
"""On a CPU, where no cudaProfilerStart exists, nsys opens its capture with this NVTX range."""


@contextmanager
def capturing(profiler: str, device: torch.device, out: Path, injection: Injection | None) -> Iterator[None]:
    """Captures what happens inside. Kineto writes `trace.json.gz` into `out`; nsys writes where it was told."""
    if profiler == "kineto":
        with kineto(device, out / "trace.json.gz"):
            yield
    elif profiler == "nsys" and device.type == "cuda":
        with cuda_profiler():
            yield
    elif profiler == "nsys" and injection is not None:
        close = injection.open_aside(CAPTURE_RANGE)
        try:
            yield
        finally:
            close()
    else:
        yield


@contextmanager
def cuda_profiler() -> Iterator[None]:
    """cudaProfilerStart … cudaProfilerStop: what `--capture-range=cudaProfilerApi` waits for."""
    runtime = torch.cuda.cudart()
    torch.cuda.synchronize()
    runtime.cudaProfilerStart()
    try:
        yield
    finally:
        torch.cuda.synchronize()
        runtime.cudaProfilerStop()


@contextmanager
def kineto(device: torch.device, path: Path) -> Iterator[None]:
    """PyTorch's own profiler: operators, CUDA calls and kernels. No shapes and no stacks, which cost time."""
    activities = [torch.profiler.ProfilerActivity.CPU]
    if device.type == "cuda":
        activities.append(torch.profiler.ProfilerActivity.CUDA)
    with torch.profiler.profile(activities=activities) as profile:
        yield
    profile.export_chrome_trace(str(path))
