package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.runner.Answer;

/**
 * What is kept of an answer's body: all of a short one, three quarters of the limit from the start of a long one and a
 * quarter from its end. PHP prints a fatal error last, behind whatever it has said before.
 */
final class KeptBody {

    private final int maxBytes;
    private final int endBytes;
    /** The first piece, as it came: most answers have no other. */
    private @Nullable Buffer first;
    /** Our own buffer with the first pieces, up to {@link #maxBytes}. */
    private @Nullable Buffer joined;
    /** The end of what came after those; at most twice {@link #endBytes}. */
    private @Nullable Buffer end;

    KeptBody(int maxBytes) {
        this.maxBytes = maxBytes;
        this.endBytes = maxBytes / 4;
    }

    void add(Buffer piece) {
        int room = maxBytes - kept();
        if (piece.length() <= room) {
            addToStart(piece);
        } else {
            if (room > 0) {
                addToStart(piece.getBuffer(0, room));
            }
            addToEnd(piece.getBuffer(Math.max(room, piece.length() - endBytes), piece.length()));
        }
    }

    private int kept() {
        Buffer start = start();
        return start == null ? 0 : start.length();
    }

    private @Nullable Buffer start() {
        return joined == null ? first : joined;
    }

    private void addToStart(Buffer piece) {
        Buffer before = first;
        if (before == null) {
            first = piece;
        } else {
            Buffer all = joined == null
                    ? Buffer.buffer(before.length() + piece.length()).appendBuffer(before)
                    : joined;
            joined = all.appendBuffer(piece);
        }
    }

    private void addToEnd(Buffer piece) {
        Buffer all = (end == null ? Buffer.buffer(piece.length()) : end).appendBuffer(piece);
        end = all.length() <= 2 * endBytes ? all : lastOf(all);
    }

    private Buffer lastOf(Buffer buffer) {
        return buffer.getBuffer(Math.max(0, buffer.length() - endBytes), buffer.length());
    }

    /** Returns it as UTF-8, with {@link Answer#CUT} where something is missing. */
    String text() {
        Buffer start = start();
        Buffer after = end;
        if (start == null) {
            return "";
        } else if (after == null) {
            return start.toString(StandardCharsets.UTF_8);
        }
        int startBytes = maxBytes - endBytes;
        Buffer last = lastOf(start.getBuffer(startBytes, maxBytes).appendBuffer(after));
        return start.getString(0, startBytes, "UTF-8") + Answer.CUT + last.toString(StandardCharsets.UTF_8);
    }
}
