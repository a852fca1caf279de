"""Accuracy, format and latent skill of a model folder on the test split."""

import math
import re
import sys
from pathlib import Path

import torch

import model as qwen2
import tokenizer as bpe
from problems import TEST, take
from traces import prompt

NEW_TOKENS = 80
_WHOLE = re.compile(r"(?s)<think>.*?</think>\n<answer>(.*?)</answer>\n?\Z")


def encode(tokenizer, problems):
    return torch.tensor([tokenizer.encode(prompt(*p)) for p in problems])


def texts(tokenizer, out):
    return [tokenizer.decode([i for i in row if i >= 0]) for row in out.tolist()]


def score(problem, text):
    """(correct, form kept). The answers of this model need no more than Python's own integers and one division."""
    numbers, target = problem
    whole = _WHOLE.match("<think>" + text)
    answers = re.findall(r"(?s)<answer>(.*?)</answer>", text)
    correct = False
    if answers and re.fullmatch(r"[0-9+\-*/() ]+", answers[-1]) and "**" not in answers[-1]:
        if sorted(map(int, re.findall("[0-9]+", answers[-1]))) == sorted(numbers):
            try:
                correct = abs(eval(answers[-1], {"__builtins__": {}}) - target) < 1e-5
            except (SyntaxError, TypeError, ZeroDivisionError):
                pass
    return correct, whole is not None


def interval(share, n):
    return 1.96 * math.sqrt(share * (1 - share) / n)


def greedy(model, weights, tokenizer, problems):
    """(accuracy, whole form, attempts an answer, tokens an answer) and the responses."""
    stops = [tokenizer.encode(" </answer>")[0], tokenizer.end]
    out = model.generate(weights, encode(tokenizer, problems), NEW_TOKENS, stops)
    answers = texts(tokenizer, out)
    scores = [score(p, a) for p, a in zip(problems, answers)]
    n = len(problems)
    tried = sum(a.split("</think>")[0].count(",") + 1 for a in answers)
    return (sum(c for c, _ in scores) / n, sum(f for _, f in scores) / n, tried / n, (out >= 0).sum().item() / n), answers


def odds_of_going_on(model, weights, tokenizer, problems, answers):
    """For the k-th miss that greedy decoding writes: the mean probability of going on, its share of all, their number."""
    no, comma, close = (tokenizer.encode(t)[0] for t in (" no", ",", "</think>\n"))
    found = {}
    for p, a in zip(problems, answers):
        ids = tokenizer.encode(prompt(*p)) + tokenizer.encode(a)
        with torch.no_grad():
            chances = model.forward(weights, torch.tensor([ids]))[0].softmax(-1)
        for k, i in enumerate(i for i, t in enumerate(ids) if t == no):
            found.setdefault(k, []).append((chances[i, comma].item(), chances[i, close].item()))
    return {k: (sum(a for a, _ in v) / len(v), sum(a > b for a, b in v) / len(v), len(v)) for k, v in found.items()}


def forced(model, weights, tokenizer, problems):
    """Greedy accuracy when giving up is not allowed: the skill that is there and not shown."""
    no, comma = (tokenizer.encode(t)[0] for t in (" no", ","))
    stops = [tokenizer.encode(" </answer>")[0], tokenizer.end]
    cache, ids, position, out = [None] * model.shape["num_hidden_layers"], encode(tokenizer, problems), 0, []
    done = torch.zeros(len(problems), dtype=torch.bool)
    for _ in range(NEW_TOKENS):
        with torch.no_grad():
            logits = model.forward(weights, ids, cache, position)[:, -1]
        position += ids.shape[1]
        token = torch.where(ids[:, -1] == no, torch.tensor(comma), logits.argmax(-1))
        out.append(token.masked_fill(done, -1))
        for stop in stops:
            done |= token == stop
        ids = token[:, None]
    answers = texts(tokenizer, torch.stack(out, -1))
    return sum(score(p, a)[0] for p, a in zip(problems, answers)) / len(problems)


def sampled(model, weights, tokenizer, problems, samples):
    """pass@1 and pass@k at temperature 1."""
    stops = [tokenizer.encode(" </answer>")[0], tokenizer.end]
    generator = torch.Generator().manual_seed(1)
    once, any_of = 0, [False] * len(problems)
    for _ in range(samples):
        out = model.generate(weights, encode(tokenizer, problems), NEW_TOKENS, stops, 1.0, generator)
        right = [score(p, a)[0] for p, a in zip(problems, texts(tokenizer, out))]
        once += sum(right)
        any_of = [a or b for a, b in zip(any_of, right)]
    return once / samples / len(problems), sum(any_of) / len(problems)


def report(model, weights, tokenizer, count=1000, split=TEST):
    problems = take(split, count)
    (accuracy, form, tried, tokens), answers = greedy(model, weights, tokenizer, problems)
    lines = [f"greedy accuracy {accuracy:.3f} ± {interval(accuracy, count):.3f} (95 %, n = {count}), whole form {form:.3f}, "
             f"{tried:.2f} attempts and {tokens:.1f} tokens an answer"]
    for k, (chance, goes, n) in odds_of_going_on(model, weights, tokenizer, problems, answers).items():
        lines.append(f"after miss {k + 1}: mean chance of going on {chance:.3f}, greedy goes on in {goes:.3f} (n = {n})")
    lines.append(f"greedy accuracy with giving up forbidden {forced(model, weights, tokenizer, problems):.3f}")
    one, eight = sampled(model, weights, tokenizer, problems, 8)
    lines.append(f"sampled at temperature 1: pass@1 {one:.3f}, pass@8 {eight:.3f}")
    return "\n".join(lines), list(zip(problems, answers))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    text, examples = report(*qwen2.load(folder), bpe.load(folder))
    print(text)
    for p, a in examples[:8]:
        print(repr(prompt(*p)), repr(a))
