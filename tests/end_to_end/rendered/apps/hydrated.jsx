// The page that the server writes, and that the browser only takes over.
import { Suspense } from "react";
import { Article, Frame, River } from "./parts.jsx";

export const App = ({ data }) => (
  <Frame>
    <Suspense fallback={<p>Loading…</p>}>
      {Array.isArray(data) ? <River teasers={data} /> : <Article story={data} />}
    </Suspense>
  </Frame>
);
