"""Exports the face refiner to ONNX, checks the numbers, brings the manifest up to date.

    python export_refiner.py --run RUN --out ../../face-refiner
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from torch import nn

sys.path.append(str(Path(__file__).parent.parent))
from exported import compare, fingerprint, milliseconds
from refiner import CONTEXT, PLACES, SIDE, FaceRefiner


class Exported(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, crops):
        score, places = self.network(crops)
        return torch.sigmoid(score), places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = FaceRefiner()
    network.load_state_dict(torch.load(options.run / "average.pt", map_location="cpu", weights_only=True))
    model = Exported(network.eval()).eval()
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "model.onnx"
    axes = {name: {0: "crops"} for name in ("crops", "scores", "places")}
    torch.onnx.export(model, (torch.zeros(2, 3, SIDE, SIDE),), str(path), input_names=["crops"], output_names=["scores", "places"], opset_version=17, dynamic_axes=axes, dynamo=False)
    compare(model, path, torch.rand(5, 3, SIDE, SIDE) * 2 - 1)
    samples = json.loads((options.run / "train.log").read_text().strip().splitlines()[-1])["done"]
    _write_manifest(options.out, path, samples, milliseconds(path, torch.zeros(1, 3, SIDE, SIDE)))


def _write_manifest(folder: Path, path: Path, samples: int, one_crop: float) -> None:
    manifest = {
        "name": "face-refiner",
        "job": "whether a proposal is a face, masked or bare, its box and five points",
        **fingerprint(path),
        "licence": "Apache-2.0",
        "provenance": f"trained by models/train/masks/train_refiner.py on {samples} crops; data in card.md",
        "input": [{"name": "crops", "type": "float32", "shape": ["crops", 3, SIDE, SIDE], "meaning": f"RGB, (value - 127.5) / 127.5; a square {CONTEXT} times as wide as the proposal's longer side; black outside"}],
        "output": [
            {"name": "scores", "type": "float32", "shape": ["crops"], "meaning": "probability of a face"},
            {"name": "places", "type": "float32", "shape": ["crops", PLACES], "meaning": "parts of the crop's side: centre x, y from the crop's centre, width, height; then x, y of left eye, right eye, nose, left and right corner of the mouth from the centre"},
        ],
        "parameters": {"order": "rgb", "mean": [127.5] * 3, "deviation": [127.5] * 3},
        "measured": [{"what": "one crop, one thread", "value": f"{one_crop:.2f} ms", "on": "x86-64 with AVX2"}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
