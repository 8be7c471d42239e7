"""Trains the detector; resumes from RUN/checkpoint.pt when it is there.

    python train_detector.py --run RUN --templates PLATE_TEMPLATES --photographs FOLDER … --framed HYPERLPR \\
        --backdrops 'NOPLATE/*.jpg' --validation NAME=FOLDER … --samples 300000
"""

import argparse
import csv
import json
import math
import multiprocessing
import os
import queue
import time

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from detector import STRIDE, PlateDetector, cell_centres, corners_of, decode
from samples import Backdrops, read_rgb
from scenes import SIDE, Scene, Scenes, photographs_from_labels, photographs_with_frames

_MOST = 6


def main() -> None:
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(options.run, exist_ok=True)
    model = PlateDetector().to(device, memory_format=torch.channels_last)
    average = PlateDetector().to(device)
    if options.init:
        model.load_state_dict(torch.load(options.init, map_location=device, weights_only=True))
    average.load_state_dict(model.state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.02)
    done, checkpoint = 0, os.path.join(options.run, "checkpoint.pt")
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["done"]
    log = open(os.path.join(options.run, "train.log"), "a", encoding="utf-8")
    validation = {name: _labelled(folder) for name, folder in (v.split("=", 1) for v in options.validation)}
    processes = multiprocessing.get_context("spawn")
    progress = processes.Value("d", done / options.samples)
    batches = processes.Queue(6)
    for k in range(options.makers):
        processes.Process(target=_make, args=(options, k, done, progress, batches), daemon=True).start()
    started, since, losses = time.time(), done, []
    while done < options.samples:
        batch = [part.to(device) for part in batches.get()]
        rate = options.rate * _schedule(done / options.samples, done)
        for group in optimizer.param_groups:
            group["lr"] = rate
        losses.append(_step(model, optimizer, *batch))
        done += len(batch[0])
        keep = min(0.9985, 1 - 1 / (1 + done / options.batch / 3))
        with torch.no_grad():
            for kept, new in zip(average.state_dict().values(), model.state_dict().values()):
                if kept.dtype.is_floating_point:
                    kept.lerp_(new, 1 - keep)
        progress.value = done / options.samples
        if done // options.every != (done - len(batch[0])) // options.every or done >= options.samples:
            scores = {name: _validate(average, pictures, device) for name, pictures in validation.items()}
            speed = (done - since) / (time.time() - started)
            _report(log, {"done": done, "loss": np.mean(losses, 0).round(4).tolist(), "rate": round(rate, 7), "per_second": round(speed, 1), **scores})
            losses = []
            state = {"model": model.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(), "done": done}
            torch.save(state, checkpoint + ".new")
            os.replace(checkpoint + ".new", checkpoint)
            torch.save(average.state_dict(), os.path.join(options.run, "average.pt"))


def _options():
    parser = argparse.ArgumentParser()
    for name in ("run", "templates", "framed", "init"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--photographs", nargs="+", required=True)
    parser.add_argument("--backdrops", nargs="+", required=True)
    parser.add_argument("--validation", nargs="*", default=[])
    parser.add_argument("--samples", type=int, default=300_000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--every", type=int, default=19200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--makers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20261121)
    return parser.parse_args()


def _schedule(progress: float, done: int) -> float:
    return min(1.0, (done + 1) / 8000) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


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


def _step(model, optimizer, pictures, corners, known, rows):
    model.train()
    inputs = (pictures.float() / 255).contiguous(memory_format=torch.channels_last)
    score, place, two = losses_of(model(inputs), corners, known, rows)
    optimizer.zero_grad(set_to_none=True)
    (score + place + 0.2 * two).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    return score.item(), place.item(), two.item()


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


def _make(options, maker: int, done: int, progress, batches) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    photographs = [p for folder in options.photographs for p in photographs_from_labels(folder)]
    if options.framed:
        photographs += photographs_with_frames(options.framed)
    scenes = Scenes(options.seed + 7919 * maker + done, options.templates, photographs, Backdrops(options.backdrops))
    while True:
        hardness = min(1.0, 0.2 + 0.9 * progress.value)
        batch = pack([scenes.next(hardness) for _ in range(options.batch)])
        while True:
            try:
                batches.put(batch, timeout=20)
                break
            except queue.Full:
                if os.getppid() == 1:
                    return


def _labelled(folder: str):
    """Whole pictures with the corners of their plates: (picture, [corners])."""
    rows: dict[str, list] = {}
    for row in csv.DictReader(open(os.path.join(folder, "labels.tsv"), encoding="utf-8"), delimiter="\t"):
        if row["x1"]:
            rows.setdefault(row["image"], []).append(np.array([float(row[f"{a}{k}"]) for k in (1, 2, 3, 4) for a in "xy"], np.float32).reshape(4, 2))
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


def _report(log, line: dict) -> None:
    line["time"] = time.strftime("%H:%M:%S")
    print(json.dumps(line), flush=True)
    log.write(json.dumps(line) + "\n")
    log.flush()


if __name__ == "__main__":
    assert SIDE % 32 == 0
    main()
