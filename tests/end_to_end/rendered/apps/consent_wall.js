// Nothing is fetched before the reader has agreed; a reader who has agreed once is not asked again.
import { blocksHtml, load } from "./desk.js";

const wall = document.querySelector("[role=dialog]");

async function open() {
  wall.remove();
  document.querySelector(".body").innerHTML = blocksHtml(await load(location.pathname));
}

if (localStorage.getItem("consent")) open();
wall.querySelector(".accept").addEventListener("click", () => {
  localStorage.setItem("consent", "all");
  open();
});
wall.querySelector(".reject").addEventListener("click", () => {
  wall.querySelector("p").textContent = "Then we cannot show you this story.";
});
