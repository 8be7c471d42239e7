"""Trains the mask network.

    python train.py --faces faces.npz --templates MASKTHEFACE/masks --validation val.npz --run RUN [--samples 300000]

Writes, after every round, RUN/checkpoint.pt (a second start resumes from it), RUN/weights.pt (the running average of
the weights) and a line of RUN/train.log. The validation set is only looked at: nothing is chosen by it.
"""

import argparse
import json
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from network import MaskNetwork
from samples import CLASSES, Faces, Samples, fixed_sets, load_templates, plain_crop, to_tensor


def probabilities(network, pictures, device):
    network.eval()
    with torch.inference_mode():
        chunks = to_tensor(pictures).split(256)
        return torch.cat([network(c.to(device)).softmax(1).cpu() for c in chunks]).numpy()


def score(network, sets, device):
    """Share of each set that gets its label, in per cent."""
    return {name: round(100 * float((probabilities(network, pictures, device).argmax(1) == label).mean()), 1) for name, (label, pictures) in sets.items()}


def validation_sets(path):
    if not path:
        return {}
    faces = Faces(path, "all")
    crops = [plain_crop(c, i) for c, i in zip(faces.canvas, faces.inside)]
    return {f"validation {CLASSES[k]}": (k, [crops[i] for i in np.flatnonzero(faces.label == k)]) for k in range(3)}


def rate(step, steps, peak):
    """Warm up over a twentieth, then a cosine to zero."""
    warm = steps / 20
    return peak * (step / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, required=True)
    parser.add_argument("--templates", type=Path, required=True)
    parser.add_argument("--validation", type=Path)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=300_000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--peak", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=20260)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # Before the first use of either: a forked worker would wait for ever for threads it did not inherit.
    cv2.setNumThreads(0)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    arguments.run.mkdir(parents=True, exist_ok=True)

    templates = load_templates(arguments.templates)
    train, held_out = Faces(arguments.faces, "train"), Faces(arguments.faces, "held_out")
    sets = {**fixed_sets(held_out, templates), **validation_sets(arguments.validation)}
    network = MaskNetwork().to(device)
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.994), use_buffers=True)
    optimiser = torch.optim.AdamW(network.parameters(), lr=arguments.peak, weight_decay=0.02)
    steps, step, round_ = arguments.samples // arguments.batch, 0, 0
    checkpoint = arguments.run / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        step, round_ = state["step"], state["round"]

    # A resumed run goes on with fresh samples, not with those of its first round.
    samples = Samples(train, templates, arguments.seed + round_, arguments.batch)
    batches = iter(torch.utils.data.DataLoader(samples, batch_size=None, num_workers=arguments.workers, prefetch_factor=8 if arguments.workers else None))
    log = (arguments.run / "train.log").open("a")
    started, losses = time.time(), []
    while step < steps:
        network.train()
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps, arguments.peak)
        pictures, targets = next(batches)
        loss = nn.functional.cross_entropy(network(pictures.to(device)), targets.to(device), label_smoothing=0.04)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.update_parameters(network)
        losses.append(loss.item())
        step += 1
        if step % 100 and step < steps:
            continue
        round_ += 1
        torch.save({"network": network.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "round": round_}, checkpoint)
        torch.save(average.module.state_dict(), arguments.run / "weights.pt")
        if round_ % 3 and step < steps:
            continue
        line = {"samples": step * arguments.batch, "seconds": round(time.time() - started), "loss": round(float(np.mean(losses)), 4), **score(average.module, sets, device)}
        losses.clear()
        log.write(json.dumps(line) + "\n")
        log.flush()
        print(line, flush=True)


if __name__ == "__main__":
    main()
