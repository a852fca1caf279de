"""Pretrains the bundled model by backpropagation on synthetic solutions and writes it in Hugging Face layout."""

import math
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

import measure
import model as qwen2
import tokenizer as bpe
from problems import VALIDATION, take
from traces import LARGEST, Writer

SEED, KEEP, GO_ON = 1, 0.8, 0.48
STEPS, BATCH, PARTS, PEAK_RATE, WARM_UP = 5000, 64, 2, 4e-3, 100


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


def rate(step):
    if step < WARM_UP:
        return PEAK_RATE * (step + 1) / WARM_UP
    return PEAK_RATE * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP) / (STEPS - WARM_UP)))


def main(folder, curve):
    torch.set_num_threads(1)
    random_source = random.Random(SEED)
    writer = Writer(random_source, KEEP, GO_ON)
    tokenizer = bpe.train(["".join(writer.example()) for _ in range(5000)], LARGEST)
    model = qwen2.Qwen2(len(tokenizer.tokens))
    weights = model.initial(torch.Generator().manual_seed(SEED))
    parameters = [w.requires_grad_() for w in weights.values()]
    optimizer = torch.optim.AdamW(parameters, lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    problems = take(VALIDATION, 500)
    print(f"{sum(w.numel() for w in parameters)} parameters, {model.vocabulary} tokens", flush=True)

    source, started, seen, total = batches(writer, tokenizer), time.time(), 0, 0.0
    with curve.open("w") as log:
        log.write("step,tokens,loss\n")
        for step in range(STEPS):
            optimizer.param_groups[0]["lr"] = rate(step)
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
    folder.mkdir(parents=True, exist_ok=True)
    qwen2.save(folder, model, weights, tokenizer)
    tokenizer.save(folder, model.shape["max_position_embeddings"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
