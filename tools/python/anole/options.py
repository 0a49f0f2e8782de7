"""Options of a run as Python has them: {"meta.iterations": 5}, or {"meta": {"iterations": 5}}."""

import os

from anole import _native


def flatten(options):
    """Nested dicts as one, with names as `anole list options` has them."""
    flat = {}
    for name, value in options.items():
        if not isinstance(name, str):
            raise _native.UserError(f"{name!r}: names of options are texts")
        if isinstance(value, dict):
            for inner, option in flatten(value).items():
                flat[f"{name}.{inner}"] = option
        else:
            flat[name] = plain(value)
    return flat


def plain(value):
    """Numbers and arrays of NumPy, and paths, as Python's own."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "__fspath__"):
        return os.fsdecode(value)
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return value


def typed_goal(goal):
    """A task as the program takes it: "1.3" or "0.1,-0.2", of a number or numbers."""
    numbers = plain(goal)
    if not isinstance(numbers, list):
        numbers = [numbers]
    try:
        return ",".join(repr(float(number)) for number in numbers)
    except (TypeError, ValueError):
        raise _native.UserError(
            f"goal = {goal!r}: must be a number, or a list of numbers") from None


def path_of(name, path):
    """A path, as a text."""
    try:
        return os.fsdecode(path)
    except TypeError:
        raise _native.UserError(f"{name} = {path!r}: must be a path") from None
