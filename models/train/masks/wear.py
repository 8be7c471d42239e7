"""Puts masks on bare faces: templates, drawn ones and real ones taken from other faces, worn in different ways.

All points are face mesh points on a canvas (see index_faces.py). Every function returns a new canvas.
"""

import configparser
from pathlib import Path

import cv2
import numpy as np

# Face mesh points from ear to chin, the left and the right side of the picture, and down the middle.
LEFT_EDGE = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152)
RIGHT_EDGE = (454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152)
MIDDLE = (6, 197, 195, 5, 4, 2, 0, 17, 200, 152)
NOSE_TIP, UNDER_NOSE, LOWER_LIP, CHIN = 4, 5, 7, 9
# Under the eyes: the upper edge of what a mask may cover.
UNDER_EYES = (234, 117, 118, 119, 6, 348, 347, 346, 454)
# Spread over the face for fitting one face to another.
ANCHORS = (234, 454, 93, 323, 58, 288, 172, 397, 150, 379, 152, 6, 197, 5, 117, 346, 205, 425)


class Template:
    """A mask with alpha and six key points: left top, bridge, right top, left bottom, chin, right bottom."""

    def __init__(self, picture, points):
        shrink = min(1, 220 / max(picture.shape[:2]))
        self.picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        self.points = np.float32(points) * shrink


def load_templates(folder):
    """Front views of MaskTheFace's templates; side views come from the warp."""
    config = configparser.ConfigParser()
    config.read(Path(folder) / "masks.cfg")
    templates = []
    for name in config.sections():
        if "template" not in config[name] or name.endswith(("_left", "_right")):
            continue
        path = Path(folder).parent / config[name]["template"].strip()
        picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if picture is None or picture.ndim < 3 or picture.shape[2] != 4:
            continue
        points = [[float(v) for v in config[name][f"mask_{k}"].split(",")] for k in "abcdef"]
        templates.append(Template(picture, points))
    if not templates:
        raise FileNotFoundError(f"no template with alpha in {folder}")
    return templates


def along(mesh, indices, position):
    """The point at `position` (fraction allowed) of a line of mesh points."""
    position = min(max(position, 0), len(indices) - 1)
    low = min(int(position), len(indices) - 2)
    part = position - low
    return mesh[indices[low]] * (1 - part) + mesh[indices[low + 1]] * part


def wear_points(mesh, manner, rng):
    """Where the six key points of a mask go when worn in this manner: proper, nose_out or chin."""
    down = mesh[152] - mesh[6]
    jitter = lambda: rng.normal(0, 0.012, 2) * np.hypot(*down)
    if manner == "proper":
        top, sides, bottoms = rng.uniform(0.0, 2.6), (0.0, 2.2), (3.0, 5.5)
        bridge, chin = along(mesh, MIDDLE, top), mesh[152] + down * rng.uniform(-0.03, 0.14)
    elif manner == "nose_out":
        sides, bottoms = (1.2, 3.6), (3.6, 6.0)
        bridge = along(mesh, MIDDLE, rng.uniform(UNDER_NOSE - 0.35, UNDER_NOSE + 0.9))
        chin = mesh[152] + down * rng.uniform(0.0, 0.3)
    else:
        sides, bottoms = (2.4, 4.5), (5.0, 7.0)
        bridge = along(mesh, MIDDLE, rng.uniform(LOWER_LIP + 0.2, CHIN - 0.1))
        chin = mesh[152] + down * rng.uniform(0.12, 0.5)
    side, bottom = rng.uniform(*sides), rng.uniform(*bottoms)
    bottom = max(bottom, side + 1.2)
    outward = rng.uniform(0.98, 1.06)
    centre = mesh[[234, 454]].mean(0)
    edge = lambda line, at: centre + (along(mesh, line, at + rng.normal(0, 0.15)) - centre) * outward
    points = [edge(LEFT_EDGE, side), bridge, edge(RIGHT_EDGE, side), edge(LEFT_EDGE, bottom), chin, edge(RIGHT_EDGE, bottom)]
    return np.float32([p + jitter() for p in points])


def warp_mask(picture, points, target, size):
    """Warps an RGBA mask onto a canvas, the left and right half each by its own perspective: follows turned heads."""
    a, b, c, d, e, f = points
    A, B, C, D, E, F = target
    out = np.zeros((size, size, 4), np.float32)
    for quad, goal, left in (((a, b, e, d), (A, B, E, D), True), ((b, c, f, e), (B, C, F, E), False)):
        if cv2.contourArea(np.float32(goal)) < 4 or not cv2.isContourConvex(np.float32(goal)):
            return None
        half = picture.copy()
        middle = int(round((b[0] + e[0]) / 2))
        if left:
            half[:, middle + 1 :] = 0
        else:
            half[:, :middle] = 0
        matrix = cv2.getPerspectiveTransform(np.float32(quad), np.float32(goal))
        warped = cv2.warpPerspective(half, matrix, (size, size), flags=cv2.INTER_AREA).astype(np.float32)
        take = warped[..., 3] > out[..., 3]
        out[take] = warped[take]
    return out


def random_colour(rng):
    """Mask colours as seen on streets: mostly white, light blue, black and grey (BGR, 0–255)."""
    kind = rng.random()
    if kind < 0.27:
        return np.full(3, rng.uniform(190, 255)) + rng.normal(0, 6, 3)
    if kind < 0.52:
        return np.array([rng.uniform(180, 240), rng.uniform(160, 215), rng.uniform(90, 180)])
    if kind < 0.72:
        return np.full(3, rng.uniform(8, 60)) + rng.normal(0, 5, 3)
    if kind < 0.82:
        return np.full(3, rng.uniform(80, 160)) + rng.normal(0, 6, 3)
    if kind < 0.88:  # near skin: the hard ones
        return np.array([rng.uniform(110, 190), rng.uniform(140, 205), rng.uniform(180, 240)])
    return rng.uniform(10, 250, 3)


def random_print(height, width, rng):
    """A fabric print as (height, width, 3) factors around 1."""
    kind = rng.integers(5)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if kind == 0:
        wave = np.sin((x * np.cos(a := rng.uniform(0, 3.2)) + y * np.sin(a)) / rng.uniform(1.5, 8))
        pattern = (wave > rng.uniform(-0.5, 0.8)).astype(np.float32)
    elif kind == 1:
        step = rng.uniform(6, 20)
        pattern = (np.hypot((x % step) - step / 2, (y % step) - step / 2) < step * rng.uniform(0.15, 0.4)).astype(np.float32)
    elif kind == 2:
        coarse = rng.random((rng.integers(3, 14), rng.integers(3, 14))).astype(np.float32)
        pattern = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    elif kind == 3:
        pattern = np.zeros((height, width), np.float32)
        centre = (int(width * rng.uniform(0.2, 0.8)), int(height * rng.uniform(0.3, 0.7)))
        cv2.circle(pattern, centre, int(rng.integers(4, 18)), 1.0, -1 if rng.random() < 0.5 else 2)
    else:
        pattern = rng.random((height, width)).astype(np.float32)
    tint = rng.uniform(0.2, 1.7, 3).astype(np.float32)
    return 1 + pattern[..., None] * (tint - 1) * rng.uniform(0.2, 1.0)


def draw_mask(rng):
    """A mask of our own: pleated, cup or cloth, with shading, wire and print. Returns a Template."""
    width, height = 150, 110
    x0, x1, x_mid = 12, width - 12, width // 2
    y_side, y_low = rng.uniform(24, 40), rng.uniform(70, 88)
    y_top, y_chin = rng.uniform(4, 14), rng.uniform(96, 106)
    cup = rng.random() < 0.45
    t = np.linspace(0, 1, 24)
    sharp = rng.uniform(0.7, 1.0) if cup else rng.uniform(1.0, 2.6)
    top = [(x0 + (x1 - x0) * u, y_side + (y_top - y_side) * (1 - abs(2 * u - 1) ** sharp)) for u in t]
    bottom_sharp = rng.uniform(1.0, 1.8) if cup else rng.uniform(1.6, 4.0)
    x_in = rng.uniform(0, 22) if cup else rng.uniform(0, 8)
    bottom = [(x1 - x_in - (x1 - x0 - 2 * x_in) * u, y_low + (y_chin - y_low) * (1 - abs(2 * u - 1) ** bottom_sharp)) for u in t]
    outline = np.int32(np.round(np.array(top + bottom) * 8))
    alpha = np.zeros((height, width), np.uint8)
    cv2.fillPoly(alpha, [outline], 255, cv2.LINE_AA, 3)
    colour = np.clip(random_colour(rng), 0, 255).astype(np.float32)
    cloth = np.ones((height, width, 3), np.float32) * colour
    if rng.random() < 0.25:
        cloth *= random_print(height, width, rng)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    shade = 1 - rng.uniform(0, 0.35) * np.abs(x / x_mid - 1) ** 2 - rng.uniform(-0.1, 0.3) * (y / height - 0.4)
    if cup and rng.random() < 0.7:
        shade -= rng.uniform(0, 0.3) * np.exp(-np.abs(x - x_mid) / rng.uniform(1.5, 5))
    elif rng.random() < 0.8:
        for pleat in np.linspace(y_side + 8, y_low, int(rng.integers(2, 5))):
            curve = pleat + rng.uniform(0, 7) * (1 - (x / x_mid - 1) ** 2)
            shade -= rng.uniform(0.03, 0.2) * np.exp(-np.abs(y - curve) / rng.uniform(0.8, 2.2))
    cloth *= shade[..., None]
    if rng.random() < 0.4:  # edge binding
        cv2.polylines(cloth, [outline], True, (colour * rng.uniform(0.5, 1.15)).tolist(), int(rng.integers(1, 4)), cv2.LINE_AA, 3)
    if cup and rng.random() < 0.12:  # valve
        cv2.circle(cloth, (int(x_mid + rng.uniform(15, 40)), int(rng.uniform(55, 75))), int(rng.integers(6, 12)), (colour * rng.uniform(0.6, 1.1)).tolist(), -1, cv2.LINE_AA)
    picture = np.dstack([np.clip(cloth, 0, 255), alpha]).astype(np.uint8)
    return Template(picture, [(x0, y_side), (x_mid, y_top), (x1, y_side), (x0 + x_in, y_low), (x_mid, y_chin), (x1 - x_in, y_low)])


def recolour(template, rng):
    """A template in another colour, sometimes printed."""
    picture = template.picture.astype(np.float32)
    opaque = picture[..., 3] > 128
    grey = picture[..., :3].mean(2, keepdims=True)
    level = max(30.0, float(grey[opaque].mean()))
    picture[..., :3] = grey / level * random_colour(rng)
    if rng.random() < 0.25:
        picture[..., :3] *= random_print(*picture.shape[:2], rng)
    recoloured = Template.__new__(Template)
    recoloured.picture, recoloured.points = np.clip(picture, 0, 255).astype(np.uint8), template.points
    return recoloured


def any_mask(templates, rng):
    """A drawn one, or a template, mostly in another colour."""
    kind = rng.random()
    if kind < 0.55:
        return draw_mask(rng)
    template = templates[rng.integers(len(templates))]
    return template if kind < 0.7 else recolour(template, rng)


def put_on(canvas, mesh, template, manner, rng):
    """A face wearing `template` in this manner; None when the mesh is too twisted for it."""
    size = canvas.shape[0]
    target = wear_points(mesh, manner, rng)
    warped = warp_mask(template.picture, template.points, target, size)
    if warped is None:
        return None
    alpha = cv2.GaussianBlur(warped[..., 3] / 255, (0, 0), rng.uniform(0.3, 0.9))[..., None]
    face = canvas.astype(np.float32)
    cloth = warped[..., :3]
    light = cv2.GaussianBlur(cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), size / 14)
    inside = alpha[..., 0] > 0.5
    if inside.sum() < 30:
        return None
    level = float(light[inside].mean()) + 1
    # The light that fell on the skin falls on the cloth.
    cloth = cloth * ((light / level)[..., None] ** rng.uniform(0, 0.9)) * (min(level, 170) / 150) ** rng.uniform(0, 0.9)
    if rng.random() < 0.5:  # contact shadow
        shadow = cv2.GaussianBlur(alpha[..., 0], (0, 0), rng.uniform(2, 4))[..., None]
        face = face * (1 - rng.uniform(0.05, 0.3) * shadow)
    if manner != "chin" or rng.random() < 0.5:
        face = draw_loops(face, mesh, target, rng)
    if rng.random() < 0.03:
        alpha = alpha * rng.uniform(0.75, 0.95)
    return np.clip(face * (1 - alpha) + cloth * alpha, 0, 255).astype(np.uint8)


def draw_loops(face, mesh, target, rng):
    if rng.random() < 0.3:
        return face
    face = face.copy()
    colour = (random_colour(rng) if rng.random() < 0.3 else np.full(3, rng.choice([20.0, 230.0]))).tolist()
    for ear, start, end in ((mesh[234], target[0], target[3]), (mesh[454], target[2], target[5])):
        away = ear + (ear - mesh[[234, 454]].mean(0)) * rng.uniform(0.0, 0.15)
        for point in (start, end):
            cv2.line(face, tuple(int(v) for v in point), tuple(int(v) for v in away), colour, 1, cv2.LINE_AA)
    return face


def lower_face(mesh, size, growth):
    """Coverage (0–1) of the face below the eyes, grown from its middle."""
    outline = np.concatenate([mesh[list(UNDER_EYES)], mesh[list(RIGHT_EDGE[1:])], mesh[list(LEFT_EDGE[-2:0:-1])]])
    middle = outline.mean(0)
    grown = middle + (outline - middle) * growth
    top = len(UNDER_EYES)
    grown[:top] = outline[:top] + (grown[:top] - outline[:top]) * 0.3
    cover = np.zeros((size, size), np.uint8)
    cv2.fillPoly(cover, [np.int32(np.round(grown * 8))], 255, cv2.LINE_AA, 3)
    return cover.astype(np.float32) / 255


def transplant(canvas, mesh, donor, donor_mesh, rng, growth):
    """`canvas` with the lower face of `donor`, mask or mouth and all: real cloth on another source's picture."""
    size = canvas.shape[0]
    anchors = list(ANCHORS)
    matrix, _ = cv2.findHomography(np.float32(donor_mesh[anchors]), np.float32(mesh[anchors]), 0)
    if matrix is None:
        return None
    moved = cv2.warpPerspective(donor, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    cover = cv2.warpPerspective(lower_face(donor_mesh, size, growth), matrix, (size, size))
    cover = np.maximum(cover, lower_face(mesh, size, 1.0))
    if cover.sum() < 100 or not np.isfinite(moved).all():
        return None
    moved = match_skin(moved, canvas, mesh, size, rng)
    cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.6, 2.5))[..., None]
    return np.clip(canvas * (1 - cover) + moved * cover, 0, 255).astype(np.uint8)


def match_skin(moved, canvas, mesh, size, rng):
    """Shifts the donor's light to the receiver's, read from the skin between the brows and under the eyes."""
    skin = np.zeros((size, size), np.uint8)
    for k in (9, 118, 347, 6):
        cv2.circle(skin, tuple(int(v) for v in mesh[k]), 4, 1, -1)
    if not skin.any():
        return moved
    there, here = canvas[skin > 0].mean(0).astype(np.float32), moved[skin > 0].mean(0)
    gain = np.clip((there + 8) / (here + 8), 0.45, 2.2)
    return moved * gain ** rng.uniform(0.5, 1.0)


def occlude(canvas, mesh, rng):
    """Something that is not a mask before the mouth: a hand, a phone, a cup, a patch. Returns canvas and how masklike it is (0–1)."""
    out = canvas.astype(np.float32)
    size = canvas.shape[0]
    wide = np.hypot(*(mesh[454] - mesh[234]))
    centre = along(mesh, MIDDLE, rng.uniform(5, 8.5)) + rng.normal(0, 0.12, 2) * wide
    cover = np.zeros((size, size), np.uint8)
    kind = rng.random()
    if kind < 0.55:  # hand: fingers of the face's own skin colour
        at = clip_point(mesh[9 if rng.random() < 0.5 else 118], size)
        skin = canvas[max(0, at[1] - 3) : at[1] + 4, max(0, at[0] - 3) : at[0] + 4].reshape(-1, 3).mean(0) * rng.uniform(0.75, 1.2)
        angle = rng.uniform(0, np.pi)
        direction, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        shades = np.ones((size, size), np.float32)
        for finger in range(int(rng.integers(1, 6))):
            start = centre + across * (finger - 2) * wide * 0.11 + direction * wide * rng.uniform(-0.4, -0.2)
            end = start + direction * wide * rng.uniform(0.4, 1.0)
            thickness = max(2, int(wide * rng.uniform(0.09, 0.14)))
            ends = tuple(int(v) for v in start), tuple(int(v) for v in end)
            cv2.line(shades, *ends, float(rng.uniform(0.6, 0.85)), thickness + 2, cv2.LINE_AA)
            cv2.line(shades, *ends, float(rng.uniform(0.9, 1.1)), thickness, cv2.LINE_AA)
            cv2.line(cover, *ends, 255, thickness + 1, cv2.LINE_AA)
        patch, masklike = skin * shades[..., None], 0.0
    else:
        colour = random_colour(rng)
        half = wide * rng.uniform(0.12, 0.4, 2)
        if kind < 0.8:
            cv2.ellipse(cover, clip_point(centre, size), tuple(int(v) for v in half), rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
        else:
            corners = cv2.boxPoints((tuple(float(v) for v in centre), tuple(float(v) for v in half * 2), float(rng.uniform(0, 90))))
            cv2.fillPoly(cover, [np.int32(corners * 8)], 255, cv2.LINE_AA, 3)
        patch = np.ones_like(out) * colour
        masklike = float(np.clip((half.min() / wide - 0.15) * 2.0, 0, 0.5))
    alpha = cv2.GaussianBlur(cover.astype(np.float32) / 255, (0, 0), rng.uniform(0.4, 1.5))[..., None]
    return np.clip(out * (1 - alpha) + patch * alpha, 0, 255).astype(np.uint8), masklike


def wrap(canvas, mesh, rng):
    """A scarf or gaiter over mouth and neck, sometimes the nose too."""
    size = canvas.shape[0]
    over_nose = rng.random() < 0.5
    top = along(mesh, MIDDLE, rng.uniform(1, 3.5) if over_nose else rng.uniform(UNDER_NOSE, LOWER_LIP + 1.5))
    left, right = along(mesh, LEFT_EDGE, rng.uniform(0.5, 4)), along(mesh, RIGHT_EDGE, rng.uniform(0.5, 4))
    outward = (right - left) * rng.uniform(0.02, 0.25)
    outline = np.array([left - outward, top, right + outward, right + outward * 2 + (0, size), left - outward * 2 + (0, size)])
    cover = np.zeros((size, size), np.uint8)
    cv2.fillPoly(cover, [np.int32(np.round(outline * 8))], 255, cv2.LINE_AA, 3)
    cloth = np.ones((size, size, 3), np.float32) * random_colour(rng)
    cloth *= random_print(size, size, rng)
    folds = np.sin(np.mgrid[0:size, 0:size][0] / rng.uniform(2, 9) + rng.uniform(0, 6)) * rng.uniform(0, 0.2)
    cloth *= (1 - folds)[..., None]
    alpha = cv2.GaussianBlur(cover.astype(np.float32) / 255, (0, 0), rng.uniform(0.5, 1.5))[..., None]
    return np.clip(canvas * (1 - alpha) + cloth * alpha, 0, 255).astype(np.uint8), over_nose


def clip_point(point, size):
    return tuple(int(min(max(v, 0), size - 1)) for v in point)
