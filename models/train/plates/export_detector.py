"""Exports the detector to ONNX with batch normalisation folded, checks the numbers, brings the manifest up to date.

    python export_detector.py --weights RUN/average.pt --out ../../plate-detector
"""

import argparse
import os
import sys
from pathlib import Path

import onnx
import torch

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
from compact import compact
from detector import PlateDetector
from exported import compare
from manifest import update_manifest


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    network = PlateDetector()
    network.load_state_dict(torch.load(options.weights, map_location="cpu", weights_only=True))
    network.eval()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "model.onnx")
    free = {"picture": {2: "height", 3: "width"}, "cells": {2: "rows", 3: "columns"}}
    torch.onnx.export(network, (torch.zeros(1, 3, 288, 288),), path, dynamo=False, opset_version=17, input_names=["picture"], output_names=["cells"], dynamic_axes=free)
    onnx.save(compact(onnx.load(path), 16), path)
    compare(network, Path(path), torch.rand(1, 3, 96, 160), 0.1)
    update_manifest(options.out, "model.onnx", {})


if __name__ == "__main__":
    main()
