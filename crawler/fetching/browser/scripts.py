"""The crawler's own scripts in a page."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

HUNG_SECONDS = 5.0
"""Seconds without an answer after which the page's script is terminated."""

BEFORE = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "SharedWorker", "print", "open"])
  if (name in self) self[name] = name === "print" || name === "open" ? () => null : undefined;
"""
"""Runs in each document before its own scripts. Not a limit: a page may undo it."""

TEXT_LENGTH = """(() => {
  const body = document.body;
  if (!body) return 0;
  return document.getElementsByTagName("*").length < 5000 ? body.innerText.length : body.textContent.length;
})()"""
"""Characters of the text; of a large page with its scripts, because its layout may take seconds."""
SCROLL = "(scrollBy(0, innerHeight), scrollY + innerHeight)"
HEIGHT = "document.documentElement.scrollHeight"

ACCEPT = r"""(() => {
  const words = /^\W*((i )?(accept|agree|allow)|ok\b|got it|yes|(alle )?(akzeptieren|annehmen)|(ich )?stimme zu|
|zustimmen|einverstanden|(tout )?accepter|j.accepte|accetta|accetto|acepto|aceptar|aceitar|concordo|akkoord|
|accepteren|godk|godta|accepter|tillad|hyv.ksy|zgadzam|akcept|souhlas|p.ijmout|elfogad|принять|согла|同意|接受)/iu;
  const boxes = "[id*=consent i],[class*=consent i],[id*=cookie i],[class*=cookie i],[id*=gdpr i],[class*=gdpr i]," +
    "[id*=cmp i],[class*=cmp i]";
  const roots = [document];
  for (const root of roots)
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot && roots.length < 100) roots.push(one.shadowRoot);
  for (const root of roots)
    for (const button of root.querySelectorAll("button,[role=button],a,input[type=button],input[type=submit]")) {
      const host = button.getRootNode().host;
      const said = (button.innerText || button.value || button.ariaLabel || "").trim();
      if (said.length < 60 && words.test(said) && (button.closest(boxes) || host && host.closest(boxes))) {
        button.click();
        return true;
      }
    }
  return false;
})()""".replace("|\n|", "|")
"""Clicks a button that accepts, in an element that looks like a consent dialog. True where there is one."""

SERIALISE = """((most, elements) => {
  const all = document.getElementsByTagName("*");
  if (all.length > elements) return { html: null };
  const type = document.doctype ? "<!DOCTYPE html>" : "";
  const inert = document.implementation.createHTMLDocument("");
  const parts = (node) => {
    if (node.shadowRoot) return node.shadowRoot.childNodes;
    if (node.localName === "slot" && node.assignedNodes().length) return node.assignedNodes();
    return node.childNodes;
  };
  const copy = (node) => {
    const made = inert.importNode(node, node.localName === "template");
    if (node.localName !== "template") for (const part of parts(node)) made.appendChild(copy(part));
    return made;
  };
  let html = null;
  try {
    if (Array.prototype.some.call(all, (one) => one.shadowRoot)) html = copy(document.documentElement).outerHTML;
  } catch {}
  html = type + (html ?? document.documentElement.outerHTML);
  return { html: html.length > most ? null : html.toWellFormed() };
})(%d, %d)"""
"""The document as HTML, with the content of open shadow roots in its place; null for one that is too large."""

STORIES = "document.querySelectorAll('article, h1').length"
"""Articles of a page: one that grows while it is scrolled appends others."""


class HungError(Exception):
    """The page's script does not end."""


class OwnScripts:
    """Runs scripts of the crawler in a page, in a world of their own that the page's scripts cannot change."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session

    async def run(self, script: str, seconds: float = HUNG_SECONDS) -> Any:
        """The value of an expression.

        Raises:
            HungError: when the page does not answer.
            PlaywrightError: when the page was closed, or navigated meanwhile.
        """
        try:
            async with asyncio.timeout(seconds):
                tree = await self.session.send("Page.getFrameTree")
                frame = {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "copydesk"}
                world = await self.session.send("Page.createIsolatedWorld", frame)
                parameters = {"expression": script, "contextId": world["executionContextId"], "returnByValue": True}
                evaluation = await self.session.send("Runtime.evaluate", parameters)
        except TimeoutError as error:
            raise HungError from error
        return evaluation["result"].get("value")

    async def terminate(self) -> None:
        """End the script that runs, and let no other one begin."""
        for method, values in (
            ("Emulation.setScriptExecutionDisabled", {"value": True}),
            ("Runtime.terminateExecution", {}),
        ):
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(1):
                    await self.session.send(method, values)

    async def kill(self) -> None:
        """Kill the process of the page. It never answers."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(0.3):
                await self.session.send("Page.crash")
