"""Patterns and events, made from a seed so that many of them match. Prints JSON Lines of
{"pattern": text, "event": text}.

`--only core` keeps to what the PyPI package event-ruler (a build of quamina) knows and does as AWS's
event-ruler does."""

import argparse
import json
import random

TEXTS = ["", "a", "ab", "abc", "abcabc", "ABC", "b", "bc", "aws.ec2", "aws.s3", "AWS.S3", "true",
         "5", "a*c", "a\\c", "ß", "SS", "é", "É", "x/dir/y.png", "dir/dir/x", "10.0.0.1",
         "10.0.0.77", "192.168.1.5", "2001:db8::1", "2001:0db8:0:0:0:0:0:1", "10.0.0.001", "日本"]
NUMBERS = ["0", "-0.0", "1", "1.0", "1e0", "5", "5.0", "-3", "0.1", "10", "1e2", "100", "300.0",
           "3.0e2", "9007199254740993", "123456789012", "1152921504606846976", "-1.5e-7"]
LITERALS = ["null", "true", "false"]
NAMES = ["a", "b", "c", "a-b"]
NESTED = ["x", "y"]
CIDRS = ["10.0.0.0/24", "10.0.0.0/31", "192.168.0.0/16", "2001:db8::/32"]
WILDCARDS = ["*", "a*", "*c", "a*c", "*b*", "abc*abc", "*dir*", "*/dir/*.png", "a\\*c", "a\\\\c",
             "*a*b*c*", "", "ab", "*.s3", "d*r*x", "*ß", "日*"]


def text(r):
    return json.dumps(r.choice(TEXTS))


def scalar(r):
    kind = r.random()
    if kind < 0.6:
        return text(r)
    return r.choice(NUMBERS) if kind < 0.85 else r.choice(LITERALS)


def one_or_list(r, make):
    if r.random() < 0.5:
        return make()
    return "[%s]" % ", ".join(make() for _ in range(r.randint(1, 3)))


def numeric(r):
    low, high = sorted(r.sample([-3, 0, 0.1, 1, 5, 10, 100, 300], 2))
    terms = r.choice([
        ["=", high], ["<", high], ["<=", high], [">", low], [">=", low],
        [">", low, "<", high], [">=", low, "<=", high], [">", low, "<=", high]])
    return '{"numeric": %s}' % json.dumps(terms)


def anything_but(r):
    kind = r.randrange(6)
    if kind == 0:
        return '{"anything-but": %s}' % one_or_list(r, lambda: text(r))
    if kind == 1:
        plain = [n for n in NUMBERS if len(n) < 10]
        return '{"anything-but": %s}' % one_or_list(r, lambda: r.choice(plain))
    name = ["prefix", "suffix", "equals-ignore-case", "wildcard"][kind - 2]
    if name == "wildcard":
        inner = one_or_list(r, lambda: json.dumps(r.choice(WILDCARDS)))
    else:
        inner = one_or_list(r, lambda: json.dumps(r.choice(TEXTS[1:])))
    return '{"anything-but": {"%s": %s}}' % (name, inner)


def operator(r):
    return r.choice([
        lambda: '{"prefix": %s}' % text(r),
        lambda: '{"suffix": %s}' % text(r),
        lambda: '{"equals-ignore-case": %s}' % text(r),
        lambda: '{"prefix": {"equals-ignore-case": %s}}' % text(r),
        lambda: '{"suffix": {"equals-ignore-case": %s}}' % text(r),
        lambda: '{"wildcard": %s}' % json.dumps(r.choice(WILDCARDS)),
        lambda: '{"exists": true}',
        lambda: '{"exists": false}',
        lambda: '{"cidr": "%s"}' % r.choice(CIDRS),
        lambda: '{"exactly": %s}' % text(r),
        lambda: numeric(r),
        lambda: anything_but(r),
    ])()


def core_scalar(r):
    return r.choice(['"a"', '"ab"', '"abc"', '"b"', '"é"', '"10.0.0.1"', "null", "true", "false"])


def core_alternatives(r):
    kind = r.random()
    if kind < 0.25:
        return '[{"exists": %s}]' % r.choice(["true", "false"])
    if kind < 0.45:
        # quamina takes anything-but alone in its array.
        texts = ", ".join(r.choice(['"a"', '"ab"', '"b"']) for _ in range(r.randint(1, 2)))
        return '[{"anything-but": [%s]}]' % texts
    return "[%s]" % ", ".join(core_scalar(r) for _ in range(r.randint(1, 3)))


def alternatives(r, core):
    if core:
        return core_alternatives(r)
    made = (scalar(r) if r.random() < 0.4 else operator(r) for _ in range(r.randint(1, 4)))
    return "[%s]" % ", ".join(made)


def pattern(r, core, depth=0, inside_or=False):
    fields = []
    for name in r.sample(NAMES, r.choice([1, 1, 2, 2, 3])):
        if depth < 2 and r.random() < 0.25:
            nested = r.choice(NESTED) if core else name
            fields.append('"%s": %s' % (nested, pattern(r, core, depth + 1, inside_or)))
        else:
            leaf = core_name(name, depth) if core else name
            fields.append('"%s": %s' % (leaf, alternatives(r, core)))
    if not core and depth < 2 and r.random() < 0.15:
        branches = ", ".join(pattern(r, core, depth + 1, True) for _ in range(r.randint(2, 3)))
        fields.insert(r.randint(0, len(fields)), '"$or": [%s]' % branches)
    return "{%s}" % ", ".join(fields)


def listed(r, make):
    return "[%s]" % ", ".join(make() for _ in range(r.choice([0, 1, 2, 3, 4])))


def value(r, depth):
    kind = r.random()
    if depth < 3 and kind < 0.2:
        return event(r, depth + 1)
    if depth < 3 and kind < 0.5:
        return listed(r, lambda: value(r, depth + 1))
    return scalar(r)


def event(r, depth=0):
    names = r.sample(NAMES, r.randint(3, len(NAMES)))
    if r.random() < 0.1:
        names.append(r.choice(["a.b", "a.a", "d.c", "a.b.c"]))
    return "{%s}" % ", ".join('"%s": %s' % (name, value(r, depth)) for name in names)


def core_name(name, depth):
    return "%s%d" % (name, depth)


def core_event(r, depth=0):
    """Where quamina and event-ruler agree: no array holds objects beside scalars, a field that is an
    object is none that a pattern asks to be missing, and no name is at two depths."""
    fields = []
    for name in r.sample(NAMES, r.randint(2, len(NAMES))):
        one = core_scalar(r)
        leaf = core_name(name, depth)
        fields.append((leaf, listed(r, lambda: core_scalar(r)) if r.random() < 0.3 else one))
    for name in NESTED if depth < 2 else []:
        if r.random() < 0.5:
            fields.append((name, core_event(r, depth + 1)))
        else:
            fields.append((name, listed(r, lambda: core_event(r, depth + 1))))
    return "{%s}" % ", ".join('"%s": %s' % field for field in fields)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("--only", choices=["core"])
    given = arguments.parse_args()
    r = random.Random(given.seed)
    core = given.only == "core"
    for _ in range(given.count):
        case = {"pattern": pattern(r, core), "event": core_event(r) if core else event(r)}
        print(json.dumps(case))


if __name__ == "__main__":
    main()
