// The article is in the shadow tree of an element, its body in that of an element within.
import { blocksHtml, describe, headerHtml, load } from "./desk.js";

class Body extends HTMLElement {
  set story(story) {
    this.attachShadow({ mode: "open" }).innerHTML = `<style>p { line-height: 1.5 }</style>${blocksHtml(story)}`;
  }
}

class Article extends HTMLElement {
  async connectedCallback() {
    const story = await load(this.getAttribute("src"));
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>:host { display: block }</style>
      <article><header>${headerHtml(story)}</header><ledger-body></ledger-body></article><slot></slot>`;
    root.querySelector("ledger-body").story = story;
    describe(story);
  }
}

customElements.define("ledger-body", Body);
customElements.define("ledger-article", Article);
