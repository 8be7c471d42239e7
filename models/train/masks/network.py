"""The mask network: plain 3×3 convolutions, a third of a million weights, a 4×4 map before the last layer.

The map is not averaged: where the cloth begins is what tells a worn mask from one under the nose.
"""

import torch
from torch import nn


def conv(inside, outside, stride=1):
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = conv(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        return torch.relu(x + self.second(self.first(x)))


class MaskNetwork(nn.Module):
    """[B, 3, 64, 64] RGB, −1 to 1 → [B, 3] logits: worn, not_worn, worn_improperly."""

    def __init__(self, widths=(16, 32, 64, 96)):
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(
            conv(3, a, 2), Residual(a), conv(a, b, 2), Residual(b), conv(b, c, 2), Residual(c), conv(c, d, 2), Residual(d)
        )
        self.squeeze = nn.Sequential(nn.Conv2d(d, 32, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True))
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(32 * 16, 3))

    def forward(self, x):
        return self.head(self.squeeze(self.features(x)))
