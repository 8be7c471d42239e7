"""The recogniser: PP-OCRv4's mobile text network (PP-LCNetV3 with an SVTR neck, Apache-2.0) in PyTorch, warm-started
from its ONNX file, with a last layer for the characters of plates and a second head for the plate's colour.

Papers: SVTR [Du 2022], PP-LCNet [Cui 2021]. Batch normalisation is folded into the convolutions.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from alphabet import COLOURS, COLUMNS, LABELS

#: Kernel and stride (down, across) of each depthwise layer; a pointwise one follows.
_BLOCKS = [
    (3, (1, 1)), (3, (1, 1)), (3, (1, 1)), (3, (2, 1)), (3, (1, 1)), (3, (1, 2)), (5, (1, 1)),
    (5, (1, 1)), (5, (1, 1)), (5, (1, 1)), (5, (2, 1)), (5, (1, 1)), (5, (2, 1)), (5, (1, 1)),
]
#: Outputs of the pointwise layers: of PP-OCRv4, and of the network that the box runs.
WIDE = (32, 64, 64, 128, 128, 240, 240, 240, 240, 240, 480, 480, 480, 480)
NARROW = (24, 32, 32, 64, 64, 96, 96, 96, 96, 96, 192, 192, 192, 192)
#: Blocks with squeeze and excitation: their inner channels, parts of their outer ones.
_SQUEEZED = {10: 4, 11: 4}


class ScaledHardswish(nn.Module):
    """`scale · hardswish(x) + shift` with one scale and shift per layer."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.shift = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return F.hardswish(x) * self.scale + self.shift


class Squeeze(nn.Module):
    """Squeeze and excitation."""

    def __init__(self, channels: int, inner: int):
        super().__init__()
        self.down = nn.Conv2d(channels, inner, 1)
        self.up = nn.Conv2d(inner, channels, 1)

    def forward(self, x):
        return x * F.hardsigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(x, 1)))))


class Attention(nn.Module):
    """Global mixing block: self-attention over the steps, then a two-layer perceptron."""

    def __init__(self, width: int = 120, heads: int = 8):
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        batch, steps, width = x.shape
        q, k, v = self.qkv(self.norm_1(x)).reshape(batch, steps, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q * (width // self.heads) ** -0.5 @ k.transpose(-2, -1)).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(batch, steps, width))
        return x + self.down(F.silu(self.up(self.norm_2(x))))


class PlateRecogniser(nn.Module):
    """Input [batch, 3, 48, width], BGR scaled to −1 … 1. Gives logits [batch, width / 8, COLUMNS] and colours [batch, 6]."""

    def __init__(self, widths: tuple[int, ...] = NARROW, columns: int = COLUMNS):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, 2, 1)
        layers, channels, activation = [], 16, ScaledHardswish if widths == WIDE else nn.Hardswish
        for index, (out, (kernel, stride)) in enumerate(zip(widths, _BLOCKS)):
            layers.append(nn.Conv2d(channels, channels, kernel, stride, kernel // 2, groups=channels))
            layers.append(activation())
            if index in _SQUEEZED:
                layers.append(Squeeze(channels, channels // _SQUEEZED[index]))
            layers.append(nn.Conv2d(channels, out, 1))
            layers.append(activation())
            channels = out
        self.body = nn.Sequential(*layers)
        self.reduce_1, self.reduce_2 = nn.Conv2d(channels, 60, (1, 3), padding=(0, 1)), nn.Conv2d(60, 120, 1)
        self.mixing = nn.Sequential(Attention(), Attention())
        self.norm = nn.LayerNorm(120, eps=1e-6)
        self.widen = nn.Conv2d(120, channels, 1)
        self.merge_1, self.merge_2 = nn.Conv2d(2 * channels, 60, (1, 3), padding=(0, 1)), nn.Conv2d(60, 120, 1)
        self.characters = nn.Linear(120, columns)
        self.colour = nn.Linear(channels, len(COLOURS))

    def features(self, x):
        return F.avg_pool2d(self.body(self.stem(x)), (3, 2))

    def forward(self, x):
        seen = self.features(x)
        y = F.silu(self.reduce_2(F.silu(self.reduce_1(seen))))
        y = self.norm(self.mixing(y.squeeze(2).transpose(1, 2)))
        y = F.silu(self.widen(y.transpose(1, 2).unsqueeze(2)))
        y = F.silu(self.merge_2(F.silu(self.merge_1(torch.cat([seen, y], 1)))))
        return self.characters(y.squeeze(2).transpose(1, 2)), self.colour(seen.mean((2, 3)))


def from_weights(path: str) -> PlateRecogniser:
    """The network of a state dict, as wide as the weights say."""
    weights = torch.load(path, map_location="cpu", weights_only=True)
    model = PlateRecogniser(WIDE if weights["colour.weight"].shape[1] == WIDE[-1] else NARROW)
    model.load_state_dict(weights)
    return model


def from_general_ocr(path: str, keys: str | None) -> PlateRecogniser:
    """Weights of `ch_PP-OCRv4_rec_infer.onnx`; with `keys` (`ppocr_keys_v1.txt`) its last layer is cut to the plate's
    characters, without it is kept whole (to check the conversion)."""
    graph = onnx.load(path).graph
    constants = {n.output[0]: numpy_helper.to_array(n.attribute[0].t) for n in graph.node if n.op_type == "Constant"}
    nodes = [n for n in graph.node if n.op_type != "Constant"]
    model = PlateRecogniser(WIDE, 6625 if keys is None else COLUMNS)
    convolutions = iter(_folded_convolutions(nodes, constants))
    linears = iter(_linears(nodes, constants))
    norms = iter((constants[f"layer_norm_{i}.w_0"], constants[f"layer_norm_{i}.b_0"]) for i in range(43, 48))
    scales = iter(_activation_scales(nodes, constants))

    def load(module, weight, bias):
        module.weight.data = torch.from_numpy(np.array(weight)).reshape(module.weight.shape)
        module.bias.data = torch.from_numpy(np.array(bias))

    load(model.stem, *next(convolutions))
    for layer in model.body:
        if isinstance(layer, nn.Conv2d):
            load(layer, *next(convolutions))
        elif isinstance(layer, Squeeze):
            load(layer.down, *next(convolutions))
            load(layer.up, *next(convolutions))
        else:
            layer.scale.data, layer.shift.data = (torch.from_numpy(np.array(v)).reshape(1) for v in next(scales))
    for layer in (model.reduce_1, model.reduce_2, model.widen, model.merge_1, model.merge_2):
        load(layer, *next(convolutions))
    for block in model.mixing:
        load(block.norm_1, *next(norms))
        for linear in (block.qkv, block.out):
            load(linear, *_turned(next(linears)))
        load(block.norm_2, *next(norms))
        for linear in (block.up, block.down):
            load(linear, *_turned(next(linears)))
    load(model.norm, *next(norms))
    weight, bias = _turned(next(linears))
    if keys is not None:
        rows = _rows_of_labels(keys)
        weight, bias = weight[rows], bias[rows]
    load(model.characters, weight, bias)
    return model


def _turned(linear):
    weight, bias = linear
    return np.ascontiguousarray(weight.T), bias


def _rows_of_labels(keys: str) -> list[int]:
    known = ["blank"] + [line.rstrip("\n") for line in open(keys, encoding="utf-8")] + [" "]
    return [0] + [known.index(label) for label in LABELS]


def _folded_convolutions(nodes, constants):
    """Weight and bias of every convolution, with the batch normalisation or the affine after it folded in."""
    following = {n.input[i]: n for n in nodes for i in range(len(n.input))}
    for node in nodes:
        if node.op_type != "Conv":
            continue
        weight = constants[node.input[1]].astype(np.float32)
        bias = constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(weight), np.float32)
        after = following[node.output[0]]
        if after.op_type == "BatchNormalization":
            gamma, beta, mean, variance = (constants[i] for i in after.input[1:5])
            factor = gamma / np.sqrt(variance + 1e-5)
            weight, bias = weight * factor[:, None, None, None], (bias - mean) * factor + beta
        elif after.op_type == "Mul" and after.input[0] in constants:
            scale, shift = constants[after.input[0]], constants[following[after.output[0]].input[1]]
            weight, bias = weight * scale, bias * scale + shift
        yield weight.astype(np.float32), bias.astype(np.float32)


def _activation_scales(nodes, constants):
    """Scale and shift after every hardswish of the body."""
    following = {n.input[i]: n for n in nodes for i in range(len(n.input))}
    for node in nodes:
        if node.op_type == "Div" and node.output[0].startswith("hardswish"):
            scale = following[node.output[0]]
            yield constants[scale.input[0]], constants[following[scale.output[0]].input[1]]


def _linears(nodes, constants):
    following = {n.input[i]: n for n in nodes for i in range(len(n.input))}
    for node in nodes:
        if node.op_type == "MatMul" and node.input[1] in constants:
            yield constants[node.input[1]], constants[following[node.output[0]].input[1]]
