"""The embedded default itself: what it tells scripts, that rights are enforced, and that it leaves nothing running."""

from __future__ import annotations

import re
import smtplib
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from e2e.localdemo import ROOT, LocalDemo

pytestmark = pytest.mark.e2e


def test_stack_json_has_everything_that_scripts_need(stack):
    assert stack["ready"] is True
    told = {
        "endpoint_url", "region", "stack", "api_url", "form_url", "smtp_host", "smtp_port", "maildir", "mailbox_url",
        "mail_domain", "ready",
    }  # fmt: skip
    assert told <= stack.keys()
    for address in (stack["form_url"], stack["mailbox_url"]):
        with urllib.request.urlopen(address, timeout=15) as answer:
            assert answer.status == 200
    assert Path(stack["maildir"]).is_dir()
    assert Path(stack["stack_file"]).stat().st_mode & 0o077 == 0


def test_functions_run_from_byte_code_and_libraries_of_this_machine(stack):
    """Built for Lambda's processor instead, mail with HTML fails, and each cold start compiles all that it imports."""
    layer = Path(stack["stack_file"]).parent / "package" / "UndividedLayer" / "python"
    look = "import sys; sys.path.insert(0, sys.argv[1]); import nh3, undivided.config; print(nh3.clean('<b>x</b>'), nh3.__file__, undivided.config.__cached__)"
    done = subprocess.run([sys.executable, "-I", "-c", look, layer], capture_output=True, text=True, check=True)
    cleaned, library, code = done.stdout.split()
    assert cleaned == "<b>x</b>"
    assert Path(library).is_relative_to(layer)
    assert Path(code).is_relative_to(layer)
    assert Path(code).exists()


def test_the_owner_cannot_make_users(aws):
    with pytest.raises(ClientError, match="not authorized to perform: iam:CreateUser"):
        aws("iam").create_user(UserName="intruder")


def test_wrong_keys_open_nothing(stack):
    import boto3

    s3 = boto3.client(
        "s3", region_name=stack["region"], endpoint_url=stack["endpoint_url"],
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x",
    )  # fmt: skip
    with pytest.raises(ClientError):
        s3.list_buckets()


def test_received_mail_is_stored_whole_without_the_override(post, aws, stack):
    mark = f"mark-{time.time_ns()}"
    mail = post.write("stranger@mail.example", f"nobody-{time.time_ns()}@{stack['mail_domain']}", "hello", mark)
    bucket, s3 = stack["outputs"]["MailBucket"], aws("s3")
    stored = []
    deadline = time.monotonic() + 20
    while not stored and time.monotonic() < deadline:
        keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="received/").get("Contents", [])]
        bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys]
        stored = [body for body in bodies if mark.encode() in body]
        time.sleep(0.2)
    (raw,) = stored
    assert raw.endswith(mail.as_bytes())
    assert b"X-SES-Spam-Verdict: PASS\r\n" in raw


@pytest.mark.parametrize("to", ["somebody@nowhere.example", "x@example.com"])
def test_other_domains_are_refused(post, to):
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        post.write("anna@mail.example", to, "s", "t")


def test_a_person_writes_and_reads_on_the_page(page, stack, post):
    page.goto(stack["mailbox_url"])
    page.get_by_role("link", name="Anna Schmidt").click()
    page.get_by_role("link", name="Write a mail").click()
    subject = f"Lunch {time.time_ns()}"
    page.get_by_label("To").fill("owner@shop.example")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Text").fill("Shall we?\n\nAnna")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("status").inner_text() == "Your mail is on its way."
    mail = post.wait("owner@shop.example", lambda one: one["Subject"] == subject)
    assert mail["From"].addresses[0].addr_spec == "anna@mail.example"
    page.goto(stack["mailbox_url"] + "mailbox/owner@shop.example")
    page.get_by_role("link", name=re.compile(subject)).click()
    page.get_by_role("link", name="Reply").click()
    assert page.get_by_label("Subject").input_value() == f"Re: {subject}"
    assert "> Shall we?" in page.get_by_label("Text").input_value()


def test_a_sample_event_is_replayed_without_docker(stack):
    """Its answer has tests elsewhere; here counts that the command reaches the deployed function's settings."""
    events = sorted((ROOT / "events").glob("*/*.json"))
    assert events, "there are no sample events"
    done = LocalDemo(Path(stack["stack_file"]).parent).command("replay", str(events[0]))
    assert done.returncode == 0, done.stderr
