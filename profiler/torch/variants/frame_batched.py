"""`frame-batched`: all frames of a frame block in one call."""

from .variant import Variant

VARIANT = Variant(
    id="frame-batched",
    changes="Nothing: a frame block runs on all frames in one call, as upstream does. Stands beside frame-seq.",
    apply=lambda subject, _: subject.claim("the frame blocks' batching", "frame-batched"),
)
