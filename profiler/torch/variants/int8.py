"""`int8`: the aggregator's linear layers multiply 8-bit integers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..subject import Subject
from .variant import Variant, within


class Int8Linear(nn.Module):
    """Weights rounded once, one scale per output; inputs rounded as they come, one scale per token. Sums are int32."""

    weight: Tensor
    scale: Tensor

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        scale = weight.abs().amax(dim=1).clamp(min=1e-12) / 127
        self.register_buffer("weight", (weight / scale[:, None]).round().to(torch.int8).t())
        self.register_buffer("scale", scale)
        self.bias = linear.bias

    def forward(self, x: Tensor) -> Tensor:
        """[…, in] → […, out] in x's type."""
        rows = x.flatten(0, -2).float()
        scale = rows.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
        sums = torch._int_mm((rows / scale).round().to(torch.int8), self.weight)
        out = sums.float() * scale * self.scale + self.bias.float()
        return out.to(x.dtype).unflatten(0, x.shape[:-1])


def apply(subject: Subject, _: str) -> None:
    """In every block of the aggregator and its image encoder; attention itself and the heads stay as they are."""
    aggregator = subject.model.aggregator
    for block in [*aggregator.patch_embed.blocks, *aggregator.frame_blocks, *aggregator.global_blocks]:
        for owner, names in ((block.attn, ("qkv", "proj")), (block.mlp, ("fc1", "fc2"))):
            for name in names:
                setattr(owner, name, Int8Linear(getattr(owner, name)))


VARIANT = Variant(
    id="int8",
    changes="Linear layers of the image encoder and the aggregator multiply 8-bit integers, with scales found as the "
    "values come.",
    apply=apply,
    tolerance=within(0.1),
)
