"""Turns indexed faces aside, up and down: the public pictures look into the camera, people at a gate do not.

    python turn_faces.py --faces faces.npz --templates MASKTHEFACE/masks --out turned.npz [--sheet sheet.jpg]

Every face with a sure mesh gets more views, as other indexed faces of the same person; a bare one also with a mask drawn on
before it turns, worn and worn improperly, since a mask drawn on a face seen from the side lies on the cheek. The picture is
laid over the mesh's depths, a mask over the straight line from nose to chin, hair over a rounded head behind it, and seen from elsewhere
[Zhu 2016, "Face alignment across large poses"].
"""

import argparse

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from geometry import face_of
from samples import IMPROPER, MESH_SURE, NOT_WORN, WORN, aside
from wear import any_mask, load_templates, put_on

#: Face mesh points around the face, clockwise from the forehead.
_OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
_LEFT, _RIGHT, _NOSE_TIP, _CHIN = 234, 454, 4, 152
#: The head behind the face's edge: how much wider than the face, and how much deeper than its edge, in widths of the face.
_RINGS = ((1.12, 0.1), (1.28, 0.3), (1.42, 0.55))
#: So far behind the edge of the face lies the axis of turning, in widths of the face.
_AXIS = 0.2
#: Splats per pixel and direction.
_FINE = 3
#: Degrees: turns drawn, and the most that a face shall be turned in the end.
_LEAST_ASIDE, _MOST_ASIDE, _MOST_DOWN = 20, 70, 25


def main() -> None:
    options = _options()
    indexed, rng = np.load(options.faces), np.random.default_rng(options.seed)
    data = {key: indexed[key] for key in indexed.files}
    templates = load_templates(options.templates)
    rows = {key: [] for key in data}
    for face in np.flatnonzero(data["mesh_score"] > MESH_SURE):
        flat = np.column_stack([data["mesh"][face], data["depth"][face]])
        for canvas, label in _dressed(data, face, templates, rng):
            mesh = _with_mask(flat) if label == WORN else flat
            canvas, inside, seen = turn(canvas, data["inside"][face], mesh, _rotation(mesh, rng))
            eyes_and_more = data["points"][face].copy()
            eyes_and_more[:2] = face_of(seen[:, :2])[1][:2]
            changed = {"canvas": canvas, "inside": inside, "mesh": seen[:, :2], "depth": seen[:, 2], "points": eyes_and_more, "label": label}
            for key in rows:
                rows[key].append(changed.get(key, data[key][face]))
    np.savez(options.out, **{key: np.array(values, dtype=data[key].dtype) for key, values in rows.items()})
    print(len(rows["canvas"]), "views")
    if options.sheet:
        _sheet(rows, rng, options.sheet)


def _options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--templates", required=True)
    parser.add_argument("--sheet", help="a picture of some of them")
    parser.add_argument("--seed", type=int, default=20261123)
    return parser.parse_args()


def _dressed(data, face, templates, rng):
    """The face as it is; a bare one with masks too. Canvas and label each."""
    canvas, mesh = data["canvas"][face], data["mesh"][face]
    yield canvas, data["label"][face]
    if data["label"][face] != NOT_WORN:
        return
    for label, manner in ((WORN, "proper"), (IMPROPER, "nose_out" if rng.random() < 0.65 else "chin")):
        masked = put_on(canvas, mesh, any_mask(templates, rng), manner, rng)
        if masked is not None:
            yield masked, label


def _with_mask(mesh):
    """Depths with a mask worn: from the nose's tip straight down to the chin, and from there back to the ears."""
    out = mesh.copy()
    width = float(np.linalg.norm(mesh[_RIGHT] - mesh[_LEFT]))
    tip, chin = mesh[_NOSE_TIP], mesh[_CHIN]
    down = (mesh[:, 1] - tip[1]) / max(1.0, chin[1] - tip[1])
    middle = tip[2] + (chin[2] - tip[2]) * np.clip(down, 0, 1) - 0.05 * width
    beside = np.abs(mesh[:, 0] - (tip[0] + (chin[0] - tip[0]) * np.clip(down, 0, 1))) / (0.5 * width)
    edge = (mesh[_LEFT, 2] + mesh[_RIGHT, 2]) / 2
    cloth = middle + (edge - middle) * np.clip(beside, 0, 1) ** 2
    under = (down > -0.35) & (down < 1.1)
    out[under, 2] = np.minimum(mesh[under, 2], cloth[under])
    return out


def _rotation(mesh, rng):
    """A 3×3 rotation that turns this face further aside, as often to either side as it allows, and up or down."""
    already = aside(mesh[None, :, :2], mesh[None, :, 2])[0]
    side = np.sign(already) if abs(already) > 12 else rng.choice((-1.0, 1.0))
    further = side * min(rng.uniform(_LEAST_ASIDE, _MOST_ASIDE), _MOST_ASIDE - abs(already) * (side == np.sign(already)))
    down = np.clip(rng.normal(0, 12), -_MOST_DOWN, _MOST_DOWN)
    a, d = np.radians(further), np.radians(down)
    about_y = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(d), -np.sin(d)], [0, np.sin(d), np.cos(d)]])
    return about_x @ about_y


def turn(canvas, inside, mesh, rotation):
    """Canvas [S, S, 3], its pixels inside the picture, and mesh [468, 3], as seen after `rotation` of the head."""
    size = canvas.shape[0]
    width = float(np.linalg.norm(mesh[_RIGHT] - mesh[_LEFT]))
    centre = (mesh[_LEFT] + mesh[_RIGHT]) / 2 + (0, 0, _AXIS * width)
    depth, held = _relief(mesh, width, size)
    fine = (np.mgrid[0 : size * _FINE, 0 : size * _FINE].astype(np.float32) + 0.5) / _FINE - 0.5
    y, x = fine
    wide = lambda plane: cv2.resize(plane, (size * _FINE, size * _FINE), interpolation=cv2.INTER_LINEAR)
    depth, held = wide(depth), wide(held)
    points = np.stack([x, y, depth], -1) - centre.astype(np.float32)
    moved = points + held[..., None] * (points @ rotation.T.astype(np.float32) - points) + centre.astype(np.float32)
    order = np.argsort(-moved[..., 2].ravel(), kind="stable")  # the nearest last
    column, row = (np.round(moved[..., k].ravel()[order]).astype(int) for k in (0, 1))
    shown = (column >= 0) & (column < size) & (row >= 0) & (row < size)
    at = row[shown] * size + column[shown]
    known, out, within = np.zeros(size * size, bool), np.zeros((size * size, 3), np.uint8), np.zeros(size * size, np.uint8)
    known[at] = True
    out[at] = cv2.resize(canvas, (size * _FINE, size * _FINE), interpolation=cv2.INTER_LINEAR).reshape(-1, 3)[order][shown]
    within[at] = cv2.resize(inside, (size * _FINE, size * _FINE), interpolation=cv2.INTER_NEAREST).ravel()[order][shown]
    out, within = _fill(out.reshape(canvas.shape), known.reshape(size, size)), within.reshape(size, size)
    seen = (mesh - centre) @ rotation.T + centre
    return out, cv2.morphologyEx(within, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), seen.astype(np.float32)


def _relief(mesh, width, size):
    """Depth of every pixel, and how much it turns with the head: face and hair wholly, throat half, the canvas's edge not."""
    middle = mesh[list(_OVAL), :2].mean(0)
    nodes, turns = [mesh], [np.ones(len(mesh))]
    for wider, deeper in _RINGS:
        ring = mesh[list(_OVAL)].copy()
        ring[:, :2] = middle + (ring[:, :2] - middle) * wider
        ring[:, 2] += deeper * width
        nodes.append(ring)
        below = np.clip((ring[:, 1] - mesh[_CHIN, 1]) / (0.3 * width) + 0.3, 0, 1)
        turns.append(1 - 0.6 * below)
    behind = float(nodes[-1][:, 2].max())
    edge = np.linspace(-0.2 * size, 1.2 * size, 9)
    border = np.array([(x, y, behind) for x in edge for y in edge if x in (edge[0], edge[-1]) or y in (edge[0], edge[-1])])
    nodes, turns = np.concatenate([*nodes, border]), np.concatenate([*turns, np.zeros(len(border))])
    spread = LinearNDInterpolator(nodes[:, :2], np.column_stack([nodes[:, 2], turns]), fill_value=0)
    y, x = np.mgrid[0:size, 0:size]
    values = spread(np.stack([x, y], -1).astype(float)).astype(np.float32)
    return cv2.GaussianBlur(values[..., 0], (0, 0), 1.0), cv2.GaussianBlur(values[..., 1], (0, 0), 2.0)


def _fill(picture, known):
    """What was hidden takes the colours around it."""
    out = picture.astype(np.float32)
    for spread in (0.7, 1.5, 4, 12):
        weight = cv2.GaussianBlur(known.astype(np.float32), (0, 0), spread)
        around = cv2.GaussianBlur(out * known[..., None], (0, 0), spread) / np.maximum(weight, 1e-6)[..., None]
        now = ~known & (weight > 0.05)
        out[now] = around[now]
        known = known | now
    return np.clip(out, 0, 255).astype(np.uint8)


def _sheet(rows, rng, path):
    """Sixty of them."""
    tiles = [rows["canvas"][k] for k in rng.choice(len(rows["canvas"]), 60)]
    cv2.imwrite(path, np.vstack([np.hstack(tiles[k : k + 10]) for k in range(0, 60, 10)]))


if __name__ == "__main__":
    main()
