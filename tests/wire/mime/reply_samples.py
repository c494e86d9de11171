"""Answers as mail clients write them: the name, the text, and what is new in it. Written by hand after their forms."""
# ruff: noqa: E501, ISC004, F541 what clients write in one line stands in one

from __future__ import annotations

NEW = "Yes, let us meet at noon.\n\nBring the plans."
OLD = "> Shall we meet?\n>\n> Ann\n"

TEXTS: dict[str, tuple[str, str]] = {
    "nothing quoted": (NEW, NEW),
    "gmail": (f"{NEW}\n\nOn Mon, May 6, 2024 at 3:15 PM Ann Example <ann@a.test> wrote:\n\n{OLD}", NEW),
    "gmail, broken": (
        f"{NEW}\n\nOn Mon, May 6, 2024 at 3:15 PM Ann Example via Posthouse <\nann@a.test> wrote:\n\n{OLD}",
        NEW,
    ),
    "gmail, German": (
        f"{NEW}\n\nAm Mo., 6. Mai 2024 um 15:15 Uhr schrieb Ann Example <\nann@a.test>:\n\n{OLD}",
        NEW,
    ),
    "gmail, French": (f"{NEW}\n\nLe lun. 6 mai 2024 à 15:15, Ann Example <ann@a.test> a écrit :\n\n{OLD}", NEW),
    "gmail, Spanish": (f"{NEW}\n\nEl lun, 6 may 2024 a las 15:15, Ann (<ann@a.test>) escribió:\n\n{OLD}", NEW),
    "gmail, Portuguese": (f"{NEW}\n\nEm seg., 6 de mai. de 2024 às 15:15, Ann <ann@a.test> escreveu:\n\n{OLD}", NEW),
    "gmail, Italian": (f"{NEW}\n\nIl giorno lun 6 mag 2024 alle ore 15:15 Ann <ann@a.test> ha scritto:\n\n{OLD}", NEW),
    "gmail, Dutch": (f"{NEW}\n\nOp ma 6 mei 2024 om 15:15 schreef Ann Example <ann@a.test>:\n\n{OLD}", NEW),
    "gmail, Polish": (f"{NEW}\n\npon., 6 maj 2024 o 15:15 Ann Example <ann@a.test> napisał(a):\n\n{OLD}", NEW),
    "gmail, Russian": (f"{NEW}\n\nпн, 6 мая 2024 г. в 15:15, Ann Example <ann@a.test>:\n\n{OLD}", NEW),
    "gmail, Japanese": (f"{NEW}\n\n2024年5月6日(月) 15:15 Ann Example <ann@a.test>:\n\n{OLD}", NEW),
    "gmail, Chinese": (f"{NEW}\n\nAnn Example <ann@a.test> 于2024年5月6日周一 15:15写道：\n\n{OLD}", NEW),
    "gmail, Turkish": (f"{NEW}\n\nAnn Example <ann@a.test>, 6 May 2024 Pzt, 15:15 tarihinde şunu yazdı:\n\n{OLD}", NEW),
    "gmail, Swedish": (f"{NEW}\n\nDen mån 6 maj 2024 kl 15:15 skrev Ann Example <ann@a.test>:\n\n{OLD}", NEW),
    "gmail, Korean": (f"{NEW}\n\n2024년 5월 6일 (월) 오후 3:15, Ann Example <ann@a.test>님이 작성:\n\n{OLD}", NEW),
    "apple": (f"{NEW}\n\n> On 6 May 2024, at 15:15, Ann Example <ann@a.test> wrote:\n> \n{OLD}", NEW),
    "apple, telephone": (
        f"{NEW}\n\nSent from my iPhone\n\n> On 6 May 2024, at 15:15, Ann Example <ann@a.test> wrote:\n> \n> {OLD}",
        NEW,
    ),
    "apple, telephone, German": (
        f"{NEW}\n\nVon meinem iPhone gesendet\n\n> Am 06.05.2024 um 15:15 schrieb Ann <ann@a.test>:\n> \n{OLD}",
        NEW,
    ),
    "thunderbird": (f"{NEW}\n\nOn 06.05.24 15:15, Ann Example wrote:\n{OLD}", NEW),
    "thunderbird, older": (f"{NEW}\n\nAnn Example wrote:\n{OLD}", NEW),
    "thunderbird, below the quote": (f"On 06.05.24 15:15, Ann Example wrote:\n{OLD}\n{NEW}\n", NEW),
    "between the lines": ("On 6/5/24 15:15, Ann wrote:\n> Noon?\nYes.\n> Plans?\nOf course.\n", "Yes.\n\nOf course."),
    "mutt": (f"On Mon, May 06, 2024 at 03:15:00PM +0200, Ann Example wrote:\n{OLD}\n{NEW}\n\n-- \nBob\n", NEW),
    "outlook": (
        f"{NEW}\n\n________________________________\nFrom: Ann Example <ann@a.test>\nSent: Monday, May 6, 2024 3:15 PM\n"
        "To: Bob <bob@b.test>\nSubject: Lunch\n\nShall we meet?\n",
        NEW,
    ),
    "outlook for the desk": (
        f"{NEW}\n\nFrom: Ann Example <ann@a.test>\nSent: Monday, May 6, 2024 3:15 PM\nTo: Bob\nSubject: Lunch\n\nOld\n",
        NEW,
    ),
    "outlook, older": (
        f"{NEW}\n\n-----Original Message-----\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: Lunch\n\nOld\n",
        NEW,
    ),
    "outlook, bold": (
        f"{NEW}\n\n*From:* Ann Example <ann@a.test>\n*Sent:* Monday, May 6, 2024\n*To:* Bob\n*Subject:* Lunch\n\nOld",
        NEW,
    ),
    "outlook, German": (
        f"{NEW}\n\nVon: Ann <ann@a.test>\nGesendet: Montag, 6. Mai 2024 15:15\nAn: Bob\nBetreff: Essen\n\nAlt\n",
        NEW,
    ),
    "outlook, German, older": (
        f"{NEW}\n\n-----Ursprüngliche Nachricht-----\nVon: Ann\nGesendet: Montag\nAn: Bob\nBetreff: Essen\n\nAlt\n",
        NEW,
    ),
    "outlook, French": (
        f"{NEW}\n\nDe : Ann <ann@a.test>\nEnvoyé : lundi 6 mai 2024 15:15\nÀ : Bob\nObjet : Midi\n\nAncien\n",
        NEW,
    ),
    "outlook, Spanish": (
        f"{NEW}\n\nDe: Ann <ann@a.test>\nEnviado el: lunes, 6 de mayo de 2024\nPara: Bob\nAsunto: Comida\n\nViejo\n",
        NEW,
    ),
    "outlook, Italian": (
        f"{NEW}\n\nDa: Ann <ann@a.test>\nInviato: lunedì 6 maggio 2024\nA: Bob\nOggetto: Pranzo\n\nVecchio\n",
        NEW,
    ),
    "outlook, Russian": (
        f"{NEW}\n\nОт: Ann <ann@a.test>\nОтправлено: 6 мая 2024 г.\nКому: Bob\nТема: Обед\n\nСтарое\n",
        NEW,
    ),
    "outlook, Chinese": (f"{NEW}\n\n发件人: Ann\n发送时间: 2024年5月6日\n收件人: Bob\n主题: 午餐\n\n旧\n", NEW),
    "outlook for telephones": (
        f"{NEW}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Ann <ann@a.test>\n"
        "Sent: Monday, May 6, 2024 3:15:00 PM\nTo: Bob\nSubject: Lunch\n\nOld\n",
        NEW,
    ),
    "samsung": (
        f"{NEW}\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Ann <ann@a.test>\n"
        "Date: 06/05/2024 15:15 (GMT+01:00)\nTo: Bob\nSubject: Lunch\n\nOld\n",
        NEW,
    ),
    "yahoo": (
        f"{NEW}\n\nSent from Yahoo Mail on Android\n\n  On Mon, 6 May 2024 at 15:15, Ann<ann@a.test> wrote:   Shall we?\n",
        f"{NEW}\n\nSent from Yahoo Mail on Android\n\n  On Mon, 6 May 2024 at 15:15, Ann<ann@a.test> wrote:   Shall we?",
    ),
    "proton": (
        f"{NEW}\n\nSent with Proton Mail secure email.\n\nOn Monday, 6 May 2024 at 15:15, Ann <ann@a.test> wrote:\n\n{OLD}",
        NEW,
    ),
    "a client that marks nothing": (
        f"{NEW}\n\nOn Monday, 6 May 2024 at 15:15, Ann <ann@a.test> wrote:\n\nShall we meet?\n\nAnn\n",
        NEW,
    ),
    "a client that marks nothing, with our footer": (
        f"{NEW}\n\n_ _ _ Posthouse _ _ _\nYou get this because Ann invited you.\n",
        NEW,
    ),
    "a signature": (f"{NEW}\n\n-- \nBob Example\nExample Ltd\n", NEW),
    "a signature without its blank": (f"{NEW}\n\n--\nBob Example\n", NEW),
    "nothing but a signature": ("-- \nBob Example\n", ""),
    "nothing but a quote": (f"On 6/5/24 15:15, Ann wrote:\n{OLD}", ""),
    "carriage returns": (f"{NEW}\n\n{OLD}".replace("\n", "\r\n"), NEW),
    # What is no quote stays.
    "a sentence about writing": ("On reflection, what she wrote: all of it is true.\n\nBye", None),
    "a list with labels": ("From: the station\nTo: the office\n\nThat is the way.", None),
    "a colon before a list": ("I bring:\n- bread\n- wine", None),
    "a dash": ("Bread - and wine.\n- one\n- two", None),
    "a time of the author's own": ("See you at 15:15:\n\nthe usual place.", None),
    "a forward": (
        "Look at this.\n\n---------- Forwarded message ---------\nFrom: Carl <carl@c.test>\nDate: Mon, May 6, 2024\n"
        "Subject: Offer\nTo: Bob <bob@b.test>\n\nWe offer you a bridge.",
        None,
    ),
    "a forward, apple": (
        "Look.\n\nBegin forwarded message:\n\nFrom: Carl <carl@c.test>\nSubject: Offer\nDate: 6 May 2024\nTo: Bob\n\nA bridge.",
        None,
    ),
    "words about being sent": ("The parcel was sent from my office in Bern yesterday, ask them.", None),
}  # fmt: skip
"""None as what is new: all of it."""

_RICH = "<div>Yes, let us meet at noon.</div><div><br></div><div>Bring the plans.</div>"

HTMLS: dict[str, tuple[str, str]] = {
    "gmail": (
        f'<div dir="ltr">{_RICH}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, May 6, 2024 at'
        ' 3:15 PM Ann &lt;<a href="mailto:ann@a.test">ann@a.test</a>&gt; wrote:<br></div><blockquote class="gmail_quote"'
        ' style="margin:0 0 0 .8ex">Shall we?<blockquote>older</blockquote></blockquote></div>',
        NEW,
    ),
    "gmail, between the lines": (
        '<div class="gmail_quote"><div class="gmail_attr">On Monday Ann wrote:</div><blockquote class="gmail_quote">Noon?'
        '</blockquote><div>Yes.</div><blockquote class="gmail_quote">Plans?</blockquote><div>Of course.</div></div>',
        "Yes.\n\nOf course.",
    ),
    "gmail, with a signature": (
        f'<div dir="ltr">{_RICH}<span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature">'
        "<div>Bob</div></div></div>",
        NEW,
    ),
    "gmail, a forward": (
        '<div dir="ltr">Look.<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message'
        " ---------<br>From: Carl<br>Date: Mon, May 6, 2024<br>Subject: Offer<br>To: Bob<br></div><br>A bridge.</div></div>",
        "Look.\n\n---------- Forwarded message ---------\nFrom: Carl\nDate: Mon, May 6, 2024\nSubject: Offer\nTo: Bob\n\n"
        "A bridge.",
    ),
    "apple": (
        f'<html><body>{_RICH}<br><div><blockquote type="cite"><div>On 6 May 2024, at 15:15, Ann wrote:</div><br><div>Shall'
        " we?</div></blockquote></div></body></html>",
        NEW,
    ),
    "apple, telephone": (
        f'{_RICH}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br>'
        '<blockquote type="cite">On 6 May 2024, at 15:15, Ann wrote:<br></blockquote></div><blockquote type="cite">Shall we?'
        "</blockquote>",
        NEW,
    ),
    "outlook on the web": (
        f'<body><div class="elementToProof">{_RICH}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><font><b>'
        "From:</b> Ann<br><b>Sent:</b> Monday<br><b>To:</b> Bob<br><b>Subject:</b> Lunch</font></div><div>Shall we?</div></body>",
        NEW,
    ),
    "outlook for the desk": (
        '<div class="WordSection1"><p class="MsoNormal">Yes, let us meet at noon.</p><p class="MsoNormal">Bring the plans.</p>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Ann &lt;ann@a.test&gt; <br>'
        "<b>Sent:</b> Monday, May 6, 2024 3:15 PM<br><b>To:</b> Bob<br><b>Subject:</b> Lunch</p></div><p>Shall we?</p></div>",
        NEW,
    ),
    "outlook for telephones": (
        f'{_RICH}<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr>'
        '<div id="divRplyFwdMsg"><b>From:</b> Ann</div>old',
        NEW,
    ),
    "thunderbird": (
        f'<p>Yes, let us meet at noon.</p><p>Bring the plans.</p><div class="moz-cite-prefix">On 06.05.24 15:15, Ann wrote:<br>'
        '</div><blockquote type="cite" cite="mid:x@a.test"><p>Shall we?</p></blockquote><div class="moz-signature">-- <br>Bob</div>',
        NEW,
    ),
    "proton": (
        f'<div style="font-family: Arial">{_RICH}</div><div class="protonmail_signature_block"><div>Sent with Proton Mail secure'
        ' email.</div></div><div class="protonmail_quote">On Monday, 6 May 2024 at 15:15, Ann &lt;ann@a.test&gt; wrote:<br>'
        '<blockquote class="protonmail_quote" type="cite">Shall we?</blockquote></div>',
        NEW,
    ),
    "yahoo": (
        f'<div class="yahoo-style-wrap">{_RICH}</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>On Monday, May 6, 2024,'
        " Ann wrote:</div><div>Shall we?</div></div>",
        NEW,
    ),
    "yandex": (
        f"{_RICH}<div>06.05.2024, 15:15, &quot;Ann&quot; &lt;ann@a.test&gt;:</div><blockquote>Shall we?</blockquote>",
        NEW,
    ),
    "zimbra": (f'{_RICH}<hr data-marker="__DIVIDER__"><div data-marker="__QUOTED_TEXT__">Old</div>', NEW),
    "ours": (
        f'{_RICH}<div class="posthouse-signature">Bob</div><div class="posthouse-quote posthouse-reply"><div>On Mon, 6 May 2024,'
        " Ann wrote:</div><blockquote><p>Shall we?</p></blockquote></div>",
        NEW,
    ),
    "an indented part of one's own": ("<div>Look:</div><blockquote><div>an indented part</div></blockquote>", "Look:\nan indented part"),
}  # fmt: skip
