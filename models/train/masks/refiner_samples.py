"""Endless crops for the face refiner: proposals on faces, bare and in all manners masked, as wrong as a proposer's; beside
faces; and on what is none. All go through the same camera."""

import cv2
import numpy as np

from degrade import blur, compress, light
from geometry import face_of
from index_others import CANVAS as OTHER_CANVAS
from index_others import CONTEXT as OTHER_CONTEXT
from lookalikes import draw_lookalike
from refiner import CONTEXT, PLACES, SIDE
from samples import Recipes

_FACE, _NO_FACE = 0.35, 0.12


class Proposals:
    """One seeded stream. `faces`: `Faces` of samples.py with canvases of wide margin; `others`: canvases of no face."""

    def __init__(self, faces, templates, others, rng):
        self.recipes, self.faces, self.others, self.rng = Recipes(faces, templates), faces, others, rng

    def next(self):
        """Crop [SIDE, SIDE, 3] BGR uint8, 1 or 0 for a face, places."""
        while True:
            pick = self.rng.random()
            made = self._no_face() if pick < 0.42 else self._face(beside=pick < 0.55)
            if made:
                return made

    def _no_face(self):
        rng = self.rng
        canvas = self.others[rng.integers(len(self.others))]
        if rng.random() < 0.3:
            canvas = draw_lookalike(canvas, rng)
        scale = OTHER_CANVAS / OTHER_CONTEXT
        shape = np.exp(rng.normal(0, 0.15, 2))
        centre = OTHER_CANVAS / 2 + rng.normal(0, 0.12, 2) * scale
        crop, _ = self._look(canvas, centre, scale * max(shape), None)
        return crop, 0, np.zeros(PLACES, np.float32)

    def _face(self, beside: bool):
        rng, f = self.rng, self.faces
        face, canvas = self._dressed()
        if canvas is None:
            return None
        canvas = self._with_surroundings(canvas, f.inside[face])
        box, points = face_of(f.mesh[face])
        proposal = self._beside(box) if beside else self._proposed(box)
        covered = overlap(proposal, box)
        if (beside and covered > _NO_FACE) or (not beside and covered < _FACE):
            return None
        centre, side = (proposal[:2] + proposal[2:]) / 2, max(proposal[2:] - proposal[:2])
        crop, matrix = self._look(canvas, centre, side, f.inside[face])
        if beside:
            return crop, 0, np.zeros(PLACES, np.float32)
        corners = np.float32([box[:2], (box[2], box[1]), box[2:], (box[0], box[3])])
        seen = np.concatenate([corners, points]) @ matrix[:, :2].T + matrix[:, 2]
        low, high = seen[:4].min(0), seen[:4].max(0)
        points = seen[4:]
        if matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0] < 0:
            points = points[[1, 0, 2, 4, 3]]
        turned = np.concatenate([(low + high) / 2 / SIDE - 0.5, (high - low) / SIDE, (points / SIDE - 0.5).ravel()])
        return crop, 1, turned.astype(np.float32)

    def _dressed(self):
        """A face as it is, or one with a mask, a hand or a scarf put on; half of them masked."""
        rng, f = self.rng, self.faces
        pick = rng.random()
        if pick < 0.3:
            face = rng.choice(f.masked)
            return face, f.canvas[face]
        if pick < 0.62:
            face = rng.choice(f.bare)
            return face, f.canvas[face]
        if pick < 0.86:
            return self.recipes.rendered("proper", rng)
        if pick < 0.94:
            return self.recipes.rendered(("nose_out", "chin")[rng.integers(2)], rng)
        face, canvas, _ = self.recipes.worn_improperly(rng) if pick < 0.97 else self.recipes.not_worn(rng)
        return face, canvas

    def _with_surroundings(self, canvas, inside):
        """Portraits are cut tight: what lies beyond is another picture, a colour, or black as at the frame's edge."""
        rng, outside = self.rng, inside == 0
        canvas = canvas.copy()
        pick = rng.random()
        if pick < 0.2:
            canvas[outside] = 0
        elif pick < 0.35:
            canvas[outside] = rng.integers(0, 256, 3)
        elif pick < 0.85:
            other = self.others[rng.integers(len(self.others))]
            canvas[outside] = cv2.resize(np.rot90(other, int(rng.integers(4))), canvas.shape[1::-1])[outside]
        return canvas

    def _proposed(self, box):
        """A proposer's box: a little off, sometimes only the bare upper half or the whole head."""
        rng = self.rng
        size = box[2:] - box[:2]
        centre = (box[:2] + box[2:]) / 2 + rng.normal(0, 0.1, 2) * size
        size = size * np.exp(rng.normal(0, 0.13, 2)) * np.exp(rng.normal(0, 0.16))
        low, high = centre - size / 2, centre + size / 2
        if rng.random() < 0.2:
            high[1] -= (high[1] - low[1]) * rng.uniform(0.1, 0.5)
        return np.concatenate([low, high])

    def _beside(self, box):
        """An ear, a neck, hair, a piece of a face, a whole person."""
        rng = self.rng
        size = (box[2:] - box[:2]) * np.exp(rng.uniform(np.log(0.2), np.log(2.2)))
        centre = (box[:2] + box[2:]) / 2 + rng.uniform(-1.3, 1.3, 2) * (box[2:] - box[:2])
        return np.concatenate([centre - size / 2, centre + size / 2])

    def _look(self, canvas, centre, side, inside):
        """The crop around a proposal through a camera; with the affine from canvas to crop (SIDE px)."""
        rng = self.rng
        turn = np.deg2rad(rng.normal(0, 9))
        stretch, mirror = np.exp(rng.normal(0, 0.07)), -1 if rng.random() < 0.5 else 1
        scale = SIDE / (side * CONTEXT)
        cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
        matrix = np.array([[cos * stretch * mirror, -sin * mirror, 0], [sin * stretch, cos, 0]])
        matrix[:, 2] = SIDE / 2 - matrix[:, :2] @ centre
        pixels = min(SIDE, int(np.exp(rng.uniform(np.log(13), np.log(90)))))
        part = pixels / SIDE
        source = cv2.GaussianBlur(canvas, (0, 0), 0.42 / (scale * part)) if scale * part < 0.75 else canvas
        crop = cv2.warpAffine(source, matrix * part, (pixels, pixels), flags=cv2.INTER_LINEAR)
        if rng.random() < 0.75:
            crop = compress(blur(light(crop, rng), rng), rng)
        if pixels != SIDE:
            crop = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        return crop, matrix


def overlap(a, b) -> float:
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    both = np.clip(high - low, 0, None).prod()
    return float(both / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - both))


