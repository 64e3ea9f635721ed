"""How machines answer for people, in some thirty languages. Data only: subjects, statements and the parts of absence notices.

Source: the texts that Exchange, Gmail, GroupWise, Notes, vacation(1), Sieve and ticket systems put there themselves, and the
sentences that people and the programs' own suggestions use for absence notices.
"""

from __future__ import annotations

AUTOMATIC_SUBJECTS = (
    "auto(?:matic|mated|mat)?[- _]?(?:reply|response|responder|respond|answer|acknowledge?ment|notification)|autoreply|autoresponse|auto ?(?=:)|"
    "automatisch(?:e|es|er)? (?:antwort|antwoord|rückantwort|rückmeldung|empfangsbestätigung|beantwoording|bericht)|autom\\. antwort|auto-?antwort|"
    "r[ée]ponse automatique|message automatique|accus[ée] de r[ée]ception automatique|(?:respuesta|contestaci[óo]n) autom[áa]tica|auto-?respuesta|"
    "risposta automatica|risponditore automatico|resposta autom[áa]tica|resposta autom[àa]tica|auto-?svar|automatiskt? svar|automaattinen vastaus|automaattivastaus|"
    "odpowied[źz] automatyczna|automatyczna odpowied[źz]|automatick[áa] odpov[ěe][ďdž]|automatikus v[áa]lasz|r[ăa]spuns automat|"
    "автоматический ответ|автоответ(?:чик)?|автоматична відповідь|автоматичен отговор|otomatik yan[ıi]t|otomatik cevap|αυτόματη απάντηση|"
    "自動応答|自動返信|自动回复|自动答复|自動回覆|自動回復|자동 ?회신|자동 ?응답|자동 ?답장|תשובה אוטומטית|מענה אוטומטי|رد تلقائي|الرد التلقائي|پاسخ خودکار|automatski odgovor|"
    "samodejni odgovor|tr[ảa] l[ờo]i t[ựu] đ[ộo]ng|balasan otomatis|jawapan automatik|ตอบกลับอัตโนมัติ|automaatvastus|automatinis atsakymas|autom[āa]tisk[āa] atbilde|"
    "sj[áa]lfvirkt svar"
)
"""A subject that begins so was written by a program."""

AWAY_SUBJECTS = (
    "out[- ]of[- ](?:the[- ])?office|maternity leave|parental leave|paternity leave|annual leave|sick leave|vacation(?=\\s*(?:[:：]|$|re:))|ooo(?=\\W|$)|oof(?=\\W|$)|(?:i am |i'm |currently )?away from (?:my|the) (?:office|desk|mail|e-mail)|vacation (?:reply|message|response|notice|auto)|"
    "on (?:vacation|holidays?|annual leave|leave|maternity leave|parental leave)|absence (?:notice|notification|message)|not in (?:the )?office|away notice|"
    "abwesenheit\\w*|abwesend|nicht im (?:b[üu]ro|hause?)|au(?:ß|ss)er haus|im urlaub|urlaubsnotiz|absence du bureau|absent(?:e)?(?: du bureau)?(?=\\W|$)|message d['’]absence|"
    "(?:avis|notification|notice|r[ée]ponse) d['’]absence|en cong[ée]s?|absence(?=\\s*:|$)|fuera de (?:la )?oficina|ausente|ausencia|mensaje de ausencia|fuori (?:sede|ufficio)|"
    "assen(?:te|za)(?: dall['’]ufficio)?|fora do (?:escrit[óo]rio|gabinete)|aus[êe]ncia|mensagem de aus[êe]ncia|(?:niet aan|af)wezig\\w*|niet op kantoor|fr[åa]nvaro\\w*|fr[åa]nvarande|"
    "ej p[åa] kontoret|frav[æa]r\\w*|ikke p[åa] kontoret|ikke til stede|poissa(?:olo\\w*)?(?: toimistosta)?|lomalla|nieobecno[śs][ćc]|poza biurem|mimo kancel[áa][řr]\\w*|"
    "nep[řr][íi]tomnost|nepr[íi]tomnos[tť]|h[áa]zon k[íi]v[üu]l|szabads[áa]gon|вне офиса|отсутств\\w+|в отпуске|я в отпуске|поза офісом|у відпустці|ofis d[ıi][şs][ıi](?:nda)?|εκτός γραφείου|"
    "不在(?:通知|のお知らせ|連絡)?|不在办公室|不在辦公室|外出|休假|부재\\s?중|מחוץ למשרד|خارج المكتب|odsutan|odsutnost|v dopuste|în concediu|absent din birou"
)
"""A subject that begins so is somebody's absence, by themselves or by a program."""

STATEMENTS = (
    "(?:this|the following) (?:is|was|message is|e-?mail is|mail is|reply is|response is) (?:an? )?(?:auto(?:matic|mated|matically)?[- ]?(?:generated|reply|response|responder|message|e-?mail|mail|acknowledge?ment|answer|notification|sent)?|"
    "system[- ]generated)|(?:this|the) (?:message|e-?mail|mail|reply|response|notification) (?:is|was|has been) (?:auto(?:matically)?[- ]?)(?:generated|sent|created|mated)|auto(?:matic|mated)?[- ](?:generated )?(?:reply|response|responder|message)(?=[:. \\n-]|$)|"
    "you have reached an automated|this (?:e-?mail |mail )?(?:address|mailbox|account|inbox) is (?:no longer|not)(?: being)? (?:in use|monitored|active|valid|used|checked|attended|available)|请勿回复|(?:please )?click (?:on )?the (?:following )?link(?: below)? to (?:have your address added|be added|add yourself|be approved|get on)|this account is protected by|i am an? (?:auto|bot|automated)|"
    "(?:diese|dies ist eine) (?:e-?mail|mail|nachricht|automatisch\\w*)[^.\\n]{0,40}automatisch|dies ist eine (?:auto|automatisch)|dieses? (?:e-?mail|mail|schreiben) wurde automatisch|automatisch (?:generiert|erstellt|erzeugt|versendet)\\w* (?:e-?mail|nachricht|mail|antwort)|"
    "(?:ceci est|il s['’]agit d['’]) ?une? (?:message|r[ée]ponse|e-?mail|courriel|mail) (?:g[ée]n[ée]r[ée] )?automatique|(?:ce|cet) (?:message|e-?mail|courriel|mail) (?:est|a [ée]t[ée]) (?:g[ée]n[ée]r[ée]|envoy[ée]) automatiquement|"
    "[ée]st[ea] es una? (?:mensaje|correo|respuesta|e-?mail|contestaci[óo]n)[^.\\n]{0,30} ?autom[áa]tic|(?:este|el) (?:mensaje|correo) (?:ha sido|se ha|fue) (?:generado|enviado) autom|"
    "(?:questa?|il presente) (?:[èe] )?(?:una? )?(?:messaggio|risposta|e-?mail|mail)[^.\\n]{0,30} ?automatic|"
    "est[ea] [ée] uma? (?:mensagem|resposta|e-?mail)[^.\\n]{0,20} ?autom[áa]tic|(?:esta mensagem|este e-?mail) foi (?:gerad|enviad)\\w autom|"
    "dit is een (?:auto|automatisch)|(?:dit bericht|deze e-?mail) (?:is|wordt) automatisch|det(?:ta|te) (?:är|er) (?:ett?|en) (?:auto|automatisk)|t[äa]m[äa] on automaat|"
    "to (?:jest|wiadomo[śs][ćc]) [^.\\n]{0,30}automatyczn|wiadomo[śs][ćc] (?:zosta[łl]a )?(?:wygenerowana|wys[łl]ana) automatycznie|toto? je automatick|tento e-?mail [^.\\n]{0,20}automaticky|ez (?:egy )?automatikus|acest(?:a| mesaj)? (?:este|a fost) [^.\\n]{0,30}automat|"
    "(?:это|данное) [^.\\n]{0,20}автоматич|(?:письмо|сообщение) [^.\\n]{0,30}автоматически|це автоматич|bu (?:bir )?otomatik|bu (?:e-?posta|mesaj) otomatik|αυτόματο μήνυμα|このメール(?:は|には)[^。\\n]{0,30}(?:自動|返信(?:しない|できま))|自動(?:送信|返信|応答|配信)|"
    "(?:此|本)(?:邮件|郵件|信)[^。\\n]{0,20}(?:自动|自動|系统|系統)|这是[^。\\n]{0,20}自动|這是(?:一封)?自動|自动回复|自動回覆|(?:본|이) (?:메일|이메일)[^.\\n]{0,20}(?:자동|발신 ?전용)|자동 ?응답|זוהי (?:הודעה|תשובה) אוטומטית|هذه? (?:رسالة|رد) (?:آلي|تلقائي|آلية|تلقائية)"
)
"""A sentence that begins so says that a program wrote it."""

AWAY = (
    "out of (?:the |my )?office|ooo\\b|on (?:\\w+ ){0,2}(?:vacation|holidays?|leave|pto|sabbatical|business trip)|away from (?:the|my) (?:office|desk|e-?mail|computer)|(?:currently|presently) (?:away|out|unavailable|travell?ing|on )|"
    "(?:am|be|i'm) (?:away|unavailable|travell?ing)\\b|no longer (?:work|with|employed|at |monitor)|left the (?:company|organi[sz]ation)|not (?:be )?(?:in the office|checking e-?mail|available)|"
    "nicht im (?:b[üu]ro|hause?)|au(?:ß|ss)er haus|(?:im|in) (?:urlaub|elternzeit|mutterschutz|den ferien)|nicht (?:zu )?erreich(?:en|bar)|abwesend|nicht (?:im dienst|anwesend)|dienstreise|nicht mehr (?:f[üu]r|bei|im unternehmen)|"
    "absente? |absent du bureau|en (?:cong[ée]s?|vacances|d[ée]placement)|actuellement (?:absent|en )|ne fai[ts] plus partie|fuera de (?:la |mi )?oficina|de vacaciones|ausente|de baja|de viaje|no me encuentro|ya no trabaj|"
    "fuori (?:ufficio|sede)|in (?:ferie|vacanza|maternit[àa])|sar[òo] assente|sono assente|assente|fora do (?:escrit[óo]rio|gabinete)|de f[ée]rias|em f[ée]rias|ausente|afwezig|niet aanwezig|(?:op|met) vakantie|niet op kantoor|met verlof|"
    "inte p[åa] (?:kontoret|plats)|p[åa] semester|(?:f[öo]r[äa]ldra|tj[äa]nst)ledig|ledig fr|ikke p[åa] (?:kontoret|arbejde|jobb)|p[åa] ferie|(?:holder|har|avvikler) (?:sommer)?ferie|frav[æa]rende|permisjon|barsel|lomalla|poissa|en ole tavoitettavissa|"
    "na urlopie|nieobecn|poza biurem|mimo kancel[áa][řr]|na dovolen|nep[řr][íi]tom|[čc]erp[áa]m dovolen|szabads[áa]gon|h[áa]zon k[íi]v[üu]l|nem vagyok (?:az irod|bent)|[îi]n concediu|nu sunt la birou|в отпуске|отсутствую|вне офиса|буду отсутств|в командировке|у відпустці|"
    "відсутн|поза офісом|ofis d[ıi][şs][ıi]nda|izin(?:de|li)|tatilde|εκτός γραφείου|σε άδεια|不在に|不在です|休暇|お休み|出張|休假|不在办公|不在辦公|外出|度假|出差|부재|휴가|출장|자리를 비|בחופשה|מחוץ למשרד|خارج المكتب|إجازة|nghỉ phép|vắng mặt|cuti|luar kantor|"
    "na godi[šs]njem|odsut(?:an|na)|na dopustu|в отпуск съм|fuera del despacho|de vacances"
)
"""Somebody is away."""

RETURN = (
    "(?:will |shall |i'll )?(?:be )?(?:back|return(?:ing)?)\\b|upon my return|when i (?:get back|return)|until\\b|wieder (?:im|zur[üu]ck|erreichbar|f[üu]r sie|da|ab|am|anwesend)|zur[üu]ck|nach meiner r[üu]ckkehr|bis (?:zum|einschl|inkl|\\d|mo|di|mi|do|fr)|"
    "de retour|[àa] mon retour|jusqu['’]|hasta el|mi (?:regreso|vuelta)|(?:regres|vuelv|volver|incorpor)\\w+|(?:al mio|mio) (?:rientro|ritorno)|rientr\\w+|torner[òo]|fino a|regress\\w+|retorn\\w+|volt(?:o|arei)|at[ée] (?:ao|[àa]|dia|\\d)|weer (?:terug|aanwezig|bereikbaar|op)|terug|tot en met|t/m|"
    "tillbaka|åter|tilbage|tilbake|palaan|takaisin|asti|saakka|wr[óo]c\\w+|wracam|do dnia|zp[ěe]t|vr[áa]t\\w+|sp[äa][ťt]|visszat\\w+|-ig\\b|m[ăa] [îi]ntorc|revin|вернусь|возвращ\\w+|выйду|до \\d|повернусь|d[öo]nece\\w+|d[öo]n[üu][şs]\\w*|kadar|επιστρ\\w+|まで|戻り|回来|返回|至|까지|복귀|אחזור|أعود|حتى"
)
"""When they are back."""

INSTEAD = (
    "(?:respond|reply|answer|get back)[^.\\n]{0,40}(?:return|back)|(?:please )?(?:contact|call|e-?mail|reach|write to|get in touch with)\\b|urgent|emergency|immediate (?:assistance|attention|help)|in my absence|limited access|my colleague|wenden sie sich|dringend|kontaktieren|vertret|meine (?:kollegin|vertretung)|in meiner abwesenheit|"
    "nicht (?:weitergeleitet|gelesen|bearbeitet)|(?:veuillez )?contacter|urgen|en mon absence|merci de (?:contacter|vous adresser)|vous pouvez|acc[èe]s limit|contact[ea]r|p[óo]ngase en contacto|acceso limitado|in mia assenza|rivolger|contattare|entrar em contato|contat[eo]|contacte|"
    "dringende|neem contact|contact op|br[åa]dskande|kontakta|kontakt|haster|kiireell|ota yhteytt|yhteydess|piln|prosz[ęe] o kontakt|nal[ée]hav|kontaktujte|s[üu]rg[őo]s|keresse|urgen[țt]|срочн|обращ|звертай|acil|ileti[şs]im|επείγ|緊急|お急ぎ|连络|联系|聯絡|聯繫|급한|긴급|문의|דחוף|للحالات|khẩn|hitno"
)
"""Whom to ask instead, and that mail waits."""

THANKS = (
    "(?:thank(?:s| you)(?: so much| very much)?|thx) for (?:your (?:e-?mail|mail|message|note|inquiry|enquiry|interest|request)|contacting|e-?mailing|writing|getting in touch|reaching out)|(?:vielen |herzlichen )?dank f[üu]r (?:ihre|deine|die) (?:e-?mail|mail|nachricht|anfrage|mitteilung)|merci (?:de|pour) votre|"
    "nous avons bien re[çc]u|j['’]ai bien re[çc]u|gracias por (?:su|tu|contactar|ponerse|escribir)|grazie per (?:la|aver|averci|il)|obrigad[oa] (?:por|pelo|pela)|agrade[çc]o|bedankt voor|dank (?:u )?(?:voor|wel)|tack f[öo]r (?:ditt|ert|din|att)|tak for din|takk for|kiitos (?:viestist|s[äa]hk[öo]posti|yhteydenot)|"
    "dzi[ęe]kuj[ęe] za|d[ěe]kuj\\w+ za|[ďd]akuj\\w+ za|k[öo]sz[öo]n\\w+ (?:a |az )?(?:e-?mail|lev[ée]l|megkeres)|mul[țt]umesc pentru|спасибо за|благодар\\w+ за|дякую за|te[şs]ekk[üu]r|ευχαριστ|メール(?:を)?(?:いただき|ありがとう)|お問い合わせ|感谢您|感謝您|谢谢您|來信|来信收到|메일(?:을)? (?:보내|주셔)|תודה (?:על|שפני)|شكرا"
)
"""Thanks for a mail that nobody has read."""

RECEIVED = (
    "we(?: have|['’]ve)? (?:successfully )?received your (?:e-?mail|message|request|inquiry|enquiry|ticket|application|order|submission|query|question|mail|feedback)|(?:being|will be) (?:reviewed|processed|handled|answered)|(?:add|provide) additional (?:comments|information)|(?:please )?do not (?:reply|respond) to this (?:e-?mail|mail|message|automated)|ne pas (?:y )?r[ée]pondre|no respondas? a este|si prega di non rispondere|n[ãa]o responda a est|niet te (?:be)?antwoorden|your (?:e-?mail|message|request|inquiry|enquiry|ticket|case|support request|question|feedback)(?: \\([^)]{1,30}\\)| #?\\d{1,12})? (?:has been|was|is) (?:successfully )?(?:received|created|registered|logged|assigned|opened|submitted)|a (?:support )?(?:ticket|case|request) (?:has been|was) (?:created|opened|logged)|"
    "has been assigned (?:the |a )?(?:ticket|case|reference)|(?:ticket|case|reference) (?:number|id|no\\.?)\\s?[:#]|"
    "wir haben ihre (?:e-?mail|nachricht|anfrage|mitteilung) (?:erhalten|dankend)|ihre (?:e-?mail|nachricht|anfrage)(?: \\([^)]{1,30}\\))? (?:ist|wurde)[^.\\n]{0,60}(?:eingegangen|erhalten|angelegt|erfasst)|bitte antworten sie nicht auf diese|votre (?:demande|message|e-?mail|courriel) a (?:bien )?[ée]t[ée]|"
    "nous avons bien re[çc]u|hemos recibido (?:su|tu)|su (?:solicitud|mensaje|consulta) ha sido|abbiamo ricevuto|la (?:sua|tua) (?:richiesta|e-?mail) [èe] stata|recebemos (?:a |o )?(?:sua|seu)|"
    "(?:wij|we) hebben uw|vi har (?:mottagit|modtaget|mottatt)|olemme vastaanottaneet|otrzymali[śs]my|obdr[žz]eli jsme|p[řr]ijali jsme|megkaptuk|am primit|(?:мы )?получили ваш|ваше? (?:обращение|заявка|запрос|письмо|сообщение) (?:получен|принят|зарегистрирован)|ald[ıi]k|受け付け|受付(?:け)?(?:ま|い)|已收到|已收悉|접수"
)
"""It was received, and somebody will answer."""

SOON = "within (?:\\d+|one|two|three|the next|24|48)[^.\\n]{0,20}(?:hours?|days?|business days?)|schnellstm[öo]glich|so (?:bald|schnell) wie m[öo]glich|dans les (?:meilleurs|plus brefs) d[ée]lais|lo antes posible|a la (?:mayor )?brevedad|al pi[ùu] presto|o mais (?:breve|r[áa]pido)|zo (?:snel|spoedig) mogelijk|get back to you|respond to you|be in touch|as soon as (?:possible|we can)"
"""An answer will follow; people say this too."""

FORMAL = (
    "\\bon (?:\\w+ )?(?:annual|parental|maternity|paternity|sick|medical|extended) leave\\b|(?:^|\\b(?:am|is|be|i['’]m) )currently (?:out of (?:the )?office|away|absent|on (?:vacation|leave|holidays?|a business trip))|"
    "(?:derzeit|zur ?zeit|momentan|aktuell|gegenwärtig) (?:nicht im (?:b[üu]ro|hause?)|im urlaub|abwesend|au(?:ß|ss)er haus|auf dienstreise)|in (?:elternzeit|mutterschutz)|actuellement (?:absente?|en (?:cong[ée]s?|vacances|d[ée]placement))|en cong[ée] (?:de )?(?:maternit[ée]|paternit[ée]|parental|maladie)|"
    "actualmente (?:\\w+ \\w+ )?(?:fuera de|de (?:vacaciones|baja|viaje)|ausente)|de baja (?:por )?(?:maternal|maternidad|paternidad|médica)|attualmente (?:sono )?(?:fuori (?:ufficio|sede)|assente|in (?:ferie|maternit[àa]))|"
    "atualmente (?:ausente|de f[ée]rias|fora d[oe])|momenteel (?:afwezig|niet (?:aanwezig|op kantoor)|(?:op|met) vakantie)|f[öo]r n[äa]rvarande (?:p[åa] semester|inte p[åa])|obecnie (?:na urlopie|nieobecn)|в настоящее время (?:в отпуске|отсутств)"
)
"""Nobody says so of themselves to a person whom they are just writing to, unless a notice says it for them."""

PERSONAL = (
    "but i|so please|i (?:can(?! be reached)|could|would like|want|need|ordered|tried|take)|i['’](?:d|ll) (?:like|take|rather)|"
    "ich (?:kann|könnte|möchte|brauche|würde|nehme|hätte|habe(?! (?:nur|keine?n?|derzeit|momentan|leider)\\b))|je (?:peux|voudrais|veux|prends|pr[ée]f[èe]re|souhaite)|pouvez-vous|"
    "(?:quisiera|quiero|me gustar[íi]a|prefiero|vorrei|voglio|preferisco|gostaria|queria|quero|prefiro|chcia[łl]a?bym|wol[ęe])|ik (?:wil|kan|zou|neem|heb(?! (?:beperkt|geen)))|jag (?:vill|kan|skulle|beh[öo]ver|tar)|"
    "jeg (?:vil|kan|ville|tar|tager)|sorry"
)
"""What people add; no program writes it."""

LATER = "will (?:reply|respond|answer)|melde mich|(?:beantworte|antworte) ich|r[ée]pondrai|responder[ée]|risponder[òo]|svarar|svarer|odpowiem|отвечу"
"""An answer will follow, by whoever is away."""
