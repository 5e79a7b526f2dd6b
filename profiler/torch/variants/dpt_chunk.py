"""`dpt-chunk:N`: frames per pass of a dense head."""

from ..subject import Subject
from .variant import Variant, whole_number


def apply(subject: Subject, parameter: str) -> None:
    """Fewer passes launch less and need more memory at once."""
    step = whole_number(parameter, "dpt-chunk", 1)
    for head in (subject.model.depth_head, subject.model.point_head):
        if head is not None:
            head.chunk = step


VARIANT = Variant(
    id="dpt-chunk",
    parameter="N",
    changes="The dense heads take N frames a pass; upstream takes 8.",
    apply=apply,
)
