package org.mediawiki.jobqueue.changeprop.intake;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of the events of one post, and how it is answered: as EventGate does, since the EventBus extension logs and
 * counts what it finds in there. Used by one thread at a time.
 *
 * <pre>
 *   all accepted                        201
 *   some accepted                       207   {"invalid": […], "error": […]}
 *   none, all of them invalid           400   {"invalid": […]}
 *   none, at least one not written      500   {"invalid": […], "error": […]}
 * </pre>
 */
final class Report {

    private final byte[] body;
    private final List<Failed> invalid = new ArrayList<>();
    private final List<Failed> error = new ArrayList<>();
    private int accepted;

    /** About the events that stand in {@code body}. */
    Report(byte[] body) {
        this.body = body;
    }

    private record Failed(Span event, String reason) {}

    /**
     * An answer to a post.
     *
     * @param phrase the reason phrase, which the EventBus extension logs; ASCII, one line
     * @param body JSON; empty where nothing is to be said
     */
    record Answer(int status, String phrase, Buffer body) {}

    /** The event is safe. */
    void accepted() {
        accepted++;
    }

    /** The event is none, or not one for us. */
    void invalid(Span event, String reason) {
        invalid.add(new Failed(event, reason));
    }

    /** The event could not be written, or is not known to be. */
    void error(Span event, String reason) {
        error.add(new Failed(event, reason));
    }

    int acceptedCount() {
        return accepted;
    }

    int invalidCount() {
        return invalid.size();
    }

    int errorCount() {
        return error.size();
    }

    Answer answer() {
        int all = accepted + invalid.size() + error.size();
        if (accepted == all) {
            return new Answer(201, "All " + all + " out of " + all + " events were accepted.", Buffer.buffer());
        } else if (invalid.size() == all) {
            String phrase = all + " out of " + all + " events were invalid and not accepted.";
            return new Answer(400, phrase, json(false));
        } else if (accepted > 0) {
            String phrase = accepted + " out of " + all + " events were accepted, but " + (all - accepted) + " failed ("
                    + invalid.size() + " invalid and " + error.size() + " errored).";
            return new Answer(207, phrase, json(true));
        }
        String phrase = all + " out of " + all + " events had failures and were not accepted. (" + invalid.size()
                + " invalid and " + error.size() + " errored).";
        return new Answer(500, phrase, json(true));
    }

    private Buffer json(boolean withErrors) {
        Buffer json = Buffer.buffer("{");
        append(json, "invalid", invalid);
        if (withErrors) {
            json.appendString(",");
            append(json, "error", error);
        }
        return json.appendString("}");
    }

    /** The events stand there as they came. */
    private void append(Buffer json, String kind, List<Failed> failed) {
        json.appendString("\"" + kind + "\":[");
        for (int i = 0; i < failed.size(); i++) {
            Span event = failed.get(i).event();
            json.appendString((i == 0 ? "" : ",") + "{\"status\":\"" + kind + "\",\"event\":")
                    .appendBytes(body, event.from(), event.length())
                    .appendString(",\"context\":{\"message\":\"")
                    .appendBytes(JsonStringEncoder.getInstance()
                            .quoteAsUTF8(failed.get(i).reason()))
                    .appendString("\"}}");
        }
        json.appendString("]");
    }
}
