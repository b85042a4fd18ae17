"""Patterns for text of news sites, in many languages, that is not the article. Data only: each pattern is bounded.

Patterns are matched against one block's normalised text. A line counts as a label only when its whole text matches, so
a real sentence that begins with the same word stays. Prompt patterns are matched against the text in lower case, which
takes half the time of ignoring case.
"""

from __future__ import annotations

import re

FLAGS = re.IGNORECASE

AD = re.compile(
    r"(?:advert|ads?|advertisement|advertising|advertise with us|sponsored|sponsored content|paid content|publicidad|"
    r"publicité|"
    r"publicidade|pubblicità|anzeige|werbung|реклама|广告|廣告|إعلان|advertisement \d*|"
    r"(?:(?:advertisement|advert) ?[–—:.-]* ?)?(?:story|article) continues (?:below|after)(?: (?:this|"
    r"the))? ?(?:advert|advertisement|ad|video)?|"
    r"(?:continue|keep) reading (?:below|the main story)|scroll (?:down )?to continue(?: reading)?|"
    r"skip (?:past )?advert(?:isement)?)[.: …]*",
    FLAGS,
)
"""Advertising labels: the whole block."""

READ_MORE = re.compile(
    r"^[\W_]{0,3}(?:(?:read|see|watch|listen|keep|continue|learn|explore)[ -](?:more|also|next|reading|now|this|"
    r"the full story)\b"
    r"|read ?:|more ?:|more (?:on|from|about|stories|coverage|news)\b|watch ?:|listen ?:|opinion ?:|explainer ?:|"
    r"analysis ?:|in pictures ?:"
    r"|related(?: stor(?:y|ies)| coverage| articles?| links?| content| news| reading| topics?)?(?: ?[:|–—-]|$)|"
    r"see also|also read|don[’']t miss|must read|recommended|you (?:may|might) (?:also )?(?:like|be interested)"
    r"|(?:lee|lea|leer|ver|mira) (?:también|más|además|tambien)|te puede interesar|más información|"
    r"noticias? relacionadas?|relacionad[oa]s?(?: ?:|$)"
    r"|lesen sie (?:auch|hier|mehr|dazu)|mehr (?:zum thema|dazu)|lesen sie ?:|auch interessant|siehe auch|"
    r"das könnte sie auch|zum thema ?:?$|weitere (?:artikel|meldungen|nachrichten)"
    r"|(?:à )?lire (?:aussi|également|plus)|lire ?:|voir aussi|sur le même (?:sujet|thème)|à voir|notre dossier"
    r"|leia (?:também|mais)|veja (?:também|mais)|saiba mais|leggi anche|leggi di più|potrebbe interessarti|"
    r"lees (?:ook|meer|verder)|läs (?:också|även|mer)|les også|læs også|lue myös"
    r"|czytaj (?:też|także|więcej)|zobacz (?:też|także)|читайте (?:также|по теме|ещё|еще)|по теме ?:?$|смотрите также|"
    r"читати також|читайте також|διαβάστε (?:επίσης|ακόμα|ακόμη)"
    r"|en (?:savoir|lire) plus|ayrıca bak|bunu da oku|اقرأ (?:أيضا|أيضًا|المزيد|ايضا)|إقرأ أيضا|شاهد (?:أيضا|أيضًا)|"
    r"مواضيع (?:ذات صلة|متعلقة)|相关(?:新闻|阅读|报道|链接|文章|推荐)|延伸阅读|推荐阅读|更多(?:新闻|内容|报道)|"
    r"相關(?:新聞|閱讀|報導)|延伸閱讀|関連(?:記事|ニュース)|"
    r"あわせて読みたい)",
    FLAGS,
)
"""Start of a line that links to another article. A rule also requires a link, a colon or a missing full stop."""

RELATED_HEADING = re.compile(
    r"^[\W_]{0,3}(?:in[ -]depth|inside story|recommended(?: stories| for you| articles)?|more (?:on this|stories|"
    r"from .{1,40}|top stories|news|like this)|related(?: .{1,20})?"
    r"|most (?:read|popular|viewed|active|commented|shared)|trending(?: now)?|popular(?: now)?|keep reading|up next|"
    r"read next|latest(?: news| stories| headlines)?|top (?:stories|news)|more [\w ]{2,20} news|you might also like|"
    r"what to read next|most listened(?: to)?|популярное|главное|самое популярное|editor[’']?s['’]? picks?|"
    r"more coverage|also in .{1,30}|from the archives?|special (?:report|coverage)|lo más (?:leído|visto)|"
    r"últimas noticias|meistgelesen|les plus lus|на эту тему|самое читаемое|الأكثر قراءة|热点|热门|最新)[\s:…»›>]*$",
    FLAGS,
)
"""Headings of related and most-read boxes: the whole block."""

LIST_MARK = re.compile(r"list of \d+ items?|list \d+ of \d+|end of list|نهاية القائمة", FLAGS)
"""Text for screen readers around a list of articles."""

MOST_READ = re.compile(
    r"most|популярное|главное|popular|trending|top (?:stories|news)|more [\w ]{2,20} news|latest|lo más|últimas|"
    r"meistgelesen|les plus|самое|الأكثر|热点|热门|最新",
    FLAGS,
)
"""Those of these headings that name the most read articles of the site, not related ones."""

CREDIT = re.compile(
    r"^(?:sources? ?: ?|quellen? ?: ?|fuentes? ?: ?|fonte ?: ?|(?:文章)?来源 ?[：:] ?|來源 ?[：:] ?|稿源 ?[：:] ?|"
    r"источник ?: ?|"
    r"المصدر ?: ?|bron ?: ?)(?P<credit>.{2,80})$",
    FLAGS,
)
"""The source line; the group is the credit itself."""

PHOTO_CREDIT = re.compile(
    r"^\W{0,2}(?:image|photo(?:graph|graphy)?|picture|pic|foto(?:graf[íi]a)?|bild|imagen|imagem|crédito|фото|图片?|圖|"
    r"الصورة)(?: (?:by|credit|courtesy|von|de|di))? ?[:：] ?[^.!?。]{2,60}$",
    FLAGS,
)
"""The line that names a picture's photographer, where it is a block of its own."""

NEWSLETTER = re.compile(
    r"\b(?:sign[ -]?up (?:for|to|here|now|today|below)|signup|subscribe (?:to|for|now|today|here)|get (?:the|our|"
    r"your) .{0,60}(?:newsletter|inbox|briefing|alerts?)|(?:our|free|daily|weekly|morning|"
    r"evening) (?:\w+ ){0,3}newsletters?|delivered (?:straight |directly )?to your (?:inbox|email)"
    r"|in (?:your|ihr(?:em)?) (?:inbox|postfach)|enter your e-?mail|your e-?mail address|join our (?:mailing list|"
    r"newsletter|whatsapp|telegram|channel|community)|news alerts"
    r"|suscr[ií]b(?:ete|ase|irse)|recib[ae] (?:en tu correo|nuestro|cada|todas)|bolet[ií]n(?:es)?\b.{0,60}(?:correo|"
    r"suscr|gratis|registr|apúnt)|apúntate\b|newsletter (?:abonnieren|bestellen)|(?:abonnieren|bestellen) sie|"
    r"jetzt (?:kostenlos )?(?:abonnieren|anmelden)"
    r"|inscrivez-vous|abonnez-vous|s[’']abonner|recevez (?:chaque|tous|notre|nos)|assine (?:a|nossa|o)|inscreva-se|"
    r"iscriviti|подпи(?:шитесь|сывайтесь)|рассылк[уаи]|اشترك(?:وا)? (?:في|الآن)|订阅|訂閱)",
)
"""Prompts to sign up. A rule also requires a short block that begins a sentence with it or addresses the reader."""

CONTENTS = re.compile(
    r"(?:table of )?contents|in this (?:article|story|guide|review)|on this page|jump to|inhalt(?:sverzeichnis|"
    r"sübersicht)?|índice|sommaire|table des matières|содержание|目录",
    FLAGS,
)
"""Headings of a table of contents: the whole block."""

SUPPORT = re.compile(
    r"\b(?:(?:download|get) (?:the|our) (?:\w+ ){0,3}app\b|support (?:our|independent|quality|local|"
    r"the) (?:\w+ ){0,3}(?:journalism|reporting|newsroom|work)|(?:make|consider making|"
    r"consider) a (?:\w+ )?(?:donation|contribution)|become a (?:\w+ )?(?:member|subscriber|supporter)|donate (?:now|"
    r"today|here)"
    r"|(?:please|consider) (?:contribut|donat)(?:e|ing)|(?:contribute|donate) to (?:our|support|keep|help)|"
    r"independent journalism|(?:rely|depend)s? on (?:reader|your|the (?:support|generosity))|we need your (?:support|"
    r"help)"
    r"|help us (?:keep|continue|fund)|your (?:\w+ )?(?:support|contribution|donation)s? (?:helps?|makes?|means?|"
    r"keeps?|supports?|allows?|enables?|ensures?)|jetzt unterstützen|unabhängigen journalismus|(?:ihre|deine|"
    r"eure) (?:spende|unterstützung)|hier geht(?:[’']s| es) zu[rm] (?:neuen )?(?:[\w-]+ ){0,2}[\w-]*app\b|"
    r"unterstützen sie (?:uns|unseren|unsere|die)|soutenez|apoya (?:a |nuestro|el)|поддержите)",
)
"""Appeals for money, and to install an app."""

REPORTED = re.compile(
    r"\b(?:said|says|told|asked|asks|warned|according to|replied|recalled|wrote|sagte|sagt|erklärte|dijo|dice|dit|"
    r"disait|affirme|disse|begged|shouted|cried|rief|bat|zei|riep|gridava|gridò|pedía|gritó|pediu|criait|сказал\w*|"
    r"заявил\w*|قال|قالت)\b|说|表示|称",
)
"""Reporting verbs: a sentence with one reports words and is not a prompt to the reader."""

WRITE_IN = re.compile(
    r"\b(?:(?:send (?:us )?(?:a message|your (?:stories|pictures|photos|comments|tips|views))|write to us|call us|"
    r"text us|e-?mail us|let us know|tell us (?:what|about|your)) ?\b|can be reached at\b)",
)
"""Calls to write in; used for blocks that address the reader, and for blocks at the end of the body."""

FOLLOW = re.compile(
    r"^(?:follow (?:us|@\w+|.{1,60} on (?:twitter|facebook|instagram|x|linkedin|tiktok|youtube|threads|mastodon|"
    r"bluesky|social))|like us on|find us on|síguenos|sigue (?:a|toda|nuestr)|folgen sie (?:uns|\w+)|suivez|siga (?:o|"
    r"a|nos)|seguici|следите за|تابعونا|تابعنا|关注我们|关注.{0,12}(?:微信|公众号)|"
    r"(?:get in touch|contact us|have you got a story|do you have a story|got a (?:story|tip|news tip)|"
    r"send (?:us )?(?:your|a) (?:tips?|stories|news)|e-?mail (?:us|the author))\b)",
)
"""Calls to follow an outlet or to write to it."""

LEGAL = re.compile(
    r"^(?:(?:©|\(c\)|copyright (?:[12]\d{3}|by\b|of\b|holder)).{0,300}|.{0,120}\ball rights reserved\b.{0,200}|"
    r".{0,60}\bmay not be (?:published|reproduced|republished).{0,200}|(?:this|the) (?:article|story|piece|post|"
    r"column|essay) (?:was|is) (?:first |originally |also |re)*(?:published|republished|appeared|posted) (?:in|on|at|"
    r"by|with|under) (?!\d|the year).{1,160}|"
    r"this (?:article|story|piece) (?:first |originally )?(?:appeared|appears|ran) (?:in|on) .{1,160}|the (?:views|"
    r"opinions) expressed (?:here|in this|by the authors?|are|do not).{1,300}|(?:alle rechte vorbehalten|"
    r"todos los derechos reservados|tous droits réservés|todos os direitos reservados|все права защищены|版权所有|"
    r"جميع الحقوق محفوظة).{0,200}|нашли (?:ошибку|опечатку).{0,160}|"
    r"[（(]?责任编辑.{0,40}|[（(]?责编.{0,40}|编辑：.{0,20}|(?:reporting|additional reporting|editing|"
    r"writing) by (?-i:[A-Z]).{2,160})$",
    FLAGS,
)
"""Rights notices, disclaimers and production lines: the whole block."""

PAYWALL = re.compile(
    r"\b(?:subscribe to (?:continue|keep|read)|to (?:continue|keep) reading(?:,| (?:this|subscribe|register|log|sign|"
    r"please|for)|$)|(?:already|are you) a (?:\w+ )?(?:subscriber|member)\?|subscriber[- ]only|subscribers only|"
    r"this (?:article|content|story) is (?:for|available to|reserved for|exclusive to) (?:\w+ )?(?:subscribers|"
    r"members)|"
    r"log ?in to (?:continue|read)|you have (?:read|reached|used) .{0,40}(?:free|limit)|(?:get|enjoy|with|"
    r"for) unlimited (?:digital )?access|weiterlesen mit|dieser (?:artikel|inhalt) ist|reservado a suscriptores|"
    r"réservé aux abonnés|il vous reste .{1,20} à lire|cancel any ?time)\b",
)
"""Offers in place of the rest of the article."""

COMMENTS_HEADING = re.compile(
    r"^(?:\d+ )?(?:reader )?(?:comments?|responses?|replies|join the (?:conversation|discussion)|leave a (?:reply|"
    r"comment)|post a comment|add a comment|have your say|comentarios|kommentare|commentaires|комментарии|评论|"
    r"網友評論|"
    r"التعليقات)(?: ?\(\d+\)| on .{1,120})?[:\s]*$",
    FLAGS,
)
"""Headings of comment sections."""

COMMENT_CONTROL = re.compile(
    r"\W{0,3}(?:reply|reply to this|report|report abuse|report comment|flag|flag comment|permalink|quote|antworten|"
    r"melden|beitrag melden|zitieren|répondre|signaler|signaler un abus|responder|denunciar|citar|rispondi|segnala|"
    r"reageer|"
    r"svara|svar|vastaa|odpowiedz|zgłoś|cytuj|odpovědět|ответить|пожаловаться|цитировать|απάντηση|αναφορά|"
    r"yanıtla|şikayet et|回复|回覆|举报|檢舉|返信|返信する|通報|通報する|답글|신고|رد|الرد|إبلاغ|जवाब दें|"
    r"रिपोर्ट करें)\W{0,3}(?:\d{1,6}\W{0,3})?",
    FLAGS,
)
"""Controls that each comment of a reader has, and no entry of a live blog."""

SHARE = re.compile(
    r"^(?:[\W]{0,3}(?:printer[- ]friendly|print (?:this|it\b)|e-?mail this|mail it|send this (?:story|article|"
    r"page)).{0,80}|share(?: (?:this|on|via|it|article|story)\b.{0,40})?|like this:?|loading[.…]*|tweet|"
    r"print(?:er-friendly version| this.{0,20})?|e-?mail (?:this|a friend).{0,20}|save|facebook|twitter|whatsapp|"
    r"linkedin|reddit|telegram|copy link|link copied|click (?:here )?to (?:share|e-?mail|print|tweet).{0,60}|"
    r"compart(?:ir|e|ilhar)|teilen|partager|condividi|поделиться|分享(?:到.{0,12})?|مشاركة|شارك)[:\s!]*$",
    FLAGS,
)
"""Share controls: the whole block."""

BYLINE = re.compile(
    r"^(?:by|por|von|par|di|от|автор|autor(?:in)?|text|written by|reported by|words by|story by|بقلم|كتب|记者|作者|"
    r"文)[ ：:]+[^.!?。]{2,100}$",
    FLAGS,
)
"""A line that only names the author; used above the body."""

SIGNED = re.compile(r"^(?:posted|written|published|reported) by .{2,80}$", FLAGS)
"""A byline that is recognised by its words anywhere."""

FILED_UNDER = re.compile(
    r"^(?:(?:related )?(?:tags|topics) ?[:：]?|(?:(?:this (?:entry|post) was )?(?:posted|filed) (?:in|under)\b|"
    r"(?:tags?|tagged(?: with)?|topics?|keywords?|schlagw[oö]rter|themen|etiquetas|mots[- ]clés|теги|метки|标签|关键词|"
    r"الكلمات المفتاحية) ?[:：]).{1,300})$",
    FLAGS,
)
"""Tag and category rows that are recognised by their words."""

POSTED_BY = re.compile(r"^(?:[—–-] .{1,80}|.{1,60}\(?@\w{2,40}\)?.{0,40}|@\w{2,40})$")
"""The line of an embedded post that names its author; used inside embeds."""

DATE = re.compile(
    r"^(?:(?=.*\d)(?:(?:first |originally )?published(?: on| at)?|updated|posted|last (?:updated|modified)|publicado|"
    r"actualizado|veröffentlicht|aktualisiert|stand|publié|mis à jour|опубликовано|发布时间|نشر|تاريخ النشر)\b.{0,80}"
    r"|(?:\w{3,10}\.?,? )?\d{1,2}(?:st|nd|rd|th)?[.,]? (?:de )?\w{3,12}\.?,? (?:de )?\d{4}.{0,40}|"
    r"(?:\w{3,10}\.?,? )?\w{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}.{0,40}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.{0,40}|"
    r"\d{4}[./年-]\d{1,2}[./月-]\d{1,2}日?.{0,40}"
    r"|\d{1,2} [^\W\d]{3,10},? \d{1,2}:\d{2}|\d{1,2}[:.h]\d{2}(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|gmt|utc|est|edt|bst|"
    r"cet|cest|мск))*|\d+ (?:minutes?|hours?|days?|mins?|hrs?) ago|\d+ min(?:ute)?s? read)$",
    FLAGS,
)
"""A line that is only a date."""

BIO = re.compile(
    r"^(?:about the author|.{3,60} (?:is|are|was|ist|est|es|é) (?:a|an|the|our|ein|eine|un|une|der|die|um|uma|el|"
    r"la|le)?[ \w’'-]{0,40}(?:reporter|correspondent|journalist|columnist|editor|writer|author of|lecturer|"
    r"professor|fellow|contributor|freelance|analyst|producer|redakteur|journaliste|periodista|director of|"
    r"researcher|teaches|covers)\b.{0,400}|.{3,50} covers .{3,200})$",
    FLAGS,
)
"""A sentence about the author; used at the end of the body, where its start names the author."""

CONSENT = re.compile(
    r"\b(?:we (?:and our partners )?use cookies|accept (?:all )?cookies|cookie (?:policy|settings|preferences)|"
    r"we (?:value|respect|care about) your privacy|manage (?:preferences|consent)|this (?:video|content|"
    r"post) (?:can(?:not|'t) be|is not) (?:displayed|shown)|to (?:view|display) this content|"
    r"waiting for your permission to load|empfohlener (?:redaktioneller|externer) inhalt|(?:externen|"
    r"externe) inhalte? (?:von|zu|angezeigt|geladen|laden|anzeigen|mit einem klick)|"
    r"ausgewählten,? externen inhalt|externe inhalte angezeigt|ce contenu (?:est bloqué|n[’']est pas disponible)|"
    r"wir verwenden cookies|nous utilisons des cookies|utilizamos cookies)\b",
)
"""Consent texts."""

CONTRIBUTED = re.compile(
    r"^.{3,200}\b(?:contributed to this (?:report|story|article)|contributed reporting)\b.{0,60}$", FLAGS
)
"""The line that names other reporters: a credit."""

CAPTION_END = re.compile(
    r"(?:[（(\[/](?:[^()（）\[\]]{0,40}\b)?(?:AP|AFP|Reuters|Getty(?: Images)?|EPA|dpa|ANI|PTI|Xinhua|Shutterstock|"
    r"TASS|EFE|ANSA|Handout|File)\b[^()\[\]]{0,40}[)）\]]?"
    r"|\b(?:photo(?:graph)?|picture|image|foto|credit)(?: credit| by| courtesy(?: of)?)?: ?.{2,60}|(?:摄|供图|"
    r"资料图|图片来源.{0,20}|/图|发（.{1,12}）))[ .]*$",
    FLAGS,
)
"""Ends of captions: an agency in brackets, or a photographer's line."""

PICTURED = re.compile(
    r"(?:pictured\b|(?:above|below|left|right|top)(?:, from left)?: |(?:from )?left to right\b|from left\b|(?:v\.|"
    r"von) ?(?:l\.|links) ?(?:n\.|nach) ?(?:r\.|rechts)|in this (?:undated |file |handout |"
    r"\w+ \d+, \d{4},? )?(?:file )?(?:photo|image|picture)\b|(?:file|handout|archive) (?:photo|image|picture)\b|"
    r"(?:im|auf dem) (?:bild|foto)[:,]|dans cette (?:photo|image)|en la (?:imagen|foto)[:,])",
    FLAGS,
)
"""Starts of captions; used below a picture."""

TRAIL = re.compile(r"^.{1,30}(?: ?[>›»→/] ?|›|»|→|::).{1,60}$")
"""A breadcrumb in one block."""

PERSONAL_DATA = re.compile(
    r"\b(?:cookies?|consent|personal data|legitimate interest|privacy (?:policy|settings|notice)|data protection|"
    r"process(?:ing)? (?:of )?(?:your |personal )?data|our partners|vendors|datenschutz|einwilligung|"
    r"protección de datos|données personnelles)\b",
    FLAGS,
)
"""Words of consent walls."""

SKIP = re.compile(
    r"^(?:skip to .{1,40}|back to (?:top|home.{0,20})|zur startseite|zurück zur startseite|(?:next|previous|"
    r"prev) (?:page|article|story)?[ »›>]*|(?:previous|next) post.{0,100}|page \d+ of \d+|"
    r"\d+(?: \d+){1,20}(?: next page.{0,4})?|home|menu|search|close|play(?: video)?|video|click (?:here|"
    r"to) (?!share|e-?mail|print|tweet).{1,60}|view (?:image|gallery).{0,30}|image \d+ of \d+|show (?:more|all)|"
    r"load more.{0,20})$",
    FLAGS,
)
"""Controls: the whole block."""

SERVICE_PAGE = re.compile(
    r"(?:about(?: us| me| this site)?|contact(?: us)?|who we are|our (?:team|staff|newsroom)|"
    r"how we use (?:your|personal) data|imprint|legal notice|"
    r"disclaimer|sample page|privacy(?: policy| notice| statement| and cookies)?|"
    r"cookies?(?: policy| notice)?|terms(?: (?:and|&) conditions| of (?:use|service))?|accessibility(?: statement)?|"
    r"advertis(?:e|ing)(?: with us)?|subscribe|newsletters?|"
    r"über uns|impressum|datenschutz(?:erklärung)?|kontakt|nutzungsbedingungen|agb|mediadaten|beispiel-?seite|"
    r"mentions légales|politique de confidentialité|à propos(?: de nous)?|qui sommes-nous|nous contacter|"
    r"page d[’']exemple|aviso legal|política de (?:privacidad|cookies)|acerca de(?: nosotros)?|quiénes somos|"
    r"sobre nosotros|contacto|página de ejemplo|chi siamo|informativa (?:sulla )?privacy|note legali|contatti|"
    r"sobre nós|quem somos|política de privacidade|contato|polityka prywatności|o nas|over ons|privacyverklaring|"
    r"о нас|о проекте|контакты|политика конфиденциальности|关于我们|關於我們|联系我们|聯絡我們|隐私政策|隱私政策|"
    r"免责声明|版权声明|会社概要|お問い合わせ|プライバシーポリシー|من نحن|اتصل بنا|سياسة الخصوصية)",
    FLAGS,
)
"""Titles of pages about a site, as publishing software and its users name them: the whole title. No title of the
development articles is one of them."""

ABOUT_SITE = re.compile(
    r"(?:about|contact|privacy(?: policy)?(?: at| of| for)?|terms(?: of use)?(?: at| of| for)?|advertise (?:with|in)|"
    r"über|kontakt|datenschutz bei|à propos d[eu]|sobre|acerca de)(?: the)? (?P<site>.{2,60})",
    FLAGS,
)
"""Titles of pages about a site that end with its name."""

LIST_PAGE = re.compile(
    r"(?:archives?|tags?|categories|topics|authors|all (?:posts|articles|stories)|search(?: results)?|site ?map|"
    r"archiv|schlagwörter|kategorien|autoren|étiquettes|catégories|auteurs|archivos?|etiquetas|categorías|autores|"
    r"archivio|categorie|arquivos?|архив|метки|рубрики|归档|歸檔|标签|標籤|分类|分類|アーカイブ|タグ)",
    FLAGS,
)
"""Titles of pages that list a site's articles, as publishing software names them: the whole title."""

PASSWORD = re.compile(
    r"\b(?:password|passwort|kennwort|contraseña|mot de passe|senha|wachtwoord|hasło|пароль)\b|密码|密碼|パスワード|"
    r"كلمة المرور",
    FLAGS,
)
"""The word for a password."""
