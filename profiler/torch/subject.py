"""The thing that is measured: a model, the input it gets and how it is called. Variants change it in place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .errors import UserError
from .vggt import VGGT, Config

Outputs = dict[str, Tensor]
Forward = Callable[[Tensor], Outputs]


@dataclass
class Subject:
    """A model about to be measured. `forward` is what one iteration calls."""

    model: VGGT
    config: Config
    device: torch.device
    precision: torch.dtype | None
    """What autocast computes in; None is plain fp32."""
    aggregator_only: bool = False
    """Measure the aggregator alone, as the published H100 table does."""
    aggregator_range: str | None = None
    """A range to put around the whole aggregator, where its phases cannot be seen."""
    forward: Forward = field(init=False)
    claims: dict[str, str] = field(default_factory=dict)
    """Seam → the variant that replaced it."""

    def __post_init__(self) -> None:
        self.forward = self.plain_forward

    def plain_forward(self, images: Tensor) -> Outputs:
        """images [B, S, 3, H, W] on the device → outputs by name, under no_grad and the chosen autocast."""
        with torch.no_grad(), self.autocast():
            if not self.aggregator_only:
                return self.model(images)
            layers = self.model.aggregator(images)
            return {f"layer_{i}": layers[i] for i in self.config.dpt_layers}

    def autocast(self) -> AbstractContextManager[object]:
        """As upstream's documentation runs the model on CUDA; nothing where `precision` is None."""
        if self.precision is None:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.precision)

    def claim(self, seam: str, variant: str) -> None:
        """Says that `variant` replaces a part of the model. Two variants cannot replace the same part: UserError."""
        holder = self.claims.setdefault(seam, variant)
        if holder != variant:
            raise UserError(f"variants {holder} and {variant} both replace {seam}: choose one of them")


def upstream_precision(device: torch.device) -> torch.dtype | None:
    """What upstream's documentation computes in: bf16 from compute capability 8 on, fp16 below, fp32 on a CPU."""
    if device.type != "cuda":
        return None
    return torch.bfloat16 if torch.cuda.get_device_capability(device)[0] >= 8 else torch.float16
