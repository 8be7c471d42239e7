"""The recogniser as the box's runtime computes it fastest: the same numbers from fewer and better kernels.

ONNX Runtime keeps convolutions in blocks of channels and leaves them for every operator that it does not know there; each
way out and back costs as much as a small convolution. So nothing between two convolutions is left but what it fuses.
"""

import torch
from torch import nn
from torch.nn import functional as F

from rectify import WIDTH
from svtr import Attention, PlateRecogniser, ScaledHardswish

#: Columns of the last map: an eighth of the picture's width.
STEPS = WIDTH // 8


class RuntimeRecogniser(nn.Module):
    """Takes and gives what `network` does, for pictures `WIDTH` wide."""

    def __init__(self, network: PlateRecogniser):
        super().__init__()
        self.network = network
        self.body = nn.Sequential(network.stem, *_folded(list(network.body)))
        self.mixing = nn.Sequential(*(_RuntimeAttention(block) for block in network.mixing))

    def forward(self, x):
        n = self.network
        seen = F.avg_pool2d(self.body(x), (3, 2))
        y = F.silu(n.reduce_2(F.silu(n.reduce_1(seen))))
        width = n.norm.normalized_shape[0]
        y = n.norm(self.mixing(y.reshape(-1, width, STEPS).transpose(1, 2).reshape(-1, width)))
        y = F.silu(n.widen(y.reshape(-1, STEPS, width).transpose(1, 2).reshape(-1, width, 1, STEPS)))
        y = F.silu(n.merge_2(F.silu(n.merge_1(torch.cat([seen, y], 1)))))
        return n.characters(y.reshape(-1, width, STEPS).transpose(1, 2)), n.colour(seen.mean((2, 3)))


def _folded(layers: list[nn.Module]) -> list[nn.Module]:
    """A hardswish's scale and shift go into the pointwise convolution after it. Before a padded one, whose border must stay
    zero, they become a convolution of one weight per channel."""
    out: list[nn.Module] = []
    for index, layer in enumerate(layers):
        if not isinstance(layer, ScaledHardswish):
            out.append(layer)
            continue
        out.append(nn.Hardswish())
        after = layers[index + 1] if index + 1 < len(layers) else None
        if isinstance(after, nn.Conv2d) and after.kernel_size == (1, 1):
            layers[index + 1] = _scaled(after, layer)
        else:
            channels = layers[index - 1].out_channels
            affine = nn.Conv2d(channels, channels, 1, groups=channels)
            nn.init.constant_(affine.weight, layer.scale.item())
            nn.init.constant_(affine.bias, layer.shift.item())
            out.append(affine)
    return out


def _scaled(convolution: nn.Conv2d, before: ScaledHardswish) -> nn.Conv2d:
    """The pointwise convolution that takes `x` for `scale · x + shift`."""
    out = nn.Conv2d(convolution.in_channels, convolution.out_channels, 1)
    weight = convolution.weight.detach()
    out.weight.data.copy_(weight * before.scale.detach())
    out.bias.data.copy_(convolution.bias.detach() + before.shift.detach() * weight.sum((1, 2, 3)))
    return out


class _RuntimeAttention(nn.Module):
    """On rows of all plates, [batch · steps, width]: a matrix product takes its bias with it."""

    def __init__(self, block: Attention):
        super().__init__()
        self.block, self.heads = block, block.heads
        width = block.out.in_features
        self.part = width // block.heads
        weights, biases = block.qkv.weight.detach().split(width), block.qkv.bias.detach().split(width)
        factors = (self.part**-0.5, 1.0, 1.0)
        self.qkv = nn.ModuleList()
        for weight, bias, factor in zip(weights, biases, factors):
            linear = nn.Linear(width, width)
            linear.weight.data.copy_(weight * factor)
            linear.bias.data.copy_(bias * factor)
            self.qkv.append(linear)

    def forward(self, x):
        b = self.block
        normed = b.norm_1(x)
        q, k, v = (linear(normed).reshape(-1, STEPS, self.heads, self.part) for linear in self.qkv)
        weights = (q.transpose(1, 2) @ k.permute(0, 2, 3, 1)).softmax(-1)
        mixed = (weights @ v.transpose(1, 2)).transpose(1, 2).reshape(-1, self.heads * self.part)
        x = x + b.out(mixed)
        return x + b.down(F.silu(b.up(b.norm_2(x))))
