// At the end of an article the next one is appended, and the address follows the reader.
import { articleHtml, describe, isFront, load, riverHtml } from "./desk.js";

const main = document.querySelector("main");

async function append(path) {
  const story = await load(path);
  const part = document.createElement("section");
  part.dataset.url = path;
  part.innerHTML = `<div class="picture" style="height: 900px"></div>${articleHtml(story)}`;
  main.append(part);
  return story;
}

async function start() {
  const teasers = await load("/");
  if (isFront(location.pathname)) {
    main.innerHTML = riverHtml(teasers);
    return;
  }
  const paths = teasers.map((one) => one.path);
  let at = paths.indexOf(location.pathname);
  describe(await append(paths[at]));
  const end = document.createElement("div");
  end.textContent = "Loading the next story";
  main.after(end);
  new IntersectionObserver(async ([seen], observer) => {
    if (!seen.isIntersecting) return;
    observer.unobserve(end);
    at = (at + 1) % paths.length;
    const story = await append(paths[at]);
    history.replaceState({}, "", story.path);
    describe(story);
    observer.observe(end);
  }).observe(end);
}

start();
