"""Countdown problems as the product makes them: Philox stream, buckets of number multisets, solver."""

MASK32, MASK64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
TRAIN, VALIDATION, TEST = 0, 1, 2
BUCKETS = {TRAIN: (2, 3, 4), VALIDATION: (1,), TEST: (0,)}
PRETRAINING = (5, 6, 7, 8, 9)
NUMBERS, TARGETS = (1, 30), (1, 99)


def bucket(numbers):
    """FNV-1a 64 of the sorted numbers joined with commas, halves folded, modulo 10."""
    value = 0xCBF29CE484222325
    for byte in ",".join(map(str, sorted(numbers))).encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK64
    return (value ^ (value >> 32)) % 10


def philox(c0, c1, c2, c3, k0, k1):
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK32, (p0 >> 32) ^ c3 ^ k1, p0 & MASK32
        k0, k1 = (k0 + 0x9E3779B9) & MASK32, (k1 + 0xBB67AE85) & MASK32
    return c0, c1, c2, c3


def results(x, y):
    """What + - * / make of two numbers, as (value, first, sign, second), exact and not negative."""
    high, low = max(x, y), min(x, y)
    found = [(x + y, x, "+", y), (high - low, high, "-", low), (x * y, x, "*", y)]
    if low > 0 and high % low == 0:
        found.append((high // low, high, "/", low))
    return found


def solvable(numbers, target):
    """With three numbers, an integer target never needs a fraction in between, except as (x * y) / z."""
    for i in range(3):
        z, (x, y) = numbers[i], [numbers[j] for j in range(3) if j != i]
        for u, *_ in results(x, y):
            if target in (z + u, z - u, u - z, z * u) or u == target * z or (u and z == target * u):
                return True
    return False


def stream(split, seed=0):
    """The product's problems of a split in order; validation and test do not follow the seed."""
    seed = seed if split == TRAIN else 20250924
    k0, k1, _, _ = philox(split, 0, 3, 1, seed & MASK32, seed >> 32)
    seen = set()
    while True:
        problem, attempt = len(seen), 0
        while True:
            words = philox(problem, attempt, 1, 0, k0, k1)
            numbers = [scale(w, *NUMBERS) for w in words[:3]]
            target = scale(words[3], *TARGETS)
            key = (tuple(sorted(numbers)), target)
            if bucket(numbers) in BUCKETS[split] and key not in seen and solvable(numbers, target):
                break
            attempt += 1
        seen.add(key)
        yield numbers, target


def scale(word, low, high):
    return low + ((word * (high - low + 1)) >> 32)


def take(split, count, seed=0):
    source = stream(split, seed)
    return [next(source) for _ in range(count)]
