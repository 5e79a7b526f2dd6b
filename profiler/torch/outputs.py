"""How far a run's outputs are from the unmodified model's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

Outputs = dict[str, Tensor]

SLICE = 1 << 24
"""Values compared at a time: 128 MB in float64."""


@dataclass(frozen=True)
class OutputError:
    """One output against its reference. NaN where a value of either is no number or the shapes differ."""

    name: str
    max_abs: float
    """Largest |out − ref|, in the output's own unit."""
    scaled: float
    """The same over max(1, largest |ref|). What `same` outputs are held to in fp32."""
    relative: float
    """RMS of (out − ref) over the reference's standard deviation: 1 is as bad as answering the mean everywhere.

    Against the spread, not the size: a depth of 1 ± 0.01 whose detail is lost looks 1 % wrong against its size.
    What variants that change the outputs are held to.
    """

    def as_json(self) -> dict[str, object]:
        """JSON has no NaN: such an error is null."""
        values = {"maxAbsError": self.max_abs, "scaledError": self.scaled, "relativeError": self.relative}
        return {"name": self.name} | {key: value if math.isfinite(value) else None for key, value in values.items()}


def on_host(outputs: Outputs) -> Outputs:
    """Copies of all outputs in host memory, as fp32."""
    return {name: tensor.detach().to("cpu", torch.float32, copy=True) for name, tensor in outputs.items()}


def compare(outputs: Outputs, reference: Outputs) -> list[OutputError]:
    """Every output both have, in the order of `outputs`."""
    return [compare_one(name, out, reference[name]) for name, out in outputs.items() if name in reference]


def compare_one(name: str, out: Tensor, ref: Tensor) -> OutputError:
    """In float64 on `out`'s device, in slices that bound the memory: a scene's tokens are gigabytes."""
    if out.shape != ref.shape:
        return OutputError(name, math.nan, math.nan, math.nan)
    sums = Sums()
    for a, b in zip(out.detach().flatten().split(SLICE), ref.flatten().split(SLICE), strict=True):
        sums.add(a.double(), b.to(a.device).double())
    return sums.error(name)


class Sums:
    """What the errors are made of, over any number of slices."""

    def __init__(self) -> None:
        self.count, self.largest, self.largest_ref = 0, 0.0, 0.0
        self.squares, self.ref_sum, self.ref_squares = 0.0, 0.0, 0.0

    def add(self, out: Tensor, ref: Tensor) -> None:
        """One slice, float64. NaN and infinity end up in the sums, and the error is NaN."""
        difference = (out - ref).abs()
        self.count += out.numel()
        self.squares += difference.square().sum().item()
        self.largest = max(self.largest, difference.max().item())
        self.largest_ref = max(self.largest_ref, ref.abs().max().item())
        self.ref_sum += ref.sum().item()
        self.ref_squares += ref.square().sum().item()

    def error(self, name: str) -> OutputError:
        """Of all slices together."""
        if not math.isfinite(self.squares + self.ref_squares):
            return OutputError(name, math.nan, math.nan, math.nan)
        mean = self.ref_sum / self.count
        deviation = math.sqrt(max(0.0, self.ref_squares / self.count - mean**2))
        rms = math.sqrt(self.squares / self.count)
        relative = rms / deviation if deviation > 0 else (0.0 if rms == 0 else math.nan)
        return OutputError(name, self.largest, self.largest / max(1.0, self.largest_ref), relative)
