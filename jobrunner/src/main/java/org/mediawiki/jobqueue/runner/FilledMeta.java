package org.mediawiki.jobqueue.runner;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;

/**
 * Fields of {@code meta} that the intake fills in because MediaWiki leaves them to it, and how to take them out again.
 *
 * <p>MediaWiki signs an event before it sends it. Its REST endpoint computes the signature over everything that it gets,
 * so one that got the filled-in {@code meta.dt} as well would refuse every job. What is filled in therefore stands at
 * the start of {@code meta}, behind a mark that names it:
 *
 * <pre>
 *   "meta":{"uri":…}  ──▶  "meta":{"filled_in":["dt"],"dt":"2026-11-25T10:00:00Z","uri":…}
 * </pre>
 *
 * <p>Pure; any thread may call it.
 */
public final class FilledMeta {

    /** The field of {@code meta} that lists the fields behind it that MediaWiki did not write. */
    public static final String MARK = "filled_in";

    private FilledMeta() {}

    /**
     * What to insert right behind the opening brace of a {@code meta} that is not empty.
     *
     * @param fields the missing fields and their values, which need no escaping in JSON; at least one
     */
    public static String insertion(Map<String, String> fields) {
        StringBuilder text = new StringBuilder("\"" + MARK + "\":[");
        for (Iterator<String> names = fields.keySet().iterator(); names.hasNext(); ) {
            text.append('"').append(names.next()).append(names.hasNext() ? "\"," : "\"");
        }
        text.append("],");
        fields.forEach((name, value) ->
                text.append('"').append(name).append("\":\"").append(value).append("\","));
        return text.toString();
    }

    /** The very bytes that MediaWiki signed; {@code event} itself where nothing was filled in. */
    public static Buffer without(Buffer event) {
        byte[] bytes = event.getBytes();
        try (JsonParser parser = EventJson.parser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return event;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isMeta = parser.currentName().equals("meta");
                if (parser.nextToken() == JsonToken.START_OBJECT && isMeta) {
                    return without(event, bytes, parser);
                }
                parser.skipChildren();
            }
            return event;
        } catch (IOException noJson) {
            return event;
        }
    }

    /** The parser stands on the opening brace of {@code meta}. */
    private static Buffer without(Buffer event, byte[] bytes, JsonParser parser) throws IOException {
        int from = offset(parser);
        if (parser.nextToken() != JsonToken.FIELD_NAME
                || !parser.currentName().equals(MARK)
                || parser.nextToken() != JsonToken.START_ARRAY) {
            return event;
        }
        int fields = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            fields++;
        }
        for (int field = 0; field < fields; field++) {
            if (parser.nextToken() != JsonToken.FIELD_NAME) {
                return event;
            }
            parser.nextToken();
            parser.skipChildren();
        }
        parser.finishToken();
        int to = offset(parser);
        return to < bytes.length && bytes[to] == ','
                ? Buffer.buffer(bytes.length)
                        .appendBytes(bytes, 0, from)
                        .appendBytes(bytes, to + 1, bytes.length - to - 1)
                : event;
    }

    /** Behind what the parser has read. */
    private static int offset(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }
}
