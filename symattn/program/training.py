"""A small attention layer that learns: the tasks, the layer, and how it is trained.

The attention in it, forward and backward, and the gradient of the cross-entropy are generated from
claims; written here are only the linear maps round it and the steps of the training.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symattn.program.arraycode import callable_of
from symattn.program.claims_of import code_of
from symattn.program.sequences import program

Array = Any
Parameters = dict[str, Array]


@dataclass(frozen=True)
class Batch:
    """Sequences: what asks (batch, t, f), what is read (batch, l, g), what is right.

    answers : classes (batch, t, answers) or numbers (batch, t, outputs), where `asked` is True.
    places : what is to be read, (batch, t, l).
    """

    asks: Array
    reads: Array
    answers: Array
    asked: Array
    places: Array


@dataclass(frozen=True)
class Task:
    """What a layer learns: how sequences are drawn, of which length, and what counts as right.

    classes : of one answer; 0 for answers that are numbers.
    answers : how many answers, or numbers, one asker wants.
    masked : whether an asker reads only what came before.
    ceiling : the share of right answers that can be reached, by the number of heads.
    """

    name: str
    title: str
    text: str
    draw: Callable[[np.random.Generator, int, int], Batch]
    classes: int
    answers: int
    masked: bool
    trained: int
    tried: tuple[int, ...]
    ceiling: Mapping[int, float]
    heads: tuple[int, ...] = (1, 2)
    steps: int = 700


def one_hot(index: Array, size: int) -> Array:
    """Return unit vectors, shape (..., size)."""
    return np.eye(size)[index]


SYMBOLS, VALUES = 40, 8


def draw_look_up(rng: np.random.Generator, batch: int, length: int, wanted: int = 1) -> Batch:
    """Pairs of a key and a value; asked for the values of `wanted` of the keys, in their order."""
    keys = rng.permuted(np.tile(np.arange(SYMBOLS), (batch, 1)), axis=1)[:, :length]
    values = rng.integers(VALUES, size=(batch, length))
    chosen = rng.permuted(np.tile(np.arange(length), (batch, 1)), axis=1)[:, :wanted]
    named = np.take_along_axis(keys, chosen, 1)
    asks = one_hot(named, SYMBOLS).reshape(batch, 1, -1)
    reads = np.concatenate([one_hot(keys, SYMBOLS), one_hot(values, VALUES)], axis=-1)
    answers = np.take_along_axis(values, chosen, 1)[:, None, :]
    places = one_hot(chosen, length).sum(1, keepdims=True) > 0
    return Batch(asks, reads, answers, np.ones((batch, 1), dtype=bool), places)


def draw_two(rng: np.random.Generator, batch: int, length: int) -> Batch:
    """The values of two keys, each at its own place."""
    return draw_look_up(rng, batch, length, 2)


def draw_copy(rng: np.random.Generator, batch: int, length: int) -> Batch:
    """Distinct symbols, and then the same again: the next symbol is asked for in the second half.

    A place reads its own symbol and the one before it.
    """
    once = rng.permuted(np.tile(np.arange(SYMBOLS), (batch, 1)), axis=1)[:, :length]
    tokens = np.concatenate([once, once], axis=1)
    before = np.concatenate(
        [np.zeros((batch, 1, SYMBOLS)), one_hot(tokens[:, :-1], SYMBOLS)], axis=1
    )
    shown = np.concatenate([one_hot(tokens, SYMBOLS), before], axis=-1)
    following = np.concatenate([tokens[:, 1:], tokens[:, :1]], axis=1)
    asked = np.tile(
        (np.arange(2 * length) >= length) & (np.arange(2 * length) < 2 * length - 1), (batch, 1)
    )
    places = asked[:, :, None] & (
        np.arange(2 * length) == np.arange(2 * length)[:, None] - length + 1
    )
    return Batch(shown, shown, following[..., None], asked, places)


def draw_average(rng: np.random.Generator, batch: int, length: int) -> Batch:
    """Vectors, some of them marked: the mean of those is asked for."""
    marked = rng.permuted(np.tile(np.arange(length) < 3, (batch, 1)), axis=1)
    vectors = rng.uniform(-1, 1, size=(batch, length, 4))
    mean = (vectors * marked[..., None]).sum(1, keepdims=True) / 3
    reads = np.concatenate([marked[..., None], vectors], axis=-1)
    asked = np.ones((batch, 1), dtype=bool)
    return Batch(np.ones((batch, 1, 1)), reads, mean, asked, marked[:, None, :])


TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task("look-up", "Look up by key",
             "Pairs of a symbol and a value; asked is the value of one symbol.",
             draw_look_up, VALUES, 1, False, 8, (8, 32), {1: 1.0, 2: 1.0}),
        Task("copy", "Copy, under the causal mask",
             "A sequence and then the same again; asked is the next symbol, in the second half.",
             draw_copy, SYMBOLS, 1, True, 8, (8, 24), {1: 1.0, 2: 1.0}, steps=900),
        Task("average", "Average",
             "Vectors, three of them marked; asked is their mean, to a tenth of the range in each entry.",
             draw_average, 0, 4, False, 8, (8, 32), {1: 1.0, 2: 1.0}),
        Task("two", "Look up two keys",
             "Asked are the values of two symbols, each at its place. One head gives one mean, which "
             "does not say which value is whose: who guesses the order is right in 9 of 16. In (d) "
             "two subspaces say it, and here two heads do.",
             draw_two, VALUES, 2, False, 8, (8, 32), {1: 9 / 16, 2: 1.0}, steps=900),
    )
}  # fmt: skip
"""The tasks by name."""

WIDTH = 48


class Layer:
    """One attention layer of several heads, with linear maps before and behind it."""

    def __init__(self, task: Task, heads: int, seed: int) -> None:
        rng = np.random.default_rng([seed, heads])
        batch = task.draw(rng, 1, task.trained)
        out = task.answers * (task.classes or 1)
        sizes = {
            "query": (batch.asks.shape[-1], WIDTH * heads),
            "key": (batch.reads.shape[-1], WIDTH * heads),
            "value": (batch.reads.shape[-1], WIDTH * heads),
            "out": (WIDTH * heads, out),
        }
        self.task, self.heads = task, heads
        self.maps: Parameters = {
            name: rng.normal(size=size) / np.sqrt(size[0] if name == "out" else WIDTH)
            for name, size in sizes.items()
        }
        self.beta = WIDTH**-0.5
        self.entropy = callable_of(code_of("softmax/q1c/gradient"))

    def split(self, x: Array) -> Array:
        """(batch, l, heads * width) to (batch, heads, l, width)."""
        return x.reshape(*x.shape[:2], self.heads, WIDTH).swapaxes(1, 2)

    def joined(self, x: Array) -> Array:
        """(batch, heads, l, width) to (batch, l, heads * width)."""
        return x.swapaxes(1, 2).reshape(x.shape[0], x.shape[2], -1)

    def forward(self, batch: Batch) -> tuple[Array, tuple[Array, ...]]:
        """Return the outputs (batch, t, outputs), and what the backward pass needs."""
        q = self.split(batch.asks @ self.maps["query"])
        k = self.split(batch.reads @ self.maps["key"])
        v = self.split(batch.reads @ self.maps["value"])
        run = program()
        if self.task.masked:
            c, alpha = run["forward_causal"](q, k, v, self.beta, 0)
        else:
            c, alpha = run["forward"](q, k, v, self.beta)
        return self.joined(c) @ self.maps["out"], (q, k, v, c, alpha)

    def answered(self, batch: Batch) -> tuple[Array, Array]:
        """Return the gradient of the loss by the outputs, and which askers are answered right."""
        found, held = self.forward(batch)
        asked = batch.asked[..., None, None]
        if self.task.classes:
            logits = found.reshape(*found.shape[:2], self.task.answers, self.task.classes)
            wanted = one_hot(batch.answers, self.task.classes)
            by = {"y": wanted, "z": logits}
            slope = (self.entropy(**by) * asked).reshape(found.shape)
            right = (logits.argmax(-1) == batch.answers).all(-1)
        else:
            slope = found - batch.answers
            right = (np.abs(slope) < 0.2).all(-1)
        self.held = held
        return slope / batch.asked.sum(), right[batch.asked]

    def slopes(self, batch: Batch) -> Parameters:
        """Return the gradients of all maps, through the generated backward pass."""
        slope, _ = self.answered(batch)
        q, k, v, c, alpha = self.held
        flat = self.joined(c)
        g = self.split(slope @ self.maps["out"].T)
        dq, dk, dv = program()["backward"](g, q, k, v, c, alpha, self.beta)
        return {
            "query": _outer(batch.asks, self.joined(dq)),
            "key": _outer(batch.reads, self.joined(dk)),
            "value": _outer(batch.reads, self.joined(dv)),
            "out": _outer(flat, slope),
        }


def _outer(x: Array, y: Array) -> Array:
    return x.reshape(-1, x.shape[-1]).T @ y.reshape(-1, y.shape[-1])


def train(layer: Layer, seed: int, rate: float = 0.02, batch: int = 64) -> None:
    """Train by Adam (Kingma and Ba, 2015), with a rate that falls to zero."""
    task = layer.task
    rng = np.random.default_rng([seed, layer.heads, 1])
    mean = {name: np.zeros_like(x) for name, x in layer.maps.items()}
    square = {name: np.zeros_like(x) for name, x in layer.maps.items()}
    for step in range(1, task.steps + 1):
        slopes = layer.slopes(task.draw(rng, batch, task.trained))
        now = rate * (1 - (step - 1) / task.steps)
        for name, slope in slopes.items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.999 * square[name] + 0.001 * slope**2
            size = np.sqrt(square[name] / (1 - 0.999**step)) + 1e-8
            layer.maps[name] -= now * mean[name] / (1 - 0.9**step) / size


@dataclass(frozen=True)
class Learned:
    """A trained layer: the share of right answers on held-out sequences of each length, and its maps.

    maps : the weights of each head on held-out sequences, shape (heads, rows, l): a row for each
        asker of one sequence, or for each of several sequences with one asker.
    places : what is to be read, shape (rows, l).
    """

    task: Task
    heads: int
    right: Mapping[int, float]
    maps: Array
    places: Array

    @property
    def ceiling(self) -> float:
        return self.task.ceiling[self.heads]

    @property
    def agrees(self) -> bool:
        """Whether the ceiling is reached at every length; below it, that it is not passed either."""
        if self.ceiling == 1.0:
            return all(share >= 0.99 for share in self.right.values())
        return all(share <= self.ceiling for share in self.right.values())


def learn(task: Task, heads: int, seed: int) -> Learned:
    """Train a layer and try it on held-out sequences, longer ones among them."""
    layer = Layer(task, heads, seed)
    train(layer, seed)
    rng = np.random.default_rng([seed, heads, 2])
    right = {
        length: float(layer.answered(task.draw(rng, 500, length))[1].mean())
        for length in task.tried
    }
    shown = task.draw(rng, 1 if task.masked else 6, task.trained)
    _, (*_, alpha) = layer.forward(shown)
    maps = alpha[0] if task.masked else np.swapaxes(alpha[:, :, 0], 0, 1)
    places = shown.places[0] if task.masked else shown.places[:, 0]
    return Learned(task, heads, right, maps, places)
