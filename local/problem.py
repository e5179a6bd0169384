"""An error that stops a command of the local stack, in one sentence for the user."""


class Problem(Exception):
    pass
