"""Trains the recogniser; resumes from RUN/checkpoint.pt when it is there.

    python train_recogniser.py --run RUN --general OCR_ASSETS --templates PLATE_TEMPLATES --characters CHARS/annCh_gray \\
        --real crops.tsv --backdrops 'NOPLATE/*.jpg' --validation NAME=TABLE.tsv … --samples 200000
"""

import argparse
import json
import math
import multiprocessing
import os
import queue
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from alphabet import BLANK, COLOURS, LABELS
from rectify import rectify
from samples import Backdrops, RealCrops, Samples, read_rgb, target_of
from svtr import PlateRecogniser, from_general_ocr


def main() -> None:
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(options.run, exist_ok=True)
    model = from_general_ocr(os.path.join(options.general, "ch_PP-OCRv4_rec_infer.onnx"), os.path.join(options.general, "ppocr_keys_v1.txt"))
    if options.init:
        model.load_state_dict(torch.load(options.init, weights_only=True))
    model = model.to(device, memory_format=torch.channels_last)
    average = PlateRecogniser().to(device)
    average.load_state_dict(model.state_dict())
    optimizer = torch.optim.AdamW(_groups(model), lr=options.rate, weight_decay=0.01)
    done, checkpoint = 0, os.path.join(options.run, "checkpoint.pt")
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["done"]
    log = open(os.path.join(options.run, "train.log"), "a", encoding="utf-8")
    validation = {name: read_table(path) for name, path in (v.split("=", 1) for v in options.validation)}
    processes = multiprocessing.get_context("spawn")
    progress = processes.Value("d", done / options.samples)
    batches = processes.Queue(6)
    makers = [processes.Process(target=_make, args=(options, k, done, progress, batches), daemon=True) for k in range(options.makers)]
    for maker in makers:
        maker.start()
    if done == 0:
        _report(log, {"done": 0, **_validate(average, validation, device)})
    started, since, losses = time.time(), done, []
    while done < options.samples:
        pictures, targets, lengths, colours = batches.get()
        rate = options.rate * _schedule(done / options.samples, done)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["scale"]
        loss = _step(model, optimizer, pictures.to(device), targets, lengths, colours.to(device))
        keep = min(0.999, 1 - 1 / (1 + done / options.batch / 3))
        with torch.no_grad():
            for kept, new in zip(average.parameters(), model.parameters()):
                kept.lerp_(new, 1 - keep)
        losses.append(loss)
        done += len(pictures)
        progress.value = done / options.samples
        if done // options.every != (done - len(pictures)) // options.every or done >= options.samples:
            speed = (done - since) / (time.time() - started)
            mean = np.mean(losses, 0).round(4).tolist()
            _report(log, {"done": done, "loss": mean, "rate": round(rate, 7), "per_second": round(speed, 1), **_validate(average, validation, device)})
            losses = []
            state = {"model": model.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(), "done": done}
            torch.save(state, checkpoint + ".new")
            os.replace(checkpoint + ".new", checkpoint)
            torch.save(average.state_dict(), os.path.join(options.run, "average.pt"))


def _options():
    parser = argparse.ArgumentParser()
    for name in ("run", "general", "templates", "characters", "real", "init"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--backdrops", nargs="+", required=True)
    parser.add_argument("--validation", nargs="*", default=[])
    parser.add_argument("--samples", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--every", type=int, default=6400)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--makers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20261121)
    return parser.parse_args()


def _groups(model):
    """The heads are new or cut and may move faster than what is pretrained."""
    heads = [p for name, p in model.named_parameters() if name.startswith(("characters", "colour"))]
    body = [p for name, p in model.named_parameters() if not name.startswith(("characters", "colour"))]
    return [{"params": body, "scale": 1.0}, {"params": heads, "scale": 3.0}]


def _schedule(progress: float, done: int) -> float:
    return min(1.0, (done + 1) / 6000) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def _step(model, optimizer, pictures, targets, lengths, colours):
    model.train()
    characters, colour = model(pictures.contiguous(memory_format=torch.channels_last))
    read = lengths >= 0
    log_probabilities = characters[read].log_softmax(-1).transpose(0, 1)
    steps = torch.full((int(read.sum()),), log_probabilities.shape[0], dtype=torch.long)
    ctc = F.ctc_loss(log_probabilities, targets, steps, lengths[read], blank=BLANK, zero_infinity=True, reduction="none")
    text = (ctc / lengths[read].clamp(min=1).to(ctc.device)).mean()
    kind = F.cross_entropy(colour, colours, label_smoothing=0.05)
    optimizer.zero_grad(set_to_none=True)
    (text + 0.2 * kind).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 2.0)
    optimizer.step()
    return text.item(), kind.item()


def to_tensor(pictures) -> torch.Tensor:
    """RGB uint8 [48, 160, 3] each → BGR float [n, 3, 48, 160], −1 … 1."""
    stack = np.stack(pictures)[:, :, :, ::-1].astype(np.float32) / 127.5 - 1
    return torch.from_numpy(np.ascontiguousarray(stack.transpose(0, 3, 1, 2)))


def _make(options, maker: int, done: int, progress, batches) -> None:
    import cv2

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    real = RealCrops(options.real) if options.real else None
    samples = Samples(options.seed + 7919 * maker + done, options.templates, options.characters, Backdrops(options.backdrops), real)
    while True:
        hardness = min(1.0, 0.25 + 1.1 * progress.value)
        drawn = [samples.next(hardness) for _ in range(options.batch)]
        targets = [target_of(text) for _, text, _ in drawn]
        flat = torch.tensor([c for target in targets if target is not None for c in target], dtype=torch.long)
        lengths = torch.tensor([-1 if target is None else len(target) for target in targets], dtype=torch.long)
        batch = (to_tensor([picture for picture, _, _ in drawn]), flat, lengths, torch.tensor([colour for _, _, colour in drawn]))
        while True:
            try:
                batches.put(batch, timeout=20)
                break
            except queue.Full:
                if os.getppid() == 1:
                    return


def read_table(path: str):
    """Rows of `real_crops.py`, cut out: picture [48, 160, 3], text."""
    crops = []
    for line in open(path, encoding="utf-8"):
        row = line.rstrip("\n").split("\t")
        corners = np.array([float(v) for v in row[1:9]], np.float32).reshape(4, 2)
        crops.append((rectify(read_rgb(row[0]), corners, int(row[11])), row[9]))
    return crops


def greedy(best: np.ndarray) -> str:
    text, previous = "", BLANK
    for column in best:
        if column != previous and column != BLANK:
            text += LABELS[column - 1]
        previous = column
    return text


@torch.no_grad()
def _validate(model, validation, device) -> dict:
    model.eval()
    scores = {}
    for name, crops in validation.items():
        read = []
        for k in range(0, len(crops), 32):
            characters, _ = model(to_tensor([picture for picture, _ in crops[k : k + 32]]).to(device))
            read += [greedy(row) for row in characters.argmax(-1).cpu().numpy()]
        whole = sum(text == truth for text, (_, truth) in zip(read, crops))
        first = sum(text[:1] == truth[:1] for text, (_, truth) in zip(read, crops))
        scores[name] = f"{whole}/{len(crops)} province {first}"
    return scores


def _report(log, line: dict) -> None:
    line["time"] = time.strftime("%H:%M:%S")
    print(json.dumps(line, ensure_ascii=False), flush=True)
    log.write(json.dumps(line, ensure_ascii=False) + "\n")
    log.flush()


if __name__ == "__main__":
    assert len(COLOURS) == 6
    main()
