"""Teaches a copy of the face embedding to tell people apart by the upper half of the face; resumes from RUN/checkpoint.pt.

    python train.py --run RUN --from ../../face-embedding/model.onnx --bare bare.npz --masked masked.npz --templates MASKTHEFACE/masks

A masked face is covered below the eyes, and so is the bare face it is compared with: what differs between the two by the
mask is gone. The copy sees the covered face and learns to say what the original says of the whole one. The first layers,
which see edges and colours, stay as they are.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
import training
from embedder import Embedder
from upper_faces import Faces, batches, cover, damage, load_templates, masked_face, to_tensor

#: Layers at 56×56 pixels: half of the arithmetic, nothing to learn.
_FIXED_LAYERS = 12
#: Scale and margin of the cosines in the choice among faces [CosFace, Wang 2018].
_SCALE, _MARGIN = 20.0, 0.15
#: Faces of earlier batches that are among them.
_EARLIER = 1024
#: Faces that the original finds this alike may be the same person's.
_DOUBTFUL = 0.7


def main() -> None:
    options = _options()
    device = training.prepare(options)
    original = Embedder(options.source).to(device, memory_format=torch.channels_last).eval()
    model = Embedder(options.source)
    if options.init:
        model.load_state_dict(torch.load(options.init, map_location="cpu", weights_only=True))
    for layer in model.layers[:_FIXED_LAYERS]:
        layer.requires_grad_(False)
    model = model.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=options.rate, weight_decay=0.01)
    held_out = HeldOut(options, original, device)

    earlier = torch.zeros(0, 192, device=device)

    def step(batch):
        nonlocal earlier
        covered, whole = (part.to(device).contiguous(memory_format=torch.channels_last) for part in batch)
        with torch.no_grad():
            targets = F.normalize(original(whole))
        embedded = F.normalize(model(covered))
        likeness = (1 - (embedded * targets).sum(1)).mean()
        known = torch.cat([targets, earlier])
        cosines = embedded @ known.T - _MARGIN * torch.eye(len(embedded), len(known), device=device)
        # Who is that alike may be the same person.
        doubtful = (targets @ known.T > _DOUBTFUL) & ~torch.eye(len(embedded), len(known), dtype=torch.bool, device=device)
        choice = F.cross_entropy(cosines.masked_fill(doubtful, -1e4) * _SCALE, torch.arange(len(embedded), device=device))
        earlier = known[:_EARLIER]
        return 2 * likeness + 0.5 * choice, [likeness.item(), choice.item()]

    training.train(options, training.Training(model, optimizer, _stream, step, held_out.scores), device)


@torch.no_grad()
def embed(network, crops, device) -> torch.Tensor:
    """Unit length; BGR aligned faces, each with its mirror image."""
    network.eval()
    plain = to_tensor(crops)
    return torch.cat([F.normalize(network(chunk.to(device)) + network(chunk.flip(3).to(device))) for chunk in plain.split(64)])


class HeldOut:
    """Persons never trained on: each of their named faces bare, and once masked, both covered."""

    def __init__(self, options, original, device):
        faces, rng = Faces(options.bare, options.masked, "held_out"), np.random.default_rng(7)
        templates = load_templates(options.templates)
        numbers, self.bare, self.masked = [], [], []
        for face in np.flatnonzero(faces.is_named):
            crop = masked_face(faces, templates, face, rng)
            if crop is not None:
                numbers.append(face)
                self.bare.append(cover(faces.aligned(face)))
                self.masked.append(cover(damage(crop, rng) if rng.random() < 0.5 else crop))
        self.whole = embed(original, [faces.aligned(k) for k in numbers], device)
        person = torch.from_numpy(faces.person[numbers])
        self.same = person[:, None] == person[None]
        self.other = ~self.same
        self.same.fill_diagonal_(False)
        self.device = device

    def scores(self, network) -> dict[str, str]:
        bare, masked = (embed(network, crops, self.device) for crops in (self.bare, self.masked))
        return {
            "masked with bare": self._matches(masked @ bare.T),
            "masked with masked": self._matches(masked @ masked.T),
            "the original, whole faces": self._matches(self.whole @ self.whole.T),
        }

    def _matches(self, cosines) -> str:
        """True matches at 1 % and 0.1 % false ones."""
        cosines = cosines.cpu()
        return ", ".join(
            f"{100 * (cosines[self.same] > torch.quantile(cosines[self.other], 1 - share)).float().mean():.1f} %" for share in (0.01, 0.001)
        )


def _options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    training.add_options(parser, samples=150_000, rate=5e-4, every=6_400)
    parser.add_argument("--from", dest="source", type=Path, required=True, help="the converted original")
    for name in ("bare", "masked", "templates"):
        parser.add_argument(f"--{name}", required=True)
    parser.set_defaults(batch=64)
    return parser.parse_args()


def _stream(options, seed: int, progress):
    yield from batches(Faces(options.bare, options.masked, "train"), load_templates(options.templates), seed, options.batch)


if __name__ == "__main__":
    main()
