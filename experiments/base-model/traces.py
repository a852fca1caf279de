"""Worked Countdown solutions as text: a solver that tries one step back from the target at a time.

An attempt takes one number out and says what the other two must then make: "25+21 7 3" for 46 = 25 + 21 with 21 from 7 and 3.
If they can, it names the sign ("*") and answers; if not ("no"), it goes on to a later attempt or gives up and answers all the same.
Attempts come in one fixed order (the number's place, then the form), of which the solver leaves some out.
"""

from problems import NUMBERS, PRETRAINING, TARGETS, bucket, results

LARGEST = 129  # what two numbers may have to make; larger needs are left out


def prompt(numbers, target):
    return f"Numbers: {' '.join(map(str, numbers))}. Target: {target}.\n<think>"


def attempts(numbers, target):
    """Every attempt in order: (its text, the answer's text around the pair, the pair's numbers, their need)."""
    found = []
    for i, z in enumerate(numbers):
        pair = [numbers[j] for j in range(3) if j != i]
        if target >= z:
            found.append((f" {z}+{target - z}", f"{z}+(%s)", pair, target - z))
        if z > target:
            found.append((f" {z}-{z - target}", f"{z}-(%s)", pair, z - target))
        found.append((f" -{z}+{target + z}", f"(%s)-{z}", pair, target + z))
        if target % z == 0:
            found.append((f" {z}*{target // z}", f"{z}*(%s)", pair, target // z))
        if z % target == 0:
            found.append((f" {z}/{z // target}", f"{z}/(%s)", pair, z // target))
        found.append((f" /{z}*{target * z}", f"(%s)/{z}", pair, target * z))
    return [a for a in found if a[3] <= LARGEST]


def make(pair, need):
    """The first of + - * / that makes what is needed, as text."""
    for value, x, sign, y in results(*pair):
        if value == need:
            return f"{x}{sign}{y}", sign
    return None, None


class Writer:
    """Writes examples; `keep` is the chance that a miss before the hit is written, `go_on` that the first
    miss is not the end; with every further miss that chance is multiplied by `tiring`."""

    def __init__(self, random, keep, go_on, tiring):
        self.random, self.keep, self.go_on, self.tiring = random, keep, go_on, tiring

    def problem(self):
        while True:
            numbers = [self.random.randint(*NUMBERS) for _ in range(3)]
            if bucket(numbers) not in PRETRAINING:
                continue
            target = self.random.randint(*TARGETS)
            tried = attempts(numbers, target)
            hit = next((i for i, a in enumerate(tried) if make(a[2], a[3])[0]), None)
            if hit is not None:
                return numbers, target, tried[: hit + 1]

    def example(self):
        """(prompt, response): the two are tokenized apart, as in generation."""
        numbers, target, tried = self.problem()
        chosen = [a for a in tried[:-1] if self.random.random() < self.keep] + tried[-1:]
        text, patience = "", self.go_on
        for text_of, around, pair, need in chosen:
            text += ("," if text else "") + f"{text_of} {pair[0]} {pair[1]}"
            made, sign = make(pair, need)
            if made:
                text += " " + sign
                break
            text += " no"
            if self.random.random() >= patience:
                made = f"{pair[0]}+{pair[1]}"
                break
            patience *= self.tiring
        return prompt(numbers, target), f"{text}</think>\n<answer> {around % made} </answer>"
