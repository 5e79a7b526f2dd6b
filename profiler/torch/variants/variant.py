"""What a variant is: one change to the unmodified model, and what it promises about the outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import UserError
from ..outputs import OutputError
from ..subject import Subject

SAME_FP32 = 1e-5
"""Largest scaled error of a variant with the same mathematics, in fp32."""
SAME_AUTOCAST = 0.05
"""Largest relative error of such a variant where the model computes in bf16 or fp16.

The same sum in another order rounds differently: 2⁻⁹ of each bf16 product, through dozens of blocks. Between
kernels of the same mathematics under bf16 autocast 0.008 was measured on a CPU (docs/torch.md).
"""

CPU_AND_CUDA = ("cpu", "cuda")
CUDA_ONLY = ("cuda",)


@dataclass(frozen=True)
class Tolerance:
    """What a variant promises about every output, with random weights."""

    exact: bool
    """Same mathematics: differences are rounding."""
    relative: float = 0.0
    """For the others: the largest relative error."""

    def limit(self, fp32: bool) -> float:
        """The largest error allowed. `fp32` says that the run used no autocast."""
        if not self.exact:
            return self.relative
        return SAME_FP32 if fp32 else SAME_AUTOCAST

    def measure(self, error: OutputError, fp32: bool) -> float:
        """The error that `limit` is set against."""
        return error.scaled if self.exact and fp32 else error.relative

    def holds(self, errors: list[OutputError], fp32: bool) -> bool:
        """Whether every output keeps the promise. Nothing to compare is not a pass, and neither is NaN."""
        return bool(errors) and all(self.measure(error, fp32) <= self.limit(fp32) for error in errors)


EXACT = Tolerance(exact=True)


def within(relative: float) -> Tolerance:
    """A variant that changes the numbers, by no more than this."""
    return Tolerance(exact=False, relative=relative)


@dataclass(frozen=True)
class Variant:
    """One entry of the list. `parameter` names what stands behind `:` in the id a person writes."""

    id: str
    changes: str
    apply: Callable[[Subject, str], None]
    tolerance: Tolerance = EXACT
    devices: tuple[str, ...] = CPU_AND_CUDA
    parameter: str = ""
    needs: tuple[str, ...] = ()
    """Any one of these must be chosen, too."""
    size: Callable[[str], tuple[int, int]] | None = None
    """For a variant that changes the input: (height, width) in px from its parameter."""

    @property
    def shown(self) -> str:
        """The id with its parameter's name: `kv-sub:R`."""
        return f"{self.id}:{self.parameter}" if self.parameter else self.id


def whole_number(text: str, variant: str, low: int, high: int | None = None) -> int:
    """A variant's parameter as an integer from `low` to `high`; UserError otherwise."""
    value = int(text) if text.isascii() and text.isdigit() else None
    if value is None or value < low or (high is not None and value > high):
        limits = f"{low} or more" if high is None else f"{low} to {high}"
        raise UserError(f"variant {variant}:{text}: the number must be {limits}")
    return value
