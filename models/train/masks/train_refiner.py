"""Trains the face refiner; resumes from RUN/checkpoint.pt when it is there.

    python train_refiner.py --run RUN --faces faces.npz [turned.npz] --others others.npz --templates MASKTHEFACE/masks --samples 300000

faces.npz: `index_faces.py`; others.npz: `index_others.py`.
"""

import argparse
import os
import sys

import numpy as np
import torch
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
import training
from refiner import FaceRefiner
from refiner_samples import Proposals
from samples import Faces, load_templates, to_tensor

_HELD = 3000


def main() -> None:
    options = _options()
    device = training.prepare(options)
    model = FaceRefiner().to(device, memory_format=torch.channels_last)
    if options.init:
        model.load_state_dict(torch.load(options.init, map_location=device, weights_only=True))
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.02)
    held = _held(options)

    def step(batch):
        pictures, faces, places = (part.to(device) for part in batch)
        return losses_of(model(pictures.contiguous(memory_format=torch.channels_last)), faces, places)

    def validate(network):
        network.eval()
        with torch.inference_mode():
            scores, places = network(held[0].to(device))
        return describe(scores.cpu(), places.cpu(), *held[1:])

    training.train(options, training.Training(model, optimizer, _stream, step, validate), device)


def _options():
    parser = argparse.ArgumentParser()
    training.add_options(parser, samples=300_000, rate=2e-3, every=12_800)
    parser.add_argument("--faces", required=True, nargs="+")
    for name in ("others", "templates"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


def losses_of(output, faces, places):
    """Cross entropy of the score, and smooth L1 of box and points where there is a face."""
    logits, found = output
    score = F.binary_cross_entropy_with_logits(logits, faces, reduction="none")
    # What is sure already teaches little [focal loss, Lin 2017].
    score = (score * (1 - torch.exp(-score)).detach()).mean() * 4
    there = faces > 0.5
    place = F.smooth_l1_loss(found[there], places[there], beta=0.02) * 10
    return score + place, [score.item(), place.item()]


def describe(logits, found, faces, places) -> dict[str, str]:
    """Of held-out people and other canvases: faces found where one in a hundred others passes, and how far the places are."""
    there = faces > 0.5
    passing = logits[~there].quantile(0.99)
    recall = (logits[there] > passing).float().mean()
    off = (found[there] - places[there]).abs()
    return {"found at 1 % false": f"{100 * recall:.1f} %", "box off": f"{100 * off[:, :4].mean():.2f} %", "points off": f"{100 * off[:, 4:].mean():.2f} %"}


def _stream(options, seed: int, progress):
    proposals = _proposals(options, "train", seed)
    while True:
        yield batch_of(proposals, options.batch)


def batch_of(proposals, count: int):
    made = [proposals.next() for _ in range(count)]
    faces = torch.tensor([face for _, face, _ in made], dtype=torch.float32)
    return to_tensor([crop for crop, _, _ in made]), faces, torch.from_numpy(np.stack([places for _, _, places in made]))


def _proposals(options, part: str, seed: int) -> Proposals:
    others = np.load(options.others)["canvas"]
    held = np.arange(len(others)) % 10 == 0
    return Proposals(Faces(options.faces, part), load_templates(options.templates), others[held if part == "held_out" else ~held], np.random.default_rng(seed))


def _held(options):
    return batch_of(_proposals(options, "held_out", 7), _HELD)


if __name__ == "__main__":
    main()
