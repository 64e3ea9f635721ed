"""The signs one by one, in many languages: device lines, introductions, absence notices, non-delivery notices, and people who are none of it."""

# ruff: noqa: PLE2502 - mail programs write direction marks around names

from __future__ import annotations

from datetime import date

import pytest
from undivided.mail import signature
from undivided.mail.introductions import strength
from undivided.mail.parse import Mail, read

DEVICE_LINES = """\
Sent from my Verizon, Samsung Galaxy smartphone
Sent from Mail for Windows 10
Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows
Sent from Yahoo Mail on Android
Enviado desde mi smartphone Samsung Galaxy.
Von Samsung-Tablet gesendet
Sent from Samsung tablet
Sent via the Samsung Galaxy S8, an AT&T 4G LTE smartphone
Sent on the Sprint® Now Network from my BlackBerry®
Sent from my Windows Phone
Sent from my mobile
Sent from my HTC
Sent from my phone, please excuse typos.
Gesendet mit der mobilen Mail App
Gesendet mit der GMX Mail App
Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.
Verzonden met Outlook voor Android
Sent from ProtonMail mobile
Sent from Proton Mail for iOS
Sent from my Huawei phone
Envoyé depuis mon appareil Samsung
Envoyé à partir d’Outlook pour Android
Envoyé à partir de Outlook pour Android<https://aka.ms/AAb9ysg>
Provenance : Courrier pour Windows
Отправлено из мобильной Почты Mail.ru
Отправлено с устройства Huawei
Отправлено с моего iPhone
Enviado do Email para o Windows
Inviato da Posta per Windows
Gesendet von Mail für Windows
Gesendet von meinem Windows 10 Phone
Hämta Outlook för Android
Hämta Outlook för Android<https://aka.ms/AAb9ysg>
Holen Sie sich Outlook für iOS
Obtener Outlook para Android<https://aka.ms/AAb9ysg>
Télécharger Outlook pour Android
Scarica Outlook per Android
Sendt fra min iPhone
Sendt fra min Samsung Galaxy smartphone.
Lähetetty iPhonesta
Lähetetty Samsung-puhelimesta
Wysłane z mojego iPhone'a
Wysłano z aplikacji mobilnej Poczta WP
Odoslané z iPhonu
Trimis de pe iPhone-ul meu
Στάλθηκε από το iPhone μου
Gửi từ iPhone của tôi
Dikirim dari iPhone saya
ส่งจาก iPhone ของฉัน
נשלח מה-iPhone שלי
أرسلت من الـ iPhone
أُرسلت من الـ iPhone
Elküldve az iPhone-omról
iPhone-omról küldve
Sent from Outlook for Android
Sent from Outlook
Sent from my T-Mobile 4G LTE Device
Sent from TypeApp
Sent using Zoho Mail
Sent from Front
Sent with Airmail
Sent from Gmail Mobile
Sent from Gmail mobile
Sent from Mailbird
Sent by Mailsuite
Sent from a mobile device
Sent from a handheld device
Sent from Nine
Von meinem Smartphone gesendet
Von unterwegs gesendet
从我的 iPhone 发送
發自我的 iPhone
从 Windows 版邮件发送
私のiPhoneから送信
Androidスマートフォンから送信
Sent from my Xiaomi cell phone
Enviado desde Outlook para iOS
Enviado desde Correo para Windows
Enviado desde mi móvil
Envoyé de mon téléphone
Envoyé depuis l'application Mail Orange
Envoyé de mon mobile Orange
Verstuurd vanaf mijn mobiel
Sent from my Pixel 7 using Gmail
Sendt fra Outlook for Android
Enviado via iPhone
iPhone'dan gönderildi
Samsung Galaxy akıllı telefonumdan gönderildi.
Sent from Workspace ONE Boxer
Sent from my Galaxy Tab
Sent from Rogers
Skickat från Outlook för iOS
Надіслано з iPhone
Изпратено от моя iPhone
Poslano s mog iPhonea
Posláno z mobilu
Enviat des de l'iPhone
"""

NO_DEVICE_LINES = (
    "Sent from the shop in Berlin last week, it arrived broken",
    "I sent it with the phone",
    "Sent you the photo with my phone yesterday, did it arrive?",
    "Gesendet habe ich es am Montag",
    "I can see it in Outlook",
    "Mobile phone number: 123",
    "Get the phone, please",
)

INTRODUCTIONS = """\
Jo Doe schrieb am 02.03.2026 um 09:41:
On Mar 2, 2026, at 9:41 AM, Jo Doe wrote:
2026-03-02 9:41 GMT+01:00 Jo Doe <jo@x.com>:
No dia 02/03/2026, às 09:41, Jo <jo@x.com> escreveu:
2026. márc. 2. dátummal, 9:41 időpontban Jo <jo@x.com> írta:
2. mar. 2026 kl. 09:41 skrev Jo <jo@x.com>:
Jo <jo@x.com> kirjoitti 2.3.2026 kello 9.41:
‏ב-2 במרץ 2026, בשעה 9:41, ‏Jo <jo@x.com> כתב/ה:
في ٢ مارس ٢٠٢٦، الساعة ٩:٤١ ص، كتب/كتبت Jo <jo@x.com>:
2026-03-02 09:41, Jo пише:
Jo je 02.03.2026 ob 09:41 napisal(a):
Dňa 2. 3. 2026 o 9:41 Jo napísal(a):
U 09:41, 02.03.2026, Jo je napisao/la:
Στις 2/3/2026 9:41 π.μ., ο/η Jo έγραψε:
Jo rašė 2026-03-02 09:41:
Pe 02.03.2026 09:41, Jo a scris:
在 2026/3/2 9:41, Jo 写道:
於 2026/3/2 上午 09:41, Jo 寫道:
2026/03/02 9:41, Jo さんは書きました:
02.03.2026 9:41 tarihinde Jo yazdı:
Às 09:41 de 02/03/2026, Jo escreveu:
Pada 02/03/2026 09:41, Jo menulis:
Den 02.03.2026 09:41, skrev Jo:
בתאריך 02/03/2026 09:41, Jo כתב/ה:
Kuupäev E, 2. märts 2026 kell 09:41 kirjutas Jo (<jo@x.com>):
On Monday 02 March 2026 09:41:12 Jo wrote:
At 09:41 AM 3/2/2026, Jo wrote:
At 09:41 AM 3/2/2026 -0500, you wrote:
On Mon, 2 Mar 2026 09:41:12 +0100, Jo <jo@x.com> wrote:
On 2 March 2026 at 09:41, Jo <jo@x.com> wrote:
Le 02/03/2026 09:41, Jo a écrit :
Le lundi 2 mars 2026 09:41, Jo <jo@x.com> a écrit :
Am Montag, 2. März 2026, 09:41:12 schrieb Jo:
Am 02.03.2026 schrieb Jo <jo@x.com>:
El lunes, 2 de marzo de 2026, Jo <jo@x.com> escribió:
On Monday, March 2, 2026, Jo <jo@x.com> wrote:
W dniu poniedziałek, 2 marca 2026 Jo <jo@x.com> napisał(a):
понедельник, 2 марта 2026 г. пользователь Jo <jo@x.com> написал:
On Mon, Mar 02 2026, Jo Doe wrote:
--- On Mon, 3/2/09, Jo Doe <jo@x.com> wrote:
Jo Doe wrote on 2.3.2026 9:41:
Jo <jo@x.com> schreef op 2 maart 2026 om 09:41:
Op ma 2 mrt. 2026 09:41 schreef Jo <jo@x.com>:
Den mån 2 mars 2026 09:41Jo <jo@x.com> skrev:
Il giorno lunedì 2 marzo 2026, Jo <jo@x.com> ha scritto:
Em seg, 2 de mar de 2026 09:41, Jo <jo@x.com> escreveu:
Jo Doe said the following on 02/03/2026 09:41:
Jo <jo@x.com>, 2 Mart 2026 Pazartesi tarihinde şunu yazdı:
"""

INTRODUCTIONS_OF_QUOTES = """\
2026-03-02 오전 9:41에 Jo 이(가) 쓴 글:
2026年3月2日月曜日 Jo <jo@x.com>:
Quoting Jo <jo@x.com>:
* Jo Doe (jo@x.com) wrote:
Jo Doe <jo@x.com> wrote:
Jo Doe a écrit :
Citando Jo <jo@x.com>:
Scribit Jo Doe dies 02/03/2026 hora 09:41:
Thus spake Jo Doe (jo@x.com):
"""

MACHINES = (
    (
        "Re: hello",
        "Thank you for your message. I am out of the office from March 1 to March 15 and will have limited access to email. For urgent matters, please contact Bob.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Re: hello",
        "I will be out of the office starting  03/02/2026 and will not return until 03/15/2026.\n\nI will respond to your message when I return.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "AUTO: Jo Doe is out of the office (returning 03/15/2026)",
        'I am out of the office until 03/15/2026.\n\nNote: This is an automated response to your message  "hello" sent on 3/2/2026.',
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Jo Doe is out of the office.",
        "I will be out of the office starting 02.03.2026 and will not return until 10.03.2026.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Jo Doe/BER/Firma ist außer Haus.",
        "Ich werde ab 02.03.2026 nicht im Büro sein. Ich kehre zurück am 10.03.2026.",
        "",
        "Jo <jo@x.example>",
    ),
    ("Abwesenheitsnotiz: Jo Doe", "Ich bin derzeit nicht im Büro.", "", "Jo <jo@x.example>"),
    (
        "Abwesend: hello",
        "Sehr geehrte Damen und Herren, ich bin ab dem 10. März wieder für Sie da.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Re: hello",
        "Vielen Dank für Ihre Nachricht. Ich bin bis zum 10. März im Urlaub. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an Frau Koch.",
        "",
        "Jo <jo@x.example>",
    ),
    ("Absence du bureau", "Je suis absent du bureau jusqu'au 10 mars.", "", "Jo <jo@x.example>"),
    (
        "Re : hello",
        "Bonjour, merci pour votre message. Je suis en congés jusqu'au 10 mars inclus. En cas d'urgence, contactez Paul.",
        "",
        "Jo <jo@x.example>",
    ),
    ("Fuera de la oficina", "Estaré fuera de la oficina hasta el 10 de marzo.", "", "Jo <jo@x.example>"),
    (
        "Re: hello",
        "Gracias por su mensaje. Me encuentro de vacaciones hasta el 10 de marzo. Para asuntos urgentes, contacte con Ana.",
        "",
        "Jo <jo@x.example>",
    ),
    ("Ausencia: hello", "Estoy de baja hasta nuevo aviso.", "", "Jo <jo@x.example>"),
    ("Vacation", "I am on vacation.", "", "Jo <jo@x.example>"),
    ("Vacation Response", "I'm away until March 10", "", "Jo <jo@x.example>"),
    ("On vacation Re: hello", "Hi! I'm on holiday until the 10th of March.", "", "Jo <jo@x.example>"),
    ("Maternity leave Re: hello", "I am now on maternity leave. Please contact Bob.", "", "Jo <jo@x.example>"),
    ("Autosvar: hello", "Jag är föräldraledig.", "", "Jo <jo@x.example>"),
    ("Ikke på kontoret", "Jeg er ikke på kontoret før 10. mars.", "", "Jo <jo@x.example>"),
    ("Fraværende", "Jeg er på ferie.", "", "Jo <jo@x.example>"),
    ("Auto Response", "Thanks for your email.", "", "Jo <jo@x.example>"),
    (
        "Thank you for contacting Acme",
        "Thank you for contacting Acme. We have received your message and will get back to you within 2 business days.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Re: hello",
        "Dear customer,\n\nWe have received your email. A member of our team will respond within 24 hours.\n\nThis mailbox is not monitored, please do not reply to this email.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "We received your request",
        "Hi Anna,\n\nYour request (12345) has been received and is being reviewed by our support staff.\n\nTo add additional comments, reply to this email.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Re: hello",
        "This email address is no longer in use. Please update your records and send to jo2@x.example.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Eingangsbestätigung",
        "Ihre E-Mail ist bei uns eingegangen. Diese E-Mail wurde automatisch erstellt.",
        "",
        "Jo <jo@x.example>",
    ),
    (
        "Confirmation de réception",
        "Nous avons bien reçu votre message et vous répondrons dans les plus brefs délais. Ceci est un message automatique, merci de ne pas y répondre.",
        "",
        "Jo <jo@x.example>",
    ),
    ("Re: hello", "您好，您的邮件我已经收到，我会尽快回复。自动回复", "", "Jo <jo@x.example>"),
    ("自动回复:hello", "您好，邮件已收到。", "", "Jo <jo@x.example>"),
    (
        "回复：hello",
        "这是来自QQ邮箱的假期自动回复邮件。\n您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。",
        "",
        "Jo <jo@x.example>",
    ),
    ("Re: hello", "お問い合わせありがとうございます。\nこのメールは自動送信です。", "", "Jo <jo@x.example>"),
    ("[不在通知] hello", "3/10まで不在にしております。", "", "Jo <jo@x.example>"),
    ("Автоответ: hello", "Я в отпуске до 10 марта.", "", "Jo <jo@x.example>"),
    (
        "Re: hello",
        "Спасибо за ваше письмо. Я нахожусь в отпуске до 10 марта. По срочным вопросам обращайтесь к Ивану.",
        "",
        "Jo <jo@x.example>",
    ),
    ("hello (auto reply)", "I am gone fishing", "", "Jo <jo@x.example>"),
    ("[Auto-Reply] hello", "I am away.", "", "Jo <jo@x.example>"),
    ("Re: hello [Auto-Reply]", "I am away.", "", "Jo <jo@x.example>"),
    ("Out of Office Re: hello", "Back Monday", "", "Jo <jo@x.example>"),
    ("OOO: hello", "Back Monday", "", "Jo <jo@x.example>"),
    (
        "RE: hello",
        "I am currently out of the office with no access to email. I will return on March 10. If you need immediate assistance please contact Bob at bob@x.example.",
        "",
        "Jo <jo@x.example>",
    ),
    ("hello", "I am away from my desk.", "X-Autoreply: yes\n", "Jo <jo@x.example>"),
    ("hello", "Hi", 'Auto-Submitted: auto-replied; owner-email="jo@x.example"\n', "Jo <jo@x.example>"),
    ("hello", "Hi", "Precedence: auto_reply\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "Precedence: junk\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-Autorespond: hello\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-AutoReply-From: jo\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-Mail-Autoreply: x\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-POST-MessageClass: 9; Autoresponder\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "Delivered-To: Autoresponder\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-FC-MachineGenerated: true\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-Autogenerated: Reply\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-Auto-Response-Suppress: All\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "X-Precedence: auto_reply\n", "Jo <jo@x.example>"),
    ("hello", "Hi", "", "autoreply@x.example"),
)
"""Subject, body, more header lines, sender; most have lost every header that would tell."""

PEOPLE = (
    ("Re: hello", "Thanks for your message! I am out of the office today, but I can pick it up on Friday."),
    ("Re: hello", "Thank you for your email. I ordered it yesterday. When will it be delivered?"),
    ("Re: hello", "I will be on vacation next week, so please send it after the 10th. Thanks!"),
    ("Re: hello", "Sorry for the late answer, I was on holiday. Can you please contact me by phone? It is urgent."),
    ("Out of office chair", "My chair is broken. Do you have spare parts?"),
    ("Automatic drill", "Is the automatic drill better? Please contact me."),
    ("Automatic reply feature", "How do I turn on the automatic reply feature of the phone?"),
    ("Vacation rental question", "We rent from 1 March until 10 March. Do you ship there?"),
    ("Absence of manual", "The manual is missing in the box."),
    ("Auto parts", "I need parts for my auto."),
    (
        "Re: hello",
        "Do not reply to this email address please, use my other one: a2@b.example. I would like the 6 mm bit.",
    ),
    (
        "Re: Ticket number: 123",
        "I have received your answer, thank you for your message. It does not work within 24 hours of charging.",
    ),
    (
        "Re: hello",
        "Vielen Dank für Ihre Nachricht. Ich bin bis Freitag im Urlaub, danach melde ich mich. Können Sie es reservieren?",
    ),
    ("Re: hello", "Merci pour votre réponse. Je suis absent demain, pouvez-vous livrer vendredi ?"),
    ("Re: hello", "Bedankt voor uw bericht. Ik ben volgende week met vakantie, kan het daarna?"),
    ("Re: hello", "Grazie per la risposta, sono in ferie fino a lunedì. Potete spedire dopo?"),
    ("Urlaub", "Wir fahren in den Urlaub, welche Dachbox passt?"),
    ("Ausencia de pieza", "Falta una pieza en la caja."),
    ("Poissa lasku", "Lasku puuttuu."),
    ("Away game tickets", "Do you sell away game tickets?"),
    ("Re: Automatic reply: hello", "No problem, talk to you next week."),
    ("Holiday house", "We are on holiday until March 10, where can I buy a bit? Please contact me at 123."),
)

NOTICES = (
    (
        "MAILER-DAEMON@mx.example.org",
        "Rejected: hello",
        "Your message to <lost@example.org> was automatically rejected:\nblocked by filter\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "MAILER-DAEMON@mx.example.org",
        "Delivery failure",
        "Message from example.org.\nUnable to deliver message to the following address(es).\n\n<lost@example.org>:\nThis user does not have an account\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Mail Delivery Subsystem <postmaster@aol.example>",
        "Mail Delivery Problem",
        "The user(s) account is temporarily over quota.\n\n<lost@example.org>\n",
        ("lost@example.org",),
        False,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "MAILER-DAEMON@mx.example.org",
        "Returned mail",
        "This is a collection of reports about email delivery\nprocess concerning a message you originated.\n\nSome explanations/translations for these reports can be found at:\n http://x.example/\n\nFAILED:\n  Original Recipient:\n    rfc822;lost@example.org\n  Control data:\n    smtp example.org lost@example.org\n  Diagnostic texts:\n 550 unknown\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Internet Mail Delivery <postmaster@mx.example.org>",
        "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: <abc123@shop.example>\n  Date: Mon, 02 Mar 2026\n  From: Shop <r-k3y@ask.shop.example>\n  To: lost@example.org\n  Subject: x\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: lost@example.org\n  Reason: Illegal user\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@mx.example.org",
        "Undeliverable: x",
        "<html><body><p>Your message to lost@example.org couldn't be delivered.</p><p>lost wasn't found at example.org.</p><table><tr><td>r-k3y</td><td>Office 365</td><td>lost</td></tr></table><p>Original Message Details</p><p>Sender Address: r-k3y@ask.shop.example</p><p>Recipient Address: lost@example.org</p><p>Error: 550 5.1.10</p></body></html>",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/html; charset=utf-8",
    ),
    (
        "MAILER-DAEMON@t.example",
        "mail failed, returning to sender",
        "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <lost@example.org> ... transport smtp: 550 unknown\n|------------------------- Message text follows: ------------------------|\nReceived: from x\nFrom: r-k3y@ask.shop.example\nTo: lost@example.org\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "MAILER-DAEMON@mx.example.org",
        "failure notice",
        "Hi. The MTA program at mx.example.org was unable to deliver your message to the following addresses. This is a permanent error.\n\n<lost@example.org>:\nuser does not exist\n\n--- Original message follows.\n\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@mimecast.example",
        "[Postmaster] Email Delivery Failure",
        "This is a system-generated message to inform you that your email could not\nbe delivered to one or more recipients. Details of the email and the error are as follows:\n\n<lost@example.org>: No MX record found\n\nYou do not need to reply. Contact support@mimecast.example for help\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Mail Delivery System <postmaster@gmx.example>",
        "Mail delivery failed: returning message to sender",
        "Diese Nachricht wurde automatisch von der Mailsoftware generiert.\n\nEine Nachricht, die Sie versandt haben, konnte an einen oder mehrere Empfänger nicht zugestellt werden. Folgende Adresse(n) sind fehlgeschlagen:\n\nlost@example.org:\nSMTP error from remote server\n550 mailbox unavailable\n\n--- The header of the original message is following. ---\n\nFrom: r-k3y@ask.shop.example\nTo: lost@example.org\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "MAILER-DAEMON@mx.example.org",
        "Undelivered Mail",
        "Your message could not be delivered.\n\nbounce",
        ("lost@example.org",),
        True,
        "",
        "bounce+lost=example.org@shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nUnable to deliver message to the following recipients, due to being unable to connect successfully to the destination mail server.\n\n       lost@example.org\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.org>",
        "Returned mail: see transcript for details",
        "The original message was received at Mon, 2 Mar 2026 09:41:12 +0100\nfrom shop.example [192.0.2.1]\n\n   ----- The following addresses had permanent fatal errors -----\nlost@example.org\n    (reason: 550 5.1.1 <lost@example.org>... User unknown)\n    (expanded from: <alias@example.org>)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n",
        ("lost@example.org", "alias@example.org"),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "<>",
        "Undeliverable mail",
        "Failed to deliver to lost@example.org\nSMTP module(domain example.org) reports:\n host unknown\n",
        ("lost@example.org",),
        True,
        "Return-Path: <>\n",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Postmaster <postmaster@example.org>",
        "Delivery failure (lost@example.org)",
        "Your message has encountered delivery problems to the following recipient(s):\n\nlost@example.org\nDelivery failed\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "MMDF Mail System <mmdf@x.example>",
        "Failed mail  (msg.aa123)",
        "Your message could not be delivered to\n'lost@example.org (host: example.org) (queue: smtp)' for the following\nreason:  ' Unknown user'\n\n    Your message follows:\n\nFrom: x\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Postmaster@x.example",
        "Undeliverable Message",
        "To:            lost@example.org\nCc:            \nSubject:       x\n\nMessage not delivered to recipients below.  Press F1 for help with VNM\nerror codes.\n\n               VNM3043:  lost@example.org\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "System Anti-Virus Administrator <postmaster@x.example>",
        "Non delivery report: 5.9.4 (Spam SLS/RBL)",
        "This message was refused by:\nhost x\n\nYour mail to lost@example.org was rejected.\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "メール配信エラーのお知らせ",
        "以下のメールアドレスへの送信に失敗しました。\n\n  <lost@example.org>\n  550 User unknown\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Mail delivery failed",
        "Desole, votre message n'a pas pu etre remis a <lost@example.org>.\n550 5.1.1\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "No se puede entregar: x",
        "No se pudo entregar el mensaje a estos destinatarios o grupos:\n\nLost Person (lost@example.org)\nNo se encontró la dirección\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "Microsoft Outlook <postmaster@x.example>",
        "Não é possível entregar: x",
        "Falha na entrega a estes destinatários ou grupos:\n\nlost@example.org<mailto:lost@example.org>\nO endereço não foi encontrado.\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Mancato recapito: x",
        "Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:\n\nlost@example.org<mailto:lost@example.org>\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Kan inte levereras: x",
        "Leveransen misslyckades till följande mottagare:\n\nlost@example.org\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Undelivered mail",
        "Delivery to the following recipients failed permanently:\n\n    * lost@example.org\n\nReason: Permanent Error\n\n   ----- Original message -----\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Undeliverable",
        "Message could not be delivered to lost@example.org and gone@example.org\n",
        ("lost@example.org", "gone@example.org"),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "MAILER-DAEMON@x.example",
        "Delayed mail (still being retried)",
        "####\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####\n\nYour message could not be delivered for 4.0 hours.\nIt will be retried until it is 5.0 days old.\n\n<lost@example.org>: connect to mx.example.org: Connection timed out\n",
        ("lost@example.org",),
        False,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "postmaster@x.example",
        "Mailbox full",
        "The mailbox of lost@example.org is full. Your message was not delivered. 452 4.2.2 over quota\n",
        ("lost@example.org",),
        False,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        '"Mail Administrator"<Postmaster@x.example>',
        "Mail System Error - Returned Mail",
        "This Message was undeliverable due to the following reason:\n\nThe user(s) account is disabled.\n\n<lost@example.org>\n\nPlease reply to Postmaster@x.example\nif you feel this message to be in error.\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
    (
        "mailer-daemon@x.example",
        "Undeliverable mail, invalid characters in header",
        "Hello, this is the mail server on x.example.\n\nI am sending you this message to inform you on the delivery status of a\nmessage you previously sent.  Immediately below you will find a list of\nthe affected recipients;  also attached is a Delivery Status Notification\n(DSN) report in standard format, as well as the headers of the original\nmessage.\n\n  <lost@example.org>  delivery failed; will not continue trying\n",
        ("lost@example.org",),
        True,
        "",
        "r-k3y@ask.shop.example",
        "text/plain; charset=utf-8",
    ),
)
"""From, subject, body, lost recipients, permanent, more header lines, to, content type."""

COMPLAINTS_BY_PEOPLE = (
    (
        "Re: delivery failed?",
        "The delivery failed, the parcel was returned to sender. My address is anna@example.net\n",
    ),
    (
        "Delivery problem",
        "My parcel could not be delivered, the driver said the address does not exist: Hauptstr. 1. Write to me at anna2@example.net\n",
    ),
    ("Rejected mail?", "I think my message was rejected by the server, did you get it? a@b.example\n"),
)


def lines(text: str) -> list[str]:
    return text.strip("\n").split("\n")


def mail(
    subject: str,
    body: str,
    more: str = "",
    sender: str = "Anna <anna@example.net>",
    to: str = "r-k3y@ask.shop.example",
    kind: str = "text/plain; charset=utf-8",
) -> Mail:
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Mon, 02 Mar 2026 10:15:00 +0100\n"
    return read(f"{head}Content-Type: {kind}\n{more}\n{body}".encode())


@pytest.mark.parametrize("line", lines(DEVICE_LINES))
def test_what_a_program_signs_with_is_no_word_of_its_owner(line: str) -> None:
    assert signature.is_device(line)
    assert mail("Re: x", f"Yes.\n\n{line}\n\n> old\n").reply_text == "Yes."


@pytest.mark.parametrize("line", NO_DEVICE_LINES)
def test_people_write_about_phones_too(line: str) -> None:
    assert not signature.is_device(line)


@pytest.mark.parametrize("line", lines(INTRODUCTIONS))
def test_an_introduction_begins_history_without_any_quote_mark(line: str) -> None:
    assert strength(line) == 2
    assert mail("Re: x", f"Yes.\n\n{line}\n\nold words\n").reply_text == "Yes."


@pytest.mark.parametrize("line", lines(INTRODUCTIONS_OF_QUOTES))
def test_a_lesser_introduction_needs_a_quote_below_it(line: str) -> None:
    assert mail("Re: x", f"Yes.\n\n{line}\n\n> old words\n").reply_text == "Yes."
    assert line in mail("Re: x", f"Yes.\n\n{line}\n\nold words\n").reply_text


@pytest.mark.parametrize(("subject", "body", "more", "sender"), MACHINES)
def test_machines_are_known(subject: str, body: str, more: str, sender: str) -> None:
    assert mail(subject, body, f"In-Reply-To: <a@b>\n{more}", sender).automatic


@pytest.mark.parametrize(("subject", "body"), PEOPLE)
def test_people_are_not_taken_for_machines(subject: str, body: str) -> None:
    assert mail(subject, body, "In-Reply-To: <a@b>\n").automatic == ""


@pytest.mark.parametrize(("sender", "subject", "body", "lost", "permanent", "more", "to", "kind"), NOTICES)
def test_a_notice_names_who_was_not_reached(
    sender: str, subject: str, body: str, lost: tuple[str, ...], permanent: bool, more: str, to: str, kind: str
) -> None:
    bounce = mail(subject, body, more, sender, to, kind).bounce
    assert bounce is not None
    assert sorted(one.address for one in bounce.recipients) == sorted(lost)
    assert bounce.permanent == permanent


@pytest.mark.parametrize(("subject", "body"), COMPLAINTS_BY_PEOPLE)
def test_people_who_write_about_lost_mail_are_no_notices(subject: str, body: str) -> None:
    assert mail(subject, body).bounce is None


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("I am out of the office until 12 March.", date(2026, 3, 12)),
        ("I am out of the office from 2 March to 12 March and back on 13 March 2026.", date(2026, 3, 13)),
        ("I am out of the office, back on Monday.", date(2026, 3, 9)),
        ("I am out of the office until 1/5/2027.", date(2027, 1, 5)),
        ("Ich bin bis einschließlich 15.03. im Urlaub.", date(2026, 3, 16)),
        ("Je suis absente jusqu'au 3 avril.", date(2026, 4, 3)),
        ("I am out of the office until 4 January.", date(2027, 1, 4)),
        ("I am out of the office until 31 February.", None),
        ("I am out of the office for a while.", None),
        ("I was out of the office on 1 March 2020.", None),
    ],
)
def test_an_absence_ends_on_the_day_it_says(words: str, until: date | None) -> None:
    found = mail("Automatic reply: x", words)
    assert (found.out_of_office, found.away_until) == (True, until)


def test_an_absence_without_a_date_header_needs_a_year() -> None:
    raw = b"Subject: Automatic reply: x\n\nI am out of the office until 12 March.\n"
    assert read(raw).away_until is None
    assert read(raw.replace(b"12 March", b"12 March 2026")).away_until == date(2026, 3, 12)
