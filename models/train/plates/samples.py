"""Training samples of the recogniser: synthetic plates, real crops and what is no plate, all through the same camera."""

import csv
import glob
import os
import random

import cv2
import numpy as np

from alphabet import COLOURS, encode, random_class, random_text
from camera import dirty, expose, look_at, mount
from photographs import photographs_from_labels, read_rgb
from plate_art import DrawnPlates, Glyphs, draw_plate
from rectify import rectify


class Backdrops:
    """Pieces of real pictures without plates."""

    def __init__(self, patterns: list[str]):
        self._pictures = []
        for pattern in patterns:
            for path in sorted(glob.glob(pattern, recursive=True)):
                picture = read_rgb(path)
                scale = min(1.0, 480 / max(picture.shape[:2]))
                self._pictures.append(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture)
        if not self._pictures:
            raise ValueError(f"no backdrops at {patterns}")

    def piece(self, rng: random.Random) -> np.ndarray:
        picture = rng.choice(self._pictures)
        height, width = picture.shape[:2]
        w = rng.randint(min(24, width), width)
        h = min(height, max(8, int(w * rng.uniform(0.25, 0.8))))
        x, y = rng.randint(0, width - w), rng.randint(0, height - h)
        return picture[y : y + h, x : x + w]


class RealCrops:
    """Crops of real plates: a tab-separated list of picture, four corners (8 numbers), text, colour, rows."""

    def __init__(self, table: str):
        self._rows = []
        with open(table, encoding="utf-8") as file:
            for row in csv.reader(file, delimiter="\t"):
                picture = read_rgb(row[0])
                corners = np.array([float(v) for v in row[1:9]], np.float32).reshape(4, 2)
                picture, corners = _around(picture, corners)
                self._rows.append((picture, corners, row[9], row[10], int(row[11])))
        self._by_province: dict[str, list[int]] = {}
        for index, row in enumerate(self._rows):
            self._by_province.setdefault(row[2][0], []).append(index)

    def draw(self, rng: random.Random):
        """Every second one with the provinces evenly drawn, so that the common ones do not become a prior."""
        if rng.random() < 0.5:
            return self._rows[rng.choice(self._by_province[rng.choice(list(self._by_province))])]
        return rng.choice(self._rows)


class ForeignPlates:
    """Plates of other countries, cut out of photographs: they look like plates and have no text of ours."""

    def __init__(self, folders: list[str]):
        self._crops = []
        for folder in folders:
            for photograph in photographs_from_labels(folder):
                for mark in photograph.marks:
                    if np.ptp(mark.corners[:, 0]) >= 28:
                        self._crops.append(_around(photograph.picture, mark.corners))

    def draw(self, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
        return rng.choice(self._crops)


def _around(picture: np.ndarray, corners: np.ndarray):
    """The plate and some of what is beside it, so that the list fits in memory."""
    low, high = corners.min(0), corners.max(0)
    border = (high - low) * 0.3
    x0, y0 = np.maximum(np.floor(low - border), 0).astype(int)
    x1, y1 = np.ceil(high + border).astype(int)
    return picture[y0:y1, x0:x1].copy(), corners - np.array([x0, y0], np.float32)


class Samples:
    """An endless, seeded stream; `hardness` 0 to 1 grows with training."""

    def __init__(
        self, seed: int, templates: str, characters: str | None, backdrops: Backdrops, real: RealCrops | None = None, foreign: ForeignPlates | None = None
    ):
        self._rng = random.Random(seed)
        self._glyphs = Glyphs(os.path.join(templates, "font_model"), characters)
        self._plates = DrawnPlates(self._rng, self._glyphs, kept=256, fresh=0.35)
        self._backdrops = backdrops
        self._real = real
        self._foreign_plates = foreign

    def next(self, hardness: float):
        """Picture [48, 160, 3] RGB uint8, text (None: whatever it says is no plate of ours), colour index."""
        pick = self._rng.random()
        if self._real and pick < 0.25:
            return self._real_crop(hardness)
        if pick > 0.95:
            return self._other(hardness)
        if self._foreign_plates and pick > 0.91:
            return self._foreign(hardness)
        return self._synthetic(hardness)

    def synthetic_view(self, hardness: float, plate_width: float):
        """A whole view (picture, corners, plate): for scoring by province."""
        rng = self._rng
        kind = random_class(rng)
        plate = draw_plate(rng, self._glyphs, random_text(rng, kind), kind)
        canvas, corners = mount(rng, plate.picture, self._backdrops.piece(rng))
        view = look_at(rng, canvas, corners, plate_width)
        return expose(rng, view.picture, hardness, plate_width), view.corners, plate

    def _synthetic(self, hardness: float):
        rng = self._rng
        plate = self._plates.next()
        picture = dirty(rng, plate.picture) if rng.random() < 0.25 else plate.picture
        canvas, corners = mount(rng, picture, self._backdrops.piece(rng))
        smallest = 115 - 75 * hardness
        view = look_at(rng, canvas, corners, smallest * (260 / smallest) ** (rng.random() ** (1 + 0.7 * hardness)))
        photograph = expose(rng, view.picture, hardness * rng.random() ** 0.5, view.picture.shape[1] / 1.44)
        line = rectify(photograph, _found(rng, view.corners), plate.rows)
        if rng.random() < 0.05:
            return _turned(rng, line), None, COLOURS.index("other")
        return line, plate.text, COLOURS.index(plate.colour)

    def _real_crop(self, hardness: float):
        rng = self._rng
        picture, corners, text, colour, rows = self._real.draw(rng)
        if rng.random() < 0.3:
            factor = rng.uniform(0.45, 0.9)
            picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            corners = corners * factor
        if rng.random() < 0.75:
            picture = expose(rng, picture, 0.35 * hardness, picture.shape[1] / 1.6)
        return rectify(picture, _found(rng, corners), rows), text, COLOURS.index(colour)

    def _foreign(self, hardness: float):
        rng = self._rng
        picture, corners = self._foreign_plates.draw(rng)
        if rng.random() < 0.75:
            picture = expose(rng, picture, 0.35 * hardness, picture.shape[1] / 1.6)
        return rectify(picture, _found(rng, corners), 1), None, COLOURS.index("other")

    def _other(self, hardness: float):
        rng = self._rng
        picture = cv2.resize(self._backdrops.piece(rng), (rng.randint(60, 240), rng.randint(24, 90)), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.35:
            words = "".join(rng.choice("0123456789-:/ ABCDEFGHKMTV") for _ in range(rng.randint(4, 16)))
            ink = tuple(rng.randrange(256) for _ in range(3))
            size = picture.shape[0] / rng.uniform(35, 60)
            picture = np.ascontiguousarray(picture)
            cv2.putText(picture, words, (rng.randint(-10, 10), int(picture.shape[0] * rng.uniform(0.55, 0.9))), cv2.FONT_HERSHEY_DUPLEX, size, ink, rng.randint(1, 2), cv2.LINE_AA)
            text = None
        else:
            text = ""
        picture = expose(rng, picture, hardness, picture.shape[1] / 1.44)
        height, width = picture.shape[:2]
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        return rectify(picture, corners, 1), text, COLOURS.index("other")


def _turned(rng: random.Random, line: np.ndarray) -> np.ndarray:
    """Upside down or in a mirror: looks like a plate and must not be read as one."""
    return np.ascontiguousarray(rng.choice((line[::-1, ::-1], line[:, ::-1], line[::-1])))


def _found(rng: random.Random, corners: np.ndarray) -> np.ndarray:
    """The corners as a detector gives them: a little off, sometimes cut loosely, sometimes an upright box."""
    if rng.random() < 0.12:
        low, high = corners.min(0), corners.max(0)
        corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]], np.float32)
    width = np.linalg.norm(corners[1] - corners[0])
    height = np.linalg.norm(corners[3] - corners[0])
    size = np.array([width, height], np.float32)
    noise = rng.choice((0.006, 0.015, 0.03))
    jitter = np.array([[rng.gauss(0, noise), rng.gauss(0, noise * 2.2)] for _ in range(4)], np.float32) * size
    grow = np.array([rng.gauss(0.01, 0.025), rng.gauss(0.03, 0.07)], np.float32)
    if rng.random() < 0.15:
        grow += np.array([rng.uniform(0, 0.1), rng.uniform(0, 0.25)], np.float32)
    grow = np.clip(grow, (-0.025, -0.09), (0.2, 0.5))
    centre = corners.mean(0)
    return (centre + (corners - centre) * (1 + 2 * grow) + jitter).astype(np.float32)


def target_of(text: str | None) -> list[int] | None:
    return None if text is None else encode(text)
