"""Writes a set of drawn plates, evenly over the provinces, for `npm run evaluate -- plates --data OUT --tables`.

    python draw_validation.py --out OUT --templates PLATE_TEMPLATES --backdrops 'NOPLATE/*.jpg' --each 20 --width 100 200

OUT gets `images/` and `labels.tsv` with corners and texts. The same arguments give the same pictures.
"""

import argparse
import csv
import os
import random

import cv2
import numpy as np

from alphabet import PROVINCES, random_text
from camera import expose, look_at, mount
from plate_art import Glyphs, draw_plate
from samples import Backdrops

_SIZE = (480, 300)


def main() -> None:
    options = _options()
    rng = random.Random(options.seed)
    glyphs = Glyphs(os.path.join(options.templates, "font_model"))
    backdrops = Backdrops(options.backdrops)
    os.makedirs(os.path.join(options.out, "images"), exist_ok=True)
    rows = []
    for province in PROVINCES:
        for index in range(options.each):
            kind = rng.choice(("small_car", "small_car", "small_new_energy", "large_vehicle", "large_vehicle_two_rows", "police"))
            text = province + random_text(rng, kind)[1:]
            picture, corners = _picture(rng, draw_plate(rng, glyphs, text, kind).picture, backdrops, options)
            name = f"{PROVINCES.index(province):02d}-{index:03d}.jpg"
            cv2.imencode(".jpg", picture[:, :, ::-1], (cv2.IMWRITE_JPEG_QUALITY, 92))[1].tofile(os.path.join(options.out, "images", name))
            rows.append([name, *[f"{v:.1f}" for v in corners.reshape(-1)], text])
    with open(os.path.join(options.out, "labels.tsv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["image", "x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4", "text"])
        writer.writerows(rows)


def _options():
    parser = argparse.ArgumentParser()
    for name in ("out", "templates"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--backdrops", nargs="+", required=True)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--width", type=float, nargs=2, default=(100, 200))
    parser.add_argument("--hardness", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=5)
    return parser.parse_args()


def _picture(rng: random.Random, plate: np.ndarray, backdrops: Backdrops, options):
    canvas, corners = mount(rng, plate, backdrops.piece(rng))
    view = look_at(rng, canvas, corners, rng.uniform(*options.width))
    height, width = view.picture.shape[:2]
    if width > _SIZE[0] or height > _SIZE[1]:
        return _picture(rng, plate, backdrops, options)
    scene = cv2.resize(backdrops.piece(rng), _SIZE, interpolation=cv2.INTER_LINEAR)
    x, y = rng.randint(0, _SIZE[0] - width), rng.randint(0, _SIZE[1] - height)
    scene[y : y + height, x : x + width] = view.picture
    return expose(rng, scene, options.hardness * rng.random(), float(np.ptp(view.corners[:, 0]))), view.corners + np.array([x, y], np.float32)


if __name__ == "__main__":
    main()
