"""Endless pairs of aligned faces: one whole and bare, one of the same person, often masked, covered below the eyes."""

import sys
from pathlib import Path

import cv2
import numpy as np
import torch

sys.path.append(str(Path(__file__).parent.parent / "masks"))
from degrade import blur, compress, light
from geometry import face_of
from samples import MESH_SURE, NOT_WORN, WORN, stable_hash
from wear import draw_mask, load_templates, put_on, recolour, transplant

#: `arcFaceTemplate` of edge/perceive/align.ts.
TEMPLATE = np.float32([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
SIDE = 112
#: From this row down, softened over `_SOFT` rows, both networks' makers see one colour: `coverLowerFace` of edge/perceive/align.ts.
COVER_FROM, _SOFT, _COVER = 64, 4, np.float32([104, 117, 140])
#: How far the points of a masked face are off, pixels of the aligned face: the eyes, then what the mask hides.
_SEEN, _HIDDEN = 0.9, 2.2
#: Persons not trained on.
_HELD_OUT = 0.2


class Faces:
    """Bare faces of one part with their persons, and the masked ones whose masks are moved onto them. A face without a
    named person is a person of its own."""

    def __init__(self, bare: str, masked: str, part: str):
        data = np.load(bare)
        kept = (data["mesh_score"] > MESH_SURE) & (data["label"] == NOT_WORN) & (data["source"] == "chandrika")
        held_out = np.array([stable_hash(person) % 1000 < _HELD_OUT * 1000 for person in data["person"]])
        kept &= held_out == (part == "held_out")
        self.canvas, self.mesh = data["canvas"][kept], data["mesh"][kept]
        names = data["person"][kept]
        is_named = np.array([name.split("/")[1].isalpha() for name in names])
        self.is_named = is_named
        self.person = np.unique(np.where(is_named, names, [f"{k}" for k in range(len(names))]), return_inverse=True)[1]
        others = np.load(masked)
        worn = (others["mesh_score"] > MESH_SURE) & (others["label"] == WORN)
        self.masks, self.mask_meshes = others["canvas"][worn], others["mesh"][worn]

    def aligned(self, face: int, rng=None) -> np.ndarray:
        """With `rng` as well aligned as a bare face is at a gate."""
        points = face_of(self.mesh[face])[1]
        return align(self.canvas[face], _moved(points, np.full(5, _SEEN), rng) if rng is not None else points)


def align(canvas: np.ndarray, points: np.ndarray) -> np.ndarray:
    """As `alignFace` of edge/perceive/align.ts: least squares [Umeyama 1991]."""
    centre, goal = points.mean(0), TEMPLATE.mean(0)
    x, y = points - centre, TEMPLATE - goal
    spread = (x**2).sum()
    cosine, sine = (x * y).sum() / spread, (x[:, 0] * y[:, 1] - x[:, 1] * y[:, 0]).sum() / spread
    turn = np.array([[cosine, -sine], [sine, cosine]])
    matrix = np.hstack([turn, (goal - turn @ centre)[:, None]])
    scale = float(np.hypot(cosine, sine))
    if scale < 0.75:
        canvas = cv2.GaussianBlur(canvas, (0, 0), 0.42 / scale)
    return cv2.warpAffine(canvas, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)


def _moved(points: np.ndarray, off: np.ndarray, rng) -> np.ndarray:
    """Points that are `off` by so many pixels of the aligned face."""
    apart = float(np.hypot(*(points[1] - points[0]))) / 35
    return (points + rng.normal(0, 1, (5, 2)) * off[:, None] * apart).astype(np.float32)


def masked_face(faces: Faces, templates, face: int, rng) -> np.ndarray | None:
    """Face number `face`, masked, aligned as well as masked faces are; None when it is too twisted to draw on."""
    canvas, mesh = faces.canvas[face], faces.mesh[face]
    kind = rng.random()
    if kind < 0.55:
        template = draw_mask(rng) if rng.random() < 0.6 else templates[rng.integers(len(templates))]
        canvas = put_on(canvas, mesh, recolour(template, rng) if rng.random() < 0.4 else template, "proper", rng)
    elif kind < 0.8:
        donor = rng.integers(len(faces.masks))
        canvas = transplant(canvas, mesh, faces.masks[donor], faces.mask_meshes[donor], rng, 1.1)
    if canvas is None:
        return None
    off = np.array([_SEEN, _SEEN, _HIDDEN, _HIDDEN, _HIDDEN])
    crop = align(canvas, _moved(face_of(mesh)[1], off, rng))
    return flat_mask(crop, rng) if kind >= 0.8 else crop


def flat_mask(crop: np.ndarray, rng) -> np.ndarray:
    """A polygon of one colour from the bridge of the nose downwards, as simple renderers paint it."""
    bridge, ear = rng.uniform(52, 68), rng.uniform(56, 74)
    wide, jaw = rng.uniform(36, 48), rng.uniform(84, 100)
    x = lambda part: 56 + part * wide + rng.normal(0, 1.5)
    outline = [(56, bridge), (x(0.4), bridge + rng.uniform(0, 6)), (x(1), ear), (x(0.9), jaw), (x(0.5), rng.uniform(103, 116)),
               (x(-0.5), rng.uniform(103, 116)), (x(-0.9), jaw), (x(-1), ear), (x(-0.4), bridge + rng.uniform(0, 6))]
    if rng.random() < 0.2:
        outline = [(-1, bridge), (SIDE, bridge), (SIDE, SIDE), (-1, SIDE)]
    cover = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(cover, [np.int32(np.round(np.array(outline) * 8))], 255, cv2.LINE_AA, 3)
    cloth = np.ones((SIDE, SIDE, 3), np.float32) * rng.uniform(10, 250, 3 if rng.random() < 0.5 else 1)
    y, across = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    shade = 1 - rng.uniform(0, 0.15) * np.abs(np.sin(y / rng.uniform(2, 6))) - rng.uniform(0, 0.3) * (np.abs(across - 56) / 56) ** 2
    alpha = (cover.astype(np.float32) / 255)[..., None]
    return np.clip(crop * (1 - alpha) + cloth * shade[..., None] * alpha, 0, 255).astype(np.uint8)


def damage(crop: np.ndarray, rng) -> np.ndarray:
    """Distance, light, blur, noise and compression, each on some."""
    if rng.random() < 0.5:
        crop = crop[:, ::-1]
    crop = np.ascontiguousarray(crop)
    if rng.random() < 0.4:
        side = int(np.exp(rng.uniform(np.log(36), np.log(SIDE))))
        crop = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    out = crop.astype(np.float32)
    if rng.random() < 0.5:
        out = light(out, rng)
    if rng.random() < 0.4:
        out = blur(out, rng)
    out = compress(out, rng) if rng.random() < 0.4 else np.clip(out, 0, 255).astype(np.uint8)
    return cv2.resize(out, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) if out.shape[0] != SIDE else out


def cover(crop: np.ndarray) -> np.ndarray:
    """The face without nose, mouth and chin, or the mask over them: what is left can be compared."""
    share = np.clip((np.arange(SIDE) + 0.5 - COVER_FROM) / _SOFT + 0.5, 0, 1)[:, None, None]
    return np.clip(crop * (1 - share) + _COVER * share + 0.5, 0, 255).astype(np.uint8)


def somebody(faces: Faces, templates, rng) -> tuple[np.ndarray, np.ndarray]:
    """A whole bare face and the same one as it may be met, not yet covered. Most are of nobody: two faces laid over each
    other and bent, of which there are millions, so that what is learnt is not these few hundred people."""
    face = int(rng.integers(len(faces.person)))
    if rng.random() < 0.3:
        met = masked_face(faces, templates, face, rng)
        if met is not None:
            return faces.aligned(face), met
    whole = faces.aligned(face, rng)
    if rng.random() < 0.7:
        other = faces.aligned(int(rng.integers(len(faces.person))), rng)
        other = other[:, ::-1] if rng.random() < 0.5 else other
        share = rng.uniform(0.15, 0.85)
        whole = np.clip(whole * share + other.astype(np.float32) * (1 - share), 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        whole = bent(whole, rng)
    return whole, flat_mask(whole, rng) if rng.random() < 0.5 else whole


def bent(crop: np.ndarray, rng) -> np.ndarray:
    """Another shape of face: every place moved a little, neighbours alike."""
    move = cv2.resize(rng.normal(0, rng.uniform(0.5, 2.5), (5, 5, 2)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    return cv2.remap(crop, x + move[..., 0], y + move[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def batches(faces: Faces, templates, seed: int, batch: int):
    """Endless batches of two float [B, 3, 112, 112]: covered faces as a camera sees them, and the same ones whole."""
    rng = np.random.default_rng(seed)
    while True:
        pairs = [somebody(faces, templates, rng) for _ in range(batch)]
        yield to_tensor([cover(damage(met, rng)) for _, met in pairs]), to_tensor([whole for whole, _ in pairs])


def to_tensor(pictures) -> torch.Tensor:
    """BGR uint8 pictures → [B, 3, 112, 112] RGB, (value − 127.5) / 128."""
    stacked = np.stack(pictures)[..., ::-1].transpose(0, 3, 1, 2)
    return (torch.from_numpy(np.ascontiguousarray(stacked)).float() - 127.5) / 128


__all__ = ["Faces", "align", "batches", "cover", "damage", "load_templates", "masked_face", "to_tensor"]
