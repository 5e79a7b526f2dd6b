"""`heads-tf32`: the heads' fp32 products in TF32."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ..subject import Subject
from .variant import CUDA_ONLY, Variant, within


@contextmanager
def tf32(device: torch.device) -> Iterator[None]:
    """Autocast off, and matrix products on tensor cores with 10 bits of fraction. Convolutions may by default."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    try:
        with torch.autocast(device.type, enabled=False):
            yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


def apply(subject: Subject, _: str) -> None:
    """For the heads only; the aggregator computes in bf16 anyway."""
    subject.claim("the dense heads' precision", "heads-tf32")
    subject.model.heads_precision = tf32


VARIANT = Variant(
    id="heads-tf32",
    changes="Matrix products of the camera, depth and point heads in TF32 instead of fp32.",
    apply=apply,
    tolerance=within(0.05),
    devices=CUDA_ONLY,
)
