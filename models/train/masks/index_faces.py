"""Finds the face in every picture and stores it as a canvas with its landmarks.

    python index_faces.py --models DIR --out faces.npz SOURCE...

A SOURCE is `name:label:folder` (label worn or not_worn, one face per picture) or `name:boxes:folder` (a folder
with `labels.tsv`: image, x, y, w, h, label, and `images/`). DIR holds two converted models, `face-detector` and
`face-landmarks`; the first is not among the box's. A canvas is `--canvas` px square and `--margin` times as wide as the mask network's crop, so
that training can shift, turn and scale it.
"""

import argparse
import re
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

from geometry import CANVAS, CANVAS_MARGIN, crop_square, face_of

LABELS = {"worn": 0, "not_worn": 1, "worn_improperly": 2}
# The words of the validation set.
BOX_LABELS = {"rightmask": "worn", "nomask": "not_worn", "wrongmask": "worn_improperly"}


def session(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def anchors():
    return np.array(
        [((x + 0.5) / g, (y + 0.5) / g) for g, n in ((16, 2), (8, 6)) for y in range(g) for x in range(g) for _ in range(n)]
    )


class FaceFinder:
    """MediaPipe's short range detector for the face and 6 points, face mesh for 468."""

    def __init__(self, models):
        self.detector = session(models / "face-detector/model.onnx")
        self.mesh = session(models / "face-landmarks/model.onnx")
        self.anchors = anchors()

    def detect(self, picture, window):
        """Best face in `window` (x, y, side): score, box (x, y, w, h) and 6 points, pixels of the picture."""
        x, y, side = window
        scale = 128 / side
        cut = cv2.warpAffine(picture, np.array([[scale, 0, -x * scale], [0, scale, -y * scale]]), (128, 128), flags=cv2.INTER_AREA if scale > 0.7 else cv2.INTER_LINEAR)
        if scale < 0.7:
            pad = cv2.copyMakeBorder(picture, *border(picture, window), cv2.BORDER_CONSTANT)
            left, top = max(0, -int(np.floor(x))), max(0, -int(np.floor(y)))
            x0, y0 = int(np.floor(x)) + left, int(np.floor(y)) + top
            cut = cv2.resize(pad[y0 : y0 + int(side), x0 : x0 + int(side)], (128, 128), interpolation=cv2.INTER_AREA)
        feed = cut[None, :, :, ::-1].astype(np.float32) / 127.5 - 1
        boxes, scores = self.detector.run(["boxes", "scores"], {"input": np.ascontiguousarray(feed)})
        boxes, scores = boxes.reshape(-1, 16), scores.reshape(-1)
        best = int(scores.argmax())
        score = 1 / (1 + np.exp(-np.clip(scores[best], -80, 80)))
        values = boxes[best].reshape(8, 2) / scale
        centre = self.anchors[best] * side + (x, y)
        points = values[2:] + centre
        size = values[1]
        middle = values[0] + centre
        return score, np.concatenate([middle - size / 2, size]), points

    def find(self, picture, windows, box=None):
        """Best face over the windows; with `box`, only one that lies on it, so that a neighbour is not taken."""
        found = [self.detect(picture, window) for window in windows]
        on_box = [f for f in found if box is None or overlap(f[1], box) > 0.2]
        return max(on_box, key=lambda f: f[0], default=(0.0, None, None))

    def fit_mesh(self, picture, box, points):
        """Score, points and their depths (less is nearer), pixels of the picture."""
        centre = box[:2] + box[2:] / 2
        scale = 192 / (box[2:].max() * 1.5)
        across = points[1] - points[0]
        angle = np.arctan2(across[1], across[0])
        cos, sin = np.cos(-angle) * scale, np.sin(-angle) * scale
        forward = np.array([[cos, -sin, 96 - cos * centre[0] + sin * centre[1]], [sin, cos, 96 - sin * centre[0] - cos * centre[1]]])
        cut = cv2.warpAffine(picture, forward, (192, 192), flags=cv2.INTER_LINEAR)
        points3, score = self.mesh.run(["points", "score"], {"input": cut[None, :, :, ::-1].astype(np.float32) / 255})
        back = cv2.invertAffineTransform(forward)
        points3 = points3.reshape(468, 3)
        return float(score.reshape(-1)[0]), points3[:, :2] @ back[:, :2].T + back[:, 2], points3[:, 2] / scale


def overlap(a, b):
    """Intersection over union of two boxes (x, y, w, h)."""
    across = max(0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]))
    down = max(0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    return across * down / (a[2] * a[3] + b[2] * b[3] - across * down)


def border(picture, window):
    x, y, side = window
    height, width = picture.shape[:2]
    return (
        max(0, -int(np.floor(y))),
        max(0, int(np.ceil(y + side)) + 1 - height),
        max(0, -int(np.floor(x))),
        max(0, int(np.ceil(x + side)) + 1 - width),
    )


def whole_windows(picture):
    """Squares that hold the whole picture, with more and more margin: a tight portrait is found in a wide one."""
    height, width = picture.shape[:2]
    for margin in (1.0, 1.3, 1.7):
        side = max(height, width) * margin
        yield (width - side) / 2, (height - side) / 2, side


def box_windows(box):
    x, y, w, h = box
    for margin in (1.4, 1.8, 2.4):
        side = max(w, h) * margin
        yield x + w / 2 - side / 2, y + h / 2 - side / 2, side


def person_of(source, path):
    """One person's pictures stay on one side of the split; names are in RMFD's file names."""
    named = re.match(r"\d+_\d+_([a-z]+)_", path.name)
    return f"{source}/{named.group(1)}" if named else f"{source}/{path.stem}"


# The named people's pictures are stored flattened: eyes to mouth is 0.71 of eye to eye there, and 1.03 elsewhere. A network
# that learns from them as they are takes flat faces for bare ones.
FLATTENED, UNFLATTEN = re.compile(r"\d+_\d+_[a-z]+_"), 1.42


def pictures_of(source, label, folder):
    """Yields path, picture, label, windows to search."""
    if label == "boxes":
        for line in (folder / "labels.tsv").read_text().splitlines()[1:]:
            name, x, y, w, h, word = line.split("\t")
            picture = cv2.imread(str(folder / "images" / name))
            box = [float(v) for v in (x, y, w, h)]
            yield folder / "images" / name, picture, BOX_LABELS[word], list(box_windows(box)), box
        return
    for path in sorted(folder.rglob("*")):
        picture = cv2.imread(str(path)) if path.suffix.lower() in (".jpg", ".jpeg", ".png") else None
        if picture is None:
            continue
        if FLATTENED.match(path.name):
            picture = cv2.resize(picture, None, fx=1, fy=UNFLATTEN, interpolation=cv2.INTER_CUBIC)
        shrink = min(1, 512 / max(picture.shape[:2]))
        if shrink < 1:
            picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        yield path, picture, label, list(whole_windows(picture)), None


def canvas_of(picture, square, size, margin):
    """The canvas, which of its pixels lie in the picture, and the affine from picture to canvas."""
    x, y, side = square
    scale = size / (side * margin)
    forward = np.array([[scale, 0, size / 2 - x * scale], [0, scale, size / 2 - y * scale]])
    source = picture
    if scale < 0.6:
        source = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale)
    canvas = cv2.warpAffine(source, forward, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.full(picture.shape[:2], 255, np.uint8), forward, (size, size), flags=cv2.INTER_NEAREST)
    return canvas, inside, forward


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--canvas", type=int, default=CANVAS)
    parser.add_argument("--margin", type=float, default=CANVAS_MARGIN)
    parser.add_argument("--min-score", type=float, default=0.5)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    finder = FaceFinder(arguments.models)
    rows = {key: [] for key in ("canvas", "inside", "points", "mesh", "depth", "label", "source", "person", "path", "score", "mesh_score", "side", "square", "box")}
    missed = {}
    for entry in arguments.sources:
        source, label, folder = entry.split(":", 2)
        for path, picture, word, windows, box in pictures_of(source, label, Path(folder)):
            score, found_box, points = finder.find(picture, windows, box)
            key = f"{source}/{word}"
            seen, lost = missed.get(key, (0, 0))
            missed[key] = (seen + 1, lost + (score < arguments.min_score))
            if score < arguments.min_score:
                continue
            mesh_score, mesh, depth = finder.fit_mesh(picture, found_box, points)
            square = crop_square(face_of(mesh)[0])
            canvas, inside, forward = canvas_of(picture, square, arguments.canvas, arguments.margin)
            rows["canvas"].append(canvas)
            rows["inside"].append(inside)
            rows["points"].append((points @ forward[:, :2].T + forward[:, 2]).astype(np.float32))
            rows["mesh"].append((mesh @ forward[:, :2].T + forward[:, 2]).astype(np.float32))
            rows["depth"].append((depth * forward[0, 0]).astype(np.float32))
            rows["label"].append(LABELS[word])
            rows["source"].append(source)
            rows["person"].append(person_of(source, path))
            rows["path"].append(str(path))
            rows["score"].append(score)
            rows["mesh_score"].append(mesh_score)
            rows["side"].append(square[2])
            rows["square"].append(square)
            rows["box"].append(box if box is not None else found_box)
    np.savez(arguments.out, **{key: np.array(values) for key, values in rows.items()})
    for key, (seen, lost) in missed.items():
        print(f"{key}: {seen} pictures, {lost} without a face")


if __name__ == "__main__":
    main()
