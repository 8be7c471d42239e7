"""What every export does once its ONNX file is written: compare its numbers, time it, say which file it is."""

import hashlib
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch


def fingerprint(path: Path) -> dict:
    """The part of a manifest that says which file it describes."""
    content = path.read_bytes()
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def compare(model, path: Path, example: torch.Tensor, most: float = 1e-4) -> None:
    """Ends the export if one output of the file differs from the network's by more than `most`."""
    session = _one_thread(path)
    with torch.inference_mode():
        expected = model(example)
    expected = expected if isinstance(expected, tuple) else (expected,)
    got = session.run(None, {session.get_inputs()[0].name: example.numpy()})
    difference = max(float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, got))
    print(f"ONNX against PyTorch, {len(example)} in a batch: largest difference {difference:.2e}; {path.stat().st_size} bytes")
    if difference > most:
        raise SystemExit("the exported graph does not give what the network gives")


def milliseconds(path: Path, example: torch.Tensor) -> float:
    """The median time of one run on one thread."""
    session = _one_thread(path)
    feed = {session.get_inputs()[0].name: example.numpy()}
    times = []
    for _ in range(200):
        started = time.perf_counter()
        session.run(None, feed)
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times))


def _one_thread(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
