"""Exports the trained upper-face embedding to ONNX, checks the numbers, and writes the manifest.

    python export.py --run RUN --from ../../face-embedding/model.onnx --out ../../upper-face-embedding
"""

import argparse
import json
import sys
from pathlib import Path

import onnx
import torch
from torch import nn

sys.path.append(str(Path(__file__).parent.parent))
from compact import blocked_prelus, compact
from embedder import Embedder
from exported import compare, fingerprint, milliseconds
from upper_faces import SIDE, TEMPLATE

#: Cosine similarities, see card.md.
SIMILARITY = {"differentUpTo": 0.15, "sameFrom": 0.7, "plainFrom": 0.8}


class Exported(nn.Module):
    """[1, 112, 112, 3], as `face-embedding` is fed."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, face):
        return self.network(face.permute(0, 3, 1, 2))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network = Embedder(arguments.source)
    network.load_state_dict(torch.load(arguments.run / "average.pt", map_location="cpu", weights_only=True))
    model = Exported(network).eval()
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "model.onnx"
    example = torch.zeros(1, SIDE, SIDE, 3)
    torch.onnx.export(model, (example,), str(path), input_names=["input"], output_names=["embedding"], opset_version=17, dynamo=False)
    onnx.save(compact(blocked_prelus(onnx.load(path)), 16), path)
    compare(model, path, torch.rand(1, SIDE, SIDE, 3) * 2 - 1, 0.05)
    print(f"one face: {milliseconds(path, example):.2f} ms on one thread")
    samples = json.loads((arguments.run / "train.log").read_text().strip().splitlines()[-1])["done"]
    manifest = {
        "name": arguments.out.resolve().name,
        "job": "embedding of what a mask leaves of an aligned face",
        **fingerprint(path),
        "licence": "MIT",
        "provenance": f"models/face-embedding, trained on by models/train/faces with {samples} faces; data in card.md",
        "input": [{"name": "input", "type": "float32", "shape": [1, SIDE, SIDE, 3], "meaning": "RGB, (x − 127.5) / 128, aligned, covered below row 64"}],
        "output": [{"name": "embedding", "type": "float32", "shape": [1, 192], "meaning": "to be brought to unit length, then compared by dot product"}],
        "parameters": {
            "order": "rgb",
            "mean": [127.5] * 3,
            "deviation": [128] * 3,
            "alignment": TEMPLATE.round(4).tolist(),
            "similarity": SIMILARITY,
        },
        "measured": [],
    }
    (arguments.out / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
