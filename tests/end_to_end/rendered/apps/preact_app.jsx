// Preact: the story is looked up in a list of all stories, that comes in one piece.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { describe, isFront, slugOf } from "./desk.js";
import { Article, Frame, River } from "./parts.jsx";

function App() {
  const [stories, setStories] = useState([]);
  useEffect(() => {
    fetch("/data/all.json").then((answer) => answer.json()).then(setStories);
  }, []);
  const story = stories.find((one) => one.slug === slugOf(location.pathname));
  useEffect(() => {
    if (story) describe(story);
  }, [story]);
  if (!stories.length) return <p>One moment…</p>;
  return <Frame>{isFront(location.pathname) ? <River teasers={stories} /> : <Article story={story} />}</Frame>;
}

render(<App />, document.getElementById("app"));
