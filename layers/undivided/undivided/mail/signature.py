"""Where somebody's signature begins: only what a program put there, or a delimiter shows. A closing like "Best, Anna" is words."""

from __future__ import annotations

import re

from undivided.mail.lines import Line, Mark
from undivided.mail.patterns import Late

_LONGEST = 25
"""Lines below a `-- ` that are believed to be a signature; more is a text with a rule in it."""
_DELIMITER = re.compile(r"\s?(?:--|—|– ?–|-- -|__)[ \t\xa0]*")
_SENT = (
    "sent (?:from|with|via|using|by|through|on the)|get (?:the )?outlook|get yahoo|h[äa]mta outlook|holen sie sich outlook|posl[áa]no (?:z|ze)|从.{2,30}发送|從.{2,30}傳送|von .{2,40} gesendet|gesendet (?:von|mit|aus|über)|"
    "diese nachricht wurde (?:von|mit) .{2,40} gesendet|mit .{2,40} gesendet|"
    "envoy[ée]e? (?:de(?:puis)?|avec|par|à partir|via)|t[ée]l[ée]charge[zr] outlook|obtenez outlook|provenance : courrier|"
    "enviado (?:desde|de|do|a partir|com|con|via|por)|enviada (?:do|de)|obtener outlook|obter o? ?outlook|outlook para|"
    "inviato (?:da|dal|con|tramite)|scarica outlook|ottieni outlook|verstuurd (?:vanaf|met|vanuit|via)|verzonden (?:vanaf|met|via|vanuit)|outlook voor|download outlook|hent outlook|"
    "skickat (?:från|med)|skaffa outlook|sendt (?:fra|med|via)|l[äa]hetetty|hanki outlook|wys[łl]an[eoay] (?:z|ze|za pomoc[ąa])|pobierz outlook|"
    "odesl[áa]no (?:z|ze|pomoc[íi])|odoslan[ée] (?:z|zo)|отправлено (?:с|из|от)|послано с|надіслано (?:з|із)|"
    "\\S{2,20}.{0,40} gönderildi|elküldve|\\w+-?\\w* küldve|trimis (?:de pe|din|cu)|poslano (?:z|sa|s)|изпратено от|"
    "στάλθηκε (?:από|με)|gửi từ|được gửi từ|dikirim (?:dari|dengan)|ส่งจาก|发自|發自|從我的|从我的|来自我的|傳送自|iphoneから送信|から送信|에서 보냄|에서 보낸|나의 .{2,20}에서|"
    "נשלח מ|أرسلت? من|أُرسلت? من|مرسل من|enviat des|saadetud|išsiųsta iš|nosūtīts no|ارسال شده از"
)
_DEVICES = (
    "iphon|ipad|ipod|apple watch|android|samsung|galaxy|blackberry|outlook|hotmail|windows (?:phone|mail)|courrier|mail für windows|mail for windows|"
    "correo para windows|posta per windows|yahoo|huawei|xiaomi|redmi|oneplus|nokia|htc|sony|xperia|lg |motorola|moto |pixel|nexus|honor|oppo|vivo|"
    "smartphone|mobile|mobiel|mobilu|unterwegs|typeapp|mailsuite|邮件|handy|mobil|telefon|téléphone|teléfono|telefono|phone|tablet|wireless|verizon|t-mobile|at&t|sprint|orange|vodafone|sfr|bouygues|"
    "proton ?mail|proton mail|tutanota|tuta|gmx|web\\.de|1&1|freenet|t-online|mail\\.ru|yandex|яндекс|mail app|mailbird|spark|aqua ?mail|k-9|bluemail|blue mail|"
    "mymail|my mail|почты|thunderbird|superhuman|airmail|newton|nine|fairemail|zoho|mimestream|fastmail|posteo|mailspring|polymail|gmail|email app|mail\\.app|"
    "mac|macbook|postbox|em client|edison|canary|boxer|touchdown|nexus|surface|windows 10|windows|айфон|手机|手機|邮箱|qq|网易|foxmail|我的|スマートフォン|"
    "cell|alcatel|ti-\\d|mailbox|pc(?!\\w)|handheld|droid|kindle|mobiltelefon|mobiele|móvil|celular|portable|puhelimesta|cellulare|telemóvel|treo|palm|hiptop|sidekick|telstra|rogers|bell|fido|telus|"
    "shiftmail|shift|front|hey|missive|spike|notion mail|appsuite|open-xchange|mailo|laposte|naver|daum|rediff|libero|virgilio|tiscali|alice|seznam|onet|wp|interia|o2"
)
_SENT_WITH = Late(rf"\W{{0,6}}(?:{_SENT})(?!\w{{12}})", re.IGNORECASE)
_DEVICE = Late(rf"(?:{_DEVICES})", re.IGNORECASE)
_OUTLOOK_APP = re.compile(
    r"[^.!?@]{0,30}\bOutlook\b[^.!?@]{0,24}(?:iOS|Android)?[^.!?@]{0,24}[<(\[]?\s?https://(?:aka\.ms|(?:www\.)?(?:outlook|microsoft)\.com)/\S+\s?",
    re.IGNORECASE,
)
_NEAR = 32
"""Characters behind "Sent from" in which the device stands; a sentence that begins so goes on with other words."""
_MOBILE = re.compile(
    r"\W{0,3}(?:sent |written |typed )?(?:from|on|via|by) (?:my|a|an|the)? ?(?:\w+ )?(?:i-?phone|i-?pad|android|mobile|cell|galaxy|blackberry|phone|tablet)(?: ?\w{1,8})?(?:[,.;] (?:please )?(?:excuse|forgive|pardon|sorry)[^.!?]{0,60})?\W{0,3}",
    re.IGNORECASE,
)
_ASIAN = re.compile(
    r"\W{0,4}(?:私の)?(?:iPhone|iPad|Galaxy|Android|Xperia|スマートフォン|나의|내).{0,20}(?:から送信|에서 보냄|에서 보낸.{0,10})\W{0,3}",
    re.IGNORECASE,
)
_FOOTER = Late(
    r"(?:this (?:e-?mail|message) (?:has been|was) (?:checked|scanned) for viruses|virus[- ]free\.?|diese e-mail wurde (?:von|auf viren)|"
    r"l'absence de virus dans ce courrier|este (?:correo|e-mail|mensaje) (?:electr[oó]nico )?(?:ha sido|foi) (?:comprobado|verificado)|"
    r"libre de virus|sans virus|garanti sans virus|virenfrei|questa e-?mail [eè] stata (?:controllata|esaminata)|priva di virus|privo di virus|"
    r"deze e-mail is gecontroleerd|tento e-mail byl zkontrolov[áa]n|это письмо проверено|проверено на вирусы|"
    r"you received this message because you are subscribed|to unsubscribe from this group|you are receiving this (?:because|message because)|"
    r"reply to this email directly or view it on github|.{0,60} mailing list$|to unsubscribe(?:,| from)|unsubscribe:|"
    r"do you yahoo!\?|get your free email|msn (?:hotmail|messenger)|join the world's largest e-mail service|express yourself instantly|"
    r"-{6,} next part -{6,}|an html attachment was scrubbed|sponsored by|this sf\.net email is sponsored|http\S{4,200}/mailman/listinfo/\S+)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s?<https?://[^<>\s]*>")
_LINE = re.compile(r"\s*(?:[_\-=*~]{3,}|<?https?://\S+>?\s*)\s*")


def of(lines: list[Line], numbers: list[int]) -> set[int]:
    """Return which of `numbers` (the line numbers of `lines`, a run of kept lines) belong to a signature or a program's footer."""
    end = len(lines)
    end = _without_footers(lines, end)
    end = _without_device(lines, end)
    end = _from_delimiter(lines, end)
    end = _without_device(lines, end)
    end = _from_mark(lines, end)
    marked = {number for number, line in zip(numbers, lines, strict=True) if line.mark is Mark.SIGNATURE}
    return set(numbers[end:]) | marked


def _last_words(lines: list[Line], end: int) -> int:
    while end and lines[end - 1].blank:
        end -= 1
    return end


def _without_footers(lines: list[Line], end: int) -> int:
    """Cut what list programs, virus scanners and free providers append: at most a few lines, from the end."""
    last = _last_words(lines, end)
    for at in range(max(0, last - 12), last):
        if _FOOTER.match(lines[at].text.strip()):
            start = at
            while start and (lines[start - 1].blank or _LINE.fullmatch(lines[start - 1].text)):
                start -= 1
            return start
    return end


def _without_device(lines: list[Line], end: int) -> int:
    """Cut "Sent from my iPhone" and its like when nothing but a link follows."""
    last = _last_words(lines, end)
    for at in range(last - 1, max(-1, last - 4), -1):
        if is_device(lines[at].text):
            return at
        if not (lines[at].blank or _LINE.fullmatch(lines[at].text)):
            break
    return end


def is_device(text: str) -> bool:
    """Say whether a line is what a phone or a mail program signs with by itself."""
    text = text.strip()
    if not 5 < len(text) < 160:  # noqa: PLR2004 - such a line is short, with or without a link
        return False
    if _ASIAN.fullmatch(text) or _OUTLOOK_APP.fullmatch(text) or _MOBILE.fullmatch(text):
        return True
    text = _LINK.sub("", text)
    sent = _SENT_WITH.match(text)
    return sent is not None and _DEVICE.search(text, 0, sent.end() + _NEAR) is not None


def _from_delimiter(lines: list[Line], end: int) -> int:
    """Return the first delimiter line whose signature is short enough; `-- ` exactly as RFC 3676 has it, or a common variant."""
    last = _last_words(lines, end)
    for at in range(max(0, last - _LONGEST), last):
        if _DELIMITER.fullmatch(lines[at].text) and (lines[at].raw.startswith("-- ") or last - at <= 12):  # noqa: PLR2004 - a bare `--` could be a rule
            return at
    return end


def _from_mark(lines: list[Line], end: int) -> int:
    """Cut a trailing run of lines that the mail program marked as its signature."""
    last = _last_words(lines, end)
    start = last
    while start and (lines[start - 1].mark is Mark.SIGNATURE or lines[start - 1].blank):
        start -= 1
    return start if any(line.mark is Mark.SIGNATURE for line in lines[start:last]) else end
