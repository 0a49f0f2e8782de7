"""What goes wrong, beside anole.UserError."""


class DivergedError(RuntimeError):
    """Numbers of a training ran away; the run's last good state is kept, as the text says."""
