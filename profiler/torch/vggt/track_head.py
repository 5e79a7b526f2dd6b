"""The track head's parameters. Loaded and counted so that a state_dict is whole; tracking itself is not run."""

from __future__ import annotations

import torch
from torch import nn

from .config import Config
from .dpt_head import DptTrunk
from .layers import Mlp

LATENT = 128
HIDDEN = 384
ROUND_INPUT = 3 * LATENT + 4
"""Flow embedding, correlation and feature (128 each) and 4 plain flow values."""
CORRELATIONS = 7 * (2 * 4 + 1) ** 2
"""Seven pyramid levels, a 9 × 9 window each: 567."""
VIRTUAL_TRACKS = 64
BLOCKS = 6


class TrackBlock(nn.Module):
    """One update block: self-attention, or attention to a normed context."""

    def __init__(self, cross: bool) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(HIDDEN)
        if cross:
            self.norm_context = nn.LayerNorm(HIDDEN)
            self.cross_attn = nn.MultiheadAttention(HIDDEN, 8, batch_first=True)
        else:
            self.attn = nn.MultiheadAttention(HIDDEN, 8, batch_first=True)
        self.norm2 = nn.LayerNorm(HIDDEN)
        self.mlp = Mlp(HIDDEN, 4 * HIDDEN)


class UpdateFormer(nn.Module):
    """Blocks over time and, through a few virtual tracks, over space. `virual_tracks` is the published spelling."""

    def __init__(self) -> None:
        super().__init__()
        self.virual_tracks = nn.Parameter(torch.zeros(1, VIRTUAL_TRACKS, 1, HIDDEN))
        self.input_norm = nn.LayerNorm(ROUND_INPUT)
        self.input_transform = nn.Linear(ROUND_INPUT, HIDDEN)
        self.output_norm = nn.LayerNorm(HIDDEN)
        self.flow_head = nn.Linear(HIDDEN, LATENT + 2)
        self.time_blocks = nn.ModuleList(TrackBlock(cross=False) for _ in range(BLOCKS))
        self.space_virtual_blocks = nn.ModuleList(TrackBlock(cross=False) for _ in range(BLOCKS))
        self.space_point2virtual_blocks = nn.ModuleList(TrackBlock(cross=True) for _ in range(BLOCKS))
        self.space_virtual2point_blocks = nn.ModuleList(TrackBlock(cross=True) for _ in range(BLOCKS))


class Tracker(nn.Module):
    """What refines each track over a few rounds."""

    def __init__(self) -> None:
        super().__init__()
        self.query_ref_token = nn.Parameter(torch.zeros(1, 2, ROUND_INPUT))
        self.corr_mlp = Mlp(CORRELATIONS, HIDDEN, LATENT)
        self.updateformer = UpdateFormer()
        self.fmap_norm = nn.LayerNorm(LATENT)
        self.ffeat_norm = nn.GroupNorm(1, LATENT)
        self.ffeat_updater = nn.Sequential(nn.Linear(LATENT, LATENT), nn.GELU())
        self.vis_predictor = nn.Sequential(nn.Linear(LATENT, 1))
        self.conf_predictor = nn.Sequential(nn.Linear(LATENT, 1))


class TrackHead(nn.Module):
    """Parameters only: 394 tensors, 66 M values."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.feature_extractor = DptTrunk(config, features=LATENT, tail=LATENT, outputs=0)
        self.tracker = Tracker()

    def forward(self, *_: object) -> None:
        raise NotImplementedError("tracking is not offered: the track head's parameters are loaded but never run")
