"""Who may do what. The table below is the second key to the same door: widening a right takes a change here as well."""

from __future__ import annotations

from typing import Any

import pytest
from template.shapes import branches, listed, of_type, texts

NO_RESOURCES = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ses:DescribeActiveReceiptRuleSet",
    "ses:DescribeReceiptRuleSet",
    "ses:CreateReceiptRuleSet",
    "ses:SetActiveReceiptRuleSet",
    "ses:DeleteReceiptRuleSet",
    "ses:CreateReceiptRule",
    "ses:UpdateReceiptRule",
    "ses:DeleteReceiptRule",
}
"""AWS knows no resource for these (Service Authorization Reference, X-Ray and SES), so they can only be granted on `*`."""

READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
WRITE = READ | {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"}
CONSUME = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
FOLLOW = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "sqs:SendMessage",
}
CONFIGURATION = {"s3:GetObject", "s3:ListBucket"}
KEYS = {"ssm:GetParameter"}

RIGHTS = {
    "IntakeRole": READ | KEYS | {"s3:GetObject", "sqs:SendMessage"},
    "RouterRole": CONSUME | WRITE | CONFIGURATION | KEYS | {"s3:PutObject"},
    "EmailOutRole": FOLLOW | WRITE | CONFIGURATION | KEYS | {"s3:PutObject", "ses:SendRawEmail"},
    "EmailInRole": CONSUME
    | WRITE
    | CONFIGURATION
    | KEYS
    | {"s3:PutObject", "sqs:SendMessage", "sqs:ChangeMessageVisibility"},
    "EmailEventsRole": CONSUME | WRITE | CONFIGURATION | KEYS,
    "EffectsRole": FOLLOW | WRITE | CONFIGURATION | {"scheduler:CreateSchedule", "iam:PassRole", "events:PutEvents"},
    "ClockRole": CONSUME | WRITE | CONFIGURATION | KEYS | {"sqs:SendMessage"},
    "PagesRole": WRITE | CONFIGURATION | KEYS | {"s3:PutObject", "events:PutEvents"},
    "OrdersRole": WRITE | KEYS | {"s3:GetObject"},
    "LearnRole": CONSUME | READ | CONFIGURATION | {"s3:PutObject", "s3:DeleteObject"},
    "WebhookRole": CONSUME | KEYS | {"sqs:ChangeMessageVisibility"},
    "SetupRole": CONFIGURATION
    | {"s3:PutObject", "ssm:PutParameter"}
    | {one for one in NO_RESOURCES if one.startswith("ses:")},
    "ScheduleRole": {"sqs:SendMessage"},
    "ApiLogsWriter": set[str](),
}


def policies(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the policy documents in a resource's properties, but for the one that says who may take a role."""
    found = [resource["PolicyDocument"]] if "PolicyDocument" in resource else []
    return found + [one["PolicyDocument"] for one in resource.get("Policies", [])]


def statements(resource: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for document in policies(resource) for given in document["Statement"] for one in branches(given)]


def test_no_policy_allows_everything(resources: dict[str, Any]) -> None:
    for name, resource in resources.items():
        for one in statements(resource.get("Properties", {})):
            if one["Effect"] != "Allow":
                continue
            actions = set(listed(one["Action"]))
            assert not any("*" in action for action in actions), f"{name}: {actions}"
            assert "NotAction" not in one, name
            assert "NotResource" not in one, name
            if "*" in listed(one["Resource"]):
                assert actions <= NO_RESOURCES, f"{name} {one.get('Sid')}: {actions} on everything"


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_may_do_what_the_table_says(resources: dict[str, Any], role: str) -> None:
    allowed = {action for one in statements(resources[role]["Properties"]) for action in listed(one["Action"])}
    assert allowed == RIGHTS[role]


def test_only_orders_knows_how_the_shop_systems_sign(resources: dict[str, Any]) -> None:
    knowing = {
        name
        for name in RIGHTS
        for one in statements(resources[name]["Properties"])
        if any(text.endswith("/orders") for text in texts(one["Resource"]))
    }
    assert knowing == {"OrdersRole"}


def test_there_is_no_other_role_and_no_function_without_its_own(expanded: dict[str, Any]) -> None:
    """The Serverless transform would make roles with AWS's broad managed policies."""
    assert set(of_type(expanded, "AWS::IAM::Role")) == set(RIGHTS)
    roles = [one["Role"]["Fn::GetAtt"][0] for one in of_type(expanded, "AWS::Lambda::Function").values()]
    assert len(set(roles)) == len(roles)


def test_roles_carry_no_managed_policies_of_aws_but_api_gateways(resources: dict[str, Any]) -> None:
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        attached = list(texts(role.get("ManagedPolicyArns", [])))
        if name == "ApiLogsWriter":
            assert attached == [
                "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
            ]
        else:
            assert attached in ([], ["RunPolicy"]), name


def test_services_speak_only_for_this_account_and_a_named_source(resources: dict[str, Any]) -> None:
    """No confused deputy: every right of a service on a queue, topic or bucket names whose errand it is."""
    for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"):
        for name, resource in of_type(resources, kind).items():
            for one in statements(resource):
                if one["Effect"] == "Deny":
                    continue
                assert one["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, name
                source = one["Condition"].get("ArnEquals") or one["Condition"]["ArnLike"]
                assert set(source) == {"aws:SourceArn"}, name


def test_only_the_orders_function_reads_the_secrets_of_shop_systems(resources: dict[str, Any]) -> None:
    readers = {
        name
        for name, role in of_type(resources, "AWS::IAM::Role").items()
        if any("${AWS::StackName}/orders" in text for one in statements(role) for text in texts(one["Resource"]))
    }
    assert readers == {"OrdersRole"}


def test_the_api_may_call_its_three_functions_only(expanded: dict[str, Any]) -> None:
    given = {
        one["FunctionName"]["Ref"]: one["SourceArn"]
        for one in of_type(expanded, "AWS::Lambda::Permission").values()
        if one["Principal"] == "apigateway.amazonaws.com"
    }
    assert set(given) == {"IntakeFunction", "PagesFunction", "OrdersFunction"}
    assert all("${Api}/" in "".join(texts(source)) for source in given.values())


def test_the_scheduler_takes_its_role_for_our_group_only(resources: dict[str, Any]) -> None:
    (trust,) = resources["ScheduleRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "schedule-group/${AWS::StackName}" in "".join(texts(trust["Condition"]["ArnEquals"]))
    (passing,) = [
        one for one in statements(resources["EffectsRole"]["Properties"]) if one["Action"] == ["iam:PassRole"]
    ]
    assert passing["Resource"] == {"Fn::GetAtt": ["ScheduleRole", "Arn"]}
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}


def test_in_the_sandbox_too_it_sends_from_the_mail_domain_only(resources: dict[str, Any]) -> None:
    sending = [
        one for one in statements(resources["EmailOutRole"]["Properties"]) if "ses:SendRawEmail" in one["Action"]
    ]
    wide = [one for one in sending if any("identity/*" in text for text in texts(one["Resource"]))]
    assert [one["Condition"] for one in wide] == [{"StringLike": {"ses:FromAddress": {"Fn::Sub": "*@${MailDomain}"}}}]
