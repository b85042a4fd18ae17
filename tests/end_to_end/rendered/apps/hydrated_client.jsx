import { hydrateRoot } from "react-dom/client";
import { App } from "./hydrated.jsx";

hydrateRoot(document.getElementById("root"), <App data={window.__STATE__} />);
