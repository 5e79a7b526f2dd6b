"""How far a run's outputs are from the unmodified model's."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

Outputs = dict[str, Tensor]


@dataclass(frozen=True)
class OutputError:
    """One output against its reference."""

    name: str
    max_abs: float
    """Largest |out − ref|, in the output's own unit; infinite where a value is not a number."""
    relative: float
    """RMS of (out − ref) over the reference's standard deviation.

    Against the spread, not the size: a depth of 1 ± 0.01 whose detail is lost would look 1 % wrong against the
    size, and is 100 % wrong. 1 is as bad as answering the mean everywhere.
    """
    scale: float
    """Largest |ref|."""

    def as_json(self) -> dict[str, object]:
        """JSON has no infinity: such an error is null."""
        finite = self.max_abs != float("inf")
        return {
            "name": self.name,
            "maxAbsError": self.max_abs if finite else None,
            "relativeError": self.relative if finite else None,
        }


def on_host(outputs: Outputs) -> Outputs:
    """Copies of all outputs in host memory, as fp32."""
    return {name: tensor.detach().to("cpu", torch.float32, copy=True) for name, tensor in outputs.items()}


def compare(outputs: Outputs, reference: Outputs) -> list[OutputError]:
    """Every output both have, in the reference's order. Shapes that differ are a ValueError."""
    return [compare_one(name, outputs[name], ref) for name, ref in reference.items() if name in outputs]


def compare_one(name: str, out: Tensor, ref: Tensor) -> OutputError:
    """Both of the same shape; differences are taken in float64, in slices that bound the memory."""
    if out.shape != ref.shape:
        raise ValueError(f"{name}: shape {list(out.shape)}, the reference has {list(ref.shape)}")
    if not torch.isfinite(out).all():
        return OutputError(name, float("inf"), float("inf"), ref.abs().max().item())
    largest, squares = 0.0, 0.0
    for a, b in zip(out.flatten().split(1 << 24), ref.flatten().split(1 << 24), strict=True):
        difference = a.double() - b.double()
        largest = max(largest, difference.abs().max().item())
        squares += difference.square().sum().item()
    rms = (squares / out.numel()) ** 0.5
    deviation = ref.double().std(correction=0).item()
    relative = rms / deviation if deviation > 0 else (0.0 if rms == 0 else float("inf"))
    return OutputError(name, largest, relative, ref.abs().max().item())
