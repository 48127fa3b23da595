"""Reads JSONL files once, line by line, to compare with."""

import sys

import msgspec

count = 0
decode = msgspec.json.decode
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for line in file:
            decode(line)
            count += 1
print(count, "lines read")
