"""What is learned, lost and built anew on the deployed stack: the same ranking comes back from the conversations alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from e2e import shop
from e2e.localdemo import ROOT
from e2e.world import Talk, World, eventually
from undivided.aws.bucket import Bucket
from undivided.aws.learnedstore import KEY, LearnedStore
from undivided.expertise.learned import Learned

from console.history import rebuild

pytestmark = pytest.mark.e2e
ASKED = ("Does the hinge of the door squeak?", "How do I oil a squeaking hinge?")


def command(world: World, *words: str) -> str:
    """Run `undivided` as an operator does, and return what it prints."""
    folder = str(Path(world.told["stack_file"]).parent)
    done = subprocess.run(
        [sys.executable, "-m", "console.main", *words],
        cwd=ROOT, env={**os.environ, "UNDIVIDED_LOCAL": folder}, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def ranking(world: World) -> str:
    """Return who would get a question of this team now, with the parts of every score."""
    told = command(world, "explain", "The hinge squeaks again.", "--product", shop.sku("learning"), "--lang", "en")
    scores = told.partition("Scores")[2].partition("What would have changed")[0]
    duty = "on duty"
    return "\n".join(line for line in scores.splitlines() if duty not in line)


def known(world: World) -> Learned:
    bucket = Bucket(world.aws("s3"), world.told["outputs"]["MailBucket"])
    return LearnedStore(bucket, lambda: pytest.fail("`latest` needs no clock")).latest()


def answered(world: World, words: str, who: str) -> Talk:
    talk = world.ask("learning", words)
    world.post.reply(talk.brought(who), who, "/close\n\nA drop of oil.")
    assert talk.outcome() == "answered"
    return talk


def test_what_was_learned_is_built_anew_from_the_conversations(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    nora, _ = shop.people("learning")
    untaught = ranking(world)
    talks = [answered(world, words, nora) for words in ASKED]
    eventually(lambda: {talk.id for talk in talks} <= known(world).taught.keys(), "the lessons")
    taught = ranking(world)
    assert taught != untaught, "answers count"

    task = json.loads(command(world, "expertise", "history"))
    ours = [one for one in (*task["stream"], *task["test"]) if one["intent"] == "nora"]
    assert [one["text"].split(" mark")[0] for one in ours] == list(ASKED)
    assert not any(talk.shopper in json.dumps(task) for talk in talks)

    s3, bucket = world.aws("s3"), world.told["outputs"]["MailBucket"]
    s3.delete_object(Bucket=bucket, Key=KEY)
    with pytest.raises(ClientError):
        s3.head_object(Bucket=bucket, Key=KEY)
    assert ranking(world) != taught
    assert rebuild(world.stack()) == 0
    assert "it counts" in capsys.readouterr().out
    assert ranking(world) == taught
