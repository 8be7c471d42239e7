"""Trains the detector; resumes from RUN/checkpoint.pt when it is there.

    python train_detector.py --run RUN --templates PLATE_TEMPLATES --photographs FOLDER … --framed HYPERLPR \\
        --backdrops 'NOPLATE/*.jpg' --validation NAME=FOLDER … --samples 300000
"""

import argparse
import csv
import os
import sys

import cv2
import numpy as np
import torch
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
import training
from detector import STRIDE, PlateDetector, cell_centres, corners_of, decode
from photographs import corners_in, photographs_from_labels, photographs_with_frames, read_rgb
from samples import Backdrops
from scenes import SIDE, Scene, Scenes

_MOST = 6


def main() -> None:
    options = _options()
    device = training.prepare(options)
    model = PlateDetector().to(device, memory_format=torch.channels_last)
    if options.init:
        model.load_state_dict(torch.load(options.init, map_location=device, weights_only=True))
    validation = {name: _labelled(folder) for name, folder in training.named(options.validation).items()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.02)

    def step(batch):
        pictures, *marks = (part.to(device) for part in batch)
        inputs = (pictures.float() / 255).contiguous(memory_format=torch.channels_last)
        score, place, two = losses_of(model(inputs), *marks)
        return score + place + 0.2 * two, [score.item(), place.item(), two.item()]

    def validate(network):
        return {name: _validate(network, pictures, device) for name, pictures in validation.items()}

    training.train(options, training.Training(model, optimizer, _stream, step, validate), device)


def _options():
    parser = argparse.ArgumentParser()
    training.add_options(parser, samples=300_000, rate=2e-3, every=19_200)
    for name in ("templates", "framed"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--photographs", nargs="+", required=True)
    parser.add_argument("--backdrops", nargs="+", required=True)
    return parser.parse_args()


def pack(scenes: list[Scene]):
    """Pictures [n, 3, SIDE, SIDE] uint8, corners [n, _MOST, 4, 2], what is known of each plate
    [n, _MOST]: 0 nothing there, 1 a plate with corners, 2 a plate with a box, 3 ignored; rows [n, _MOST]."""
    pictures = torch.from_numpy(np.stack([s.picture for s in scenes]).transpose(0, 3, 1, 2).copy())
    corners = torch.zeros(len(scenes), _MOST, 4, 2)
    known = torch.zeros(len(scenes), _MOST, dtype=torch.long)
    rows = torch.zeros(len(scenes), _MOST, dtype=torch.long)
    for i, scene in enumerate(scenes):
        marks = [(m.corners, 1 if m.exact else 2, m.rows) for m in scene.plates] + [(q, 3, 0) for q in scene.ignored]
        for k, (quad, kind, count) in enumerate(marks[:_MOST]):
            corners[i, k], known[i, k], rows[i, k] = torch.from_numpy(np.asarray(quad, np.float32)), kind, count
    return pictures, corners, known, rows


def losses_of(output, corners, known, rows):
    """Focal loss of the score [Lin 2017], relative L1 of the corners, cross entropy of the rows."""
    batch, _, height, width = output.shape
    cells = cell_centres(height * STRIDE, width * STRIDE, output.device)
    positive = torch.zeros(batch, height, width, dtype=torch.bool, device=output.device)
    ignored = torch.zeros_like(positive)
    owner = torch.zeros(batch, height, width, dtype=torch.long, device=output.device)
    for k in range(corners.shape[1]):
        there = known[:, k] > 0
        if not there.any():
            continue
        low, high = corners[:, k].amin(1), corners[:, k].amax(1)
        centre, half = (low + high) / 2, (high - low) / 2
        offset = (cells[None] - centre[:, :, None, None]).abs()
        inside = (offset < half[:, :, None, None] + STRIDE / 2).all(1) & there[:, None, None]
        core = (offset < torch.clamp(half * 0.4, min=STRIDE / 2 + 0.01)[:, :, None, None]).all(1)
        plate = (known[:, k] < 3)[:, None, None]
        positive |= inside & core & plate
        owner[inside & core & plate] = k
        ignored |= inside & (~core | ~plate)
    logits = output[:, 0]
    probability = logits.sigmoid()
    target = positive.float()
    weight = torch.where(positive, (1 - probability) ** 2, probability**2 * 0.5) * (positive | ~ignored)
    count = positive.sum().clamp(min=1)
    score = (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight.detach()).sum() / count
    if not positive.any():
        return score, score * 0, score * 0
    index = positive.nonzero()
    which = owner[positive]
    predicted = corners_of(output).permute(0, 3, 4, 1, 2)[positive]
    true, kind, count_rows = corners[index[:, 0], which], known[index[:, 0], which], rows[index[:, 0], which]
    extent = true.amax(1) - true.amin(1)
    size = torch.stack([0.35 * extent[:, 0] + extent[:, 1] * 0.65, extent[:, 1]], -1)[:, None] + 1.0
    exact = kind == 1
    by_corner = (F.smooth_l1_loss(predicted, true, reduction="none", beta=0.5) / size).mean((1, 2))
    sides = torch.stack([predicted.amin(1), predicted.amax(1)], 1)
    by_side = (F.smooth_l1_loss(sides, torch.stack([true.amin(1), true.amax(1)], 1), reduction="none", beta=0.5) / size).mean((1, 2))
    place = torch.where(exact, by_corner, by_side).mean() * 4
    told = count_rows > 0
    two = F.binary_cross_entropy_with_logits(output[:, 9][positive][told], (count_rows[told] == 2).float()) if told.any() else score * 0
    return score, place, two


def _stream(options, seed: int, progress):
    photographs = [p for folder in options.photographs for p in photographs_from_labels(folder)]
    if options.framed:
        photographs += photographs_with_frames(options.framed)
    scenes = Scenes(seed, options.templates, photographs, Backdrops(options.backdrops))
    while True:
        hardness = min(1.0, 0.2 + 0.9 * progress())
        yield pack([scenes.next(hardness) for _ in range(options.batch)])


def _labelled(folder: str):
    """Whole pictures with the corners of their plates: (picture, [corners])."""
    rows: dict[str, list] = {}
    for row in csv.DictReader(open(os.path.join(folder, "labels.tsv"), encoding="utf-8"), delimiter="\t"):
        if row["x1"]:
            rows.setdefault(row["image"], []).append(corners_in(row))
    pictures = []
    for image, plates in sorted(rows.items()):
        picture = read_rgb(os.path.join(folder, "images", image))
        scale = 512 / max(picture.shape[:2])
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        height, width = (-(-side // 32) * 32 for side in picture.shape[:2])
        padded = np.full((height, width, 3), 114, np.uint8)
        padded[: picture.shape[0], : picture.shape[1]] = picture
        pictures.append((padded, [plate * scale for plate in plates]))
    return pictures


@torch.no_grad()
def _validate(model, pictures, device) -> str:
    """Found at IoU 0.5 / 0.7 (upright boxes) of all plates, and false ones above 0.5."""
    model.eval()
    at_half = at_most = plates = false = 0
    for picture, truths in pictures:
        found = decode(model(torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32) / 255).to(device)).cpu())[0]
        overlaps = [[_iou(quad.numpy(), truth) for _, quad, _ in found] for truth in truths]
        for row in overlaps:
            plates += 1
            at_half += max(row, default=0) >= 0.5
            at_most += max(row, default=0) >= 0.7
        false += sum(score > 0.5 and all(row[k] < 0.3 for row in overlaps) for k, (score, _, _) in enumerate(found))
    return f"{at_half}/{at_most} of {plates}, false {false}"


def _iou(a: np.ndarray, b: np.ndarray) -> float:
    low, high = np.maximum(a.min(0), b.min(0)), np.minimum(a.max(0), b.max(0))
    both = np.clip(high - low, 0, None).prod()
    return float(both / ((a.max(0) - a.min(0)).prod() + (b.max(0) - b.min(0)).prod() - both))


if __name__ == "__main__":
    assert SIDE % 32 == 0
    main()
