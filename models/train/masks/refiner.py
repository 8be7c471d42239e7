"""The face refiner: looks at what a proposer took for a face and says whether it is one, masked or bare, and where its box
and five points are. The features are those of the mask network."""

import torch
from torch import nn

from network import Residual, conv

#: The crop is this many times the longer side of the proposal; the network sees it as SIDE px.
CONTEXT, SIDE = 1.7, 64
#: Outputs after the logit: centre x, y and size of the box, then x, y of both eyes, nose, both corners of the mouth.
PLACES = 14


class FaceRefiner(nn.Module):
    """[B, 3, SIDE, SIDE] RGB, −1 to 1 → logit of a face [B], places [B, PLACES]: parts of the crop's side from its centre;
    width and height as parts of it."""

    def __init__(self, widths=(16, 32, 64, 96)):
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(
            conv(3, a, 2), Residual(a), conv(a, b, 2), Residual(b), conv(b, c, 2), Residual(c), conv(c, d, 2), Residual(d)
        )
        self.squeeze = nn.Sequential(nn.Conv2d(d, 32, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True), nn.Flatten())
        self.score = nn.Sequential(nn.Dropout(0.1), nn.Linear(32 * 16, 1))
        self.places = nn.Linear(32 * 16, PLACES)

    def forward(self, x):
        seen = self.squeeze(self.features(x))
        return self.score(seen)[:, 0], self.places(seen)
