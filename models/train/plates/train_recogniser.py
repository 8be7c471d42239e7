"""Trains the recogniser; resumes from RUN/checkpoint.pt when it is there.

    python train_recogniser.py --run RUN --general OCR_ASSETS --templates PLATE_TEMPLATES --characters CHARS/annCh_gray \\
        --real crops.tsv --foreign FOLDER … --backdrops 'NOPLATE/*.jpg' --validation NAME=TABLE.tsv NAME=FOLDER … --samples 200000

With `--init` it starts from weights of ours in place of the general OCR's; with `--teacher` it learns what those weights say.
"""

import argparse
import csv
import os
import sys

import numpy as np
import torch
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
import training
from alphabet import BLANK, LABELS
from photographs import corners_in, read_rgb
from rectify import rectify
from samples import Backdrops, ForeignPlates, RealCrops, Samples, target_of
from svtr import PlateRecogniser, from_general_ocr, from_weights

#: How much the text itself counts beside what the teacher says of it.
_TEXT_BESIDE_TEACHER = 0.5


def main() -> None:
    options = _options()
    device = training.prepare(options)
    model = from_weights(options.init) if options.init else _from_general_ocr(options.general)
    model = model.to(device, memory_format=torch.channels_last)
    teacher = from_weights(options.teacher).to(device, memory_format=torch.channels_last).eval() if options.teacher else None
    validation = {name: read_table(path) for name, path in training.named(options.validation).items()}
    optimizer = torch.optim.AdamW(_groups(model), lr=options.rate, weight_decay=0.01)

    def step(batch):
        pictures, targets, lengths, colours = (part.to(device) for part in batch)
        return _losses(model, teacher, pictures.contiguous(memory_format=torch.channels_last), targets, lengths, colours)

    training.train(options, training.Training(model, optimizer, _stream, step, lambda network: _validate(network, validation, device)), device)


def _options():
    parser = argparse.ArgumentParser()
    training.add_options(parser, samples=200_000, rate=3e-4, every=6400)
    for name in ("general", "teacher", "templates", "characters", "real"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--backdrops", nargs="+", required=True)
    parser.add_argument("--foreign", nargs="*", default=[], help="folders of photographs with plates of other countries")
    return parser.parse_args()


def _from_general_ocr(assets: str) -> PlateRecogniser:
    return from_general_ocr(os.path.join(assets, "ch_PP-OCRv4_rec_infer.onnx"), os.path.join(assets, "ppocr_keys_v1.txt"))


def _groups(model):
    """The heads are new or cut and may move faster than what is pretrained."""
    heads = [p for name, p in model.named_parameters() if name.startswith(("characters", "colour"))]
    body = [p for name, p in model.named_parameters() if not name.startswith(("characters", "colour"))]
    return [{"params": body, "scale": 1.0}, {"params": heads, "scale": 3.0}]


def _losses(model, teacher, pictures, targets, lengths, colours):
    """CTC per character [Graves 2006], the colour's cross entropy, and the divergence from the teacher step by step
    [Hinton 2015], all where there is a text to read."""
    characters, colour = model(pictures)
    read = lengths >= 0
    count = lengths[read].clamp(min=1)
    log_probabilities = characters[read].log_softmax(-1)
    steps = torch.full((len(count),), log_probabilities.shape[1], dtype=torch.long)
    ctc = F.ctc_loss(log_probabilities.transpose(0, 1), targets, steps, lengths[read], blank=BLANK, zero_infinity=True, reduction="none")
    text = (ctc / count).mean()
    kind = F.cross_entropy(colour, colours, label_smoothing=0.05)
    if teacher is None:
        return text + 0.2 * kind, [text.item(), kind.item()]
    with torch.no_grad():
        taught = teacher(pictures[read])[0].log_softmax(-1)
    apart = F.kl_div(log_probabilities, taught, log_target=True, reduction="none").sum((1, 2)) / count.clamp(min=7)
    apart = apart.mean()
    return _TEXT_BESIDE_TEACHER * text + apart + 0.2 * kind, [text.item(), kind.item(), apart.item()]


def _stream(options, seed: int, progress):
    real = RealCrops(options.real) if options.real else None
    foreign = ForeignPlates(options.foreign) if options.foreign else None
    samples = Samples(seed, options.templates, options.characters, Backdrops(options.backdrops), real, foreign)
    while True:
        hardness = min(1.0, 0.25 + 1.5 * progress())
        drawn = [samples.next(hardness) for _ in range(options.batch)]
        targets = [target_of(text) for _, text, _ in drawn]
        flat = torch.tensor([c for target in targets if target is not None for c in target], dtype=torch.long)
        lengths = torch.tensor([-1 if target is None else len(target) for target in targets], dtype=torch.long)
        yield to_tensor([picture for picture, _, _ in drawn]), flat, lengths, torch.tensor([colour for _, _, colour in drawn])


def to_tensor(pictures) -> torch.Tensor:
    """RGB uint8 [48, 160, 3] each → BGR float [n, 3, 48, 160], −1 … 1."""
    stack = np.stack(pictures)[:, :, :, ::-1].astype(np.float32) / 127.5 - 1
    return torch.from_numpy(np.ascontiguousarray(stack.transpose(0, 3, 1, 2)))


def read_table(path: str):
    """Cut out: picture [48, 160, 3], text. `path`: a table of `real_crops.py`, or a folder with `images/` and `labels.tsv`
    (corners of one-row plates and their texts)."""
    crops = []
    for file, corners, text, rows in _labelled(path) if os.path.isdir(path) else _tabled(path):
        crops.append((rectify(read_rgb(file), corners, rows), text))
    return crops


def _tabled(path: str):
    with open(path, encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            yield row[0], np.array([float(v) for v in row[1:9]], np.float32).reshape(4, 2), row[9], int(row[11])


def _labelled(folder: str):
    with open(os.path.join(folder, "labels.tsv"), encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["x1"] and row["text"]:
                yield os.path.join(folder, "images", row["image"]), corners_in(row), row["text"], 1


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


if __name__ == "__main__":
    main()
