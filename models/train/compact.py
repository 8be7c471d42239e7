"""Makes an ONNX file small: weights are stored as int8 or float16 behind operators that ONNX Runtime folds at load, so
that the network still computes in float32. And fast: PReLUs as operators that it keeps in blocks of channels."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

#: Smaller tensors stay as they are.
_LEAST = 1024


def compact(model: onnx.ModelProto, bits: int) -> onnx.ModelProto:
    """`bits` 8: symmetric int8 with one scale per output channel (Cast, Mul); 16: float16 (Cast)."""
    graph, nodes, kept = model.graph, [], []
    axes = _channel_axes(graph)
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _LEAST:
            kept.append(tensor)
        elif bits == 16:
            kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + "_half"))
            nodes.append(helper.make_node("Cast", [tensor.name + "_half"], [tensor.name], to=TensorProto.FLOAT))
        else:
            scale, whole = _quantised(values, axes.get(tensor.name, 0))
            kept += [numpy_helper.from_array(whole, tensor.name + "_int8"), numpy_helper.from_array(scale, tensor.name + "_scale")]
            nodes.append(helper.make_node("Cast", [tensor.name + "_int8"], [tensor.name + "_float"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("Mul", [tensor.name + "_float", tensor.name + "_scale"], [tensor.name]))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)
    onnx.checker.check_model(model)
    return model


def blocked_prelus(model: onnx.ModelProto) -> onnx.ModelProto:
    """PReLU as slope · x + (1 − slope) · relu(x), the same as `prelu` of models/convert/layers.ts."""
    graph, nodes = model.graph, []
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type != "PRelu":
            nodes.append(node)
            continue
        (source, slopes), (result,) = node.input, node.output
        slope = weights[slopes].astype(np.float32).reshape(-1, 1, 1, 1)
        graph.initializer.extend([numpy_helper.from_array(slope, result + "_slope"), numpy_helper.from_array(1 - slope, result + "_rest")])
        scale = lambda name, by: helper.make_node("Conv", [name, result + by], [result + by + "_scaled"], kernel_shape=[1, 1], group=len(slope))
        nodes += [helper.make_node("Relu", [source], [result + "_relu"]), scale(result + "_relu", "_rest"), scale(source, "_slope")]
        nodes.append(helper.make_node("Add", [result + "_slope_scaled", result + "_rest_scaled"], [result]))
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    onnx.checker.check_model(model)
    return model


def _channel_axes(graph) -> dict[str, int]:
    """The axis of the output channels: 0 of a convolution, the last of a matrix that is multiplied from the right."""
    axes = {}
    for node in graph.node:
        if node.op_type == "MatMul":
            axes[node.input[1]] = 1
        if node.op_type == "Gemm":
            turned = any(a.name == "transB" and a.i for a in node.attribute)
            axes[node.input[1]] = 0 if turned else 1
    return axes


def _quantised(values: np.ndarray, axis: int):
    """The scale that loses least squared error is sought a little below the one that fits the largest weight."""
    others = tuple(k for k in range(values.ndim) if k != axis)
    largest = np.maximum(np.abs(values).max(others, keepdims=True), 1e-8)
    best_scale, best_error = largest / 127, np.full(largest.shape, np.inf, np.float32)
    for part in (1.0, 0.9, 0.8, 0.7):
        scale = largest * part / 127
        error = ((np.clip(np.round(values / scale), -127, 127) * scale - values) ** 2).sum(others, keepdims=True)
        better = error < best_error
        best_scale, best_error = np.where(better, scale, best_scale), np.where(better, error, best_error)
    return best_scale.astype(np.float32), np.clip(np.round(values / best_scale), -127, 127).astype(np.int8)
