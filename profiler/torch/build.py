"""From settings to subjects: the unmodified model, and the one that is measured."""

from __future__ import annotations

import gc
from functools import partial

import torch
from torch import nn

from .errors import UserError
from .official import build_official, call_official
from .settings import PRECISIONS, Settings
from .subject import Subject, upstream_precision
from .variants import apply_all
from .vggt import CONFIGS
from .weights import empty_model, load, randomize

HEADS = ("camera_head", "point_head", "depth_head", "track_head")


def unmodified(settings: Settings) -> tuple[Subject, str]:
    """The reference, and whose code it is: `official` (the vggt package, for 1b where importable) or `own`."""
    official = wanted_official(settings)
    model = official or empty_model(settings.config, settings.device)
    fill(model, settings)
    if settings.aggregator_only:
        for name in HEADS:
            setattr(model, name, None)
    precision = upstream_precision(settings.device) if settings.precision == "auto" else PRECISIONS[settings.precision]
    subject = Subject(model, settings.config, settings.device, precision, settings.aggregator_only)
    if official is not None:
        subject.forward = partial(call_official, subject)
    return subject, "own" if official is None else "official"


def modified(settings: Settings, reference: Subject, implementation: str) -> Subject:
    """The reference with the variants applied. They change our code, so an official model gives way to ours."""
    if implementation == "official":
        reference, _ = unmodified(own(settings))
    apply_all(settings.variants, reference)
    return reference


def own(settings: Settings) -> Settings:
    """The same run with our implementation."""
    return Settings(**{**vars(settings), "implementation": "own"})


def wanted_official(settings: Settings) -> nn.Module | None:
    """The official package's model where the settings ask for it; UserError where they insist and it is missing."""
    if settings.implementation == "own" or settings.config != CONFIGS["1b"]:
        return None
    model = build_official(settings.device)
    if model is None and settings.implementation == "official":
        raise UserError("--implementation official: no package vggt is importable; install it, or leave the flag out")
    return model


def fill(model: nn.Module, settings: Settings) -> None:
    """Weights from the file, or seeded random ones."""
    if settings.weights is None:
        randomize(model, settings.seed)
        return
    try:
        load(model, settings.weights)
    except ValueError as error:
        raise UserError(str(error)) from error


def free(device: torch.device) -> None:
    """Gives back what a dropped model held."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
