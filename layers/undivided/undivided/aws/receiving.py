"""The receipt rule by which SES hands us the mail domain's mail.

An account has one active rule set in each region, it may be somebody else's, and CloudFormation can neither activate
one nor add to one that it did not make. So `setup` calls this: the rule joins the active set, or a set of its own is
made and activated when there is none. Somebody else's rules are never touched; a rule is ours when it has our name and
announces to our topic.

SES answers these calls about once a second; botocore waits and tries again by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from undivided.errors import Refused

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

PREFIX = "received/"
"""Where in the bucket SES stores mail."""
LONGEST_NAME = 64
"""Of a rule or a rule set (SES CreateReceiptRule)."""

_NOT_YET = ("InvalidS3Configuration", "InvalidSnsTopic")
"""SES tries to write when a rule is made; a bucket or topic policy that is seconds old may not count yet."""
_TRIES = 6
_PAUSE = 5.0
"""Seconds."""

Sleep = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    """What the rule should be; `name` also names the rule set, where one has to be made."""

    name: str
    domain: str
    bucket: str
    topic: str
    """ARN."""

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST_NAME:
            raise Refused(
                f"the receipt rule's name {self.name} has over {LONGEST_NAME} characters: deploy with a shorter stack name"
            )

    def as_ses_has_it(self) -> dict[str, Any]:
        return {
            "Name": self.name,
            "Enabled": True,
            "TlsPolicy": "Optional",
            "Recipients": [self.domain],
            "Actions": [
                {"S3Action": {"BucketName": self.bucket, "ObjectKeyPrefix": PREFIX, "TopicArn": self.topic}},
            ],
            "ScanEnabled": True,
        }


def install(ses: SESClient, wanted: ReceiptRule, sleep: Sleep = time.sleep) -> str:
    """Make the active rule set hold `wanted`, and return the set's name; doing it again changes nothing.

    Raise `Refused` when another rule receives for the same domain, or has our name.
    """
    active: Any = ses.describe_active_receipt_rule_set()
    if not active.get("Metadata"):
        return _install_in_own_set(ses, wanted, sleep)
    name: str = active["Metadata"]["Name"]
    _put(ses, name, active["Rules"], wanted, sleep)
    return name


def _install_in_own_set(ses: SESClient, wanted: ReceiptRule, sleep: Sleep) -> str:
    """Make the rule set that has our name, fill it and activate it; a half-made one of an earlier try is finished."""
    rules = _rules_of(ses, wanted.name)
    if rules is None:
        ses.create_receipt_rule_set(RuleSetName=wanted.name)
    _put(ses, wanted.name, rules or [], wanted, sleep)
    ses.set_active_receipt_rule_set(RuleSetName=wanted.name)
    return wanted.name


def _put(ses: SESClient, rule_set: str, rules: list[Any], wanted: ReceiptRule, sleep: Sleep) -> None:
    ours = _named(rules, wanted.name)
    if ours is not None and not _is_ours(ours, wanted):
        raise Refused(
            f"the rule set {rule_set} has a rule {wanted.name} that announces to another topic, so it is not this "
            "stack's: delete it, or deploy under another stack name"
        )
    _refuse_rivals(rule_set, rules, wanted)
    rule: Any = wanted.as_ses_has_it()
    if ours is None:
        # Without `After` it comes first, so that nobody's Stop action keeps mail from it.
        _persist(lambda: ses.create_receipt_rule(RuleSetName=rule_set, Rule=rule), sleep)
    else:
        _persist(lambda: ses.update_receipt_rule(RuleSetName=rule_set, Rule=rule), sleep)


def _refuse_rivals(rule_set: str, rules: list[Any], wanted: ReceiptRule) -> None:
    rivals = [rule["Name"] for rule in rules if rule["Name"] != wanted.name and _receives_for(rule, wanted.domain)]
    if rivals:
        raise Refused(
            f"{wanted.domain} is received already by {', '.join(rivals)} in the active rule set {rule_set}, and each "
            "mail would be dealt with twice: remove the domain from that rule, or choose another mail domain"
        )


def _receives_for(rule: Mapping[str, Any], domain: str) -> bool:
    """Say whether `rule` names the domain or an address in it. A catch-all names nobody: it may stay beside ours."""
    return any(one.casefold().rpartition("@")[2] == domain for one in rule.get("Recipients", ()))


def _persist(call: Callable[[], object], sleep: Sleep) -> None:
    """Call, and again for half a minute while SES cannot use the bucket or the topic yet."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - imports have no cost until something is called

    for left in reversed(range(_TRIES)):
        try:
            call()
        except ClientError as error:
            if not left or error.response["Error"]["Code"] not in _NOT_YET:
                raise
            sleep(_PAUSE)
        else:
            return


def remove(ses: SESClient, rule: ReceiptRule, rule_set: str | None = None) -> bool:
    """Remove our rule from `rule_set` (None: the active one), and the set if it is ours and empty. Say if it was there.

    What is missing, or not ours, is left alone: CloudFormation asks for removal also after a failed creation.
    """
    rule_set = rule_set or _active(ses)
    rules = _rules_of(ses, rule_set) if rule_set else None
    if not rule_set or rules is None:
        return False
    ours = _named(rules, rule.name)
    if ours is not None and _is_ours(ours, rule):
        ses.delete_receipt_rule(RuleSetName=rule_set, RuleName=rule.name)
        rules.remove(ours)
    elif rules:
        return False
    if rule_set == rule.name and not rules:
        _remove_own_set(ses, rule_set)
    return ours is not None


def _remove_own_set(ses: SESClient, rule_set: str) -> None:
    if _active(ses) == rule_set:
        ses.set_active_receipt_rule_set()  # none: SES refuses to delete the active set
    ses.delete_receipt_rule_set(RuleSetName=rule_set)


def _active(ses: SESClient) -> str | None:
    active: Any = ses.describe_active_receipt_rule_set()
    return (active.get("Metadata") or {}).get("Name")


def _rules_of(ses: SESClient, rule_set: str) -> list[Any] | None:
    try:
        return list(ses.describe_receipt_rule_set(RuleSetName=rule_set)["Rules"])
    except ses.exceptions.RuleSetDoesNotExistException:
        return None


def _named(rules: list[Any], name: str) -> Any | None:
    return next((rule for rule in rules if rule["Name"] == name), None)


def _is_ours(rule: Mapping[str, Any], wanted: ReceiptRule) -> bool:
    return any(action.get("S3Action", {}).get("TopicArn") == wanted.topic for action in rule.get("Actions", ()))
