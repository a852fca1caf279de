"""Pretrains the bundled model by backpropagation on synthetic solutions and writes it in Hugging Face layout.

    python3 pretrain.py first FOLDER [SIZE]  from scratch, a solver of even temper; SIZE is bundled, small or large
    python3 pretrain.py second FOLDER FROM   goes on from the first stage's folder, with a solver that tires
"""

import math
import random
import sys
import time
from collections import namedtuple
from pathlib import Path

import torch
import torch.nn.functional as F

import measure
import model as qwen2
import tokenizer as bpe
from problems import VALIDATION, take
from traces import LARGEST, Writer

Stage = namedtuple("Stage", "seed keep go_on tiring steps peak_rate warm_up")
STAGES = {
    "first": Stage(seed=1, keep=0.8, go_on=0.48, tiring=1.0, steps=5000, peak_rate=4e-3, warm_up=100),
    "second": Stage(seed=2, keep=0.8, go_on=0.48, tiring=0.85, steps=1500, peak_rate=1.5e-3, warm_up=100),
}
BATCH, PARTS = 64, 2


def batches(writer, tokenizer):
    """Endless batches, each in parts of like length, so that padding is rare and a batch still is a fair draw.

    A part is (ids, labels): the loss is on the response and the end token only; -100 marks what is not learned.
    """
    while True:
        examples = [tuple(tokenizer.encode(t) for t in writer.example()) for _ in range(BATCH)]
        examples.sort(key=lambda e: len(e[1]))
        yield [tensors(examples[i:i + BATCH // PARTS], tokenizer.end) for i in range(0, BATCH, BATCH // PARTS)]


def tensors(examples, end):
    length = max(len(before) + len(after) for before, after in examples) + 1
    ids = [(before + after + [end] * length)[:length] for before, after in examples]
    labels = [([-100] * len(before) + after + [end] + [-100] * length)[:length] for before, after in examples]
    return torch.tensor(ids), torch.tensor(labels)


def rate(stage, step):
    """Up in a straight line, then down along half a cosine to 0."""
    if step < stage.warm_up:
        return stage.peak_rate * (step + 1) / stage.warm_up
    return stage.peak_rate * 0.5 * (1 + math.cos(math.pi * (step - stage.warm_up) / (stage.steps - stage.warm_up)))


def start(stage, writer, origin, size):
    if origin:
        return *qwen2.load(origin), bpe.load(origin)
    tokenizer = bpe.train(["".join(writer.example()) for _ in range(5000)], LARGEST)
    model = qwen2.Qwen2(len(tokenizer.tokens), qwen2.SIZES[size])
    return model, model.initial(torch.Generator().manual_seed(stage.seed)), tokenizer


def main(stage, folder, origin=None, size="bundled"):
    torch.set_num_threads(1)
    writer = Writer(random.Random(stage.seed), stage.keep, stage.go_on, stage.tiring)
    model, weights, tokenizer = start(stage, writer, origin, size)
    parameters = [w.requires_grad_() for w in weights.values()]
    optimizer = torch.optim.AdamW(parameters, lr=stage.peak_rate, betas=(0.9, 0.98), weight_decay=0.01)
    problems = take(VALIDATION, 500)
    print(f"{sum(w.numel() for w in parameters)} parameters, {model.vocabulary} tokens", flush=True)

    folder.mkdir(parents=True, exist_ok=True)
    source, started, seen, total = batches(writer, tokenizer), time.time(), 0, 0.0
    with (folder / "loss.csv").open("w") as log:
        log.write("step,tokens,loss\n")
        for step in range(stage.steps):
            optimizer.param_groups[0]["lr"] = rate(stage, step)
            optimizer.zero_grad(set_to_none=True)
            parts = next(source)
            learned = sum((labels != -100).sum().item() for _, labels in parts)
            for ids, labels in parts:
                logits = model.forward(weights, ids[:, :-1])
                loss = F.cross_entropy(logits.flatten(0, 1), labels[:, 1:].flatten(), reduction="sum") / learned
                loss.backward()
                seen, total = seen + ids.numel(), total + loss.item()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            if (step + 1) % 100 == 0:
                log.write(f"{step + 1},{seen},{total / 100:.4f}\n")
                log.flush()
                total = 0.0
            if (step + 1) % 500 == 0:
                (accuracy, form, tried, _), _ = measure.greedy(model, weights, tokenizer, problems)
                latent = measure.forced(model, weights, tokenizer, problems)
                print(f"step {step + 1}: {time.time() - started:.0f} s, greedy {accuracy:.3f}, form {form:.3f}, "
                      f"attempts {tried:.2f}, giving up forbidden {latent:.3f}", flush=True)
    qwen2.save(folder, model, weights, tokenizer)
    tokenizer.save(folder, model.shape["max_position_embeddings"])


if __name__ == "__main__":
    name, folder, *rest = sys.argv[1:]
    if name == "first":
        main(STAGES[name], Path(folder), size=rest[0] if rest else "bundled")
    else:
        main(STAGES[name], Path(folder), Path(rest[0]))
