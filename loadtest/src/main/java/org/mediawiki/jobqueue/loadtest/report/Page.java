package org.mediawiki.jobqueue.loadtest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results as one file of HTML with charts, which needs nothing beside it. */
public final class Page {

    /** The charts are uPlot's, from its WebJar. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private Page() {}

    /** Writes the page, and replaces what is there. */
    public static void write(List<Result> results, Path file) throws IOException {
        Files.writeString(file, of(results));
    }

    static String of(List<Result> results) {
        return resource("page.html")
                .replace("/*style*/", resource(UPLOT + "uPlot.min.css") + resource("page.css"))
                .replace("/*uplot*/", resource(UPLOT + "uPlot.iife.min.js"))
                .replace("/*script*/", resource("page.js"))
                .replace("/*results*/", Results.inline(results));
    }

    private static String resource(String name) {
        try (InputStream text = Page.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
