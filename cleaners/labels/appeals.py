"""Appeals to the reader in prose, by what they ask for: money, a subscription, a message, an audience, a reprint.

Each phrase begins a sentence (:mod:`cleaners.labels.rules.prompts`), since reporters use the same words within one. The
languages are those with annotated development pages, and those of the world's largest newspapers.
"""

from __future__ import annotations

import re

MONEY = (
    (
        r"if you (?:value|like|enjoy|appreciate|find|believe in|love|care about) (?:our|this|what we|"
        r"the work)\b.{0,80}(?:support|donat|contribut|member|subscri)"
    ),
    r"chip in",
    r"give what you can",
    r"make a (?:\w+ )?(?:gift|donation|contribution)",
    r"become a (?:\w+ )?(?:patron|member|supporter|subscriber)",
    r"support us\b",
    r"help us fund",
    r"wenn (?:ihnen|dir|euch) (?:unsere?r?|diese[rs]?) .{0,60}(?:unterstütz|spende|mitglied|gefallen|wichtig)",
    r"(?:unterstützen sie|unterstütze|unterstützt) (?:uns|unsere|die|unabhängigen)\b",
    r"werden sie (?:jetzt )?(?:mitglied|abonnent|unterstützer)",
    r"werde (?:jetzt )?mitglied",
    r"spenden sie",
    r"mit (?:ihrer|deiner) (?:spende|unterstützung)",
    r"als (?:u|je) (?:ons|onze) .{0,60}(?:steun|doneer|lid)",
    r"steun (?:ons|onze|onafhankelijke)\b",
    r"word (?:nu |ook )?lid\b",
    r"doneer\b",
    r"si vous (?:appréciez|aimez|estimez) (?:notre|nos|ce) .{0,60}(?:souten|don\b|dons\b|abonn|adhér)",
    (
        r"(?:soutenez|aidez)(?:-nous| (?:notre|une|la|le|l[’'])) ?.{0,30}(?:presse|journalisme|don\b|"
        r"rédaction|travail|média)"
    ),
    r"faites un don\b",
    r"devenez (?:membre|adhérent|donateur)",
    r"si (?:valoras?|te gusta|le gusta|aprecias?) (?:nuestro|nuestra|el|este) .{0,60}(?:apóy|apoy|dona|soci)",
    r"(?:hazte|hágase) (?:soci[oa]|suscriptor|miembro)",
    r"(?:apóyenos|apóyanos|ayúdanos|ayúdenos)\b",
    r"haz una donación",
    r"apoya (?:a |nuestro|el )",
    r"se (?:apprezzi|apprezzate|ti piace|vi piace) (?:il|la|questo) .{0,60}(?:sostien|dona|soci)",
    r"(?:sostienici|sosteneteci|aiutaci|aiutateci)\b",
    r"(?:diventa|diventate) (?:socio|soci|sostenitore|abbonato)",
    r"fai una donazione",
    r"se (?:valoriza|gosta d[oa]) .{0,60}(?:apoi|doa[çr]|assin)",
    r"(?:torne-se|seja) (?:assinante|membro|apoiador|sócio)",
    r"apoie-nos",
    r"ajude-nos",
    r"apoie o jornalismo",
    r"faça uma doação",
    r"jeśli (?:cenisz|cenią państwo|podoba ci się) .{0,60}(?:wesprzyj|wspar|darowizn)",
    r"wesprzyj (?:nas|naszą|niezależne)",
    r"если (?:вам|вы) .{0,60}(?:поддерж|пожертв|помог)",
    r"поддержите (?:нас|нашу|нашу работу|независим)",
    r"якщо (?:вам|ви) .{0,60}(?:підтрим|пожертв)",
    r"підтримайте (?:нас|нашу|незалежн)",
    r".{0,60}(?:bağışla|bağış yaparak|abone olarak) destek (?:olun|verin)",
    r"(?:إذا كنت تقدر|إذا كنتم تقدرون) .{0,60}(?:ادعم|فادعم|تبرع)",
    r"ادعمنا",
    r"ادعموا",
    r"تبرع الآن",
    r"تبرعوا",
    r"如果您?(?:认可|認可|喜欢|喜歡|支持).{0,40}(?:捐|赞助|贊助|支持我们|支持我們)",
    r"(?:请|請)?(?:捐款|赞助|贊助)(?:支持)?我[们們]",
    r".{0,40}ご(?:寄付|支援)をお願い",
)
"""Appeals for money and membership."""

SUBSCRIBE = (
    r"melden sie sich .{0,40}(?:newsletter|an\b)",
    r"(?:bestellen|abonnieren) sie (?:unseren|den|hier|jetzt)",
    r"hier geht es zum newsletter",
    r"(?:meld u|meld je|schrijf je|schrijf u) .{0,20}(?:aan|in) .{0,20}nieuwsbrief",
    r"abonneer (?:je|u)\b",
    r"(?:subscreva|assine|receba) (?:a |o )?(?:nossa?|nosso)",
    r"inscreva-se",
    r"cadastre-se .{0,40}(?:newsletter|boletim)",
    r"zapisz się .{0,30}newslett",
    r"zasubskrybuj",
    r"підпишіться",
    r"підписуйтесь",
    r"(?:e-posta )?bülten(?:imize|e) (?:abone|kayıt|üye) ol",
    r"abone olun",
    r"(?:suscríbase|suscríbete|apúntate)\b",
    r"iscriviti\b",
    r"abonnez-vous\b",
    r"inscrivez-vous\b",
    r"(?:ニュースレター|メルマガ).{0,30}(?:登録|購読)",
)
"""Prompts to sign up beside :data:`cleaners.labels.lexicon.NEWSLETTER`."""

MESSAGE = (
    (
        r"(?:do you have|have|got|if you have) (?:you )?(?:got )?(?:a|any) (?:news |story )?(?:tips?|story|"
        r"stories|information|question|correction)\b.{0,60}(?:\?|send|e-?mail|write|"
        r"contact|get in touch|let us know|tell us)"
    ),
    r"have your say\b.{0,20}(?:write|e-?mail|send|tell|comment|:)",
    r"write to (?:the editor|us)\b",
    r"(?:seen|spotted|found) (?:an error|a mistake|something wrong)\?",
    r"haben sie (?:einen|eine|fragen|hinweise).{0,60}\?",
    r"hast du (?:einen|eine) .{0,30}(?:tipp|hinweis|frage).{0,20}\?",
    r"schreiben sie (?:uns|an die redaktion)",
    r"ihre meinung ist (?:uns )?(?:gefragt|wichtig)",
    r"he(?:eft u|b je) een (?:tip|vraag).{0,30}\?",
    r"mail (?:de redactie|ons)",
    r"tip de redactie",
    r"vous avez (?:une|des) (?:information|témoignage|question|remarque)s?.{0,40}\?",
    r"écrivez(?:-nous| à la rédaction)",
    r"contactez(?:-nous| la rédaction)",
    r"tien(?:e|es) (?:una|alguna) (?:pista|historia|pregunta|información).{0,40}\?",
    r"escríb(?:anos|enos)\b",
    r"(?:envíe|envía) (?:su|tu) (?:carta|opinión)",
    r"hai una (?:segnalazione|domanda|notizia).{0,40}\?",
    r"scriv(?:ici|eteci|i alla redazione)",
    r"segnala(?:ci|tela)\b",
    r"tem uma (?:pista|sugestão|história|denúncia).{0,40}\?",
    r"escreva(?:-nos| para a redação)",
    r"envie (?:sua|a sua)",
    r"masz (?:dla nas )?(?:temat|informację|zdjęcie).{0,40}\?",
    r"napisz do (?:nas|redakcji)",
    r"(?:есть новость|у вас есть (?:новость|информация)|знаете больше).{0,40}\?",
    r"(?:напишите|пишите) (?:нам|в редакцию)",
    r"(?:маєте новину|є новина).{0,40}\?",
    r"напишіть (?:нам|в редакцію)",
    r"(?:haber|ihbar) (?:göndermek|hattı).{0,60}",
    r"bize yazın",
    r"هل لديك (?:خبر|معلومة|قصة).{0,40}",
    r"راسلنا",
    r"راسلونا",
    r"(?:欢迎|歡迎)(?:投稿|来信|來信|爆料)",
    r".{0,20}(?:爆料|投稿)(?:邮箱|郵箱|热线|熱線)",
)
"""Calls for tips, letters and corrections."""

AUDIENCE = (
    r"(?:listen to|download|subscribe to|follow|catch) (?:our|the latest episode of) .{0,40}podcast\b",
    r"leave us a (?:review|rating)",
    r"rate and review",
    r"(?:hören|abonnieren) sie (?:unseren|den) .{0,30}podcast",
    r"(?:écoutez|retrouvez) (?:notre|nos) .{0,30}(?:podcast|émission)",
    r"(?:escuche|escucha) (?:nuestro|el) .{0,30}p[oó]dcast",
    r"(?:ascolta|ascoltate) (?:il|i) (?:nostr[oi] )?.{0,20}podcast",
    r"(?:ouça|escute) (?:o|nosso) .{0,30}podcast",
    r"beluister (?:onze|de) .{0,30}podcast",
    r"posłuchaj naszego",
    r"(?:слушайте|смотрите) (?:наш|нашу|новый)",
    r"следите за (?:нами|нашими)",
    r"(?:читайте|дивіться) нас\b",
    r"bizi takip edin",
    r"(?:obserwuj|polub) nas\b",
    r"volg ons\b",
    r"(?:siga|segue|curta)-?nos\b",
    r"(?:关注|關注|扫码|掃碼).{0,12}(?:公众号|公眾號|微信|微博)",
)
"""Calls to listen, watch, rate and follow."""

REPRINT = (
    r"this (?:story|article|piece|report|work) (?:may|can) be (?:republished|reprinted)",
    r"(?:republish|reprint) (?:our|this|these) (?:articles?|stor(?:y|ies)|work)\b",
    r"you (?:may|are free to|can) (?:republish|reprint)",
    (
        r"this (?:story|article|work) is (?:licensed|published|available|shared) under (?:a |"
        r"the )?(?:creative commons|cc\b)"
    ),
    (
        r"dieser (?:text|artikel|beitrag) (?:darf|steht|ist|wurde) .{0,40}(?:creative[- ]commons|cc[- ]by|"
        r"weiterverbreitet|lizenz)"
    ),
    r"cet article (?:peut être|est) (?:republié|publié sous|sous licence)",
    r"este (?:artículo|texto|artigo) (?:puede|pode|se puede|está) .{0,30}(?:republ|reproduc|reproduz|licen[cç])",
    r"(?:本文|文章)(?:转载|轉載)请?請?(?:注明|註明)",
    r"(?:未经|未經)(?:授权|許可|许可|書面).{0,12}(?:转载|轉載)",
)
"""Notices on republication."""


OUTLET_WORDS = re.compile(
    r"\b(?:our|us|journalism|reporting|newsroom|newsletter|podcast|editor|republish\w*|creative commons|e-?mail|"
    r"uns|unser\w*|redaktion|\w*journalismus|creative-commons\S*|weiterverbreitet|ons|onze|redactie|"
    r"journalistiek|nieuwsbrief|"
    r"notre|nos|\w+-nous|rédaction|journalisme|presse|nuestr\w+|\w+[ae]nos|redacción|periodismo|bolet[ií]n|p[oó]dcast|"
    r"nostr\w+|sostienici|sosteneteci|aiutaci|aiutateci|scriv\w*ci|redazione|giornalismo|noss\w+|\w+-nos|redação|"
    r"jornalismo|nas|nasz\w*|redakcji|newslett\w*|нас|нам|наш\w*|редакц\w+|телеграм\S*|рассылк\w+|"
    r"haberciliğ\w+|bülten\w*|bize|"
    r"bizi|\w+نا|نشرت\w*)\b|我[们們]|本[报報]|公[众眾][号號]|微信|微博|[转轉][载載]|投稿|爆料|ニュースレター|メルマガ|ご(?:寄付|支援)|@"
)
"""Words with which an outlet refers to itself. An appeal without one is part of the article: 'Join the alliance'."""


def pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for phrases that begin a sentence, in lower case."""
    return re.compile(f"(?:{'|'.join(phrases)})")
