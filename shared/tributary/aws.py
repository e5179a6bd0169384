"""AWS clients that cut a quarter of the cold start.

They are botocore's: importing boto3 also imports S3 transfers and multiprocessing."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore
from botocore.config import Config

#: A message of SQS, a request to EventBridge and an event for Lambda hold 1 MiB of UTF-8; the rest is room for what AWS
#: adds to them.
MAX_MESSAGE_BYTES = 1_000_000
#: Everything sent to AWS may be repeated, so a call that hangs is given up soon: botocore's own minute, five times,
#: is longer than any function runs. Retries are stated, since their defaults depend on the environment. So is the name
#: of the client: botocore makes up its own anew for each request, twice, which takes a tenth of it.
_CONFIG = Config(
    user_agent=f"tributary Botocore/{botocore.__version__}",
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)


def client(service: str, **options: Any) -> Any:
    """A client with the process's own region and credentials; `options` are further ones of botocore's Config."""
    import botocore.session

    with _without_garbage_collection():
        session = botocore.session.get_session()
        # Otherwise botocore lists the folders of all four hundred services, twice, to check that this one exists.
        session.get_component("data_loader").list_available_services = lambda type_name: [service]
        return session.create_client(service, config=_CONFIG.merge(Config(**options)))


def message_text(content: Any, **options: Any) -> str:
    """JSON of a message: letters stay letters, since an escape counts six bytes instead of two or three."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), **options)


def bytes_of(text: str) -> int:
    """The size that AWS counts; half of a surrogate pair, which cannot be sent, counts too."""
    return len(text.encode("utf-8", "surrogatepass"))


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Disable the collector while botocore loads service models: half a million permanent objects."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
