"""Photographs whose plates are marked."""

import csv
import os
from dataclasses import dataclass, field

import cv2
import numpy as np

_LONGEST = 832


def read_rgb(path: str) -> np.ndarray:
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path} is no picture")
    return picture[:, :, ::-1].copy()


@dataclass
class Mark:
    """A plate in a photograph: corners [4, 2]; `exact` when they are corners and not an upright box; `cover` when what is
    there must not be seen (a frame burnt in)."""

    corners: np.ndarray
    exact: bool
    rows: int = 0
    cover: bool = False


@dataclass
class Photograph:
    picture: np.ndarray
    marks: list[Mark] = field(default_factory=list)
    #: The picture at half and at a quarter of its size.
    smaller: list[np.ndarray] = field(default_factory=list)


def photographs_from_labels(folder: str) -> list[Photograph]:
    """`labels.tsv` with columns image, x, y, w, h, x1 … y4 where known, label; rows of vehicles are left out."""
    rows: dict[str, list[dict]] = {}
    with open(os.path.join(folder, "labels.tsv"), encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["label"] != "vehicle":
                rows.setdefault(row["image"], []).append(row)
    photographs = []
    for image, plates in sorted(rows.items()):
        marks = []
        for row in plates:
            if row["x1"]:
                corners = corners_in(row)
            else:
                corners = box(*(float(row[k]) for k in "xywh"))
            marks.append(Mark(corners, bool(row["x1"])))
        photographs.append(_shrunk(Photograph(read_rgb(os.path.join(folder, "images", image)), marks)))
    return photographs


def corners_in(row: dict) -> np.ndarray:
    """x1 … y4 of a row of labels, [4, 2]."""
    return np.array([float(row[f"{axis}{k}"]) for k in (1, 2, 3, 4) for axis in "xy"], np.float32).reshape(4, 2)


def photographs_with_frames(folder: str) -> list[Photograph]:
    """Photographs with a frame burnt in around the plate (x1 y1 x2 y2): only with another plate over it."""
    photographs = []
    with open(os.path.join(folder, "labels.tsv"), encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            x1, y1, x2, y2 = (float(row[k]) for k in ("x1", "y1", "x2", "y2"))
            mark = Mark(box(x1, y1, x2 - x1, y2 - y1), False, cover=True)
            photographs.append(_shrunk(Photograph(read_rgb(os.path.join(folder, "photos", row["image"])), [mark])))
    return photographs


def box(x: float, y: float, width: float, height: float) -> np.ndarray:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)


def _shrunk(photograph: Photograph) -> Photograph:
    scale = min(1.0, _LONGEST / max(photograph.picture.shape[:2]))
    picture = cv2.resize(photograph.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    smaller = [cv2.resize(picture, None, fx=part, fy=part, interpolation=cv2.INTER_AREA) for part in (0.5, 0.25)]
    return Photograph(picture, [Mark(m.corners * scale, m.exact, m.rows, m.cover) for m in photograph.marks], smaller)
