// A single-page app in React: every page is the same shell, and all of it comes by fetch.
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { describe, isFront, load } from "./desk.js";
import { Article, Frame, River } from "./parts.jsx";

function App({ path }) {
  const [data, setData] = useState(null);
  useEffect(() => {
    load(path).then(setData);
  }, [path]);
  useEffect(() => {
    if (data && !isFront(path)) describe(data);
  }, [data]);
  if (!data) return <div className="spinner">Loading…</div>;
  return <Frame>{isFront(path) ? <River teasers={data} /> : <Article story={data} />}</Frame>;
}

createRoot(document.getElementById("root")).render(<App path={location.pathname} />);
