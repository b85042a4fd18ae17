// No library: the front page is written while the page is parsed, an article a while after it.
import { articleHtml, isFront, riverHtml, slugOf } from "./desk.js";

if (isFront(location.pathname)) {
  document.write(`<main>${riverHtml(window.STORIES)}</main>`);
} else {
  document.write("<main><p>Please wait</p></main>");
  document.addEventListener("DOMContentLoaded", () => {
    setTimeout(() => {
      const story = window.STORIES.find((one) => one.slug === slugOf(location.pathname));
      document.title = story.title;
      document.querySelector("main").innerHTML = articleHtml(story);
    }, 1500);
  });
}
