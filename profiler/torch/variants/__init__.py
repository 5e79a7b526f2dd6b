"""The list of variants, and how a person's `a,b:2,sdpa=flash` becomes changes to a subject."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import UserError
from ..subject import Subject
from . import (
    bf16_weights,
    compiled,
    contiguous_qkv,
    cudagraph,
    dpt_chunk,
    fp16,
    frame_batched,
    frame_chunk,
    frame_seq,
    g2f_framew,
    g2f_own,
    heads_bf16,
    heads_tf32,
    int8,
    keep4,
    kv_sub,
    merge,
    no_point_head,
    res,
    rope_fused,
    rope_nosync,
    sdpa,
)
from .variant import EXACT, Tolerance, Variant, within

# In the order they are applied, whatever order they are named in: int8 rounds fp32 weights, not bf16 ones; a CUDA
# graph records what torch.compile made.
VARIANTS: list[Variant] = [
    frame_batched.VARIANT,
    frame_seq.VARIANT,
    frame_chunk.VARIANT,
    rope_nosync.VARIANT,
    rope_fused.VARIANT,
    int8.VARIANT,
    bf16_weights.VARIANT,
    fp16.VARIANT,
    keep4.VARIANT,
    g2f_own.VARIANT,
    g2f_framew.VARIANT,
    kv_sub.VARIANT,
    merge.VARIANT,
    *sdpa.VARIANTS,
    contiguous_qkv.VARIANT,
    compiled.VARIANT,
    cudagraph.VARIANT,
    dpt_chunk.VARIANT,
    no_point_head.VARIANT,
    heads_bf16.VARIANT,
    heads_tf32.VARIANT,
    res.VARIANT,
]

BASELINE = "baseline"
"""The unmodified model; it may be written alone or left out."""


@dataclass(frozen=True)
class Chosen:
    """One variant with its parameter, as a person chose it."""

    variant: Variant
    parameter: str

    @property
    def text(self) -> str:
        """As it was written: `kv-sub:2`."""
        return f"{self.variant.id}:{self.parameter}" if self.parameter else self.variant.id


def parse(text: str) -> list[Chosen]:
    """`a,b:2` → its variants, in the order given; `baseline` or nothing → none. UserError for what does not exist."""
    known = {variant.id: variant for variant in VARIANTS}
    chosen = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, parameter = word.partition(":")
        if name == BASELINE and not parameter:
            continue
        variant = known.get(name)
        if variant is None:
            raise UserError(f"variant {word}: not one of {', '.join(v.shown for v in VARIANTS)}")
        if bool(parameter) != bool(variant.parameter):
            raise UserError(f"variant {word}: write it as {variant.shown}")
        chosen.append(Chosen(variant, parameter))
    names = [one.variant.id for one in chosen]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise UserError(f"variant {repeated}: named twice")
    for one in chosen:
        if one.variant.needs and not set(one.variant.needs) & set(names):
            raise UserError(f"variant {one.variant.id}: needs {' or '.join(one.variant.needs)} beside it; add one")
    return chosen


def check_device(chosen: list[Chosen], device: str) -> None:
    """UserError where one of the variants does not exist on this device (`cpu`, `cuda`)."""
    for one in chosen:
        if device not in one.variant.devices:
            raise UserError(
                f"variant {one.text}: exists on {', '.join(one.variant.devices)} only, this run is on {device}"
            )


def apply_all(chosen: list[Chosen], subject: Subject) -> None:
    """Makes the changes, in the order of the list."""
    check_device(chosen, subject.device.type)
    for one in sorted(chosen, key=lambda one: VARIANTS.index(one.variant)):
        one.variant.apply(subject, one.parameter)


def input_size(chosen: list[Chosen], size: tuple[int, int]) -> tuple[int, int]:
    """(height, width) in px of the input, after any variant that changes it."""
    for one in chosen:
        if one.variant.size is not None:
            size = one.variant.size(one.parameter)
    return size


def combined(chosen: list[Chosen]) -> Tolerance:
    """What a composition promises: exact if all parts are, else the sum of the inexact parts' tolerances."""
    inexact = [one.variant.tolerance.relative for one in chosen if not one.variant.tolerance.exact]
    return within(sum(inexact)) if inexact else EXACT
