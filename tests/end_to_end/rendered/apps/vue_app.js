// Vue with its template compiled in the browser, as pages without a build step have it.
const { createApp } = Vue;
const path = location.pathname;
const front = path === "/";

createApp({
  data: () => ({ story: null, teasers: null }),
  async mounted() {
    const name = front ? "front" : `news/${path.split("/").filter(Boolean).pop()}`;
    const data = await (await fetch(`/api/${name}.json`)).json();
    if (front) {
      this.teasers = data;
      return;
    }
    this.story = data;
    document.title = data.title;
    document.documentElement.lang = data.language;
  },
  template: `
    <header><a href="/">The Ostermere Ledger</a></header>
    <main v-if="teasers">
      <h1>Latest</h1>
      <ul class="river"><li v-for="one in teasers"><a :href="one.path">{{ one.title }}</a></li></ul>
    </main>
    <main v-else-if="story">
      <article itemscope itemtype="https://schema.org/NewsArticle">
        <p class="section" itemprop="articleSection">{{ story.category }}</p>
        <h1 itemprop="headline">{{ story.title }}</h1>
        <p class="byline">By <span itemprop="author" rel="author">{{ story.author }}</span></p>
        <time itemprop="datePublished" :datetime="story.published">{{ story.published.slice(0, 10) }}</time>
        <div itemprop="articleBody">
          <template v-for="block in story.blocks">
            <ul v-if="block.items"><li v-for="item in block.items">{{ item }}</li></ul>
            <component v-else :is="block.tag">{{ block.text }}</component>
          </template>
        </div>
        <p class="tags"><a v-for="tag in story.tags" rel="tag" :href="'/tags/' + tag + '/'">{{ tag }}</a></p>
      </article>
    </main>
    <main v-else><p>Loading</p></main>
    <footer><p>A newspaper that does not exist.</p></footer>`,
}).mount("#app");
