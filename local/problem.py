"""What stops a command of the local stack, said in one sentence for the person who ran it."""


class Problem(Exception):
    pass
