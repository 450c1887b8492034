package org.mediawiki.jobqueue.loadtest.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.resource.Resource;

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
        return Resource.text(Page.class, name);
    }
}
