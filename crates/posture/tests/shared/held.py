"""Holds a value against a shape of a service model of botocore: members, types, lengths, patterns, words."""

import re
from datetime import datetime


def check(shape, value, path):
    """Raises where the value does not fit the shape."""
    kind, facts = shape.type_name, shape.metadata
    expected = {"structure": dict, "map": dict, "list": list, "string": str, "integer": int,
                "boolean": bool, "timestamp": datetime}[kind]
    if not isinstance(value, expected):
        raise ValueError(f"{path} is {value!r}, expected {kind}")
    if kind == "structure":
        unknown = set(value) - set(shape.members)
        missing = set(shape.required_members) - set(value)
        if unknown or missing:
            raise ValueError(f"{path}: unknown {unknown}, missing {missing}")
        for name, member in value.items():
            check(shape.members[name], member, f"{path}.{name}")
    elif kind == "list":
        for place, member in enumerate(value):
            check(shape.member, member, f"{path}[{place}]")
    elif kind == "map":
        for key, member in value.items():
            check(shape.key, key, f"{path} key")
            check(shape.value, member, f"{path}[{key}]")
    size = value if kind == "integer" else len(value) if kind in ("string", "list", "map") else None
    if size is not None:
        if size < facts.get("min", size) or size > facts.get("max", size):
            raise ValueError(f"{path} has size {size}, expected {facts}")
    if kind == "string":
        if getattr(shape, "enum", None) and value not in shape.enum:
            raise ValueError(f"{path} is {value!r}, expected one of {shape.enum}")
        # In Java a hyphen after a class is a hyphen.
        if "pattern" in facts and not re.search(facts["pattern"].replace(r"\s-_", r"\s\-_"), value):
            raise ValueError(f"{path} is {value!r}, expected {facts['pattern']}")


def wire(value):
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {name: wire(member) for name, member in value.items()}
    return [wire(member) for member in value] if isinstance(value, list) else value
