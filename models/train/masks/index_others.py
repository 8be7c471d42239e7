"""Collects what a proposer takes for faces and is none: the negatives of the face refiner.

    python index_others.py --models DIR --out others.npz [--people GLOB …] --nobody GLOB …

`--nobody`: pictures without people. `--people`: pictures or videos with people, of which only those proposals are taken
that the other detectors are sure are none. A canvas is CANVAS px square and CONTEXT times as wide as the proposal.
"""

import argparse
import glob
from pathlib import Path

import cv2
import numpy as np

from index_faces import FaceFinder, canvas_of, session

CANVAS, CONTEXT = 96, 3.0
_EACH = 9
_LEAST, _MOST_SURE = 0.06, 0.6


class Proposer:
    """UltraFace RFB-320, as `edge/perceive/face-proposer.ts` runs it."""

    def __init__(self, models: Path):
        self.session = session(models / "face-proposals/model.onnx")

    def propose(self, picture, least=_LEAST):
        """Boxes (x, y, w, h) and scores over the whole picture and its overlapping quarters."""
        height, width = picture.shape[:2]
        tiles = [(0, 0, width, height)]
        if max(width, height) > 400:
            tiles += [(x, y, int(width * 0.6), int(height * 0.6)) for x in (0, int(width * 0.4)) for y in (0, int(height * 0.4))]
        boxes, scores = [], []
        for x, y, w, h in tiles:
            feed = cv2.resize(picture[y : y + h, x : x + w], (320, 240), interpolation=cv2.INTER_AREA)[:, :, ::-1].transpose(2, 0, 1)[None]
            score, edges = self.session.run(["scores", "boxes"], {"input": (feed.astype(np.float32) - 127) / 128})
            sure = score[0, :, 1] > least
            edges = edges[0][sure] * (w, h, w, h) + (x, y, x, y)
            boxes += [(l, t, r - l, b - t) for l, t, r, b in edges]
            scores += list(score[0, :, 1][sure])
        kept = cv2.dnn.NMSBoxes([list(map(float, b)) for b in boxes], [float(s) for s in scores], least, 0.4) if boxes else []
        return [(np.float32(boxes[k]), scores[k]) for k in np.array(kept).flatten()]


def pictures_below(patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(pattern, recursive=True)):
            if path.endswith((".mp4", ".avi")):
                video = cv2.VideoCapture(path)
                for _ in range(0, int(video.get(cv2.CAP_PROP_FRAME_COUNT)), 12):
                    for _ in range(12):
                        good, frame = video.read()
                    if good:
                        yield frame
                continue
            picture = cv2.imread(path)
            if picture is not None:
                shrink = min(1, 960 / max(picture.shape[:2]))
                yield cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else picture


def around(picture, box):
    canvas, inside, _ = canvas_of(picture, (*(box[:2] + box[2:] / 2), max(box[2], box[3])), CANVAS, CONTEXT)
    canvas[inside == 0] = 0
    return canvas


def is_face(finder, picture, box):
    """Whether BlazeFace sees anything like a face in or around the box."""
    centre = box[:2] + box[2:] / 2
    for factor in (1.4, 2.2):
        side = max(box[2], box[3]) * factor
        if finder.detect(picture, (*(centre - side / 2), side))[0] > 0.12:
            return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--nobody", nargs="*", default=[])
    parser.add_argument("--people", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=20261122)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(arguments.seed)
    proposer, finder = Proposer(arguments.models), FaceFinder(arguments.models)
    canvases, boxes = [], []
    for patterns, trusted in ((arguments.nobody, True), (arguments.people, False)):
        for picture in pictures_below(patterns):
            height, width = picture.shape[:2]
            proposals = proposer.propose(picture)
            weights = np.array([score for _, score in proposals])
            count = min(len(proposals), _EACH)
            chosen = rng.choice(len(proposals), count, replace=False, p=weights / weights.sum()) if count else []
            found = [proposals[k] for k in chosen]
            if trusted:
                size = np.exp(rng.uniform(np.log(14), np.log(max(20, min(width, height) * 0.6)), 2))
                found += [(np.float32([*rng.uniform((0, 0), np.maximum(1, (width - s, height - s))), s, s * rng.uniform(0.9, 1.4)]), 0.0) for s in size]
            for box, score in found:
                if not trusted and (score > _MOST_SURE or is_face(finder, picture, box)):
                    continue
                canvases.append(around(picture, box))
                boxes.append(box)
        print(f"{len(canvases)} so far", flush=True)
    np.savez(arguments.out, canvas=np.array(canvases), box=np.array(boxes))


if __name__ == "__main__":
    main()
