"""Qwen2 in plain PyTorch: forward, greedy and sampled generation, and Hugging Face's files.

Weights are a dict under Hugging Face's names. A leading dimension on every weight runs that many models side by side.
"""

import json
import struct

import torch
import torch.nn.functional as F

SHAPE = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 2,
         "num_key_value_heads": 1, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "max_position_embeddings": 256}

# The bundled model, and two beside it for experiments on size.
SIZES = {"bundled": SHAPE,
         "small": SHAPE | {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 3},
         "large": SHAPE | {"hidden_size": 96, "intermediate_size": 192, "num_hidden_layers": 5, "num_attention_heads": 3}}


class Qwen2:
    def __init__(self, vocabulary, shape=SHAPE):
        self.shape, self.vocabulary = shape, vocabulary
        self.head = shape["hidden_size"] // shape["num_attention_heads"]
        inverse = shape["rope_theta"] ** (-torch.arange(0, self.head, 2).float() / self.head)
        angles = torch.outer(torch.arange(shape["max_position_embeddings"]).float(), inverse)
        self.cos, self.sin = torch.cat([angles, angles], 1).cos(), torch.cat([angles, angles], 1).sin()

    def initial(self, generator):
        """Normal(0, 0.06) matrices, the residual outputs smaller by the depth; zero biases; norms of one."""
        s, weights = self.shape, {}
        d, f, kv = s["hidden_size"], s["intermediate_size"], s["num_key_value_heads"] * self.head

        def normal(name, *size, std=0.06):
            weights[name] = torch.randn(*size, generator=generator) * std

        normal("model.embed_tokens.weight", self.vocabulary, d)
        small = 0.06 / (2 * s["num_hidden_layers"]) ** 0.5
        for i in range(s["num_hidden_layers"]):
            p = f"model.layers.{i}."
            weights[p + "input_layernorm.weight"] = torch.ones(d)
            for name, size in (("q", d), ("k", kv), ("v", kv)):
                normal(f"{p}self_attn.{name}_proj.weight", size, d)
                weights[f"{p}self_attn.{name}_proj.bias"] = torch.zeros(size)
            normal(p + "self_attn.o_proj.weight", d, d, std=small)
            weights[p + "post_attention_layernorm.weight"] = torch.ones(d)
            normal(p + "mlp.gate_proj.weight", f, d)
            normal(p + "mlp.up_proj.weight", f, d)
            normal(p + "mlp.down_proj.weight", d, f, std=small)
        weights["model.norm.weight"] = torch.ones(d)
        return weights

    def forward(self, w, ids, cache=None, position=0):
        """Logits of ids [..., sequences, tokens]; a cache is a list of (keys, values), one pair a layer, extended in place."""
        s = self.shape
        tokens = ids.shape[-1]
        cos, sin = self.cos[position:position + tokens], self.sin[position:position + tokens]
        table = w["model.embed_tokens.weight"]
        x = F.embedding(ids, table) if table.dim() == 2 else torch.stack([F.embedding(i, t) for i, t in zip(ids, table)])
        mask = torch.full((tokens, position + tokens), float("-inf")).triu(position + 1) if tokens > 1 else None
        for i in range(s["num_hidden_layers"]):
            p = f"model.layers.{i}."
            h = self.norm(x, w[p + "input_layernorm.weight"])
            q, k, v = (self.heads(linear(h, w[f"{p}self_attn.{n}_proj.weight"], w[f"{p}self_attn.{n}_proj.bias"])) for n in "qkv")
            q, k = rotate(q, cos, sin), rotate(k, cos, sin)
            if cache is not None:
                if cache[i] is not None:
                    k, v = torch.cat([cache[i][0], k], -2), torch.cat([cache[i][1], v], -2)
                cache[i] = (k, v)
            # One key-value head serves a group of query heads; with one of them, broadcasting does it.
            scores = q @ k.transpose(-1, -2) / self.head ** 0.5
            if mask is not None:
                scores = scores + mask
            h = (scores.softmax(-1) @ v).transpose(-2, -3).flatten(-2)
            x = x + linear(h, w[p + "self_attn.o_proj.weight"])
            h = self.norm(x, w[p + "post_attention_layernorm.weight"])
            h = F.silu(linear(h, w[p + "mlp.gate_proj.weight"])) * linear(h, w[p + "mlp.up_proj.weight"])
            x = x + linear(h, w[p + "mlp.down_proj.weight"])
        return linear(self.norm(x, w["model.norm.weight"]), table)

    def norm(self, x, weight):
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.shape["rms_norm_eps"])
        return x * scale * (weight if weight.dim() == 1 else weight[:, None, None])

    def heads(self, x):
        return x.unflatten(-1, (-1, self.head)).transpose(-2, -3)

    @torch.no_grad()
    def generate(self, w, prompts, new_tokens, stops, temperature=0.0, generator=None):
        """Continues prompts [..., sequences, tokens] of one length until a stop token; the rest is -1."""
        cache = [None] * self.shape["num_hidden_layers"]
        out, done = [], torch.zeros(prompts.shape[:-1], dtype=torch.bool)
        ids, position = prompts, 0
        for _ in range(new_tokens):
            logits = self.forward(w, ids, cache, position)[..., -1, :]
            position += ids.shape[-1]
            if temperature > 0:
                flat = (logits / temperature).softmax(-1).flatten(0, -2)
                token = torch.multinomial(flat, 1, generator=generator).view(done.shape)
            else:
                token = logits.argmax(-1)
            out.append(token.masked_fill(done, -1))
            for stop in stops:
                done |= token == stop
            if done.all():
                break
            ids = token[..., None]
        return torch.stack(out, -1)


def linear(x, weight, bias=None):
    if weight.dim() == 2:
        return F.linear(x, weight, bias)
    y = (x.flatten(1, 2) @ weight.transpose(1, 2)).unflatten(1, x.shape[1:3])
    return y if bias is None else y + bias[:, None, None]


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


def save(folder, model, weights, tokenizer):
    """config.json, generation_config.json and model.safetensors (bfloat16)."""
    config = {
        "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": None, "eos_token_id": tokenizer.end,
        "hidden_act": "silu", **model.shape, "initializer_range": 0.06, "max_window_layers": model.shape["num_hidden_layers"],
        "model_type": "qwen2", "pad_token_id": tokenizer.end, "rope_scaling": None, "sliding_window": None,
        "tie_word_embeddings": True, "torch_dtype": "bfloat16", "use_cache": True, "use_sliding_window": False,
        "vocab_size": model.vocabulary}
    generation = {"do_sample": False, "eos_token_id": tokenizer.end, "pad_token_id": tokenizer.end}
    for name, value in (("config.json", dict(sorted(config.items()))), ("generation_config.json", generation)):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n")

    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in sorted(weights.items()):
        # bfloat16 is the upper half of float32; torch rounds to nearest even, and int16 takes the bits as they are.
        bits = tensor.detach().bfloat16().contiguous().view(torch.int16).numpy().astype("<i2").tobytes()
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(bits)]}
        data += bits
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def load(folder):
    """A model and its float32 weights from such files."""
    config = json.loads((folder / "config.json").read_text())
    raw = (folder / "model.safetensors").read_bytes()
    size, = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8:8 + size]), raw[8 + size:]
    header.pop("__metadata__")
    weights = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        bits = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.int16)
        weights[name] = bits.view(torch.bfloat16).float().view(entry["shape"])
    return Qwen2(config["vocab_size"], {k: config[k] for k in SHAPE}), weights
