"""What a run says about itself: flat strings and numbers, units in the names. The ONNX backend uses the same ones."""

from __future__ import annotations

import math
import platform
import re
from pathlib import Path

import torch
from torch import nn

from .flops import aggregator_flop
from .measure import Measured
from .outputs import OutputError
from .settings import Settings
from .subject import Subject
from .variants.variant import Tolerance

Facts = dict[str, str | int | float]


def facts_of(
    settings: Settings, subject: Subject, implementation: str, measured: Measured,
    errors: list[OutputError], tolerance: Tolerance,
) -> Facts:  # fmt: skip
    """Everything but what only the caller knows: nsys' version and its command line."""
    return {
        "backend": "torch",
        **device_facts(settings.device),
        "model": settings.model,
        "implementation": {"own": "Parallax", "official": "official vggt package"}[implementation],
        "parts": "aggregator" if settings.aggregator_only else "all but tracking",
        "variant": settings.variant_name,
        "frames": settings.frames,
        "height": settings.height,
        "width": settings.width,
        "dtype": dtype_name(subject.precision),
        "weights": f"random, seed {settings.seed} (synthetic)" if settings.weights is None else settings.weights.name,
        "input": input_name(settings),
        "parameters": parameters(subject.model),
        "aggregatorFlops": aggregator_flop(settings.config, settings.frames, settings.height, settings.width),
        "iterations": settings.captured,
        "warmup": settings.warmup,
        "runtime": f"torch {torch.__version__}",
        "python": platform.python_version(),
        **time_facts(measured),
        **memory_facts(settings.device, measured),
        **error_facts(errors, tolerance, subject.precision is None),
    }  # fmt: skip


def device_facts(device: torch.device) -> Facts:
    """Which device computed, and what runs it."""
    if device.type == "cpu":
        return {"device": "CPU", "cpu": cpu_name(), "threads": torch.get_num_threads()}
    properties = torch.cuda.get_device_properties(device)
    return {
        "device": "CUDA",
        "gpu": properties.name,
        "gpuMemoryBytes": properties.total_memory,
        "computeCapability": f"{properties.major}.{properties.minor}",
        "cuda": str(torch.version.cuda),
        "cudnn": str(torch.backends.cudnn.version()),
    }


def cpu_name() -> str:
    """As Linux names it; the architecture elsewhere."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.is_file() else None
    return found[1] if found else platform.machine()


def dtype_name(precision: torch.dtype | None) -> str:
    """`float32`, or what autocast computes the aggregator in."""
    return "float32" if precision is None else f"{str(precision).removeprefix('torch.')} autocast"


def input_name(settings: Settings) -> str:
    """Never a path of this machine, only its last part."""
    synthetic = settings.images == "synthetic"
    return f"synthetic images, seed {settings.seed}" if synthetic else Path(settings.images).name


def parameters(model: nn.Module) -> int:
    """Values in all parameters of what was measured, and in buffers a variant moved weights into."""
    constants = {"aggregator.mean", "aggregator.std"}
    buffers = sum(b.numel() for name, b in model.named_buffers() if name not in constants)
    return sum(p.numel() for p in model.parameters()) + buffers


def time_facts(measured: Measured) -> Facts:
    """Of one forward, in nanoseconds: under the profiler (iteration…) and without (unprofiled…)."""
    facts: Facts = {}
    for name, times in (("iteration", measured.profiled_ns), ("unprofiled", measured.unprofiled_ns)):
        if times:
            facts |= {f"{name}MedianNs": median(times), f"{name}MinNs": min(times), f"{name}MaxNs": max(times)}
    if not measured.unprofiled_ns:
        return facts | {"profilingCost": "not measured"}
    facts["timedRuns"] = len(measured.unprofiled_ns)
    cost = 100 * (median(measured.profiled_ns) / median(measured.unprofiled_ns) - 1)
    facts["profilingCostPercent"] = round(cost, 1)
    return facts


def memory_facts(device: torch.device, measured: Measured) -> Facts:
    """Peak over the unprofiled iterations, under the name that says what was counted."""
    if measured.peak_bytes is None:
        return {"peakMemoryIs": "unknown (the system does not tell)"}
    name = "peakDeviceBytes" if device.type == "cuda" else "peakRssBytes"
    return {name: measured.peak_bytes, "peakMemoryIs": measured.peak_meaning}


def error_facts(errors: list[OutputError], tolerance: Tolerance, fp32: bool) -> Facts:
    """Output errors against the unmodified model, and what the variants promise."""
    if not errors:
        return {"outputError": "not measured"}
    facts: Facts = {
        "outputError": number(max((error.scaled for error in errors), default=math.nan)),
        "outputErrorIs": "largest |difference to the unmodified model| over max(1, its largest value)",
        "outputTolerance": tolerance.limit(fp32),
        "outputToleranceIs": "of outputError" if tolerance.exact and fp32 else "of every relativeError",
    }
    for error in errors:
        facts[f"maxAbsError.{error.name}"] = number(error.max_abs)
        facts[f"relativeError.{error.name}"] = number(error.relative)
    return facts


def number(value: float) -> float | str:
    """JSON has no NaN."""
    return value if math.isfinite(value) else "not a number"


def median(values: list[int]) -> int:
    """The lower one of an even number."""
    return sorted(values)[(len(values) - 1) // 2]
