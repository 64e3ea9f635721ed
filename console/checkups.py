"""What `undivided doctor` looks at. Each checkup reads one thing and tells what it found; none changes anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from console import mx
from console.stack import Stack

FINE, WARNING, ERROR = "ok", "warning", "missing"
SHOP = "config/shop.json"
_FEW_AT_ONCE = 100
"""Functions at once; a new account may have ten, and then shoppers who come together get errors."""
_NEARLY = 0.8
"""Of the daily quota."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is one of the three above; `do` says what to do about it, empty when nothing is to be done."""

    level: str
    what: str
    do: str = ""


Checkup = Callable[[Stack], Iterator[Finding]]


def identity(stack: Stack) -> Iterator[Finding]:
    """SES must know that the domain is yours, and sign for it (DKIM)."""
    ses, name = stack.client("sesv2"), stack.output("SendingIdentity")
    try:
        found = ses.get_email_identity(EmailIdentity=name)
    except ses.exceptions.NotFoundException:
        yield Finding(
            ERROR, f"SES has no identity {name}", "deploy with an empty SendingIdentity, or verify that domain in SES"
        )
        return
    dkim = found.get("DkimAttributes", {})
    if not found.get("VerifiedForSendingStatus"):
        yield Finding(ERROR, f"{name} is not verified for sending", _records(name, dkim))
    elif dkim.get("Status") != "SUCCESS":
        yield Finding(ERROR, f"mail from {name} is not signed (DKIM: {dkim.get('Status')})", _records(name, dkim))
    else:
        yield Finding(FINE, f"{name} is verified, and its mail is signed")


def _records(name: str, dkim: dict[str, Any]) -> str:
    """Return the DNS records by which SES sees that the domain is yours."""
    zone = dkim.get("SigningHostedZone") or "dkim.amazonses.com"
    lines = [f"{token}._domainkey.{name}  CNAME  {token}.{zone}" for token in dkim.get("Tokens", [])]
    if not lines:
        return f"turn on Easy DKIM for {name} in SES, and publish the records that it shows"
    return "\n".join(["publish these records with your DNS provider, and wait up to an hour:", *lines])


def exchanger(stack: Stack) -> Iterator[Finding]:
    """Mail to the mail domain must reach SES in the stack's region."""
    if stack.output("Receiving") != "ses":
        yield Finding(FINE, "this stack does not receive by SES")
        return
    domain, ours = stack.output("MailDomain"), f"inbound-smtp.{stack.region}.amazonaws.com"
    write = f"publish this record, and no other MX for it:\n{domain}  MX  10 {ours}"
    try:
        found = [one.host for one in mx.exchangers(domain)]
    except mx.CannotAsk as error:
        yield Finding(
            WARNING,
            f"cannot ask for the MX record of {domain} ({error})",
            f"look yourself: dig +short MX {domain}\nit should say: 10 {ours}.",
        )
        return
    if found == [ours]:
        yield Finding(FINE, f"mail to {domain} reaches SES")
    elif ours in found:
        others = ", ".join(host for host in found if host != ours)
        yield Finding(WARNING, f"some mail to {domain} goes to {others}", write)
    else:
        yield Finding(ERROR, f"mail to {domain} does not reach SES (MX: {', '.join(found) or 'none'})", write)


def receipt_rule(stack: Stack) -> Iterator[Finding]:
    """SES must hand the mail domain's mail to this stack."""
    if stack.output("Receiving") != "ses":
        return
    active = stack.client("ses").describe_active_receipt_rule_set()
    rules, name = active.get("Rules", []), stack.output("ReceiptRule")
    ours = next((rule for rule in rules if rule["Name"] == name), None)
    again = "deploy the stack again (`sam build && sam deploy`): it repairs the rule"
    if ours is None:
        where = f"the active rule set {active['Metadata']['Name']}" if active.get("Metadata") else "any active rule set"
        yield Finding(ERROR, f"the receipt rule {name} is not in {where}", again)
    elif not ours.get("Enabled") or stack.output("MailDomain") not in ours.get("Recipients", []):
        yield Finding(ERROR, f"the receipt rule {name} is switched off, or for another domain", again)
    else:
        yield Finding(FINE, f"the receipt rule {name} is active")
        yield from _before(rules, name)


def _before(rules: list[Any], name: str) -> Iterator[Finding]:
    for rule in rules:
        if rule["Name"] == name:
            return
        if any({"StopAction", "BounceAction"} & set(action) for action in rule.get("Actions", [])):
            yield Finding(
                WARNING,
                f"the rule {rule['Name']} comes first, and may stop or bounce our mail",
                f"move {name} to the front of the rule set, or narrow the recipients of {rule['Name']}",
            )


def account(stack: Stack) -> Iterator[Finding]:
    """In SES's sandbox only verified addresses get mail."""
    found = stack.client("sesv2").get_account()
    if not found.get("ProductionAccessEnabled"):
        yield Finding(
            ERROR,
            "SES is in its sandbox: only verified addresses get mail, 200 a day",
            "ask for production access (docs/deploy.md, Out of the sandbox); until then verify the addresses you try it with",
        )
    if not found.get("SendingEnabled", True) or found.get("EnforcementStatus", "HEALTHY") != "HEALTHY":
        yield Finding(
            ERROR,
            f"SES restricts this account ({found.get('EnforcementStatus')})",
            "read the case in AWS Support Center, and answer it",
        )
    yield from _quota(found.get("SendQuota", {}))


def _quota(quota: dict[str, float]) -> Iterator[Finding]:
    most, sent = quota.get("Max24HourSend", 0.0), quota.get("SentLast24Hours", 0.0)
    words = f"{sent:.0f} of {most:.0f} mails sent in 24 hours, at most {quota.get('MaxSendRate', 0.0):.0f} a second"
    if most > 0 and sent >= _NEARLY * most:
        yield Finding(
            WARNING, words, "ask for a higher sending quota (Service Quotas, SES); mail over it waits until tomorrow"
        )
    else:
        yield Finding(FINE, words)


def functions_at_once(stack: Stack) -> Iterator[Finding]:
    """How many functions the account may run at the same time."""
    most = stack.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if most < _FEW_AT_ONCE:
        yield Finding(
            WARNING,
            f"the account may run only {most} functions at once",
            "ask for 1000 (Service Quotas, AWS Lambda, Concurrent executions): it costs nothing",
        )
    else:
        yield Finding(FINE, f"the account may run {most} functions at once")


def roster(stack: Stack) -> Iterator[Finding]:
    """The shop must be loaded, and for the domain that the stack receives for."""
    s3, bucket = stack.client("s3"), stack.output("ConfigBucket")
    load = f"undivided roster apply undivided.yaml --stack {stack.name}"
    try:
        shop = json.loads(s3.get_object(Bucket=bucket, Key=SHOP)["Body"].read())
    except s3.exceptions.NoSuchKey:
        yield Finding(ERROR, "no shop is loaded", load)
        return
    except ValueError:
        yield Finding(ERROR, f"{SHOP} in {bucket} is no JSON", load)
        return
    if shop.get("mail_domain") != stack.output("MailDomain"):
        yield Finding(
            ERROR,
            f"the shop is for {shop.get('mail_domain')}, the stack receives for {stack.output('MailDomain')}",
            f"correct mail_domain in undivided.yaml, then: {load}",
        )
        return
    yield Finding(FINE, f"{shop.get('name')}: {len(shop.get('specialists', []))} specialists are loaded")
    if shop.get("paused"):
        yield Finding(
            WARNING, "the desk is paused: questions wait", f"take `paused` out of undivided.yaml, then: {load}"
        )


def learned(stack: Stack) -> Iterator[Finding]:
    """What was learned must be readable by this release, or everybody is ranked by their description alone."""
    from undivided.aws.learnedstore import KEY  # noqa: PLC0415 - boto3 is imported only when a stack is used
    from undivided.expertise.learned import Learned  # noqa: PLC0415 - as above

    s3, again = stack.client("s3"), f"undivided expertise rebuild --stack {stack.name}"
    try:
        found = Learned.load(s3.get_object(Bucket=stack.output("MailBucket"), Key=KEY)["Body"].read())
    except s3.exceptions.NoSuchKey:
        yield Finding(FINE, "nothing is learned yet: specialists are ranked by what undivided.yaml says")
        return
    except ValueError:
        yield Finding(ERROR, "what was learned cannot be read, so only what undivided.yaml says counts", again)
        return
    yield Finding(FINE, f"learned from {len(found.taught)} conversations or more")
    if found.model.stale:
        yield Finding(
            WARNING, "past questions were learned with another table of words, so only their words count", again
        )
    if found.rebuild and not found.rebuild.taken:
        yield Finding(WARNING, "the last rebuild does not count: a conversation was erased meanwhile", again)


def keys(stack: Stack) -> Iterator[Finding]:
    """Without signing keys no link and no reply address works. Their values are not read."""
    ssm, name = stack.client("ssm"), stack.output("KeysParameter")
    try:
        ssm.get_parameter(Name=name)
    except ssm.exceptions.ParameterNotFound:
        yield Finding(ERROR, f"the signing keys {name} are gone", "docs/runbook.md, Signing keys")
    else:
        yield Finding(FINE, "the signing keys exist")


def dead_letters(stack: Stack) -> Iterator[Finding]:
    """Work that failed five times lies there, and waits for somebody."""
    sqs = stack.client("sqs")
    urls = [
        url for url in sqs.list_queues(QueueNamePrefix=f"{stack.name}-").get("QueueUrls", []) if url.endswith("-dead")
    ]
    full = False
    for url in urls:
        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        count = int(asked["Attributes"]["ApproximateNumberOfMessages"])
        if count:
            full = True
            yield Finding(ERROR, f"{count} in {url.rpartition('/')[2]}", "docs/runbook.md, Dead letters")
    if not full:
        yield Finding(FINE, f"{len(urls)} queues of dead letters are empty")


def alarms(stack: Stack) -> Iterator[Finding]:
    """Somebody should be told when an alarm goes off."""
    topic = stack.output("AlarmTopicArn")
    found = stack.client("sns").list_subscriptions_by_topic(TopicArn=topic).get("Subscriptions", [])
    if not found:
        yield Finding(WARNING, "nobody is told when something fails", "deploy with AlarmEmail=you@shop.example")
    elif any(one["SubscriptionArn"] == "PendingConfirmation" for one in found):
        yield Finding(
            WARNING, "the alarms' address is not confirmed", "open the mail from AWS Notifications, and follow its link"
        )
    else:
        yield Finding(FINE, "alarms are told by mail")


ALL: tuple[Checkup, ...] = (
    identity, exchanger, receipt_rule, account, functions_at_once, roster, learned, keys, dead_letters, alarms,
)  # fmt: skip
