// The overlay only covers the article: it goes on a click, and nothing else changes.
document.querySelector("[role=dialog] .accept").addEventListener("click", () => {
  document.querySelector("[role=dialog]").remove();
  document.body.style.overflow = "";
});
