"""Thanks and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undivided.mail.thanks import only_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks", "thank you!", "Thanks a lot :-)", "Great, thanks for your quick reply!\n\nBest regards\nIda Berg",
        "Danke!", "Vielen Dank", "Super, danke für die schnelle Hilfe!\nViele Grüße\nIda", "Merci beaucoup !",
        "Parfait, merci à vous", "¡Muchas gracias!", "Mil gracias por la respuesta. Un saludo, Ida", "Grazie mille",
        "Perfetto, grazie ancora!", "THX", "Danke 👍", "Thank you 🙏🙏",
    ],
)  # fmt: skip
def test_is_thanks(text: str) -> None:
    assert only_thanks(text, "Ida Berg")


@pytest.mark.parametrize(
    "text",
    [
        "", "👍", "No thanks", "Thanks, and in blue?", "Thanks, I take two", "Thanks but it broke", "Danke, aber es passt nicht",
        "Merci, mais non", "Gracias, no", "Grazie, ne prendo 2", "Great", "Perfect, I will order it", "Thanks ¿", "Thanks Kevin",
        "thanks " * 15, "Ok", "Thank you, call me", "Thanks see https://x.example",
    ],
)  # fmt: skip
def test_is_more_or_less_than_thanks(text: str) -> None:
    assert not only_thanks(text, "Ida Berg")


@given(st.text(min_size=3, alphabet=st.characters(categories=["Ll"])))
def test_an_unknown_word_makes_it_a_message(word: str) -> None:
    known = only_thanks(f"thanks {word}")
    assert not known or only_thanks(f"{word} thanks")
    assert not only_thanks(f"thanks {word}qxz")


@given(st.sampled_from(["Danke", "thank you", "merci beaucoup"]), st.sampled_from("?¿0123456789@/"))
def test_a_sign_of_more_makes_it_a_message(text: str, sign: str) -> None:
    assert not only_thanks(f"{text} {sign}")
