// The components of the apps in React and Preact; which of the two, esbuild is told.
export const River = ({ teasers }) => (
  <main>
    <h1>Latest</h1>
    <ul className="river">
      {teasers.map((one) => (
        <li key={one.path}>
          <a href={one.path}>{one.title}</a>
        </li>
      ))}
    </ul>
  </main>
);

const Block = ({ block: { tag: Tag, text, items } }) => (
  <Tag>{items ? items.map((item) => <li key={item}>{item}</li>) : text}</Tag>
);

export const Article = ({ story }) => (
  <main>
    <article>
      <p className="section">
        <a href={`/section/${story.category.toLowerCase()}/`}>{story.category}</a>
      </p>
      <h1>{story.title}</h1>
      <p className="byline">
        By <span rel="author">{story.author}</span>
      </p>
      <time dateTime={story.published}>{story.published.slice(0, 16).replace("T", " ")}</time>
      <div className="body">
        {story.blocks.map((block) => (
          <Block key={block.text || "list"} block={block} />
        ))}
      </div>
      <p className="tags">
        {story.tags.map((tag) => (
          <a key={tag} rel="tag" href={`/tags/${tag}/`}>
            {tag}
          </a>
        ))}
      </p>
    </article>
  </main>
);

export const Frame = ({ children }) => (
  <>
    <header>
      <a href="/">The Ostermere Ledger</a>
      <nav>
        <a href="/about/">About</a>
      </nav>
    </header>
    {children}
    <footer>
      <p>A newspaper that does not exist.</p>
    </footer>
  </>
);
