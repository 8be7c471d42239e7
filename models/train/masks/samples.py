"""Endless training samples, balanced so that neither source nor sharpness nor damage tells the class."""

import cv2
import numpy as np
import torch

from degrade import degrade, plain_crop
from geometry import crop_square, face_of
from wear import any_mask, load_templates, occlude, put_on, transplant, wrap

WORN, NOT_WORN, IMPROPER = 0, 1, 2
CLASSES = ("worn", "not_worn", "worn_improperly")
# Faces whose mesh is less sure are shown as they are, but nothing is drawn on them.
MESH_SURE = 0.6
# Nor on those turned aside by more than this, degrees: a mask would lie on the cheek (`turn_faces.py` turns them with it).
MOST_ASIDE = 30
_COLUMNS = ("canvas", "inside", "points", "mesh", "depth", "label", "source", "person", "mesh_score")


class Faces:
    """The indexed faces of one split, of one or more tables. A person is on one side of the split only."""

    def __init__(self, paths, part, held_out=0.1):
        tables = [np.load(path) for path in paths]
        data = {key: np.concatenate([table[key] for table in tables]) for key in _COLUMNS}
        keep = np.array([(stable_hash(p) % 1000 < held_out * 1000) == (part == "held_out") for p in data["person"]])
        if part == "all":
            keep[:] = True
        self.canvas, self.inside = data["canvas"][keep], data["inside"][keep]
        self.points, self.mesh = data["points"][keep], data["mesh"][keep]
        self.label, self.source = data["label"][keep], data["source"][keep]
        self.mesh_score = data["mesh_score"][keep]
        self.square = np.float32([crop_square(face_of(mesh)[0]) for mesh in self.mesh])
        self.bare = np.flatnonzero(self.label == NOT_WORN)
        self.masked = np.flatnonzero(self.label == WORN)
        self.improper = np.flatnonzero(self.label == IMPROPER)
        sure = (self.mesh_score > MESH_SURE) & (np.abs(aside(self.mesh, data["depth"][keep])) < MOST_ASIDE)
        self.bare_sure = np.flatnonzero((self.label == NOT_WORN) & sure)
        self.masked_sure = np.flatnonzero((self.label == WORN) & sure)

    def any_canvas(self, rng):
        return self.canvas[rng.integers(len(self.canvas))]


def aside(mesh, depth):
    """How far faces are turned aside by their meshes, degrees."""
    across, back = mesh[:, 454] - mesh[:, 234], depth[:, 454] - depth[:, 234]
    return np.degrees(np.arctan2(back, np.hypot(across[:, 0], across[:, 1])))


def stable_hash(text):
    """The same number for the same text in every process (Python's own hash is salted)."""
    value = 2166136261
    for byte in str(text).encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value ^ (value >> 15)


class Recipes:
    """How a sample of each class is made. Each returns (face index for framing, canvas, target probabilities)."""

    def __init__(self, faces, templates):
        self.faces, self.templates = faces, templates

    def rendered(self, manner, rng):
        """Another face where one is too twisted for it, so that no manner is rarer than meant."""
        while True:
            face = rng.choice(self.faces.bare_sure)
            canvas = put_on(self.faces.canvas[face], self.faces.mesh[face], any_mask(self.templates, rng), manner, rng)
            if canvas is not None:
                return face, canvas

    def swapped(self, onto, from_, rng, growth):
        face, donor = rng.choice(onto), rng.choice(from_)
        f = self.faces
        return face, transplant(f.canvas[face], f.mesh[face], f.canvas[donor], f.mesh[donor], rng, growth)

    def worn(self, rng):
        kind, f = rng.random(), self.faces
        if kind < 0.42:
            face = rng.choice(f.masked)
            return face, f.canvas[face], one_hot(WORN)
        if kind < 0.75:
            return *self.rendered("proper", rng), one_hot(WORN)
        if kind < 0.95:
            return *self.swapped(f.bare_sure, f.masked_sure, rng, 1.1), one_hot(WORN)
        return *self.swapped(f.masked_sure, f.masked_sure, rng, 1.1), one_hot(WORN)

    def not_worn(self, rng):
        kind, f = rng.random(), self.faces
        if kind < 0.56:
            face = rng.choice(f.bare)
            return face, f.canvas[face], one_hot(NOT_WORN)
        if kind < 0.74:
            return *self.swapped(f.masked_sure, f.bare_sure, rng, 1.2), one_hot(NOT_WORN)
        if kind < 0.82:
            return *self.swapped(f.bare_sure, f.bare_sure, rng, 1.1), one_hot(NOT_WORN)
        face = rng.choice(f.bare_sure)
        canvas, masklike = occlude(f.canvas[face], f.mesh[face], rng)
        return face, canvas, np.float32([masklike * 0.6, 1 - masklike, masklike * 0.4])

    def worn_improperly(self, rng):
        kind, f = rng.random(), self.faces
        if kind < 0.3 and len(f.improper):
            face = rng.choice(f.improper)
            return face, f.canvas[face], one_hot(IMPROPER)
        if kind < 0.7:
            return *self.rendered("nose_out", rng), one_hot(IMPROPER)
        if kind < 0.93:
            return *self.rendered("chin", rng), one_hot(IMPROPER)
        face = rng.choice(f.bare_sure)
        canvas, over_nose = wrap(f.canvas[face], f.mesh[face], rng)
        # A scarf over nose and mouth is no mask, yet looks like one: left unsure.
        return face, canvas, np.float32([0.35, 0.0, 0.65] if over_nose else [0.05, 0.25, 0.7])

    def sample(self, rng):
        """A canvas, its face index, and its target; tries again when a face is too twisted to draw on."""
        while True:
            kind = rng.random()
            recipe = self.worn if kind < 0.42 else self.not_worn if kind < 0.82 else self.worn_improperly
            face, canvas, target = recipe(rng)
            if canvas is not None:
                return face, canvas, target


def one_hot(label):
    target = np.zeros(3, np.float32)
    target[label] = 1
    return target


def batches(faces, templates, seed, batch):
    """Endless batches of (float [B, 3, S, S] RGB −1 to 1, float [B, 3]); the same ones for the same seed."""
    recipes, rng = Recipes(faces, templates), np.random.default_rng(seed)
    while True:
        pictures, targets = [], []
        while len(pictures) < batch:
            face, canvas, target = recipes.sample(rng)
            # Drawing costs as much as damaging: each canvas is seen by two cameras.
            for _ in range(2):
                pictures.append(damaged(faces, face, canvas, rng))
                targets.append(target)
        yield to_tensor(pictures), torch.from_numpy(np.stack(targets))


def damaged(faces, face, canvas, rng):
    """The canvas of face number `face` through a camera."""
    return degrade(canvas, faces.square[face], faces.inside[face], faces.points[face], faces.any_canvas(rng), rng)


def to_tensor(pictures):
    """BGR uint8 pictures → [B, 3, S, S] RGB, −1 to 1."""
    stacked = np.stack(pictures)[..., ::-1].transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(stacked)).float() / 127.5 - 1


def fixed_sets(faces, templates, seed=7, count=200):
    """Held-out sets with one recipe each; the source-swapped ones share their faces between the classes."""
    recipes, sets = Recipes(faces, templates), {}
    rng = np.random.default_rng(seed)

    def collect(make):
        made = []
        while len(made) < count:
            face, canvas = make()
            if canvas is not None:
                made.append(damaged(faces, face, canvas, rng))
        return made

    def real(indices):
        face = rng.choice(indices)
        return face, faces.canvas[face]

    sets["real masked"] = WORN, collect(lambda: real(faces.masked))
    sets["real bare"] = NOT_WORN, collect(lambda: real(faces.bare))
    sets["bare source, mask rendered"] = WORN, collect(lambda: recipes.rendered("proper", rng))
    sets["bare source, real mask moved"] = WORN, collect(lambda: recipes.swapped(faces.bare_sure, faces.masked_sure, rng, 1.1))
    sets["masked source, bare mouth moved"] = NOT_WORN, collect(lambda: recipes.swapped(faces.masked_sure, faces.bare_sure, rng, 1.2))
    sets["nose out, rendered"] = IMPROPER, collect(lambda: recipes.rendered("nose_out", rng))
    sets["chin, rendered"] = IMPROPER, collect(lambda: recipes.rendered("chin", rng))
    return sets


__all__ = ["CLASSES", "Faces", "batches", "fixed_sets", "load_templates", "plain_crop", "to_tensor"]
