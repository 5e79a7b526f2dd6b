"""`g2f-own:K`: the first K global blocks attend within each frame only."""

from torch import Tensor

from ..subject import Subject
from ..vggt.aggregator import Scene
from .variant import Variant, whole_number, within


def localize(subject: Subject, variant: str, parameter: str, blocks: str) -> None:
    """In the first K pairs, runs `blocks` (an attribute of the aggregator) over frames in place of the global block."""
    aggregator = subject.model.aggregator
    layers = whole_number(parameter, variant, 1, subject.config.depth)
    subject.claim("the first global blocks", variant)
    everywhere = aggregator.run_global

    def run_global(i: int, x: Tensor, scene: Scene) -> Tensor:
        if i >= layers:
            return everywhere(i, x, scene)
        return getattr(aggregator, blocks)[i](x.flatten(0, 1), scene.frame).view_as(x)

    aggregator.run_global = run_global


VARIANT = Variant(
    id="g2f-own",
    parameter="K",
    changes="The first K global blocks keep their weights but attend within each frame: their attention's cost grows "
    "with S instead of S². Changes the outputs wherever there is more than one frame.",
    apply=lambda subject, parameter: localize(subject, "g2f-own", parameter, "global_blocks"),
    tolerance=within(0.5),
)
