"""The words with which mail programs introduce what was said before, in some thirty languages. Data only.

Sources: the "wrote" lines of Gmail, Apple Mail, Thunderbird, Yahoo, Yandex and K-9 and the header blocks of Outlook,
Lotus Notes, GMX and QQ as these programs write them in each language.
"""

from __future__ import annotations

VERBS = (
    "wrote|writes|said|says|schrieb|schreibt|hat geschrieben|a [eé]crit|[eé]crivait|a envoy[eé]|escribi[oó]|ha escrito|"
    "ha scritto|scrisse|escreveu|escreveram|schreef|skrev|skreiv|kirjoitti|napisa[lł](?:\\(a\\)|a|o|/a)?|napsal(?:\\(a\\)|a)?|nap[ií]sal(?:\\(a\\)|a)?|"
    "pisze|p[ií][šs]e|napisao(?:\\(la\\))?(?: je)?|napisala|je napisao|je oseba|"
    "написал(?:\\(а\\)|а|и)?|пишет|писал(?:\\(а\\)|а)?|написав(?:\\(ла\\)|ла)?|пише|написа|написао(?: је)?|напіша?ў|"
    "yazdı|yazmış|şunu yazdı|写道|写到|寫道|来信|のメール|さんは書きました|さんが書きました|書きました|님이 작성|작성|이\\(가\\) 씀|"
    "כתב(?:/ה|ה)?|מאת|كتب|كتبت|تمت كتابة ما يلي بواسطة|نوشت|نوشته(?: است)?|[έε]γραψε|a scris|[ií]rta|ra[šs]ė|parašė|rakst[īi]ja|kirjutas|"
    "đã viết|menulis|เขียนว่า|va escriure|escrigu[eé]|ha escrit|idatzi du|escribiu|shkroi|skrifaði|ysgrifennodd|scr[ií]obh|skryf|"
    "aliandika|sumulat|ने लिखा|लिखा|লিখেছেন"
)
"""Regular expression alternatives: somebody "wrote"."""

OPENERS = (
    "On|At|In|Am|Den|Op|Le|El|Il|Em|No dia|A|Il giorno|Il dom|Dne|Dňa|Dnia|W dniu|Pada|Vào|În|La|Na|Dana|V|Στις|На|В|У|"
    "Quoting|Zitat von|Citando|Selon|Missatge de|Kuupäev|בתאריך|ב-|في|在|於|On the|From|Le (?:lun|mar|mer|jeu|ven|sam|dim)|เมื่อ|Tarih|Dňa|"
    "Mon|Tue|Wed|Thu|Fri|Sat|Sun|пн|вт|ср|чт|пт|сб|вс|нд|pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|so|ne|ut|št|pi|ma|ti|ke|to|pe|la|su"
)
"""Words with which the first line of a wrapped introduction begins."""

ORIGINAL = (
    "Original[- ]Message|Original[- ]E-?mail|Original Mail|Original Appointment|Reply message|Replied Message|Urspr[uü]ngliche (?:Nachricht|Mail|E-Mail)|"
    "Originalnachricht|Original-?Nachricht|Original-?E?-?Mail|Message d['’´]origine|Message original|Mail original|Courriel original|"
    "Mensaje original|Messaggio originale|Messaggio Originario|Mensagem [Oo]riginal|Oorspronkelijk bericht|Oorspronkelijke bericht|"
    "Originele bericht|Ursprungligt meddelande|Originalmeddelande|Oprindelig meddelelse|Original besked|Opprinnelig melding|Original melding|"
    "Alkuper[äa]inen viesti|Alkuper[äa]inen s[äa]hk[öo]posti|Wiadomo[śs][ćc] oryginalna|Oryginalna wiadomo[śs][ćc]|Wiadomo[śs][ćc] pocz[ąa]tkowa|"
    "P[uů]vodn[ií] zpr[áa]va|P[uů]vodn[ií] e-mail|P[ôo]vodn[áa] spr[áa]va|Исходное сообщение|Оригинальное сообщение|Первоначальное сообщение|"
    "Исходное письмо|Оригінальне повідомлення|Початкове повідомлення|[ÖO]zg[üu]n [İIi]leti|Orijinal (?:Mesaj|[İI]leti)|"
    "原始邮件|原始郵件|原邮件|原始邮件信息|邮件原件|原始消息|原始訊息|元のメッセージ|オリジナルメッセージ|元のメール|Original Message|원본 메시지|원본 메일|원래 메시지|원본메시지|"
    "الرسالة الأصلية|הודעה מקורית|ההודעה המקורית|Αρχικό μήνυμα|Mesaj(?:ul)? original|Eredeti [üu]zenet|Eredeti lev[ée]l|Izvorna poruka|"
    "Originalna poruka|Izvirno sporočilo|Оригинално съобщение|Първоначално съобщение|Thư gốc|Tin nhắn gốc|Pesan Asli|ข้อความต้นฉบับ|"
    "Missatge original|Algne kiri|Esialgne kiri|Originalus laiškas|Pradinis laiškas|Sākotnējais ziņojums|پیام اصلی"
)
"""Between dashes: here begins the mail that is answered."""

FORWARDED = (
    "Forwarded [Mm]essage|Forwarded [Mm]ail|Forwarded e-?mail|Forwarded by .{1,80}|Begin forwarded message|Weitergeleitete (?:Nachricht|E-?Mail|Mail)|"
    "Anfang der weitergeleiteten (?:Nachricht|E-Mail|Mail)|Weitergeleitet von .{1,80}|Message transf[ée]r[ée]|Message r[ée]exp[ée]di[ée]|"
    "D[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|Courriel transf[ée]r[ée]|Mensaje reenviado|Inicio del mensaje reenviado|"
    "Messaggio inoltrato|Inizio messaggio inoltrato|Inizio del messaggio inoltrato|Mensagem (?:encaminhada|reencaminhada)|In[ií]cio da mensagem (?:encaminhada|reencaminhada)|"
    "Doorgestuurd bericht|Begin doorgestuurd bericht|Vidarebefordrat (?:meddelande|brev)|Vidarebefordrat mejl|B[öo]rjan p[åa] vidarebefordrat (?:brev|meddelande|mejl)|"
    "Videresendt (?:meddelelse|besked|melding|e-post)|Start p[åa] videresendt besked|Start p[åa] videresendt melding|Videresendt mail|Begynnelse p[åa] videresendt melding|"
    "V[äa]litetty viesti|Edelleenl[äa]hetetty viesti|V[äa]litetty s[äa]hk[öo]posti|L[äa]hetetty edelleen|Wiadomo[śs][ćc] przekazana|Przekazana wiadomo[śs][ćc]|Treść przekazanej wiadomości|"
    "Pocz[ąa]tek przekazywanej wiadomo[śs]ci|P[řr]eposlan[áa] zpr[áa]va|Za[čc][áa]tek p[řr]eposlan[ée] zpr[áa]vy|Preposlan[áa] spr[áa]va|"
    "Пересылаемое сообщение|Пересланное сообщение|Начало переадресованного сообщения|Перенаправленное сообщение|Переслане повідомлення|"
    "[İI]letilen (?:[İi]leti|[Mm]esaj)|Y[öo]nlendirilmi[şs] (?:[İi]leti|[Mm]esaj)|[İI]letilmi[şs] ileti|转发的邮件|轉寄郵件|轉寄的郵件|转发邮件信息|已转发邮件|以下是转发的邮件|"
    "転送されたメッセージ|転送メッセージ|전달된 메시지|전달된 메일|رسالة مُعاد توجيهها|الرسالة المعاد توجيهها|הודעה שהועברה|Προωθημένο μήνυμα|"
    "Mesaj redirec[țt]ionat|Tov[áa]bb[íi]tott (?:[üu]zenet|lev[ée]l)|Proslije[đd]ena poruka|Препратено съобщение|Thư chuyển tiếp|"
    "Pesan (?:terusan|diteruskan)|ข้อความที่ส่งต่อ|Missatge reenviat|Edastatud kiri|Persi[ųu]stas lai[šs]kas|P[āa]rs[ūu]t[īi]ts"
)
"""Here begins a mail that is passed on, not answered."""

LABELS = {
    "from": (
        "From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|Nadawca|Odesílatel|Odosielateľ|От|От кого|Від|Kimden|Gönderen|发件人|寄件者|寄件人|發件人|"
        "差出人|送信者|送信元|보낸 사람|보낸사람|발신|발신자|מאת|من|Από|Feladó|Expeditor|De la|Pošiljatelj|Šalje|Saatja|Nuo|No|Từ|Dari|จาก|Daripada|Remetente|"
        "Mittente|Expéditeur|Absender|Afzender|Avsändare|Afsender|Avsender|Remitente|Pošiljalac|Pošiljatelj|Изпращач|فرستنده|از|Frá|Nga|Kutoka"
    ),
    "date": (
        "Sent|Date|Gesendet|Gesendet am|Datum|Envoyé|Envoyé le|Enviado|Enviado el|Enviado em|Enviada em|Enviada el|Enviado a|Fecha|Data|Inviato|Inviato il|Verzonden|"
        "Skickat|Sendt|Dato|Lähetetty|Päivämäärä|Päiväys|Pvm|Wysłano|Wysłane|Odesláno|Odoslané|Dátum|Отправлено|Дата|Дата и время|Надіслано|Gönderildi|"
        "Gönderilme|Gönderme Tarihi|Tarih|Gönderim Zamanı|发送时间|日期|时间|寄件日期|傳送時間|發送時間|發送日期|送信日時|日時|日付|보낸 날짜|보낸날짜|날짜|날자|보냄|נשלח|נשלח ב|תאריך|"
        "تاريخ الإرسال|التاريخ|أُرسلت|تم الإرسال|تاریخ|Εστάλη|Στάλθηκε|Ημερομηνία|Elküldve|Küldve|Trimis|Poslano|Poslato|Изпратено|Saadetud|Kuupäev|Išsiųsta|"
        "Nosūtīts|Datums|Đã gửi|Ngày|Gửi|Terkirim|Tanggal|Dikirim|ส่ง|วันที่|Tarikh|Sent at|Sent on|Sent date|Time|Dagsetning|Enviat|Enviat el|Dërguar"
    ),
    "to": (
        "To|An|À|A|Para|Aan|Naar|Till|Til|Vastaanottaja|Do|Komu|Кому|Получатель|До|Kime|Alıcı|收件人|收件者|宛先|送信先|받는 사람|받는사람|수신|수신자|אל|ל|"
        "إلى|Προς|Címzett|Către|Catre|Za|Kellele|Saaja|Kam|Đến|Tới|Kepada|Untuk|ถึง|Destinatario|Destinataire|Destinatário|Empfänger|Per|Prima|به|گیرنده|Viðtakandi|Adresat"
    ),
    "cc": (
        "Cc|CC|Kopie|Kopia|Kopi|Copie|Copie à|Cópia|Копия|Копія|Kopya|Bilgi|抄送|副本|참조|Másolatot kap|Másolat|Κοιν|Κοινοποίηση|עותק|נסخה|نسخة|Kópia|DW|DW\\.|Bcc|Сс|Χειρόγραφο|UDW|Ff"
    ),
    "subject": (
        "Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Ämne|Emne|Aihe|Temat|Předmět|Predmet|Тема|Konu|主题|主旨|主題|标题|件名|제목|נושא|"
        "الموضوع|موضوع|Θέμα|Tárgy|Subiect|Teema|Tema|Относно|Chủ đề|Tiêu đề|Perihal|Subyek|Subjek|Judul|เรื่อง|หัวเรื่อง|Assumpte|Zadeva|Efni|Subjekt|Asunto del mensaje|Re|Sujet"
    ),
    "other": "Reply-To|Importance|Wichtigkeit|Attachments|Anlagen|Priority|Priorität|Message-ID|Organization|Newsgroups|Bcc|Importancia|Datei|Pièces jointes|附件|Resent-From|Categories|Importance haute",
}
"""Header names in header blocks, by what they mean."""

ABOVE = (
    "(?:please )?(?:reply|respond|type your reply|write your reply|enter your reply)[\\w ]{0,24} above this line|please type your reply above|"
    "(?:bitte )?(?:antworten sie|schreiben sie|ihre antwort|antworte)[\\w ]{0,30} (?:über|oberhalb) dieser (?:zeile|linie)|"
    "(?:veuillez )?(?:r[ée]pondre|[ée]crire)[\\w ]{0,30} au[- ]dessus de cette ligne|(?:por favor )?(?:responda|escriba)[\\w ,]{0,30} (?:encima|arriba) de esta l[ií]nea|"
    "rispond\\w* sopra questa (?:riga|linea)|respond\\w* acima desta linha|(?:gelieve |typ )?[\\w ]{0,20}antwoord\\w* boven deze (?:regel|lijn)"
)
"""Ticket systems: everything below this line is theirs."""

FORWARD_PREFIXES = (
    "fwd?|fw|wg|wtr|tr|rv|i|enc|res enc|doorst|doorgestuurd|vs|vb|vl|pd|videresendt|fs|sv fwd|пересл|пер|fwd|転送|转发|轉寄|轉發|전달|fwd|"
    "i[lḷ]t|ilet|πρθ|továbbítás|továbbítva|fw\\w?|przek|prz|preposlané|přep|yönl|ynt fwd|redir|reenv|rif inoltro|הועבר|إعادة توجيه"
)
"""Subject prefixes of forwarded mail, without the colon."""

INLINE = (
    "(?:my|our|the|some) (?:answers?|replies|reply|comments?|responses?|remarks?|notes?)(?: are| is)?(?: written| marked)?(?: right)?(?: below)?,? (?:below|in-?line|in between|within|in (?:red|blue|green|bold|caps|capitals|italics))|"
    "(?:answer|repl|comment|respon|add|wr[io]t)\\w*(?: it| them| you| below| directly)? (?:in-?line|in between|within your (?:mail|text|message)|in (?:red|blue|green|bold|caps|capitals))|see (?:my \\w+ )?in-?line|in-?line (?:answers|replies|comments|below)|"
    "(?:meine |unsere )?(?:antwort(?:en)?|kommentare?|anmerkung(?:en)?)(?: stehen| sind| findest du| finden sie| siehe)?(?: gleich| direkt)? (?:unten im|inline|dazwischen|im text|in rot|in blau|rot markiert|in deiner? mail|in ihrer mail)|siehe inline|"
    "(?:mes |nos )?(?:r[ée]ponses?|commentaires?|remarques?)(?: sont)? (?:ci-dessous|en rouge|en bleu|dans le texte|dans votre (?:message|mail|texte))|"
    "(?:mis |nuestras |las )?(?:respuestas?|comentarios?)(?: est[áa]n| van)? (?:m[áa]s abajo|abajo|en rojo|en azul|entre l[íi]neas|en el texto)|"
    "(?:le mie |le nostre )?(?:risposte|risposta|commenti)(?: sono)? (?:qui sotto|sotto|in rosso|in blu|nel testo|in linea)|"
    "(?:minhas |nossas |as )?(?:respostas?|coment[áa]rios?)(?: est[ãa]o)? (?:abaixo|em vermelho|em azul|no texto)|"
    "(?:mijn |onze )?(?:antwoord(?:en)?|reacties?)(?: staan)? (?:hieronder|in het rood|in het blauw|in de tekst|tussen de tekst|in rood)|"
    "(?:mina |mine )?(?:svar|kommentarer)(?: st[åa]r| finns)? (?:nedan|herunder|nedenfor|i r[öø]dt|i texten|med r[öø]dt?)|(?:odpowiedzi|komentarze)(?: s[ąa])? (?:poni[żz]ej|na czerwono|w tek[śs]cie)|ответы? (?:ниже|в тексте|красным)"
)
"""Somebody says that they wrote their answers into the mail that they answer: nothing below may be cut then."""
