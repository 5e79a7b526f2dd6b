"""VGGT's inference graph, written from its published description, with the official state_dict's names.

Every class states the shapes it takes. B scenes, S frames per scene, P tokens per frame (5 special ones first),
C the embedding's width, N tokens in one attention group, ph × pw patches per frame.
"""

from .config import CONFIGS, Config
from .model import VGGT

__all__ = ["CONFIGS", "VGGT", "Config"]
