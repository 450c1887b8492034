package org.mediawiki.jobqueue.runner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads events where they lie, token by token. They are in memory already and bounded by whoever took them in, and the
 * reading is no recursion, so length needs no bound here. Depth does: see {@link #MOST_LEVELS}.
 */
public final class EventJson {

    /**
     * What is nested deeper is no event. Jackson keeps some 56 bytes for each level that is open, so that 4 MiB of opening
     * brackets would take 235 MB before they are found to be no JSON: enough to end the process, and after it each next
     * owner of the partition. So many levels take 11 MB. PHP, which wrote the events and is to read them, gives up at 512.
     */
    public static final int MOST_LEVELS = 200_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_LEVELS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private EventJson() {}

    /** A parser whose locations count bytes; close it. Where the levels are too many it fails as for what is no JSON. */
    public static JsonParser parser(byte[] bytes) throws IOException {
        return JSON.createParser(bytes);
    }

    /** The same, of which not all is in memory. */
    public static JsonParser parser(InputStream bytes) throws IOException {
        return JSON.createParser(bytes);
    }

    /** Jackson would read these as well; but JSON travels as UTF-8 (RFC 8259, section 8.1), and the runner reads no other. */
    public static boolean looksLikeUtf16OrUtf32(byte[] bytes) {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0 || bytes[i] == (byte) 0xFE || bytes[i] == (byte) 0xFF) {
                return true;
            }
        }
        return false;
    }
}
