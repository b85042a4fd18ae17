// React with a router of its own: links of the page change the address and draw anew, without a request for a page.
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { isFront, load } from "./desk.js";
import { Article, Frame, River } from "./parts.jsx";

// React 19 lifts these into the head.
const Head = ({ story }) => (
  <>
    <title>{`${story.title} – The Ostermere Ledger`}</title>
    <meta property="og:title" content={story.title} />
    <meta property="article:published_time" content={story.published} />
    <meta property="article:section" content={story.category} />
    <meta name="author" content={story.author} />
  </>
);

function App() {
  const [path, setPath] = useState(location.pathname);
  const [shown, setShown] = useState(null);
  useEffect(() => {
    const back = () => setPath(location.pathname);
    const click = (event) => {
      const link = event.target.closest("a[href^='/']");
      if (!link) return;
      event.preventDefault();
      history.pushState({}, "", link.href);
      back();
    };
    addEventListener("popstate", back);
    document.addEventListener("click", click);
    return () => document.removeEventListener("click", click);
  }, []);
  useEffect(() => {
    load(path).then(
      (data) => setShown({ path, data }),
      () => setShown({ path, data: null }),
    );
  }, [path]);
  useEffect(() => {
    if (shown?.data?.language) document.documentElement.lang = shown.data.language;
  }, [shown]);
  if (!shown) return null;
  if (!shown.data) return <Frame><main><h1>No such page</h1></main></Frame>;
  if (isFront(shown.path)) return <Frame><River teasers={shown.data} /></Frame>;
  return <Frame><Head story={shown.data} /><Article story={shown.data} /></Frame>;
}

createRoot(document.getElementById("root")).render(<App />);
