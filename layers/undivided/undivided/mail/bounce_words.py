"""How mail systems say that a mail did not arrive. Data only, as regular expression alternatives.

Sources: the notices of Postfix, Exim, qmail, Sendmail, Exchange and Microsoft 365, Gmail, Yahoo, Domino, GroupWise, MDaemon,
IMail, Mercury, CommuniGate, XMail, Courier, QQ, NetEase, Yandex, Mail.ru, KDDI and DOCOMO as these systems document or send them.
"""

from __future__ import annotations

SUBJECTS = (
    "undeliver\\w*|non[- ]?deliver\\w*|mail could not be delivered|not delivered|delivery (?:status notification|status|failure|failed|fail|report|error|problem|has failed|notification|incomplete|delayed|unsuccessful)|"
    "mail delivery|message (?:delivery|not delivered|undeliverable|delayed|could not|status)|returned (?:mail|e-?mail|message|to sender)|return to sender|failure notice|failure delivery|failed (?:mail|delivery|message)|"
    "(?:e-?mail|mail|message) (?:could not|not|was not|cannot|can't|has not|wasn't) (?:be )?(?:be |been )?(?:delivered|sent)|mail system error|warning: (?:could not send|message|mail)|user unknown|unknown (?:user|recipient|address)|"
    "delayed mail|rejected(?: mail| posting)?:|\\[?bounce\\w*|(?:mail|message|e-?mail) (?:rejected|refused|returned|bounced|failure|error)|nondeliverable mail|address not found|mailbox (?:full|unavailable)|recipient (?:unknown|not found|address rejected)|"
    "ndn:|ndr:|dsn:|unzustellbar\\w*|nicht zustellbar\\w*|unzustellbarkeit\\w*|zustell(?:fehler|ung)\\w*|nachricht nicht zugestellt|mail konnte nicht|(?:e-?mail|mail) nicht zugestellt|"
    "non remis|[ée]chec de (?:la )?(?:remise|distribution|livraison)|non d[ée]livr|message non (?:distribu|remis|d[ée]livr)|courrier ind[ée]sirable retourn|no se (?:puede|ha podido|pudo) entregar|(?:mensaje |correo )?no entregado|(?:correo|mensaje) devuelto|"
    "error de entrega|notificaci[óo]n de (?:estado de )?entrega|mancato recapito|impossibile (?:recapitare|consegnare)|non recapitabile|mancata consegna|messaggio non (?:recapitato|consegnato)|onbestelbaar|niet (?:afgeleverd|bezorgd|bestelbaar)|kunde inte levereras|gick inte att leverera|olevererbart|"
    "kan ikke leveres|kunne ikke (?:leveres|afleveres)|uleveret|ikke leveret|kan ikke leverast|toimittamaton|toimitus ep[äa]onnistui|ei voitu toimittaa|niedostarcz\\w*|nie dostarczon\\w*|zwrot|nedoru[čc]\\w*|k[ée]zbes[íi]t\\w*|nelivrat|"
    "не удается доставить|недоставлен\\w*|не доставлен\\w*|не может быть доставлено|ошибка доставки|teslim edilemedi|iletilemedi|αδύνατη η παράδοση|配信不能|配信エラー|送信できません|届けられません|配達不能|メール配信|エラーメール|退信|无法投递|无法送达|投递失败|未送达|退件|無法傳遞|"
    "배달되지|전송 실패|반송|배달 실패|n[ãa]o entregue|n[ãa]o foi poss[íi]vel entregar|falha na entrega|n[ãa]o (?:p[ôo]de|pode) ser entregue|devolvid[ao]|retorno de mensagem|erro de envio|לא נמסר|تعذر تسليم"
)

PHRASES = (
    "(?:could|can|would|may) ?(?:not|n't) be (?:\\w+ )?(?:delivered|sent|reached|forwarded|processed)|could ?n[o']t be delivered|(?:was|were|is|has|have) ?(?:not|n't) (?:yet )?(?:been )?(?:successfully )?delivered|wasn't (?:able to )?deliver|unable to (?:be delivered|deliver|relay|send|find|complete delivery)|not able to deliver|"
    "did not reach|undeliver\\w+|delivery (?:to|of|for|has|is|status|failed|failure|attempts?|error|problem|was|temporarily)|permanent(?:ly)? (?:fatal )?(?:error|failure|fail)|fatal errors?|returned (?:to (?:you|sender)|mail|message|as undeliver)|return your message|"
    "(?:does not|doesn't|do not|not) exist|(?:user|recipient|mailbox|address|account|host|domain|name) (?:is )?(?:\\w+ )?(?:unknown|not found|unavailable|full|disabled|invalid|rejected|inactive)|(?:unknown|invalid|no such) (?:user|recipient|mailbox|address|account|local|domain|host)|"
    "no such (?:user|recipient|mailbox|person|address)|over quota|quota exceeded|exceeded (?:the |their |its )?(?:storage|quota)|mailbox full|bounced|rejected (?:your|by|the)|message (?:was )?(?:refused|rejected|blocked|expired)|failed (?:address|recipient|to deliver|permanently)|(?:following|these|this) (?:address|recipient|user|person|destination|mailbox)\\w*|"
    "recipients? (?:was|were|could|cannot|rejected|refused|of)|unrouteable|unroutable|relay(?:ing)? (?:denied|not permitted)|\\b[45]\\.[0-7]\\.\\d{1,3}\\b|\\b(?:smtp|host|server|error|said)\\W{1,4}[45]\\d\\d\\b|\\b55[0-4][ -]|\\b45[0-2][ -]|"
    "fehlgeschlagen|fehler bei|[ée]chec de|[ée]chou|misslyck|mislykk|mislukt|ep[äa]onnist|nie powiod|nezda[řr]il|sikertelen|ba[şs]ar[ıi]s[ıi]z|απέτυχε|e[șs]uat|fallid|falha|失敗|失败|실패|nicht (?:zugestellt|ausgeliefert|zustellbar|übermittelt)|unzustellbar|konnte nicht|unbekannt|n['’]a pas (?:pu|[ée]t[ée])|impossible de|inconnu|non remis|no (?:se )?(?:ha podido|pudo|puede|se ha|fue)|desconocid|non [èe] (?:stato|stata|possibile)|impossibile|sconosciut|niet (?:worden|afgeleverd|bezorgd)|onbekend|"
    "n[ãa]o (?:foi|p[ôo]de|existe|pode)|kunde inte|ikke leveres|ei voitu|nie (?:zosta[łl]a|mo[żz]na|istnieje)|nelze doru[čc]it|nem (?:lehetett|siker)|не (?:удалось|может|доставлен|был|найден|существует)|edilemedi|送信できません|配信でき|届けられ|送達|エラー|见つか|無法|无法|退回|不存在|배달|전송"
)

TRANSIENT = (
    "delayed|not yet (?:been )?deliver|has not been delivered yet|still (?:being )?(?:tr|undelivered)|will (?:continue|keep|be retried|retry|try)|temporar|do not need to resend|no action is required|warning message only|transient non-fatal|retry(?:ing)? (?:for|until)|"
    "delivery attempts will continue|message (?:is|was) delayed|is still in the queue|verzögert|noch nicht zugestellt|retard[ée]|en attente|demora|retraso|ritard|vertraag|försen|forsink|opóźni|отложен|задержан|遅延|延迟|지연"
)

FINAL = "permanent|\\bafter \\d+ (?:failed )?attempt|(?<!non-)fatal errors|given up|giving up|failed permanently|returned to|will not be retried|retry timeout exceeded|retry time not reached|too long|expired|could not be delivered for|have been undeliverable|i'm not going to try again|endgültig"

ORIGINAL = (
    "-+\\s*(?:this is a copy of (?:the|your) message|below this line is a copy|original message|original mail|returned message|message header|message text|unsent message|undelivered message|your message|header of the message|the header|message follows|original message follows|"
    "the original message|unsent message below|copy of (?:the )?(?:original|your) message|(?:a )?message headers? follow|included is a copy|message contents|original header|start of (?:message|header|returned)|begin (?:message|header)|ursprüngliche nachricht|message d'origine|message header follows|original message header)|"
    "(?:the )?(?:original|unsent|returned|undelivered) message (?:follows|headers?|below|is attached|was|included)|original message headers|--- (?:enclosed|attached) (?:are|is) |the following (?:is|are) (?:the|a copy)|here is (?:the|a) (?:copy|header)|received:|return-path:|x-mailer:|delivered-to:|mime-version:|your original message|"
    "original message (?:details|headers)\\s*:?|delivery report details|\\|-{3,} ?message (?:log|text|header)|original-message|a copy of (?:the|your) (?:original )?message"
)
"""Lines with which the returned mail begins."""

SYSTEMS = "mailer-?daemon|mail[._-]?daemon|postmaster|post[._-]office|mdaemon|maildelivery|mail[._-]?delivery[\\w.-]*|bounce\\w*|no-?reply|noreply|abuse|mmdf|smtp|daemon|returned?|administrator|system|delivery|ndr|mailadmin|hostmaster|amavis|mailerdaemon|helpdesk|support"
"""Local parts that are never the lost recipient if there is any other."""
