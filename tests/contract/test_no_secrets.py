"""No real key is in the repository."""

import re
import subprocess

from tests.template import ROOT

SECRETS = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "an AWS secret key": re.compile(r"(?i)aws_?secret_?access_?key\W{1,5}[0-9A-Za-z/+]{40}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
}
API_KEY = re.compile(r"\bsk_live_\w{8,}")
DEMO_KEYS_LIVE_IN = ("local/", "events/", "tests/", "README.md")


def texts():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return {name: (ROOT / name).read_text(errors="replace") for name in names if (ROOT / name).is_file()}


def test_no_file_holds_a_secret():
    assert not [(name, kind) for name, text in texts().items() for kind, it in SECRETS.items() if it.search(text)]


def test_demo_keys_are_used_in_the_demo_only():
    assert not [
        name for name, text in texts().items() if API_KEY.search(text) and not name.startswith(DEMO_KEYS_LIVE_IN)
    ]
