"""The plate detector: a small fully convolutional network that gives, for every cell of 8×8 pixels, whether a plate's
centre lies there and where its four corners are. No anchors [CenterNet, Zhou 2019; FCOS, Tian 2019]."""

import torch
from torch import nn
from torch.nn import functional as F

STRIDE = 8
#: Corner offsets come in units of this many input pixels.
UNIT = 16.0


class Layer(nn.Sequential):
    """3×3 convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.convolution = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(x + self.norm(self.convolution(x)))


class PlateDetector(nn.Module):
    """Input [batch, 3, height, width], RGB 0 … 1, sides multiples of 32.

    Gives per cell [batch, 10, height / 8, width / 8]: the logit of a plate's centre, eight corner offsets from the
    cell's centre in UNITs (x, y clockwise from the top left), and the logit of two rows."""

    def __init__(self, widths=(16, 32, 64, 96, 128), neck: int = 64):
        super().__init__()
        a, b, c, d, e = widths
        self.to_8 = nn.Sequential(Layer(3, a, 2), Layer(a, b, 2), Layer(b, c, 2), Residual(c), Residual(c))
        self.to_16 = nn.Sequential(Layer(c, d, 2), Residual(d), Residual(d))
        self.to_32 = nn.Sequential(Layer(d, e, 2), Residual(e))
        self.from_32, self.from_16, self.from_8 = (nn.Conv2d(n, neck, 1) for n in (e, d, c))
        self.merge_16, self.merge_8 = Layer(neck, neck), Layer(neck, neck)
        self.head = nn.Conv2d(neck, 10, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        with torch.no_grad():
            self.head.bias[0] = -4.0
            self.head.bias[1:9] = torch.tensor([-1.5, -0.5, 1.5, -0.5, 1.5, 0.5, -1.5, 0.5])

    def forward(self, x):
        eighth = self.to_8(x)
        sixteenth = self.to_16(eighth)
        top = self.from_32(self.to_32(sixteenth))
        middle = self.merge_16(self.from_16(sixteenth) + F.interpolate(top, scale_factor=2.0, mode="nearest"))
        return self.head(self.merge_8(self.from_8(eighth) + F.interpolate(middle, scale_factor=2.0, mode="nearest")))


def cell_centres(height: int, width: int, device=None) -> torch.Tensor:
    """Input pixels of the cells' centres, [2, rows, columns] (x, y)."""
    y = (torch.arange(height // STRIDE, device=device) + 0.5) * STRIDE
    x = (torch.arange(width // STRIDE, device=device) + 0.5) * STRIDE
    return torch.stack([x[None, :].expand(len(y), -1), y[:, None].expand(-1, len(x))]).float()


def corners_of(output: torch.Tensor) -> torch.Tensor:
    """Corners in input pixels, [batch, 4, 2, rows, columns]."""
    batch, _, rows, columns = output.shape
    offsets = output[:, 1:9].reshape(batch, 4, 2, rows, columns) * UNIT
    return offsets + cell_centres(rows * STRIDE, columns * STRIDE, output.device)


def decode(output: torch.Tensor, threshold: float = 0.3) -> list[list[tuple[float, torch.Tensor, float]]]:
    """Per picture the plates: score, corners [4, 2], probability of two rows; overlapping cells are averaged by score."""
    scores, corners, rows = output[:, 0].sigmoid(), corners_of(output), output[:, 9].sigmoid()
    pictures = []
    for score, quad, two in zip(scores, corners, rows):
        cells = (score > threshold).nonzero()
        order = score[cells[:, 0], cells[:, 1]].argsort(descending=True)
        groups: list[list[tuple[float, torch.Tensor, float]]] = []
        for r, c in cells[order].tolist():
            entry = (score[r, c].item(), quad[:, :, r, c], two[r, c].item())
            home = next((g for g in groups if _overlap(g[0][1], entry[1]) > 0.4), None)
            if home is None:
                groups.append([entry])
            else:
                home.append(entry)
        found = []
        for group in groups:
            near = [entry for entry in group if entry[0] > 0.6 * group[0][0]]
            weights = torch.tensor([entry[0] for entry in near])
            mean = (torch.stack([entry[1] for entry in near]) * weights[:, None, None]).sum(0) / weights.sum()
            found.append((group[0][0], mean, group[0][2]))
        pictures.append(found)
    return pictures


def _overlap(a: torch.Tensor, b: torch.Tensor) -> float:
    low, high = torch.maximum(a.amin(0), b.amin(0)), torch.minimum(a.amax(0), b.amax(0))
    both = (high - low).clamp(min=0).prod()
    return (both / ((a.amax(0) - a.amin(0)).prod() + (b.amax(0) - b.amin(0)).prod() - both).clamp(min=1e-6)).item()
