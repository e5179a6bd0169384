"""The log: structured lines with ids, amounts and outcomes; never headers, bodies, names or e-mails."""

import traceback

from aws_lambda_powertools import Logger

# In a form of time that Lambda reads: a line whose time it cannot read is INFO to it, and an error is dropped as that.
logger = Logger(use_rfc3339=True)


def log_failure(what: str, error: BaseException, **ids: object) -> None:
    """An unexpected error by its type and place. Its text may hold what a client sent, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    logger.error(what, extra={"errorType": type(error).__name__, "places": places, **ids})
