"""A reward in Python: one JSON object a line in, one a line out, matched by id. 1 for text between <answer> tags, less the longer the response is."""
import json
import re
import sys

for line in sys.stdin:
    row = json.loads(line)
    response = row["response"]
    tagged = re.search(r"<answer>[^<]+</answer>", response) is not None
    brevity = 1 - min(len(response), 240) / 240
    print(json.dumps({"id": row["id"], "reward": tagged + 0.1 * brevity, "parts": {"tagged": float(tagged), "brevity": brevity}}), flush=True)
