"""The log: structured lines with ids, amounts and outcomes; never headers, bodies, names or e-mails."""

import logging
import traceback

from aws_lambda_powertools import Logger

# RFC 3339, the only form Lambda parses: it takes a line without a readable time for INFO, and may drop an error.
logger = Logger(use_rfc3339=True)

#: Libraries that at DEBUG log bodies of requests to AWS, and paths of requests to us, of which a part may be secret.
_TALKATIVE = ("aws_lambda_powertools", "boto3", "botocore", "urllib3")
for _name in _TALKATIVE:
    logging.getLogger(_name).setLevel(logging.INFO)


def log_failure(message: str, error: BaseException, **ids: object) -> None:
    """Log an unexpected error's type and place; its text may contain a client's data, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    logger.error(message, extra={"errorType": type(error).__name__, "places": places, **ids})
