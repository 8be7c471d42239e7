"""The second look: a face network that has seen millions of people [Chen 2018, MobileFaceNet], trained on to tell masks.

It knows faces turned aside, dark or far better than four thousand pictures can teach, and costs fifteen times what the
mask network does: the box asks it where that one is not sure.
"""

import sys
from pathlib import Path

from torch import nn
from torch.nn import functional as F

sys.path.append(str(Path(__file__).parent.parent / "faces"))
from embedder import Embedder

_SIDE = 112
#: Results of the embedder from here on are of one pixel: the map before is kept.
_MAP = 94


class SecondNetwork(nn.Module):
    """As `MaskNetwork`: [B, 3, 64, 64] RGB, −1 to 1 → [B, 3] logits: worn, not_worn, worn_improperly."""

    def __init__(self, embedding: str):
        super().__init__()
        whole = Embedder(Path(embedding))
        self.layers, self.inputs = whole.layers[:_MAP], whole.inputs[:_MAP]
        self.head = nn.Sequential(nn.Conv2d(512, 48, 1), nn.ReLU(inplace=True), nn.Flatten(), nn.Dropout(0.3), nn.Linear(48 * 49, 3))

    def groups(self) -> list[dict]:
        """What has seen millions of faces moves slower than a head that is new."""
        return [{"params": self.layers.parameters(), "scale": 0.25}, {"params": self.head.parameters(), "scale": 1.0}]

    def forward(self, x):
        results = [F.interpolate(x, (_SIDE, _SIDE), mode="bilinear", align_corners=False) * (127.5 / 128)]
        for layer, inputs in zip(self.layers, self.inputs):
            results.append(layer(*(results[place] for place in inputs)))
        return self.head(results[-1])
