<?php
/*
 * Fill a WordPress, or change its look. The wanted state is JSON on standard input; the answer is JSON too.
 *
 *     php wordpress_setup.php install ROOT < site.json     an empty database becomes a site with stories and pages
 *     php wordpress_setup.php use ROOT < look.json         {"theme", "permalinks", "editor"}; answers the addresses
 */

// WordPress would send a letter to the owner of a new site.
function wp_new_blog_notification(...$ignored): void {}

[, $task, $root] = $argv;
$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER += ['HTTP_HOST' => 'wordpress.example', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1'];
$_SERVER['REQUEST_URI'] = '/';
if ($task === 'install') {
    define('WP_INSTALLING', true);
}
require "$root/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';

/** A value, or the end of the script where WordPress gives an error. */
function sure(mixed $value): mixed
{
    if (is_wp_error($value) || !$value) {
        fwrite(STDERR, (is_wp_error($value) ? $value->get_error_message() : 'no value') . "\n");
        exit(1);
    }
    return $value;
}

/** The number of the user of a name, who is made when there is none. */
function author(string $name): int
{
    $login = sanitize_user(sanitize_title($name), true) ?: 'writer-' . crc32($name);
    $user = get_user_by('login', $login);
    return $user ? $user->ID : sure(wp_insert_user([
        'user_login' => $login, 'user_pass' => wp_generate_password(), 'display_name' => $name,
        'user_email' => md5($name) . '@wordpress.example', 'role' => 'author',
    ]));
}

/** A picture of one colour in the media library, with its sizes, in the folder of its story's month. */
function picture(string $name, string $caption, int $parent): int
{
    $place = wp_upload_dir(substr(get_post($parent)->post_date, 0, 7));
    $file = "{$place['path']}/$name.jpg";
    $image = imagecreatetruecolor(1280, 720);
    imagefill($image, 0, 0, crc32($name) & 0xffffff);
    imagejpeg($image, $file);
    $number = sure(wp_insert_attachment(
        ['post_mime_type' => 'image/jpeg', 'post_title' => $name, 'post_excerpt' => $caption, 'post_status' => 'inherit',
         'post_date' => get_post($parent)->post_date, 'guid' => "{$place['url']}/$name.jpg"],
        $file, $parent,
    ));
    wp_update_attachment_metadata($number, wp_generate_attachment_metadata($number, $file));
    update_post_meta($number, '_wp_attachment_image_alt', $caption);
    return $number;
}

/** Publish a story: its author, section, tags, picture and comments, and both editors' texts as fields of its own. */
function publish(array $story): void
{
    $number = sure(wp_insert_post(wp_slash([
        'post_title' => $story['title'], 'post_name' => $story['slug'], 'post_content' => $story['content']['blocks'],
        'post_status' => 'publish', 'post_author' => author($story['author']),
        'post_date_gmt' => $story['published'], 'post_date' => get_date_from_gmt($story['published']),
        'post_category' => [wp_create_category($story['category'])], 'tags_input' => $story['tags'],
    ]), true));
    if ($story['picture']) {
        set_post_thumbnail($number, picture("{$story['slug']}-picture", $story['picture'], $number));
    }
    $figure = $story['figure'] ? picture("{$story['slug']}-figure", $story['figure'], $number) : 0;
    foreach ($story['content'] as $editor => $text) {
        $text = strtr($text, ['{image}' => (string) $figure, '{source}' => (string) wp_get_attachment_url($figure)]);
        add_post_meta($number, "_copydesk_$editor", wp_slash($text));
    }
    $above = 0;
    foreach ($story['comments'] as $comment) {
        $above = sure(wp_insert_comment([
            'comment_post_ID' => $number, 'comment_author' => $comment['author'], 'comment_approved' => 1,
            'comment_content' => $comment['text'], 'comment_parent' => $comment['reply'] ? $above : 0,
            'comment_date_gmt' => $comment['date'], 'comment_date' => get_date_from_gmt($comment['date']),
        ]));
    }
}

/** Install, and publish the pages and stories. WordPress's own page stays, its own post goes. */
function install(array $site): array
{
    wp_install($site['name'], 'admin', 'admin@wordpress.example', true, '', 'not-secret');
    foreach (['blogdescription' => $site['tagline'], 'timezone_string' => $site['timezone'], 'posts_per_page' => 10] as
             $name => $value) {
        update_option($name, $value);
    }
    wp_delete_post(get_page_by_path('hello-world', OBJECT, 'post')->ID, true);
    wp_update_post(['ID' => (int) get_option('wp_page_for_privacy_policy'), 'post_status' => 'publish']);
    foreach ($site['pages'] as $page) {
        sure(wp_insert_post(wp_slash([
            'post_type' => 'page', 'post_title' => $page['title'], 'post_content' => $page['content'],
            'post_status' => 'publish', 'post_author' => 1,
        ]), true));
    }
    array_map('publish', $site['stories']);
    return ['version' => get_bloginfo('version')];
}

/** Switch theme, permalinks and editor; the addresses of the stories. */
function look(array $look): array
{
    global $wpdb, $wp_rewrite;
    wp_clean_themes_cache();
    if (!wp_get_theme($look['theme'])->exists()) {
        fwrite(STDERR, "no such theme: {$look['theme']}\n");
        exit(1);
    }
    switch_theme($look['theme']);
    $wp_rewrite->set_permalink_structure($look['permalinks']);
    flush_rewrite_rules();
    $addresses = [];
    foreach (get_posts(['numberposts' => -1]) as $post) {
        $text = get_post_meta($post->ID, "_copydesk_{$look['editor']}", true);
        $wpdb->update($wpdb->posts, ['post_content' => $text], ['ID' => $post->ID]);
        clean_post_cache($post->ID);
        $addresses[$post->post_title] = get_permalink($post->ID);
    }
    // A WordPress with plain permalinks has no rewrite rules in its web server: the router looks at this.
    file_put_contents(ABSPATH . 'permalinks', $look['permalinks']);
    return ['stories' => $addresses, 'feed' => get_feed_link(), 'sitemap' => get_sitemap_url('index')];
}

echo json_encode($task === 'install' ? install($asked) : look($asked), JSON_THROW_ON_ERROR);
