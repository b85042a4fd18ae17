// What the apps share: where the page is, its data, and what its head says.
export const isFront = (path) => path === "/" || path === "/index.html";
export const slugOf = (path) => path.split("/").filter(Boolean).pop();
export const dataOf = (path, folder = "/api") =>
  isFront(path) ? `${folder}/front.json` : `${folder}/news/${slugOf(path)}.json`;

export async function load(path, folder) {
  const answer = await fetch(dataOf(path, folder));
  if (!answer.ok) throw new Error(`no such story: ${path}`);
  return answer.json();
}

export function describe(story) {
  document.title = `${story.title} – The Ostermere Ledger`;
  document.documentElement.lang = story.language;
  const data = document.createElement("script");
  data.type = "application/ld+json";
  data.textContent = JSON.stringify({
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    headline: story.title,
    datePublished: story.published,
    author: { "@type": "Person", name: story.author },
    articleSection: story.category,
    keywords: story.tags,
  });
  document.head.querySelectorAll("script[type='application/ld+json']").forEach((one) => one.remove());
  document.head.append(data);
}

const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

export const blocksHtml = (story) =>
  story.blocks
    .map(({ tag, text, items }) => [tag, items ? items.map((one) => `<li>${safe(one)}</li>`).join("") : safe(text)])
    .map(([tag, inner]) => `<${tag}>${inner}</${tag}>`)
    .join("\n");

export const headerHtml = (story) => `
  <p class="section"><a href="/section/${story.category.toLowerCase()}/">${story.category}</a></p>
  <h1>${safe(story.title)}</h1>
  <p class="byline">By <span rel="author">${safe(story.author)}</span></p>
  <time datetime="${story.published}">${story.published.slice(0, 16).replace("T", " ")}</time>
  <p class="tags">${story.tags.map((tag) => `<a rel="tag" href="/tags/${tag}/">${tag}</a>`).join(", ")}</p>`;

export const articleHtml = (story) =>
  `<article><header>${headerHtml(story)}</header><div class="body">${blocksHtml(story)}</div></article>`;

export const riverHtml = (teasers) =>
  `<h1>Latest</h1><ul class="river">${teasers
    .map((one) => `<li><a href="${one.path}">${safe(one.title)}</a></li>`)
    .join("")}</ul>`;
