"""`python -m operate first-key|organizations|event-source|statistics|redrive|republish --stack NAME`: credentials and
region come from the environment, as for the AWS CLI."""

import argparse
import os
import re
import sys

import boto3
from botocore.exceptions import ClientError

from operate import recount, redrive, republish
from tributary.domain import times
from tributary.domain.errors import Conflict
from tributary.ledger.connections import connections
from tributary.ledger.organization import api_keys

_PARTNER = "aws.partner/"
_ORGANIZATION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    outputs = _outputs(options.stack)
    os.environ["TABLE_NAME"] = outputs["TableName"]
    return int(options.command(options, outputs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="operate")
    commands = parser.add_subparsers(required=True)
    first_key = commands.add_parser("first-key", help="makes an organization's first admin key and shows it once")
    first_key.add_argument("--organization", required=True, type=_organization)
    first_key.add_argument("--again", action="store_true", help="makes another one if the organization exists")
    first_key.set_defaults(command=_first_key)
    listed = commands.add_parser("organizations", help="lists the organizations that began with first-key")
    listed.set_defaults(command=_organizations)
    granted = commands.add_parser("event-source", help="lets an organization's connections name a partner event source")
    granted.add_argument("--organization", required=True, type=_organization)
    granted.add_argument("--source", required=True, type=_partner_source, help="its name, from aws.partner/ on")
    granted.add_argument("--withdraw", action="store_true", help="takes the source back")
    granted.set_defaults(command=_event_source)
    again = commands.add_parser("republish", help="announces again what the relay could not publish")
    again.set_defaults(command=_republish)
    moved = commands.add_parser("redrive", help="moves a consumer's dead letters back to its queue")
    moved.add_argument("--function", required=True, help="its folder below functions, such as attribute_sale")
    moved.set_defaults(command=_redrive)
    closed = commands.add_parser("statistics", help="closes the hours of the past again")
    closed.add_argument("--from", dest="start", required=True, type=_moment, help="ISO 8601, such as 2026-11-01")
    closed.add_argument("--to", dest="end", type=_moment, help="ISO 8601, exclusive; now by default")
    closed.add_argument("--organization", type=_organization, help="only this one")
    closed.set_defaults(command=_statistics)
    for command in (first_key, listed, granted, again, moved, closed):
        command.add_argument("--stack", default="tributary")
    return parser


def _organization(name: str) -> str:
    if not _ORGANIZATION.fullmatch(name):
        raise argparse.ArgumentTypeError("an organization's name is of a-z, 0-9 and -")
    return name


def _partner_source(name: str) -> str:
    if not name.startswith(_PARTNER):
        raise argparse.ArgumentTypeError(f"a partner event source begins with {_PARTNER}")
    return name


def _moment(text: str) -> str:
    try:
        return times.text(times.parse(text))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError("a moment is ISO 8601, such as 2026-11-01") from error


def _outputs(stack: str) -> dict[str, str]:
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _first_key(options: argparse.Namespace, outputs: dict[str, str]) -> int:
    """Another admin key of an organization that exists would open it to the author of a typing error."""
    try:
        made = api_keys.create(options.organization, "first key", ["admin"], first=not options.again)
    except Conflict as conflict:
        print(f"{conflict.message} Use --again (make: AGAIN=1) for another admin key of it.", file=sys.stderr)
        return 1
    print(made["rawKey"])
    return 0


def _organizations(options: argparse.Namespace, outputs: dict[str, str]) -> int:
    for one in api_keys.organizations():
        print(one["dateCreated"], one["organization"])
    return 0


def _event_source(options: argparse.Namespace, outputs: dict[str, str]) -> int:
    """Grant a partner event source, or take it back: its events name no organization."""
    try:
        if options.withdraw:
            connections.withdraw(options.source)
        else:
            connections.grant(options.organization, options.source)
    except Conflict as conflict:
        print(conflict.message, file=sys.stderr)
        return 1
    return 0


def _redrive(options: argparse.Namespace, outputs: dict[str, str]) -> int:
    try:
        queues = redrive.queues_of(options.stack, options.function)
    except ClientError:
        print(f"The stack {options.stack} has no consumer {options.function}.", file=sys.stderr)
        return 1
    causes = redrive.run(queues)
    print(f"{causes.total()} dead letters of {options.function} are in its queue again")
    for cause, count in causes.most_common():
        print(f"{count} × {cause}")
    return 0


def _statistics(options: argparse.Namespace, outputs: dict[str, str]) -> int:
    """Ask for the hours of the past to be closed again, by a message per organization."""
    named = options.organization
    names = [named] if named else [one["organization"] for one in api_keys.organizations()]
    end = min(options.end or times.now(), times.now())
    recount.run(redrive.queues_of(options.stack, "close_hours").queue, names, options.start, end)
    print(f"hours from {options.start} to {end} are being closed for {len(names)} organizations")
    return 0


def _republish(options: argparse.Namespace, outputs: dict[str, str]) -> int:
    places = outputs["UnpublishedRecordsBucket"], outputs["UnpublishableRecordsQueue"]
    done = republish.run(*places, outputs["RelayFunction"])
    print(f"the relay took {done.records} records of {done.batches} batches; {done.failed} batches are left")
    return 1 if done.failed else 0


if __name__ == "__main__":
    sys.exit(main())
