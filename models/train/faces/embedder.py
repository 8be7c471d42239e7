"""MobileFaceNet [Chen 2018] with its weights read from the converted `models/face-embedding/model.onnx`."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F


class Embedder(nn.Module):
    """[B, 3, 112, 112] RGB, (value − 127.5) / 128 → [B, 192], not of unit length.

    The converted graph is a chain of convolutions, PReLUs (a ReLU, two scalings and their sum each) and additions of an earlier
    result; it is read in that order, so that what is trained is what was converted.
    """

    def __init__(self, graph_path: Path):
        super().__init__()
        graph = onnx.load(str(graph_path)).graph
        weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        makers = {node.output[0]: node for node in graph.node}
        self.layers = nn.ModuleList()
        #: Per layer the places of what goes in; place 0 is the picture, place k + 1 the result of layer k.
        self.inputs: list[tuple[int, ...]] = []
        places = {"Transpose_0": 0}
        for node in graph.node:
            if node.op_type == "Conv" and not _is_scaling(node):
                self._append(_Convolution(node, weights), [node.input[0]], node.output[0], places)
            elif node.op_type == "Add" and _is_prelu(node, makers):
                slope = makers[node.input[0]]
                self._append(_prelu(weights[slope.input[1]].reshape(-1)), [slope.input[0]], node.output[0], places)
            elif node.op_type == "Add":
                self._append(_Sum(), list(node.input), node.output[0], places)

    def _append(self, layer: nn.Module, sources: list[str], result: str, places: dict[str, int]) -> None:
        self.layers.append(layer)
        self.inputs.append(tuple(places[source] for source in sources))
        places[result] = len(self.layers)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        results = [faces]
        for layer, inputs in zip(self.layers, self.inputs):
            results.append(layer(*(results[place] for place in inputs)))
        return results[-1].flatten(1)


class _Convolution(nn.Conv2d):
    def __init__(self, node, weights):
        kernel, bias = weights[node.input[1]], weights[node.input[2]]
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        groups, stride = attributes["group"], attributes["strides"][0]
        over = kernel.shape[2] - stride if attributes["auto_pad"] == b"SAME_UPPER" else 0
        super().__init__(kernel.shape[1] * groups, kernel.shape[0], kernel.shape[2], stride, max(0, over) // 2, groups=groups)
        # TensorFlow's padding: an odd pixel lies at the end.
        self.odd = over > 0 and over % 2 == 1
        self.weight.data = torch.from_numpy(kernel.copy())
        self.bias.data = torch.from_numpy(bias.copy())

    def forward(self, x):
        return super().forward(F.pad(x, (0, 1, 0, 1)) if self.odd else x)


class _Sum(nn.Module):
    def forward(self, one, other):
        return one + other


def _prelu(slopes: np.ndarray) -> nn.PReLU:
    layer = nn.PReLU(len(slopes))
    layer.weight.data = torch.from_numpy(slopes.astype(np.float32))
    return layer


def _is_scaling(node) -> bool:
    """A factor per channel, without a bias."""
    return node.op_type == "Conv" and len(node.input) == 2


def _is_prelu(node, makers) -> bool:
    """slope · x + (1 − slope) · relu(x)."""
    first, second = (makers.get(name) for name in node.input)
    return first is not None and second is not None and _is_scaling(first) and _is_scaling(second)
