"""What both training programs share: makers of batches in processes of their own, the learning rate, a running average of
the weights, checkpoints and the log."""

import argparse
import copy
import json
import math
import multiprocessing
import os
import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

#: Samples until the full learning rate, and the share of it that is left at the end.
_WARM_UP = 6000
_LEAST_RATE = 0.02
#: How much of the running average stays at each step, once it has seen enough.
_MOST_KEPT = 0.999


@dataclass
class Training:
    """`stream(options, seed, progress)` gives batches for ever, in another process; their first part is a tensor with one
    row per sample. `step(batch)` gives the loss and its parts for the log. `validate(network)` scores the running average.
    A parameter group's `scale` is a factor of the learning rate."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    stream: Callable[[argparse.Namespace, int, Callable[[], float]], Iterator[tuple]]
    step: Callable[[tuple], tuple[torch.Tensor, list[float]]]
    validate: Callable[[nn.Module], dict[str, str]]


def add_options(parser: argparse.ArgumentParser, samples: int, rate: float, every: int) -> None:
    parser.add_argument("--run", required=True, help="folder of the checkpoint, the weights and the log")
    parser.add_argument("--init", help="weights to start from")
    parser.add_argument("--validation", nargs="*", default=[], metavar="NAME=PATH")
    parser.add_argument("--samples", type=int, default=samples)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--every", type=int, default=every, help="samples between validations")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--makers", type=int, default=1, help="processes that make samples")
    parser.add_argument("--seed", type=int, default=20261121)


def prepare(options) -> str:
    """Seeds, threads and the run's folder; gives the device."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    os.makedirs(options.run, exist_ok=True)
    return "cuda" if torch.cuda.is_available() else "cpu"


def named(pairs: list[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in pairs)


def train(options, training: Training, device: str) -> None:
    """Trains up to `--samples`; resumes from RUN/checkpoint.pt when it is there."""
    model, optimizer = training.model, training.optimizer
    average = copy.deepcopy(model)
    checkpoint = os.path.join(options.run, "checkpoint.pt")
    done = _resume(checkpoint, model, average, optimizer, device)
    rates = [options.rate * group.get("scale", 1.0) for group in optimizer.param_groups]
    processes = multiprocessing.get_context("spawn")
    progress = processes.Value("d", done / options.samples)
    batches = processes.Queue(6)
    for k in range(options.makers):
        arguments = (training.stream, options, options.seed + 7919 * k + done, progress, batches)
        processes.Process(target=_make, args=arguments, daemon=True).start()
    with open(os.path.join(options.run, "train.log"), "a", encoding="utf-8") as log:
        if done == 0:
            _report(log, {"done": 0, **training.validate(average)})
        started, since, losses = time.time(), done, []
        while done < options.samples:
            batch = batches.get()
            model.train()
            share = _schedule(done / options.samples, done)
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * share
            loss, parts = training.step(batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 3.0)
            optimizer.step()
            losses.append(parts)
            before, done = done, done + len(batch[0])
            _average(average, model, min(_MOST_KEPT, 1 - 1 / (1 + done / options.batch / 3)))
            progress.value = done / options.samples
            if done // options.every != before // options.every or done >= options.samples:
                speed = (done - since) / (time.time() - started)
                line = {"done": done, "loss": np.mean(losses, 0).round(4).tolist(), "rate": round(rates[0] * share, 7), "per_second": round(speed, 1)}
                _report(log, {**line, **training.validate(average)})
                losses = []
                state = {"model": model.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(), "done": done}
                torch.save(state, checkpoint + ".new")
                os.replace(checkpoint + ".new", checkpoint)
                torch.save(average.state_dict(), os.path.join(options.run, "average.pt"))


def _resume(checkpoint: str, model, average, optimizer, device: str) -> int:
    if not os.path.exists(checkpoint):
        return 0
    state = torch.load(checkpoint, map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    average.load_state_dict(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    return state["done"]


def _schedule(progress: float, done: int) -> float:
    """Warm-up, then half a cosine."""
    return min(1.0, (done + 1) / _WARM_UP) * (_LEAST_RATE + (1 - _LEAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


@torch.no_grad()
def _average(average: nn.Module, model: nn.Module, kept: float) -> None:
    for old, new in zip(average.state_dict().values(), model.state_dict().values()):
        if old.dtype.is_floating_point:
            old.lerp_(new, 1 - kept)


def _make(stream, options, seed: int, progress, batches) -> None:
    import cv2

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    for batch in stream(options, seed, lambda: progress.value):
        while not _put(batches, batch):
            if os.getppid() == 1:  # the trainer was killed
                return


def _put(batches, batch) -> bool:
    try:
        batches.put(batch, timeout=20)
        return True
    except queue.Full:
        return False


def _report(log, line: dict) -> None:
    line["time"] = time.strftime("%H:%M:%S")
    print(json.dumps(line, ensure_ascii=False), flush=True)
    log.write(json.dumps(line, ensure_ascii=False) + "\n")
    log.flush()
