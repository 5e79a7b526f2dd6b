"""`compile`: every block through torch.compile."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from ..subject import Subject
from ..vggt.layers import Block
from .variant import Variant

Layers = list[Tensor | None]


def apply(subject: Subject, _: str) -> None:
    """Compiles block by block, so that phases keep their ranges and equal blocks share one compilation.

    The first forward still runs as it is and fills the rotation tables. Compiled code then finds them there; else
    every table that appears would compile its blocks again. Shapes are static: encoder, frame and global blocks make
    three compilations.
    """
    aggregator = subject.model.aggregator
    blocks = [*aggregator.patch_embed.blocks, *aggregator.frame_blocks, *aggregator.global_blocks]
    aggregator.forward = CompileAfterFirst(aggregator.forward, blocks)


class CompileAfterFirst:
    """The aggregator's forward; behind its first call, blocks compile when they are next called."""

    def __init__(self, forward: Callable[[Tensor], Layers], blocks: list[Block]) -> None:
        self.forward = forward
        self.waiting = blocks

    def __call__(self, images: Tensor) -> Layers:
        layers = self.forward(images)
        while self.waiting:
            self.waiting.pop().compile(dynamic=False)
        return layers


VARIANT = Variant(
    id="compile",
    changes="Blocks of the image encoder and the aggregator go through torch.compile, which fuses norms, gains and "
    "RoPE into few kernels. Compiling happens in the warm-up.",
    apply=apply,
    needs=("rope-nosync", "rope-fused"),
)
