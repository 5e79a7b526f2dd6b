"""The unmodified model's outputs: run once, kept in a folder for the runs that follow."""

from __future__ import annotations

import json

from safetensors.torch import load_file, save_file

from torch import Tensor

from .inputs import to_device
from .outputs import Outputs, on_host
from .settings import Settings
from .subject import Subject


def identity(settings: Settings, implementation: str) -> dict[str, object]:
    """All that the unmodified model's outputs depend on."""
    return {
        "config": vars(settings.config), "weights": str(settings.weights), "seed": settings.seed,
        "device": settings.device.type, "precision": settings.precision, "frames": settings.frames,
        "height": settings.height, "width": settings.width, "images": settings.images,
        "aggregatorOnly": settings.aggregator_only, "implementation": implementation,
    }  # fmt: skip


def reference_outputs(settings: Settings, subject: Subject, implementation: str, images: Tensor) -> Outputs:
    """From the folder where an equal run left them, else by running the unmodified model once."""
    told = json.dumps(identity(settings, implementation), sort_keys=True)
    if settings.reference is not None:
        kept = settings.reference / "outputs.safetensors"
        note = settings.reference / "identity.json"
        if kept.is_file() and note.is_file() and note.read_text() == told:
            return load_file(kept)
    outputs = on_host(subject.forward(to_device(images, settings.device)))
    if settings.reference is not None:
        settings.reference.mkdir(parents=True, exist_ok=True)
        save_file({name: tensor.contiguous() for name, tensor in outputs.items()}, kept)
        note.write_text(told)
    return outputs
