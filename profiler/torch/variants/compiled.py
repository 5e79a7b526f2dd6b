"""`compile`: every block through torch.compile."""

from ..subject import Subject
from .variant import Variant


def apply(subject: Subject, _: str) -> None:
    """Block by block, so that phases keep their ranges and 24 equal blocks share one compilation."""
    aggregator = subject.model.aggregator
    for block in [*aggregator.patch_embed.blocks, *aggregator.frame_blocks, *aggregator.global_blocks]:
        block.compile()


VARIANT = Variant(
    id="compile",
    changes="Blocks of the image encoder and the aggregator go through torch.compile, which fuses norms, gains and "
    "RoPE into few kernels. Compiling happens in the warm-up.",
    apply=apply,
    needs=("rope-nosync", "rope-fused"),
)
