// The rest of the article comes in pieces, each when the place for it is scrolled into view.
const marker = document.querySelector("[data-rest]");
let piece = 0;

new IntersectionObserver(async (seen, observer) => {
  if (!seen.some((one) => one.isIntersecting)) return;
  observer.unobserve(marker);
  const answer = await fetch(`${marker.dataset.rest}${piece}.html`);
  if (!answer.ok) {
    marker.remove();
    return;
  }
  marker.insertAdjacentHTML("beforebegin", await answer.text());
  piece += 1;
  observer.observe(marker);
}).observe(marker);
