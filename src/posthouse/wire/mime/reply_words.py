"""The words by which mail clients mark what is not new in an answer, in the commonest languages.

"On Monday Ann wrote:", "From: … Sent: …", "Sent from my phone". Patterns for single lines of bounded length, so that
they cost linear time; how they are put together is in reply.py.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE

WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|a écrit|a ecrit|escribi[óo]|escreveu|ha scritto|scrisse|schreef|skrev"
    r"|kirjoitti|pisze|napisał(?:\(?a\)?)?|napsal(?:\(?a\)?)?|napísal(?:\(?a\)?)?|написал(?:\(?а\)?)?|пишет|писал(?:\(?а\)?)?"
    r"|написав(?:\(?ла\)?)?|пише|a scris|şunu yazdı|yazdı|írta|έγραψε|menulis|đã viết|ha escrit|je napisao)\b"
    r"|書きました|のメール|写道|寫道|님이 작성|작성:|כתב|כתבה|كتب",
    _I,
)
OPENING = re.compile(
    r"[ \t*_]*(?:on|am|le|el|em|il|op|den|på|dne|dnia|w dniu|dňa|в|вт|пн|ср|чт|пт|сб|вс|у|la|τη|στις|pada|vào|tarihinde"
    r"|a les|ב-|في|\d{1,4}\s?[./年-])",
    _I,
)
"""How a line of attribution begins where no quoted line follows to prove that it is one."""
ADDRESS = re.compile(r"<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?")
TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}\s?[時时点點]")
DATE = re.compile(r"\b\d{4}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}\s?[月日]")

_SENDER = (
    r"from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|gönderen|feladó|de la|από|dari|từ"
    r"|差出人|送信者|发件人|寄件者|보낸 사람|מאת|من"
)
_SENT = (
    r"sent|date|gesendet|datum|envoyé|enviado(?: el| em)?|fecha|data|inviato|verzonden|skickat|sendt|dato|lähetetty"
    r"|päiväys|wysłano|odesláno|odoslané|дата|отправлено|надіслано|gönderildi|tarih|elküldve|dátum|trimis|ημερομηνία|dikirim"
    r"|tanggal|đã gửi|ngày|送信日時|日時|发送时间|发送日期|寄件日期|日期|보낸 날짜|날짜|נשלח|تاريخ"
)
_OTHER = (
    r"to|an|à|para|a|aan|till|til|vastaanottaja|do|komu|pre|кому|kime|címzett|către|προς|kepada|đến|宛先|收件人|收件者"
    r"|받는 사람|אל|إلى|cc|subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|predmet"
    r"|тема|konu|tárgy|subiect|θέμα|subjek|chủ đề|件名|主题|主旨|제목|נושא|الموضوع"
)
_LABEL = r"[ \t>|]{0,8}\*{0,2}(?:%s)[ \t\xa0]{0,2}\*{0,2}[ \t]?[:：]"
SENDER = re.compile(_LABEL % _SENDER, _I)
SENT = re.compile(_LABEL % _SENT, _I)
OTHER = re.compile(_LABEL % _OTHER, _I)

ORIGINAL = re.compile(
    r"[ \t>]{0,8}[-_]{2,20}[ \t]{0,4}(?:original (?:message|appointment|email)|original-nachricht"
    r"|urspr(?:ü|ue)ngliche (?:nachricht|e-mail)|message d['’]origine|message original|mensaje original"
    r"|mensagem original"
    r"|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding"
    r"|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní (?:zpráva|e-mail)|исходное сообщение"
    r"|пересылаемое сообщение|orijinal (?:mesaj|ileti)|eredeti üzenet|元のメッセージ|原始邮件|原始郵件|원본 메[시세]지)"
    r"[ \t]{0,4}[-_]{0,20}[ \t]*",
    _I,
)
RULE = re.compile(r"[ \t]*(?:_{5,}|-{5,}|={5,}|\*{5,}|—{3,})[ \t]*")

SIGNATURE = re.compile(r"(?:-- ?|—|__)")
"""RFC 3676 §4.3, also without the blank that some programs cut off."""
DEVICE = re.compile(
    r"[ \t*_>]*(?:(?:sent|written|typed|composed) (?:from|via|with|using|on) "
    r"(?:my |the |a |an )?[\w’'. +®™-]{2,60}"
    r"|get outlook for (?:ios|android|mac)\b.{0,80}|download outlook .{0,60}"
    r"|(?:von (?:meinem|mein|unterwegs)|mit (?:meinem|der|dem)) .{1,60}(?:gesendet|geschickt|gesandt|versandt)"
    r"|gesendet (?:von|mit|über|aus) .{1,60}|diese nachricht wurde von mein.{1,60} gesendet"
    r"|envoyé (?:de|depuis|à partir de|avec) .{1,60}|enviad[oa] (?:desde|con|do|da|de|a partir do|pelo) .{1,60}"
    r"|inviato (?:da|dal|con) .{1,60}|verzonden (?:vanaf|met|vanuit|via) .{1,60}|verstuurd (?:vanaf|met|vanuit) .{1,60}"
    r"|skickat från .{1,60}|sendt fra .{1,60}|lähetetty .{1,60}|wysłane? (?:z|przez|za) .{1,60}|odesláno z .{1,60}"
    r"|отправлено (?:с|из|от) .{1,60}|надіслано (?:з|із) .{1,60}|.{1,40}(?:dan|den) gönderildi"
    r"|.{1,30}から送信|发自我的.{1,30}|從我的.{1,20}傳送|나의 .{1,20}에서 보냄)[ \t.!*_]*",
    _I,
)
