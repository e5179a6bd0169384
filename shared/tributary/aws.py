"""AWS clients that cut a quarter of the cold start.

They are botocore's: importing boto3 also imports S3 transfers and multiprocessing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config


def client(service: str, config: Config | None = None) -> Any:
    """A client with the process's own region and credentials."""
    import botocore.session

    with _without_garbage_collection():
        session = botocore.session.get_session()
        # Otherwise botocore lists the folders of all four hundred services, twice, to check that this one exists.
        session.get_component("data_loader").list_available_services = lambda type_name: [service]
        return session.create_client(service, config=config)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Disable the collector while botocore loads service models: half a million permanent objects."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
