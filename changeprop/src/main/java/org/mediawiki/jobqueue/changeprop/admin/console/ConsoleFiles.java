package org.mediawiki.jobqueue.changeprop.admin.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.mediawiki.jobqueue.changeprop.resource.Resource;

/**
 * Serves the console. All files are read at the start and kept: they are few and small, and a list of what there is
 * cannot be tricked by a path.
 */
public final class ConsoleFiles {

    private static final List<String> OWN = List.of(
            "index.html",
            "icon.svg",
            "style.css",
            "app.js",
            "api.js",
            "chart.js",
            "dead.js",
            "dialogs.js",
            "format.js",
            "judge.js",
            "orders.js",
            "others.js",
            "overview.js",
            "scheduled.js",
            "store.js",
            "type.js",
            "ui.js");

    /** By library of WebJars, which of its files the console loads. */
    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "lit-html",
            List.of(
                    "lit-html.js",
                    "directive.js",
                    "directive-helpers.js",
                    "directives/live.js",
                    "directives/repeat.js"),
            "uplot",
            List.of("dist/uPlot.esm.js", "dist/uPlot.min.css"));

    /** No script and no style but ours; nothing from elsewhere, nowhere else to send to, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, File> files = new TreeMap<>();

    /** Reads them. */
    public ConsoleFiles() {
        OWN.forEach(name -> add("/console/" + name, "/console/" + name));
        LIBRARIES.forEach((library, names) -> {
            String root = "/META-INF/resources/webjars/" + library + "/" + versionOf(library) + "/";
            names.forEach(name -> add("/console/lib/" + library + "/" + name.replaceFirst("^dist/", ""), root + name));
        });
    }

    private record File(Buffer content, String type, String tag) {}

    /** Adds the routes. */
    public void mount(Router router) {
        router.get("/").handler(context -> serve(context, "/console/index.html"));
        router.get("/console/*").handler(context -> serve(context, context.normalizedPath()));
    }

    private void serve(RoutingContext context, String path) {
        File file = files.get(path);
        if (file == null) {
            context.fail(404);
            return;
        }
        context.response()
                .putHeader("content-security-policy", POLICY)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, file.tag());
        if (file.tag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            context.response().setStatusCode(304).end();
        } else {
            context.response().putHeader(HttpHeaders.CONTENT_TYPE, file.type()).end(file.content());
        }
    }

    private void add(String path, String resource) {
        byte[] content = Resource.bytes(ConsoleFiles.class, resource);
        String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
        files.put(path, new File(Buffer.buffer(content), type, tagOf(content)));
    }

    /** WebJars have their version in their paths. */
    private static String versionOf(String library) {
        Properties properties = new Properties();
        String name = "/META-INF/maven/org.webjars.npm/" + library + "/pom.properties";
        try {
            properties.load(new StringReader(Resource.text(ConsoleFiles.class, name)));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
        return properties.getProperty("version");
    }

    private static String tagOf(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
