"""Trains the mask network; resumes from RUN/checkpoint.pt when it is there.

    python train.py --run RUN --init REFINER/average.pt --faces faces.npz --templates MASKTHEFACE/masks --picked validation.npz

It starts with the features of the face refiner, which has learnt what a face is, masked, turned away or far. With `--second
../../face-embedding/model.onnx` it trains the second look, which starts from that. `--picked` is only looked at: nothing is
chosen by it.
"""

import argparse
import os
import sys

import numpy as np
import torch
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
import training
from network import MaskNetwork
from samples import CLASSES, Faces, batches, fixed_sets, load_templates, plain_crop, to_tensor
from second_network import SecondNetwork


def main() -> None:
    options = _options()
    device = training.prepare(options)
    model = SecondNetwork(options.second) if options.second else MaskNetwork()
    if options.init:
        _take_weights(model, options.init)
    model = model.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.groups() if options.second else model.parameters(), lr=options.rate, weight_decay=0.02)
    sets = {**fixed_sets(Faces(options.faces, "held_out"), load_templates(options.templates)), **_picked(options.picked)}

    def step(batch):
        pictures, targets = (part.to(device) for part in batch)
        loss = F.cross_entropy(model(pictures.contiguous(memory_format=torch.channels_last)), targets, label_smoothing=0.04)
        return loss, [loss.item()]

    def validate(network):
        return {name: _share(network, pictures, label, device) for name, (label, pictures) in sets.items()}

    training.train(options, training.Training(model, optimizer, _stream, step, validate), device)


def _options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    training.add_options(parser, samples=300_000, rate=1e-3, every=12_800)
    parser.add_argument("--faces", required=True, nargs="+")
    parser.add_argument("--templates", required=True)
    parser.add_argument("--second", metavar="EMBEDDING", help="train the second look from this converted face embedding")
    parser.set_defaults(batch=128)
    parser.add_argument("--picked", help="labelled faces of other pictures")
    return parser.parse_args()


def _take_weights(model, path: str) -> None:
    """All layers of the same network, or the features of a refiner."""
    weights, own = torch.load(path, map_location="cpu", weights_only=True), model.state_dict()
    model.load_state_dict({name: values for name, values in weights.items() if name in own}, strict=False)


def _stream(options, seed: int, progress):
    yield from batches(Faces(options.faces, "train"), load_templates(options.templates), seed, options.batch)


def _picked(path):
    if not path:
        return {}
    faces = Faces([path], "all")
    crops = [plain_crop(*face) for face in zip(faces.canvas, faces.square, faces.inside)]
    return {f"picked {CLASSES[k]}": (k, [crops[i] for i in np.flatnonzero(faces.label == k)]) for k in range(3)}


def _share(network, pictures, label: int, device: str) -> str:
    """How many of a set get its label."""
    network.eval()
    with torch.inference_mode():
        best = torch.cat([network(chunk.to(device)).argmax(1).cpu() for chunk in to_tensor(pictures).split(256)])
    return f"{100 * (best == label).float().mean():.1f} %"


if __name__ == "__main__":
    main()
