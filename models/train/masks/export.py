"""Exports the trained weights to ONNX, checks the numbers, and writes the manifest.

    python export.py --run RUN --faces faces.npz --templates MASKTHEFACE/masks --out ../../mask-classifier
    python export.py --run RUN --second ../../face-embedding/model.onnx … --out ../../mask-second-look

The graph ends in a softmax over logits divided by a temperature, which is fitted on held-out faces so that the
probabilities mean what they say. Measured scores are added to manifest.json by evaluate.ts.
"""

import argparse
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from torch import nn

sys.path.append(str(Path(__file__).parent.parent))
from compact import blocked_prelus, compact
from exported import compare, fingerprint, milliseconds
from geometry import INPUT_SIZE
from network import MaskNetwork
from samples import CLASSES, Faces, fixed_sets, load_templates, to_tensor
from second_network import SecondNetwork

SCALING = {"order": "rgb", "mean": [127.5] * 3, "deviation": [127.5] * 3}
FIRST = {**SCALING, "minProbability": 0.55, "sureFrom": 0.85, "minSecondSide": 16, "overruleFrom": 0.9, "minCropSide": 12, "minContrast": 6}


# Training shows a mask under the nose or at the chin on every sixth face; fewer of those who pass a gate wear one so. The odds of
# a class shift with how often it is met [Saerens 2002]. By that alone it would be 0.45; then too few of them are found.
PRIOR = (1, 1, 0.7)
# The second look takes more of the doubtful for such; this was chosen after looking at the validation set.
SECOND_PRIOR = (1, 1, 0.4)


class Exported(nn.Module):
    def __init__(self, network, temperature, prior):
        super().__init__()
        self.network, self.temperature = network, temperature
        self.register_buffer("prior", torch.log(torch.tensor(prior)))

    def forward(self, faces):
        return torch.softmax(self.network(faces) / self.temperature + self.prior, 1)


def fit_temperature(network, sets):
    """The temperature at which held-out, damaged faces are least surprising."""
    logits, labels = [], []
    with torch.inference_mode():
        for label, pictures in sets.values():
            logits.append(network(to_tensor(pictures)))
            labels += [label] * len(pictures)
    logits, labels = torch.cat(logits), torch.tensor(labels)
    choices = np.linspace(0.5, 2.5, 41)
    losses = [nn.functional.cross_entropy(logits / t, labels).item() for t in choices]
    return float(choices[int(np.argmin(losses))])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--second", metavar="EMBEDDING", help="the run is of the second look")
    parser.add_argument("--faces", required=True, nargs="+")
    parser.add_argument("--templates", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    network = SecondNetwork(arguments.second) if arguments.second else MaskNetwork()
    network.load_state_dict(torch.load(arguments.run / "average.pt", map_location="cpu", weights_only=True))
    network.eval()
    held_out = fixed_sets(Faces(arguments.faces, "held_out"), load_templates(arguments.templates))
    temperature = fit_temperature(network, held_out)
    print("temperature", temperature)
    model = Exported(network, temperature, SECOND_PRIOR if arguments.second else PRIOR).eval()
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "model.onnx"
    example = torch.zeros(2, 3, INPUT_SIZE, INPUT_SIZE)
    torch.onnx.export(
        model, (example,), str(path), input_names=["faces"], output_names=["probabilities"], opset_version=17,
        dynamic_axes={"faces": {0: "faces"}, "probabilities": {0: "faces"}}, dynamo=False,
    )
    onnx.save(compact(blocked_prelus(onnx.load(path)), 16), path)
    for count in (1, 5):
        compare(model, path, torch.rand(count, 3, INPUT_SIZE, INPUT_SIZE) * 2 - 1, 2e-3)
    print(f"one face: {milliseconds(path, torch.zeros(1, 3, INPUT_SIZE, INPUT_SIZE)):.2f} ms on one thread")
    write_manifest(arguments.out, path, arguments.run, arguments.second is not None)


def write_manifest(folder, path, run, is_second):
    last = (run / "train.log").read_text().strip().splitlines()[-1]
    samples = json.loads(last)["done"]
    manifest = {
        "name": folder.resolve().name,
        "job": "whether a face wears a mask" + (", where mask-classifier is not sure" if is_second else ""),
        **fingerprint(path),
        "licence": "MIT" if is_second else "Apache-2.0",
        "provenance": f"trained by models/train/masks on {samples} rendered samples; data in card.md",
        "input": [{"name": "faces", "type": "float32", "shape": ["faces", 3, INPUT_SIZE, INPUT_SIZE], "meaning": "RGB, (value - 127.5) / 127.5, the square of maskCrop"}],
        "output": [{"name": "probabilities", "type": "float32", "shape": ["faces", 3], "meaning": "softmax over worn, not_worn, worn_improperly"}],
        "labels": list(CLASSES),
        "parameters": SCALING if is_second else FIRST,
        "measured": [],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
