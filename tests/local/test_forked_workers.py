"""Processes of functions fork from one that has done their imports, and are still isolated."""

import pytest

from tests.local.lab import Lab


@pytest.mark.shows("forked_workers")
def test_imports_of_a_function_are_loaded_before_its_process_begins(lab: Lab) -> None:
    lab.function("""
        import sys
        found = "wave" in sys.modules
        import wave
        def handler(event, context): return found
    """)

    assert lab.invoke(0) is True


def test_each_process_has_its_own_environment_and_directory_and_nothing_of_the_repository(lab: Lab) -> None:
    lab.function(
        """
        import sys
        def handler(event, context): return [os.environ["OWN"], os.listdir(), [*sys.modules]]
        """,
        OWN="its own",
    )

    own, files, modules = lab.invoke(0)

    assert own == "its own"
    assert "app.py" in files
    assert not {"local", "nursery", "ministack"} & set(modules)


def test_a_process_that_ends_is_an_error_and_the_next_call_has_another(lab: Lab) -> None:
    lab.function("""
        def handler(event, context): return os.getpid() if event else os._exit(1)
    """)
    first = lab.invoke(1)

    assert "errorMessage" in lab.invoke(0)
    assert lab.invoke(1) != first


def test_lines_that_a_logger_made_during_an_import_prints_are_in_the_log(lab: Lab) -> None:
    lab.function("""
        from tributary import telemetry
        def handler(event, context): telemetry.logger.info("seen in the log")
    """)

    lab.invoke(0)

    assert "seen in the log" in (lab.emulator.home / "emulator.log").read_text()
