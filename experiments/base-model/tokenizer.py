"""A small byte-level BPE tokenizer and its tokenizer.json in Hugging Face's format."""

import json
import re
from collections import Counter

# Tags whole, numbers of up to three digits whole, and either may take the space before it.
SPLIT = r" ?</?\p{L}+>\n?| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+"
END = "<|endoftext|>"

# Python's re has no \p; on the ASCII text of this corpus these classes are the same.
_WORDS = re.compile(SPLIT.replace(r"[^\s\p{L}\p{N}]", r"[^\sA-Za-z0-9]").replace(r"\p{L}", "[A-Za-z]").replace(r"\p{N}", "[0-9]"))


def byte_letters():
    """GPT-2's printable letter for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, extra = {b: chr(b) for b in plain}, 256
    for b in range(256):
        if b not in letters:
            letters[b], extra = chr(extra), extra + 1
    return letters


LETTERS = byte_letters()


class Tokenizer:
    def __init__(self, merges):
        self.merges = list(merges)
        self.ranks = {pair: i for i, pair in enumerate(self.merges)}
        self.tokens = [LETTERS[b] for b in range(256)] + [a + b for a, b in self.merges] + [END]
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.end = self.ids[END]
        self.known = {}

    def pieces(self, word):
        parts = [LETTERS[b] for b in word.encode()]
        while len(parts) > 1:
            pair = min(zip(parts, parts[1:]), key=lambda p: self.ranks.get(p, len(self.ranks)))
            if pair not in self.ranks:
                break
            parts = merged(parts, pair)
        return parts

    def encode(self, text):
        ids = []
        for word in _WORDS.findall(text):
            if word not in self.known:
                self.known[word] = [self.ids[p] for p in self.pieces(word)]
            ids += self.known[word]
        return ids

    def decode(self, ids):
        back = {letter: b for b, letter in LETTERS.items()}
        text = "".join(self.tokens[i] for i in ids if i != self.end)
        return bytes(back[c] for c in text).decode(errors="replace")

    def save(self, folder, context):
        whole = {"content": END, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
        write(folder / "tokenizer.json", {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [{"id": self.end, **whole}],
            "normalizer": None,
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Isolated", "invert": False}, level]},
            "post_processor": level,
            "decoder": level,
            "model": {
                "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                "vocab": {token: i for i, token in enumerate(self.tokens) if i != self.end},
                "merges": [f"{a} {b}" for a, b in self.merges]}})
        write(folder / "tokenizer_config.json", {
            "add_prefix_space": False,
            "added_tokens_decoder": {str(self.end): whole},
            "bos_token": None,
            "clean_up_tokenization_spaces": False,
            "eos_token": END,
            "errors": "replace",
            "model_max_length": context,
            "pad_token": END,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "unk_token": None})


def merged(parts, pair):
    out, i = [], 0
    while i < len(parts):
        if tuple(parts[i:i + 2]) == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


def train(corpus, largest):
    """Merges that make each number up to `largest` one token, those under 100 also with a space; then words by count."""
    space = LETTERS[32]
    merges = [(str(n)[0], str(n)[1]) for n in range(10, 100)]
    merges += [(space, str(n)) for n in range(100)]
    for n in range(100, largest + 1):
        first, second = Tokenizer(merges).pieces(str(n))
        merges.append((first, second))
    words = Counter(w for text in corpus for w in _WORDS.findall(text))
    seeded = Tokenizer(merges)
    words = {w: (count, seeded.pieces(w)) for w, count in words.items() if not re.search("[0-9]", w)}
    while True:
        pairs = Counter()
        for count, parts in words.values():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        if not pairs:
            return Tokenizer(merges)
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        words = {w: (count, merged(parts, best)) for w, (count, parts) in words.items()}


def load(folder):
    merges = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["merges"]
    return Tokenizer(tuple(m.split(" ")) for m in merges)


def write(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
