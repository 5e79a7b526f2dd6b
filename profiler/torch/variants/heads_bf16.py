"""`heads-bf16`: camera and dense heads under bf16 autocast."""

import torch

from ..subject import Subject
from .variant import Variant, within


def apply(subject: Subject, _: str) -> None:
    """Upstream turns autocast off for its heads; here they compute in bf16."""
    subject.claim("the heads' precision", "heads-bf16")
    subject.model.heads_precision = lambda device: torch.autocast(device.type, dtype=torch.bfloat16)


VARIANT = Variant(
    id="heads-bf16",
    changes="Camera, depth and point heads compute in bf16; upstream keeps them in fp32.",
    apply=apply,
    tolerance=within(0.1),
)
