"""`keep4`: only the layers the heads read are kept."""

from ..subject import Subject
from .variant import Variant


def apply(subject: Subject, _: str) -> None:
    """Saves one concatenation and S·P·2C·4 bytes per dropped layer (20 of 24 in the 1b model)."""
    config = subject.config
    subject.model.aggregator.keep = frozenset({*config.dpt_layers, config.depth - 1})


VARIANT = Variant(
    id="keep4",
    changes="Keeps the output of the layers the heads read (4, 11, 17, 23 in the 1b model) and drops the others.",
    apply=apply,
)
