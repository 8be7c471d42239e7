"""Exports the face refiner to ONNX, checks the numbers, brings the manifest up to date.

    python export_refiner.py --run RUN --out ../../face-refiner
"""

import argparse
import hashlib
import json
import os
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from torch import nn

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
    milliseconds = _check(model, path)
    samples = json.loads((options.run / "train.log").read_text().strip().splitlines()[-1])["done"]
    _write_manifest(options.out, path, samples, milliseconds)


def _check(model, path: Path) -> float:
    """The exported graph gives what the network gives; the milliseconds of one crop."""
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = 1
    session = ort.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
    crops = torch.rand(5, 3, SIDE, SIDE) * 2 - 1
    with torch.inference_mode():
        expected = [part.numpy() for part in model(crops)]
    got = session.run(None, {"crops": crops.numpy()})
    difference = max(float(np.abs(a - b).max()) for a, b in zip(expected, got))
    times = []
    for _ in range(100):
        started = time.perf_counter()
        session.run(None, {"crops": crops.numpy()[:1]})
        times.append(1000 * (time.perf_counter() - started))
    print(f"largest difference {difference:.2e}; {np.median(times):.2f} ms a crop; {os.path.getsize(path)} bytes")
    if difference > 1e-4:
        raise SystemExit("the exported graph does not give what the network gives")
    return float(np.median(times))


def _write_manifest(folder: Path, path: Path, samples: int, milliseconds: float) -> None:
    manifest = {
        "name": "face-refiner",
        "job": "whether a proposal is a face, masked or bare, its box and five points",
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "licence": "Apache-2.0",
        "provenance": f"trained by models/train/masks/train_refiner.py on {samples} crops; data in card.md",
        "input": [{"name": "crops", "type": "float32", "shape": ["crops", 3, SIDE, SIDE], "meaning": f"RGB, (value - 127.5) / 127.5; a square {CONTEXT} times as wide as the proposal's longer side; black outside"}],
        "output": [
            {"name": "scores", "type": "float32", "shape": ["crops"], "meaning": "probability of a face"},
            {"name": "places", "type": "float32", "shape": ["crops", PLACES], "meaning": "parts of the crop's side: centre x, y from the crop's centre, width, height; then x, y of left eye, right eye, nose, left and right corner of the mouth from the centre"},
        ],
        "parameters": {"order": "rgb", "mean": [127.5] * 3, "deviation": [127.5] * 3},
        "measured": [{"what": "one crop, one thread", "value": f"{milliseconds:.2f} ms", "on": "x86-64 with AVX2"}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
