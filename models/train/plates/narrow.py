"""Makes a narrow recogniser out of a wide one: of every layer the channels that matter most stay, and each layer is fitted
anew to give what the wide one gave [He 2017, channel pruning]. What is lost comes back by training with the wide one as
the teacher (`train_recogniser.py --teacher`).

    python narrow.py --wide WIDE.pt --crops TABLE.tsv --out NARROW.pt
"""

import argparse

import torch
from torch import nn
from torch.nn import functional as F

from svtr import NARROW, PlateRecogniser, Squeeze, from_weights
from train_recogniser import read_table, to_tensor

_PLATES = 384
_POSITIONS = 24_000
_RIDGE = 1e-4


@torch.no_grad()
def narrow(wide: PlateRecogniser, widths: tuple[int, ...], pictures: torch.Tensor) -> PlateRecogniser:
    """`pictures` [n, 3, 48, 160] as the network takes them: what the layers are fitted on."""
    small = PlateRecogniser(widths)
    small.stem.load_state_dict(wide.stem.state_dict())
    seen_wide = seen_small = wide.stem(pictures)
    blocks = list(zip(_blocks(wide), _blocks(small)))
    kept, scale, shift = torch.arange(seen_wide.shape[1]), 1.0, 0.0
    for index, (old, new) in enumerate(blocks):
        weight = old["depth"].weight
        new["depth"].weight.copy_(weight[kept] * scale)
        new["depth"].bias.copy_(old["depth"].bias[kept] + shift * weight[kept].sum((1, 2, 3)))
        inner_wide = old["after_depth"](old["depth"](seen_wide))
        inner_small = F.hardswish(new["depth"](seen_small))
        if old["squeeze"]:
            _narrow_squeeze(old["squeeze"], new["squeeze"], kept, old["after_depth"])
            inner_wide, inner_small = old["squeeze"](inner_wide), new["squeeze"](inner_small)
        wanted = old["point"](inner_wide)
        seen_wide = old["after_point"](wanted)
        following = blocks[index + 1][0] if index + 1 < len(blocks) else None
        kept = _most_useful(_use(seen_wide, following, wide), new["point"].out_channels)
        _fit(new["point"], inner_small, wanted[:, kept])
        seen_small = F.hardswish(new["point"](inner_small))
        scale, shift = old["after_point"].scale.item(), old["after_point"].shift.item()
        error = F.mse_loss(scale * seen_small + shift, seen_wide[:, kept]) / seen_wide[:, kept].var()
        print(f"block {index}: {seen_wide.shape[1]} → {len(kept)} channels, unexplained {100 * error:.1f} %", flush=True)
    _narrow_neck(wide, small, seen_wide, seen_small, kept, scale, shift)
    return small


def _blocks(network: PlateRecogniser) -> list[dict]:
    blocks, layers = [], iter(network.body)
    for depth in layers:
        after_depth, third = next(layers), next(layers)
        squeeze = third if isinstance(third, Squeeze) else None
        blocks.append({"depth": depth, "after_depth": after_depth, "squeeze": squeeze, "point": next(layers) if squeeze else third, "after_point": next(layers)})
    return blocks


def _use(seen: torch.Tensor, following: dict | None, wide: PlateRecogniser) -> torch.Tensor:
    """How much of what the next layers give comes from each channel."""
    if following:
        inner = following["after_depth"](following["depth"](seen))
        return inner.std((0, 2, 3)) * following["point"].weight.flatten(1).norm(dim=0)
    strength = wide.reduce_1.weight.pow(2).sum((0, 2, 3)) + wide.merge_1.weight[:, : seen.shape[1]].pow(2).sum((0, 2, 3))
    return seen.std((0, 2, 3)) * strength.sqrt()


def _most_useful(use: torch.Tensor, count: int) -> torch.Tensor:
    return use.topk(count).indices.sort().values


def _narrow_squeeze(old: Squeeze, new: Squeeze, kept: torch.Tensor, before) -> None:
    inner = _most_useful(old.down.weight.flatten(1).norm(dim=1) * old.up.weight.flatten(1).norm(dim=0), new.down.out_channels)
    down = old.down.weight[inner]
    new.down.weight.copy_(down[:, kept] * before.scale)
    new.down.bias.copy_(old.down.bias[inner] + down.sum((1, 2, 3)) * before.shift)
    new.up.weight.copy_(old.up.weight[kept][:, inner])
    new.up.bias.copy_(old.up.bias[kept])


def _narrow_neck(wide, small, seen_wide, seen_small, kept, scale: float, shift: float) -> None:
    seen_wide, seen_small = F.avg_pool2d(seen_wide, (3, 2)), F.avg_pool2d(seen_small, (3, 2))
    _fit(small.reduce_1, seen_small, wide.reduce_1(seen_wide))
    for name in ("reduce_2", "mixing", "norm", "merge_2", "characters"):
        getattr(small, name).load_state_dict(getattr(wide, name).state_dict())

    def mixed(network, seen):
        y = F.silu(network.reduce_2(F.silu(network.reduce_1(seen))))
        return network.norm(network.mixing(y.squeeze(2).transpose(1, 2))).transpose(1, 2).unsqueeze(2)

    small.widen.weight.copy_(wide.widen.weight[kept])
    small.widen.bias.copy_(wide.widen.bias[kept])
    y_wide, y_small = F.silu(wide.widen(mixed(wide, seen_wide))), F.silu(small.widen(mixed(small, seen_small)))
    _fit(small.merge_1, torch.cat([seen_small, y_small], 1), wide.merge_1(torch.cat([seen_wide, y_wide], 1)))
    small.colour.weight.copy_(wide.colour.weight[:, kept] * scale)
    small.colour.bias.copy_(wide.colour.bias + wide.colour.weight.sum(1) * shift)


def _fit(layer: nn.Conv2d, given: torch.Tensor, wanted: torch.Tensor) -> None:
    """Least squares, a little damped, over positions drawn at random."""
    kernel = layer.kernel_size
    columns = F.unfold(given, kernel, padding=layer.padding).transpose(1, 2).flatten(0, 1)
    rows = wanted.flatten(2).transpose(1, 2).flatten(0, 1)
    pick = torch.randperm(len(columns))[:_POSITIONS]
    a, b = columns[pick].double(), rows[pick].double()
    mean_a, mean_b = a.mean(0), b.mean(0)
    a, b = a - mean_a, b - mean_b
    square = a.T @ a
    square += torch.eye(len(square), dtype=torch.double) * _RIDGE * square.diagonal().mean()
    weight = torch.linalg.solve(square, a.T @ b).T
    layer.weight.copy_(weight.reshape(layer.weight.shape))
    layer.bias.copy_(mean_b - weight @ mean_a)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("wide", "crops", "out"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    torch.manual_seed(20261122)
    crops = read_table(options.crops)
    pick = torch.randperm(len(crops))[:_PLATES].tolist()
    pictures = to_tensor([crops[k][0] for k in pick])
    torch.save(narrow(from_weights(options.wide).eval(), NARROW, pictures).state_dict(), options.out)


if __name__ == "__main__":
    main()
