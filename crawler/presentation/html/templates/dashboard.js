const news = document.getElementById("news");

/** Says that a run began or ended, and leaves it to the reader when the page changes. */
async function look() {
  try {
    const found = await (await fetch(`${news.dataset.base}/state`)).json();
    if (found.state !== news.dataset.state) {
      news.dataset.state = found.state;
      news.textContent = "A run has begun or ended. ";
      const link = document.createElement("a");
      link.href = location.pathname;
      link.textContent = "Show it";
      news.append(link);
    }
  } catch {
    news.textContent = "The dashboard has ended: start it again with scrapy dashboard.";
    return;
  }
  setTimeout(look, 10000);
}
setTimeout(look, 10000);
