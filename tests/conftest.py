"""Groups of a parallel run, repaired.

pytest-xdist 3.8 writes them to `_nodeid`, which pytest 9.2 no longer reads, so each group ran in every process with
its own stack. Remove this when xdist does it itself.
"""

import pytest
from _pytest.nodeid import NodeId


@pytest.hookimpl(trylast=True)  # after the conftests of the folders have marked their tests
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("loadgroup", False):
        return
    for item in items:
        group = item.get_closest_marker("xdist_group")
        if group and not item.nodeid.endswith(f"@{group.args[0]}"):
            item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")
