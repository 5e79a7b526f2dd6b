"""The published table: VGGT's README, aggregator only, one H100, FlashAttention 3, images about 350 × 518 px.

Its memory is only possible with bf16 weights (fp32 weights of the aggregator alone are 3.64e9 bytes), so that is the
precision to compare at. Whether its GB are 10⁹ or 2³⁰ bytes is not stated.
"""

from __future__ import annotations

FRAMES = (1, 2, 4, 8, 20, 50, 100)
HEIGHT, WIDTH = 350, 518

SECONDS = {1: 0.04, 2: 0.05, 4: 0.07, 8: 0.11, 10: 0.14, 20: 0.31, 50: 1.04, 100: 3.12, 200: 8.75}
"""Frames → seconds of one forward, two decimals as printed."""
GIGABYTES = {1: 1.88, 2: 2.07, 4: 2.45, 8: 3.23, 10: 3.63, 20: 5.58, 50: 11.41, 100: 21.15, 200: 40.63}
"""Frames → peak memory."""
DEVICE = "H100"


def comparable(model: str, height: int, width: int, facts: dict[str, object]) -> str:
    """Empty where a run may stand beside the table; else why not."""
    device = str(facts.get("gpu", facts.get("cpu", "unknown device")))
    if DEVICE not in device:
        return f"the table is of an {DEVICE}, this ran on {device}"
    if model != "1b" or (height, width) != (HEIGHT, WIDTH):
        return f"the table is of the 1b model at {HEIGHT}×{WIDTH}, this is {model} at {height}×{width}"
    return ""
