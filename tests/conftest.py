"""Groups of a parallel run: pytest-xdist 3.8 writes them to `_nodeid`, which pytest 9.2 reads no more, so that each
group ran in every process, with a stack of its own in each. Goes when a later xdist does it itself."""

import pytest
from _pytest.nodeid import NodeId


@pytest.hookimpl(trylast=True)  # the conftests of the folders have marked their tests before
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("loadgroup", False):
        return
    for item in items:
        group = item.get_closest_marker("xdist_group")
        if group and not item.nodeid.endswith(f"@{group.args[0]}"):
            item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")
