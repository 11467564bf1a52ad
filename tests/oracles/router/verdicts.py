"""Adds to each case of JSON Lines on stdin what the PyPI package event-ruler says: "matches", or
"invalid" with nothing else."""

import json
import sys

from event_ruler import event_ruler

for line in sys.stdin:
    case = json.loads(line)
    try:
        case["matches"] = event_ruler.test_event_pattern(case["event"], case["pattern"])
    except Exception:  # gopy raises RuntimeError for each error of Go's.
        case["invalid"] = True
    print(json.dumps(case))
