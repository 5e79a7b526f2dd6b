"""`frame-seq`: one call of a frame block per frame. The deliberately bad baseline."""

from ..subject import Subject
from .frame_chunk import run_frames_in_chunks
from .variant import Variant


def apply(subject: Subject, _: str) -> None:
    """S times the launches of a frame block, each S times smaller."""
    subject.claim("the frame blocks' batching", "frame-seq")
    run_frames_in_chunks(subject.model.aggregator, 1)


VARIANT = Variant(
    id="frame-seq",
    changes="Each frame block runs once per frame: S times the launches. Slower on purpose; shows launch overhead.",
    apply=apply,
)
