"""Floating-point operations of the aggregator, to set a measured time against a GPU's peak."""

from __future__ import annotations

from .vggt import Config


def block_flop(tokens: int, groups: int, dim: int) -> int:
    """One transformer block over `groups` equal attention groups.

    24·T·C² for the matrices (qkv 3, out 1, MLP 4 + 4, twelve C×C products, 2 FLOP a multiply-add), 4·Σ N²·C for
    scores and their product with v.
    """
    each = tokens // groups
    return 24 * tokens * dim**2 + 4 * groups * each**2 * dim


def aggregator_flop(config: Config, frames: int, height: int, width: int) -> int:
    """Image encoder, frame blocks and global blocks. 1b at 350×518: 1.94e12 for 1 frame, 1.036e15 for 100."""
    per_frame = config.patch_start + (height // config.patch_size) * (width // config.patch_size)
    tokens = frames * per_frame
    framed = block_flop(tokens, frames, config.embed_dim)
    return config.vit_depth * framed + config.depth * (framed + block_flop(tokens, 1, config.embed_dim))
