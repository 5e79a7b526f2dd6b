"""`contiguous-qkv`: q, k and v are laid out densely before attention."""

from torch import Tensor

from ..subject import Subject
from ..vggt.layers import Attend
from ..vggt.rope import TokenGrid
from .variant import Variant


def dense(inner: Attend) -> Attend:
    """One copy for each that is a strided view of the qkv product (v, and q and k where no RoPE rewrote them)."""

    def attend(q: Tensor, k: Tensor, v: Tensor, grid: TokenGrid | None) -> Tensor:
        return inner(q.contiguous(), k.contiguous(), v.contiguous(), grid)

    return attend


def apply(subject: Subject, _: str) -> None:
    """In every block of the aggregator and its image encoder."""
    aggregator = subject.model.aggregator
    for block in [*aggregator.patch_embed.blocks, *aggregator.frame_blocks, *aggregator.global_blocks]:
        block.attn.attend = dense(block.attn.attend)


VARIANT = Variant(
    id="contiguous-qkv",
    changes="Copies q, k and v into dense layouts before attention, which a fused kernel may or may not repay.",
    apply=apply,
)
