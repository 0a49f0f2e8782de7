"""Options of a run as Python has them: {"meta.iterations": 5}, or {"meta": {"iterations": 5}}."""


def flatten(options):
    """Nested dicts as one, with names as `anole list options` has them."""
    flat = {}
    for name, value in options.items():
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
        return value.__fspath__()
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return value


def typed_goal(goal):
    """A task as the program takes it: "1.3" or "0.1,-0.2", of a number or numbers."""
    numbers = plain(goal)
    if not isinstance(numbers, list):
        numbers = [numbers]
    return ",".join(repr(float(number)) for number in numbers)
