"""`heads-bf16`: the dense heads under bf16 autocast."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..subject import Subject
from .variant import Variant, within

Values = tuple[Tensor, Tensor]


def apply(subject: Subject, _: str) -> None:
    """Upstream turns autocast off for its heads; here the dense ones compute in bf16. Poses stay fp32."""
    subject.claim("the dense heads' precision", "heads-bf16")
    for head in (subject.model.depth_head, subject.model.point_head):
        if head is not None:
            head.forward = autocast(head.forward, subject.device.type)


def autocast(forward: Callable[..., Values], device: str) -> Callable[..., Values]:
    """`forward` under bf16 autocast, its answers in fp32."""

    def in_bf16(*args: object) -> Values:
        with torch.autocast(device, dtype=torch.bfloat16):
            values, confidence = forward(*args)
        return values.float(), confidence.float()

    return in_bf16


VARIANT = Variant(
    id="heads-bf16",
    changes="The depth and point heads compute in bf16; upstream keeps them in fp32.",
    apply=apply,
    tolerance=within(0.1),
)
