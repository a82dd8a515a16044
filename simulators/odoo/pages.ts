/** What Odoo's web server answers outside RPC. A real 404 is the website's page; only its status matters to clients. */
export const NOT_FOUND =
  '<!DOCTYPE html>\n<html>\n    <head>\n        <meta charset="utf-8"/>\n        <title>404: Not Found</title>\n    </head>\n    <body>\n        <h1>Error 404</h1>\n    </body>\n</html>';
export const METHOD_NOT_ALLOWED =
  '<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n<p>The method is not allowed for the requested URL.</p>\n';
