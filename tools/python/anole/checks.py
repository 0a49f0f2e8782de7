"""What arguments may be, told in one sentence where they are not."""

import operator

import numpy as np

from anole import _native

MAX_SEED = 2**63 - 1


def integer(name, value, least=0, most=MAX_SEED):
    """An int; numbers that are not whole, and truths, are mistakes."""
    try:
        number = None if isinstance(value, (bool, np.bool_)) else operator.index(value)
    except TypeError:
        number = None
    if number is None or not least <= number <= most:
        raise _native.UserError(f"{name} = {value!r}: must be an integer from {least} to {most}")
    return number


def text(name, value):
    if not isinstance(value, str):
        raise _native.UserError(f"{name} = {value!r}: must be a text")
    return value


def threads(value):
    """How many: None is all cores. Raises where so many cannot be started."""
    if value is None:
        return _native.available_threads()
    number = integer("threads", value, 1, 4096)
    _native.check_threads(number)
    return number
