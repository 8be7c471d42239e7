"""Exports the recogniser to ONNX, fits the temperature of its characters, checks the numbers, brings the manifest up to date.

    python export_recogniser.py --weights RUN/average.pt --out ../../plate-recogniser --held NAME=TABLE.tsv … \\
        --templates PLATE_TEMPLATES --characters CHARS/annCh_gray --backdrops 'NOPLATE/*.jpg'
"""

import argparse
import os
import sys

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
from alphabet import BLANK, LABELS, PROVINCES, SPECIALS
from compact import compact
from for_runtime import RuntimeRecogniser
from manifest import update_manifest
from rectify import HEIGHT, WIDTH, rectify
from samples import Backdrops, Samples
from svtr import PlateRecogniser, from_weights
from train_recogniser import greedy, read_table, to_tensor


class Exported(nn.Module):
    def __init__(self, network: PlateRecogniser, temperature: float):
        super().__init__()
        self.network, self.temperature = RuntimeRecogniser(network), temperature

    def forward(self, picture):
        characters, colours = self.network(picture)
        return torch.softmax(characters / self.temperature, -1), torch.softmax(colours, -1)


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    network = from_weights(options.weights).eval()
    held = [crop for table in options.held for crop in read_table(table.split("=", 1)[1])]
    held += _drawn(options, 600)
    temperature, before, after = _fit_temperature(network, held)
    print(f"temperature {temperature:.2f}; expected calibration error of the characters {before:.4f} → {after:.4f} on {len(held)} held plates")
    for name, crops in _by_class(held).items():
        error = _calibration_error(_logits(network, crops) / temperature, crops)
        print(f"  {name}: {error:.4f} on {len(crops)}")
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "model.onnx")
    example = torch.zeros(1, 3, HEIGHT, WIDTH)
    torch.onnx.export(Exported(network, temperature), (example,), path, dynamo=False, opset_version=17, input_names=["picture"], output_names=["characters", "colours"], dynamic_axes={"picture": {0: "batch"}, "characters": {0: "batch"}, "colours": {0: "batch"}})
    onnx.save(compact(onnx.load(path), 8), path)
    _check(network, temperature, path, held)
    update_manifest(options.out, "model.onnx", {"temperature": round(temperature, 3)}, labels=list(LABELS))


def _options():
    parser = argparse.ArgumentParser()
    for name in ("weights", "out", "templates", "characters"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--held", nargs="+", required=True)
    parser.add_argument("--backdrops", nargs="+", required=True)
    return parser.parse_args()


def _drawn(options, count: int):
    samples = Samples(99, options.templates, options.characters, Backdrops(options.backdrops), None)
    crops = []
    for _ in range(count):
        picture, corners, plate = samples.synthetic_view(0.5, 110)
        crops.append((rectify(picture, corners, plate.rows), plate.text))
    return crops


def _by_class(crops) -> dict[str, list]:
    classes: dict[str, list] = {"ordinary": [], "new energy": [], "special": []}
    for crop in crops:
        special = any(character in SPECIALS for character in crop[1]) or crop[1][0] not in PROVINCES
        classes["special" if special else "new energy" if len(crop[1]) == 8 else "ordinary"].append(crop)
    return {name: of for name, of in classes.items() if of}


@torch.no_grad()
def _logits(network, crops):
    return torch.cat([network(to_tensor([picture for picture, _ in crops[k : k + 32]]))[0] for k in range(0, len(crops), 32)])


def _fit_temperature(network, crops):
    """The temperature at which the read characters are right as often as they say."""
    logits = _logits(network, crops)
    errors = {t: _calibration_error(logits / t, crops) for t in np.linspace(0.6, 3.0, 49)}
    best = min(errors, key=errors.get)
    best = max(1.0, best)  # what is easy must not sharpen what is hard: a wrong province costs more than a missing one
    return float(best), _calibration_error(logits, crops), _calibration_error(logits / best, crops)


def _calibration_error(logits: torch.Tensor, crops, bins: int = 10) -> float:
    """Over the characters of readings of the right length: |confidence − accuracy|, weighted by bin."""
    confidences, rights = [], []
    for row, (_, truth) in zip(logits.softmax(-1).numpy(), crops):
        best = row.argmax(-1)
        if len(greedy(best)) != len(truth):
            continue
        position, previous = -1, BLANK
        for step, column in enumerate(best):
            if column != BLANK and column != previous:
                position += 1
                confidences.append(row[step, column])
                rights.append(LABELS[column - 1] == truth[position])
            elif column != BLANK:
                confidences[-1] = max(confidences[-1], row[step, column])
            previous = column
    confidences, rights = np.array(confidences), np.array(rights, np.float32)
    index = np.minimum((confidences * bins).astype(int), bins - 1)
    return float(sum(abs(confidences[index == b].mean() - rights[index == b].mean()) * (index == b).mean() for b in set(index)))


def _check(network, temperature, path, crops) -> None:
    session = ort.InferenceSession(path)
    x = to_tensor([picture for picture, _ in crops[:32]])
    with torch.no_grad():
        expected = torch.softmax(network(x)[0] / temperature, -1).numpy()
    got = session.run(None, {"picture": x.numpy()})[0]
    same = np.mean([greedy(a.argmax(-1)) == greedy(b.argmax(-1)) for a, b in zip(expected, got)])
    print(f"ONNX against PyTorch: largest difference {np.abs(expected - got).max():.4f}, same text {100 * same:.1f} %; {os.path.getsize(path)} bytes")
    if same < 0.95:
        raise SystemExit("the exported network reads differently")


if __name__ == "__main__":
    main()
