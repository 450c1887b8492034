package org.mediawiki.jobqueue.loadtest.generate;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Job events that MediaWiki really sent, one a line, byte for byte. */
public final class RealJobs {

    private static final String SAMPLE = "/jobs.ndjson";

    private RealJobs() {}

    /** The shipped sample: about sixty events, of every type that two busy test wikis produced. */
    public static List<Buffer> sample() throws IOException {
        try (InputStream lines = RealJobs.class.getResourceAsStream(SAMPLE)) {
            if (lines == null) {
                throw new IllegalStateException("the sample is not in the jar: " + SAMPLE);
            }
            return read(lines);
        }
    }

    /** The lines of a file, without their ends and without empty ones. */
    public static List<Buffer> read(InputStream lines) throws IOException {
        byte[] all = lines.readAllBytes();
        List<Buffer> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= all.length; i++) {
            if (i == all.length || all[i] == '\n') {
                if (i > start) {
                    found.add(Buffer.buffer(i - start).appendBytes(all, start, i - start));
                }
                start = i + 1;
            }
        }
        return found;
    }
}
