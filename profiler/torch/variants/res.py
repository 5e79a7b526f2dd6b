"""`res:HxW`: another image size."""

import re

from ..errors import UserError
from .variant import Variant


def size(parameter: str) -> tuple[int, int]:
    """(height, width) in px."""
    found = re.fullmatch(r"(\d+)x(\d+)", parameter)
    if found is None:
        raise UserError(f"variant res:{parameter}: write the height and width in px, as in res:280x392")
    return int(found[1]), int(found[2])


VARIANT = Variant(
    id="res",
    parameter="HxW",
    changes="Images of H × W px. The work changes, not the model: outputs are compared with the unmodified model at "
    "that size.",
    apply=lambda _subject, _parameter: None,
    size=size,
)
