"""`sdpa=…`: the attention kernel is named instead of left to PyTorch."""

from __future__ import annotations

from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..subject import Subject
from ..vggt.layers import Attend
from ..vggt.rope import TokenGrid
from .variant import CPU_AND_CUDA, CUDA_ONLY, Variant

KERNELS = {
    "flash": (SDPBackend.FLASH_ATTENTION, CPU_AND_CUDA, "the FlashAttention kernel"),
    "efficient": (SDPBackend.EFFICIENT_ATTENTION, CUDA_ONLY, "the memory-efficient kernel"),
    "cudnn": (SDPBackend.CUDNN_ATTENTION, CUDA_ONLY, "cuDNN's kernel"),
    "math": (SDPBackend.MATH, CPU_AND_CUDA, "plain matrix products, which hold all N² scores at once"),
}


def forced(inner: Attend, backend: SDPBackend) -> Attend:
    """Attention by this kernel or not at all: PyTorch raises where it has none for the shapes and type."""

    def attend(q: Tensor, k: Tensor, v: Tensor, grid: TokenGrid | None) -> Tensor:
        with sdpa_kernel(backend):
            return inner(q, k, v, grid)

    return attend


def sdpa(name: str) -> Variant:
    """The variant that names this kernel. The camera head keeps PyTorch's choice: in fp32 flash has no CUDA kernel."""
    backend, devices, words = KERNELS[name]

    def apply(subject: Subject, _: str) -> None:
        subject.claim("the attention kernel", f"sdpa={name}")
        aggregator = subject.model.aggregator
        for block in [*aggregator.patch_embed.blocks, *aggregator.frame_blocks, *aggregator.global_blocks]:
            block.attn.attend = forced(block.attn.attend, backend)

    return Variant(id=f"sdpa={name}", changes=f"Attention in the aggregator by {words}.", apply=apply, devices=devices)


VARIANTS = [sdpa(name) for name in KERNELS]
