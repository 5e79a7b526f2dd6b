"""Named ranges around phases, for whichever profiler listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, Protocol, TypeVar

import torch

from .nvtx_injection import Injection

Args = ParamSpec("Args")
Result = TypeVar("Result")

TOP = "VGGT"
"""The range around one forward: an iteration."""


class Ranges(Protocol):
    """Opens and closes ranges; they nest."""

    def push(self, name: str) -> None: ...

    def pop(self) -> None: ...


class NoRanges:
    """Nobody listens."""

    def push(self, name: str) -> None:
        """Nothing."""

    def pop(self) -> None:
        """Nothing."""


class CudaNvtxRanges:
    """NVTX through PyTorch's CUDA build."""

    def push(self, name: str) -> None:
        torch.cuda.nvtx.range_push(name)

    def pop(self) -> None:
        torch.cuda.nvtx.range_pop()


class KinetoRanges:
    """User annotations of torch.profiler."""

    def __init__(self) -> None:
        self.open: list[torch.profiler.record_function] = []

    def push(self, name: str) -> None:
        annotation = torch.profiler.record_function(name)
        annotation.__enter__()
        self.open.append(annotation)

    def pop(self) -> None:
        self.open.pop().__exit__(None, None, None)


class Switch:
    """Ranges that can be turned on and off while everything holds on to the same object."""

    def __init__(self, target: Ranges) -> None:
        self.target = target
        self.on = False

    def push(self, name: str) -> None:
        if self.on:
            self.target.push(name)

    def pop(self) -> None:
        if self.on:
            self.target.pop()


def ranges_for(profiler: str, device: torch.device, injection: Injection | None) -> Ranges:
    """What to open ranges with under `profiler` (nsys, kineto, none)."""
    if profiler == "kineto":
        return KinetoRanges()
    if profiler == "nsys" and device.type == "cuda":
        return CudaNvtxRanges()
    return injection or NoRanges()


@contextmanager
def inside(ranges: Ranges, name: str) -> Iterator[None]:
    """A range around a block."""
    ranges.push(name)
    try:
        yield
    finally:
        ranges.pop()


def within_range(ranges: Ranges, name: str, function: Callable[Args, Result]) -> Callable[Args, Result]:
    """`function` with a range around every call."""

    def named(*args: Any, **kwargs: Any) -> Result:
        with inside(ranges, name):
            return function(*args, **kwargs)

    return named
