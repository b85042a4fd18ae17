<?php
/*
 * The router of PHP's own server, which is asked as a proxy: every host but wordpress.example gets 502, and its name is
 * added to the file "unknown". What Apache's rewrite rules would do is done here: files as they are, all else by
 * index.php; without rules ("permalinks" is empty), all else is not found.
 */

$root = $_SERVER['DOCUMENT_ROOT'];
$asked = preg_replace('~^http://[^/]*~i', '', $_SERVER['REQUEST_URI']);
if (strtolower($_SERVER['HTTP_HOST'] ?? '') !== 'wordpress.example') {
    file_put_contents("$root/unknown", ($_SERVER['HTTP_HOST'] ?? '-') . "\n", FILE_APPEND | LOCK_EX);
    http_response_code(502);
    return true;
}
$_SERVER['REQUEST_URI'] = $asked === '' ? '/' : $asked;
$path = rawurldecode(explode('?', $_SERVER['REQUEST_URI'])[0]);
$file = realpath($root . $path);
if ($file !== false && is_dir($file)) {
    $file = realpath("$file/index.php");
}
if ($file !== false && !str_starts_with($file, "$root/")) {
    $file = false;
}
if ($file !== false && is_file($file) && !str_ends_with($file, '.php')) {
    $kinds = ['css' => 'text/css', 'js' => 'text/javascript', 'jpg' => 'image/jpeg', 'png' => 'image/png',
              'svg' => 'image/svg+xml', 'woff2' => 'font/woff2', 'xml' => 'application/xml', 'html' => 'text/html'];
    header('Content-Type: ' . ($kinds[pathinfo($file, PATHINFO_EXTENSION)] ?? 'application/octet-stream'));
    readfile($file);
    return true;
}
if ($file === false && trim((string) file_get_contents("$root/permalinks")) === '') {
    http_response_code(404);
    echo '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found</title></head>',
         '<body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>';
    return true;
}
$file = $file ?: "$root/index.php";
$_SERVER['SCRIPT_FILENAME'] = $file;
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr($file, strlen($root));
unset($_SERVER['PATH_INFO']);
chdir(dirname($file));
require $file;
