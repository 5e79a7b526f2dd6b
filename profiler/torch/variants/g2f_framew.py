"""`g2f-framew:K`: the first K global blocks are replaced by a second pass of the frame block."""

from .g2f_own import localize
from .variant import Variant, within

VARIANT = Variant(
    id="g2f-framew",
    parameter="K",
    changes="In the first K pairs the frame block runs twice, with the frame block's weights, and the global block "
    "not at all. Changes the outputs.",
    apply=lambda subject, parameter: localize(subject, "g2f-framew", parameter, "frame_blocks"),
    tolerance=within(2.0),
)
