"""New words of HTML mail, program by program: what is kept as text, and what the sanitised HTML holds and does not hold."""

from __future__ import annotations

import pytest
from undivided.mail.parse import read

CASES = (
    (
        "hotmail",
        "Re: x",
        '<html><body class="hmmessage"><div dir="ltr">New<br><br><div><hr id="stopSpelling">From: jo@x.com<br>To: a@b.c<br>Subject: x<br>Date: Mon, 2 Mar 2015 09:41:12 +0000<br><br>old</div></div></body></html>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "aol",
        "Re: x",
        '<font>New<br><br><div style="clear:both"></div><br>-----Original Message-----<br>From: Jo &lt;jo@x.com&gt;<br>To: A &lt;a@b.c&gt;<br>Sent: Mon, Mar 2, 2026 9:41 am<br>Subject: x<br><br><div>old</div></font>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "oe",
        "Re: x",
        '<DIV>New</DIV><BLOCKQUOTE dir=ltr style="PADDING-RIGHT: 0px; PADDING-LEFT: 5px; MARGIN-LEFT: 5px; BORDER-LEFT: #000000 2px solid; MARGIN-RIGHT: 0px"><DIV style="FONT: 10pt arial">----- Original Message ----- </DIV><DIV style="BACKGROUND: #e4e4e4"><B>From:</B> Jo</DIV><DIV><B>To:</B> A</DIV><DIV>old</DIV></BLOCKQUOTE>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "yahoo old",
        "Re: x",
        '<div>New</div><div><br></div><hr size="1"><font face="Tahoma" size="2"><b><span style="font-weight: bold;">From:</span></b> Jo &lt;jo@x.com&gt;<br><b><span>To:</span></b> A<br><b><span>Sent:</span></b> Monday, March 2, 2009 9:41 AM<br><b><span>Subject:</span></b> x<br></font><br>old',
        None,
        "New",
        None,
        "old",
    ),
    (
        "plain bq after intro",
        "Re: x",
        "<p>New</p><p>On Mon, Mar 2, 2026 at 9:41 AM, Jo &lt;jo@x.com&gt; wrote:</p><blockquote><p>old</p></blockquote>",
        None,
        "New",
        None,
        "old",
    ),
    (
        "indent bq",
        "Re: x",
        '<div>New</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>mine, indented</div></blockquote>',
        None,
        "New\nmine, indented",
        None,
        None,
    ),
    (
        "nested table",
        "Re: x",
        '<table><tr><td>New</td></tr></table><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b><span>From:</span></b><span> Jo [mailto:jo@x.com] <br><b>Sent:</b> Monday, March 02, 2026 9:41 AM<br><b>To:</b> A<br><b>Subject:</b> x</span></p></div><p class="MsoNormal">old</p>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "msonormal no rule",
        "Re: x",
        '<p class="MsoNormal">New<o:p></o:p></p><p class="MsoNormal"><b>De&nbsp;:</b> Jo &lt;jo@x.com&gt;<br><b>Envoyé&nbsp;:</b> lundi 2 mars 2026 09:41<br><b>À&nbsp;:</b> A<br><b>Objet&nbsp;:</b> x</p><p>old</p>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "image kept",
        "Re: x",
        '<div>See:<br><img src="cid:img1@x" alt="p"></div><div class="gmail_quote"><div class="gmail_attr">On Mon wrote:<br></div><blockquote class="gmail_quote"><img src="cid:old@x">old</blockquote></div>',
        None,
        "See:",
        "cid:img1@x",
        "cid:old",
    ),
    (
        "image only",
        "Re: x",
        '<div><img src="cid:img1@x"></div><div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 2, 2026 Jo wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div>',
        None,
        "On Mon, Mar 2, 2026 Jo wrote:\n> old",
        None,
        None,
    ),
    (
        "bottom post gmail",
        "Re: x",
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 2, 2026 Jo wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div><div>New below</div>',
        None,
        "New below",
        None,
        "old",
    ),
    (
        "inside quote div",
        "Re: x",
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 2, 2026 Jo wrote:<br></div><blockquote class="gmail_quote">old</blockquote><div><br></div><div>New inside</div></div>',
        None,
        "New inside",
        None,
        "old",
    ),
    (
        "old gmail",
        "Re: x",
        '<div dir="ltr">New</div><div class="gmail_extra"><br><div class="gmail_quote">On 2 March 2015 at 09:41, Jo <span dir="ltr">&lt;<a href="mailto:jo@x.com">jo@x.com</a>&gt;</span> wrote:<br><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">old</blockquote></div><br></div>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "old gmail unknown language",
        "Re: x",
        '<div dir="ltr">New</div><div class="gmail_extra"><br><div class="gmail_quote">Zx 2 Foo 2015 Jo <span dir="ltr">&lt;<a href="mailto:jo@x.com">jo@x.com</a>&gt;</span> zrote:<br><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">old</blockquote></div><br></div>',
        None,
        "New",
        None,
        "old",
    ),
    (
        "gmail fwd",
        "Fwd: x",
        '<div dir="ltr">FYI<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <strong>Jo</strong> &lt;jo@x.com&gt;<br>Date: Mon<br>Subject: x<br>To: a@b.c<br></div><br>old</div></div>',
        None,
        "FYI\n\n---------- Forwarded message ---------\nFrom: Jo <jo@x.com>\nDate: Mon\nSubject: x\nTo: a@b.c\n\nold",
        "old",
        None,
    ),
    (
        "plain+html outlook unknown lang",
        "Re: x",
        "<div>New words here</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>Qa:</b> Jo<br><b>Zb:</b> Mon<br></div><div>old words there</div>",
        "New words here\n\nQa: Jo\nZb: Mon\nold words there",
        "New words here",
        None,
        None,
    ),
    (
        "samsung html",
        "Re: x",
        '<div>New</div><div id="composer_signature"><meta><div style="font-size:85%;color:#575757">Von meinem Samsung Galaxy Smartphone gesendet.</div></div><div><br></div><div style="font-size:100%;color:#000000"><!-- originalMessage --><div>-------- Ursprüngliche Nachricht --------</div><div>Von: Jo &lt;jo@x.com&gt; </div><div>Datum: 02.03.26  09:41  (GMT+01:00) </div><div>An: A </div><div>Betreff: x </div><div><br></div></div>old',
        None,
        "New",
        None,
        "old",
    ),
    (
        "apple fwd",
        "Fwd: x",
        '<html><body>FYI<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div><b>From: </b>Jo<br></div><div>old</div></blockquote></div></body></html>',
        None,
        "FYI\n\n> Begin forwarded message:\n>\n> From: Jo\n> old",
        None,
        None,
    ),
    (
        "tb sig",
        "Re: x",
        '<html><body><p>New</p><div class="moz-signature">-- <br>Anna<br>Berlin</div></body></html>',
        None,
        "New",
        None,
        None,
    ),
    ("dash sig", "Re: x", "<div>New</div><div>-- <br></div><div>Anna</div><div>Berlin</div>", None, "New", None, None),
    (
        "proton empty sig",
        "Re: x",
        '<div>New</div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">On Mon, Jo wrote:<br><blockquote class="protonmail_quote" type="cite">old</blockquote></div>',
        None,
        "New",
        None,
        None,
    ),
    (
        "hey",
        "Re: x",
        '<div class="trix-content"><div>New</div></div><br><div>On March 2, 2026, Jo &lt;jo@x.com&gt; wrote:</div><blockquote>old</blockquote>',
        None,
        "New",
        None,
        None,
    ),
    (
        "qq",
        "Re: x",
        '<div>New</div><div><br></div><div><includetail><div style="color: #000"><div>------------------&nbsp;Original&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div id="menu_sender"><b>From: </b>&nbsp;"Jo"&lt;jo@x.com&gt;;</div><div><b>Date: </b>&nbsp;Mon, Mar 2, 2026 09:41 AM</div><div><b>To: </b>&nbsp;"A"&lt;a@b.c&gt;;</div><div><b>Subject: </b>&nbsp;x</div></div><div>old</div></div></includetail></div>',
        None,
        "New",
        None,
        None,
    ),
    (
        "163",
        "Re: x",
        '<div>New</div><div id="isReplyContent">At 2026-03-02 09:41:12, "Jo" &lt;jo@x.com&gt; wrote:<br><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid">old</blockquote></div>',
        None,
        "New",
        None,
        None,
    ),
    (
        "mailru",
        "Re: x",
        '<html><body><p>New</p><br><br><br><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Понедельник, 2 марта 2026, 9:41 +03:00 от Jo &lt;jo@x.com&gt;:<br><br>old</blockquote><br>-- <br>Анна<br></body></html>',
        None,
        "New",
        None,
        None,
    ),
    (
        "yandex",
        "Re: x",
        '<div>New</div><div>02.03.2026, 09:41, "Jo" &lt;jo@x.com&gt;:</div><blockquote type="cite"><p>old</p></blockquote>',
        None,
        "New",
        None,
        None,
    ),
    ("html pre", "Re: x", "<pre>New line\n\n&gt; old\n</pre>", None, "New line", None, None),
    ("p quoted gt", "Re: x", "<p>New</p><p>&gt; old<br>&gt; older</p>", None, "New", None, None),
    (
        "zoho",
        "Fwd: x",
        '<div style="font-family: Verdana"><div>New<br></div><div><br></div><div class="zmail_extra" id="beforequote_1"><div id="zm_-1">============ Forwarded message ============<br>From: Jo<br>To: A<br>Date: Mon<br>Subject: x<br>============ Forwarded message ============</div><div>old</div></div></div>',
        None,
        "New\n\n> ============ Forwarded message ============\n> From: Jo\n> To: A\n> Date: Mon\n> Subject: x\n> ============ Forwarded message ============\n> old",
        None,
        None,
    ),
    (
        "front",
        "Re: x",
        '<div>New</div><div class="front-signature">Anna</div><blockquote type="cite" class="front-blockquote">On March 2, 2026, Jo wrote:<br>old</blockquote>',
        None,
        "New",
        None,
        None,
    ),
    (
        "empty top",
        "Re: x",
        '<div><br></div><div class="gmail_quote"><div class="gmail_attr">On Mon, Jo wrote:</div><blockquote class="gmail_quote">old</blockquote></div>',
        None,
        "On Mon, Jo wrote:\n> old",
        None,
        None,
    ),
    (
        "ios sig",
        "Re: x",
        '<html><body dir="auto">New<br><br><div id="AppleMailSignature" dir="ltr">Sent from my iPhone</div><div dir="ltr"><br>On Mar 2, 2026, at 9:41 AM, Jo &lt;<a href="mailto:jo@x.com">jo@x.com</a>&gt; wrote:<br><br></div><blockquote type="cite"><div dir="ltr">old</div></blockquote></body></html>',
        None,
        "New",
        None,
        "iPhone",
    ),
    (
        "links",
        "Re: x",
        "<p>See <a href='https://x.example/a'>this page</a></p>",
        None,
        "See this page",
        "https://x.example/a",
        None,
    ),
    ("tracking", "Re: x", '<p>New <img src="https://t.example/p.gif" width=1></p>', None, "New", None, "t.example"),
    (
        "notes table",
        "Re: x",
        "<div>New</div><br><br><table><tr><td><font size=1>Jo &lt;jo@x.com&gt; </font><br><font size=1>02.03.2026 09:41</font></td><td><table><tr><td>An</td><td>A &lt;a@b.c&gt;</td></tr><tr><td>Thema</td><td>x</td></tr></table></td></tr></table><br>old",
        None,
        "New\n\n\nJo <jo@x.com>\n02.03.2026 09:41\nAn A <a@b.c>\nThema x\n\nold",
        None,
        None,
    ),
)
"""Program, subject, HTML, plain alternative, new words, what the new HTML must hold, and must not."""


def raw(subject: str, html: str, plain: str | None) -> bytes:
    head = f"From: a@b.example\nSubject: {subject}\nIn-Reply-To: <a@b>\n"
    part = f"Content-Type: text/html; charset=utf-8\n\n{html}"
    if plain is None:
        return (head + part).encode()
    text = f"Content-Type: text/plain; charset=utf-8\n\n{plain}"
    return f"{head}Content-Type: multipart/alternative; boundary=q\n\n--q\n{text}\n--q\n{part}\n--q--\n".encode()


@pytest.mark.parametrize(
    ("program", "subject", "html", "plain", "words", "holds", "lacks"), CASES, ids=[case[0] for case in CASES]
)
def test_new_words_of_html(
    program: str, subject: str, html: str, plain: str | None, words: str, holds: str | None, lacks: str | None
) -> None:
    mail = read(raw(subject, html, plain))
    assert mail.reply_text.split() == words.split()
    assert holds is None or holds in mail.reply_html
    assert lacks is None or lacks not in mail.reply_html
