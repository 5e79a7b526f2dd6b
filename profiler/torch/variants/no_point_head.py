"""`no-point-head`: world points are not computed."""

from ..subject import Subject
from .variant import Variant


def apply(subject: Subject, _: str) -> None:
    """The other outputs stay as they are; points can be had from depth and pose."""
    subject.model.point_head = None


VARIANT = Variant(
    id="no-point-head",
    changes="Leaves out the point head: world_points and world_points_conf are missing from the outputs.",
    apply=apply,
)
