"""`fp16`: autocast computes in fp16."""

import torch

from ..subject import Subject
from .variant import Variant, within


def apply(subject: Subject, _: str) -> None:
    """10 bits of fraction instead of bf16's 7, and a range that ends at 65,504. Heads stay fp32."""
    subject.claim("the precision", "fp16")
    subject.precision = torch.float16


VARIANT = Variant(
    id="fp16",
    changes="Autocast computes in fp16 where upstream takes bf16 (CUDA) or fp32 (CPU). The heads stay fp32.",
    apply=apply,
    tolerance=within(0.02),
)
